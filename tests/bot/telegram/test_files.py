"""Photos, documents and voice notes sent in Telegram are fetched and kept, and hold up nobody."""

from dataclasses import replace

import pytest

from bot.telegram import updates
from bot.telegram.channel import Channel
from storage.tables import Case
from tests.bot.telegram.channel import JO, Here, begun, settled, soon

MB = 1_000_000


@pytest.mark.parametrize("kind", ["photo", "document", "voice", "video"])
def test_a_file_is_fetched_and_kept(here: Here, kind: str) -> None:
    here.people.say(JO, "/complain")
    here.people.send_file(JO, "damp.jpg", b"the bytes of it", "image/jpeg", as_=kind, caption="This is the damp.")

    here.start()
    settled(here)

    [kept] = begun(here).answers["kept"]
    assert kept["size"] == len(b"the bytes of it")


def test_an_album_is_one_thing(here: Here) -> None:
    here.people.say(JO, "/complain")
    for number in range(10):
        here.people.send_file(JO, f"{number}.jpg", b"photo %d" % number, "image/jpeg", as_="photo", album="42")

    here.start()
    settled(here)
    soon(lambda: len(here.lines()) == 2)

    assert len(begun(here).answers["kept"]) == 10
    assert len(here.lines()) == 2


def test_a_file_of_four_gigabytes_is_declined_with_the_form_and_the_complaint_begins(here: Here) -> None:
    said = here.people.send_file(JO, "film.mp4", b"", "video/mp4", as_="video", size=4_000 * MB)

    here.start()
    answer = here.people.answer(JO, said["message_id"])
    settled(here)

    assert "20 MB" in answer.text
    assert "https://redress.example/" in answer.text
    assert begun(here).question


def test_a_file_that_can_not_be_fetched_now_is_fetched_a_little_later(here: Here) -> None:
    here.people.say(JO, "/complain")
    here.people.trouble(502, method="download", description="Bad Gateway")
    here.people.send_file(JO, "damp.jpg", b"damp", "image/jpeg", as_="photo")

    here.start()
    settled(here)

    assert len(begun(here).answers["kept"]) == 1


def test_two_workers_that_fetch_the_same_file_answer_it_once(here: Here) -> None:
    here.people.send_file(JO, "damp.jpg", b"damp", "image/jpeg", as_="photo")
    came = here.call("getUpdates")["result"]
    updates.keep(here.door.engine, here.door.bot, came, here.now())
    here.call("getUpdates", offset=came[-1]["update_id"] + 1)
    here.people.trouble(502, method="getFile", description="Bad Gateway", times=2)  # both have it in hand meanwhile
    other = Channel(replace(here.door, webhook="/telegram"))

    other.start()
    here.start(webhook="/telegram")
    settled(here)
    soon(here.lines)
    other.stop()
    here.stop()

    assert len(begun(here).answers["kept"]) == 1
    assert len(here.lines()) == 1


def test_a_file_that_can_not_be_fetched_holds_up_no_words(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.telegram.whole.WAIT", 0.05)
    here.people.trouble(502, method="getFile", description="Bad Gateway", times=100)
    here.people.say(JO, "/complain")
    here.people.send_file(JO, "damp.jpg", b"damp", "image/jpeg", as_="photo", caption="There is damp.")

    here.start()
    settled(here)

    assert begun(here).answers["what"] == "There is damp."
    assert begun(here).answers["problems"] == ["A file could not be fetched from the messenger."]
    soon(lambda: "I could not fetch that file" in here.told()[-1])


def test_words_of_danger_do_not_wait_for_the_photo_that_they_came_with(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.handling.WARN_SECONDS", 0.2)
    here.people.trouble(502, method="getFile", description="Bad Gateway", times=1)
    here.people.send_file(JO, "arm.jpg", b"arm", "image/jpeg", as_="photo", caption="I want to kill myself.")

    here.start()
    soon(here.lines)
    before = [bool(update.handled_at) for update in here.updates()]
    settled(here)

    assert "call 999" in here.told()[0]
    assert before == [False]
    assert len(here.all(Case)) == 1


def test_while_a_file_is_fetched_others_are_answered(here: Here) -> None:
    here.people.trouble(502, method="getFile", description="Bad Gateway", times=2)
    here.people.send_file(JO, "damp.jpg", b"damp", "image/jpeg", as_="photo")
    said = here.people.say(2002, "/start")

    here.start()
    here.people.answer(2002, said["message_id"])

    assert here.told(JO) == []
