"""What was said in chats is erased some time after it was dealt with; codes as soon as they are used or run out."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from storage import chat
from storage.database import reading, writing
from storage.tables import ChatCode, ChatUpdate, Message
from tests.bot.someone import Someone, sent
from tests.town import Town, town
from workflow import forgetting


def kept(here: Town, number: int, what: str = "handled") -> None:
    """An update that came now, and what became of it."""
    with writing(here.engine) as session:
        chat.keep(session, "telegram:7", number, b"what they wrote", here.now, chat=str(number))
        update = session.exec(select(ChatUpdate).where(ChatUpdate.update_id == number)).one()
        if what == "handled":
            chat.handled(update, here.now)
        elif what == "quarantined":
            update.given_up_at = here.now


def forget(here: Town) -> None:
    """A tick's part in it."""
    with writing(here.engine) as session:
        for id_ in forgetting.updates_due(here.act(session)):
            assert forgetting.forget_update(here.act(session), id_)
        for id_ in forgetting.words_due(here.act(session)):
            assert forgetting.forget_words(here.act(session), id_)
        for id_ in forgetting.codes_due(here.act(session)):
            assert forgetting.forget_code(here.act(session), id_)


def raws(here: Town) -> list[bytes]:
    with reading(here.engine) as session:
        return list(session.exec(select(ChatUpdate.raw).order_by(col(ChatUpdate.id))))


def said(here: Town) -> list[Message]:
    """What of our own words can still be read."""
    with reading(here.engine) as session:
        return list(session.exec(select(Message).where(Message.text != "").order_by(col(Message.id))))


def codes(here: Town) -> list[bool]:
    """Whether each code that is known at all could still be told."""
    with reading(here.engine) as session:
        return [bool(known) for known in session.exec(select(ChatCode.code_hash).order_by(col(ChatCode.id)))]


@pytest.fixture
def here(engine: Engine) -> Town:
    return town(engine)


def test_the_bytes_of_what_was_dealt_with_go_after_thirty_days_and_not_before(here: Town) -> None:
    kept(here, 1)

    here.now += timedelta(days=29, hours=23)
    forget(here)
    before = raws(here)
    here.now += timedelta(hours=1)
    forget(here)

    assert (before, raws(here)) == ([b"what they wrote"], [b""])
    with reading(here.engine) as session:
        update = session.exec(select(ChatUpdate)).one()
    assert (update.update_id, update.chat, update.erased_at) == (1, "1", here.now)


def test_what_waits_or_is_in_quarantine_is_kept_until_it_is_dealt_with(here: Town) -> None:
    kept(here, 1, "waiting")
    kept(here, 2, "quarantined")

    here.now += timedelta(days=400)
    forget(here)

    assert raws(here) == [b"what they wrote"] * 2


def test_each_look_takes_only_so_many_and_nothing_twice(here: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflow.forgetting.AT_ONCE", 2)
    for number in range(3):
        kept(here, number)
    here.now += timedelta(days=30)

    forget(here)
    first = raws(here)
    forget(here)

    assert first.count(b"") == 2
    assert raws(here) == [b""] * 3
    with reading(here.engine) as session:
        assert forgetting.updates_due(here.act(session)) == []


def test_what_comes_with_the_number_of_an_erased_one_is_another_once_a_messenger_gives_none_again(here: Town) -> None:
    kept(here, 1)
    here.now += timedelta(days=30)
    forget(here)

    kept(here, 1, "waiting")

    assert raws(here) == [b"", b"what they wrote"]


def test_what_we_repeated_in_a_chat_goes_as_long_after_it_left_and_what_is_owed_on_a_case_stays(jo: Someone) -> None:
    reference = sent(jo, "My name for it is the rusty gate.")

    jo.town.now += timedelta(days=29, hours=23)
    forget(jo.town)
    before = [message.kind for message in said(jo.town)]
    jo.town.now += timedelta(hours=1)
    forget(jo.town)

    assert set(before) == {"turn", "receipt"}
    assert [message.kind for message in said(jo.town)] == ["receipt"]
    with reading(jo.town.engine) as session:
        turns = session.exec(select(Message).where(Message.kind == "turn")).all()
        assert not any(message.text or message.html or message.extra for message in turns)
        assert forgetting.words_due(jo.town.act(session)) == []
    assert jo.town.person(reference).name == "Jo Bloggs"


def test_what_we_are_still_to_say_is_not_erased_before_it_has_left(jo: Someone) -> None:
    jo.does_unheard(command="help")

    jo.town.now += timedelta(days=400)
    forget(jo.town)

    assert [message.kind for message in said(jo.town)] == ["turn"]


def test_the_mail_with_a_code_goes_too(jo: Someone) -> None:
    code = ask_for_a_code(jo)
    jo.town.send()

    jo.town.now += timedelta(days=30)
    forget(jo.town)

    assert code
    assert [message.text for message in said(jo.town) if message.kind == "chat_code"] == []


def test_a_code_goes_when_it_has_run_out_and_that_it_was_asked_for_after_a_day(jo: Someone) -> None:
    ask_for_a_code(jo)

    forget(jo.town)
    at_once = codes(jo.town)
    jo.town.now += timedelta(minutes=10)
    forget(jo.town)
    run_out = codes(jo.town)
    jo.town.now += timedelta(days=1)
    forget(jo.town)

    assert (at_once, run_out, codes(jo.town)) == ([True], [False], [])


def test_a_code_that_was_used_is_gone_at_once(jo: Someone) -> None:
    code = ask_for_a_code(jo)

    jo.say(code)

    assert codes(jo.town) == [False]


def ask_for_a_code(jo: Someone) -> str:
    """The code that was mailed."""
    reference = jo.town.mail("The gate is broken.") or ""
    jo.command("status")
    jo.tap("I complained by email or form")
    jo.say(reference)
    [mail] = [message for message in jo.town.all(Message, reference) if message.kind == "chat_code"]
    return (re.search(r"\b\d{6}\b", mail.text) or [""])[0]


@pytest.fixture
def jo(engine: Engine) -> Someone:
    return Someone(town(engine))
