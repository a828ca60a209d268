"""What is chosen in a chat about being kept informed is the same choice as on the page."""

from learning.afterwards import updates
from storage.database import reading, writing
from storage.tables import KeepInformed, Message
from tests.bot.someone import Someone, sent
from tests.learning.academy import agreed
from tests.town import at


def due_and_sent(jo: Someone, when: str) -> None:
    jo.town.now = at(when)
    with reading(jo.town.engine) as session:
        due = updates.due(jo.town.act(session))
    for one in due:
        with writing(jo.town.engine) as session:
            updates.send(jo.town.act(session), one)


def choice(jo: Someone, reference: str) -> KeepInformed:
    return jo.town.all(KeepInformed, reference)[0]


def test_the_channel_chosen_in_a_chat_is_that_of_updates_too(jo: Someone) -> None:
    reference = sent(jo, by="jo@citizen.example")
    agreed(jo.town, reference)

    jo.command("updates")
    words = jo.tap("Here in this chat")

    assert choice(jo, reference).channel == "chat"
    assert f"How often we write about what we change because of {reference}" in words
    assert "https://redress.example/updates/" in words


def test_an_update_comes_into_the_chat_even_after_the_complaint_is_closed(jo: Someone) -> None:
    reference = sent(jo)
    agreed(jo.town, reference)
    jo.command("updates")
    jo.tap("Here in this chat")
    jo.town.do(reference, "withdraw", still_dissatisfied="no")

    due_and_sent(jo, "2026-12-01")  # what we intend; it had waited for our answer
    due_and_sent(jo, "2027-06-01")

    [update] = [one for one in jo.town.all(Message, reference) if one.kind == "update"]
    assert (update.channel, update.address) == (jo.channel, jo.chat)


def test_someone_whose_complaint_is_closed_can_still_choose_while_they_hear_of_changes(jo: Someone) -> None:
    reference = sent(jo, by="jo@citizen.example")
    agreed(jo.town, reference)
    jo.town.do(reference, "withdraw", still_dissatisfied="no")

    jo.command("updates")
    jo.tap("By email")

    assert choice(jo, reference).channel == "email"


def test_where_is_my_complaint_tells_of_what_is_promised_once_we_have_answered(jo: Someone) -> None:
    reference = sent(jo)
    agreed(jo.town, reference)
    before = jo.command("status")
    jo.town.do(reference, "withdraw", still_dissatisfied="no")

    after = jo.command("status")

    assert "What we promised" not in before
    assert "What we promised because of your complaint stands there, with its dates." in after


def test_an_address_that_we_need_is_asked_for_in_a_whole_sentence(jo: Someone) -> None:
    sent(jo)
    jo.command("updates")

    assert jo.tap("By email") == "What is your email address?"
