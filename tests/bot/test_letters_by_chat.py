"""Letters go by chat to who wishes it: a short text, the letter enclosed; in order; and another way when blocked."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.outgoing import outgoing
from storage.database import reading, writing
from storage.tables import Message, Task
from tests.bot.someone import Someone, sent
from tests.town import Town
from tests.workflow.acts import ANSWER, acknowledged, answered
from workflow import delivery
from workflow.casework import Refused
from workflow.matching import reference_in


def claim(town: Town, lease: str, channel: str = "messenger", address: str = "") -> Message | None:
    with writing(town.engine) as session:
        return delivery.claim_next(town.act(session), lease, channel=channel, address=address)


def refuse(jo: Someone, reason: str = "403: bot was blocked by the user") -> None:
    """The messenger will not deliver what is due to them."""
    with writing(jo.town.engine) as session:
        message = delivery.claim_next(jo.town.act(session), f"no {next(jo.town.numbers)}", channel=jo.channel)
        assert message is not None
        delivery.failed(jo.town.act(session), delivery.settle(jo.town.act(session), message), reason)


def ask(jo: Someone, reference: str) -> None:
    """A handler's question to them is owed, and its minute of recall is over."""
    jo.town.do(reference, "ask", question="Which gate is it?")
    jo.town.now += timedelta(seconds=61)


def test_a_letter_is_a_short_text_with_the_letter_enclosed_as_a_page(jo: Someone) -> None:
    reference = sent(jo)
    ask(jo, reference)

    [letter] = jo.hears()

    assert "Town Homes has written to you" in letter.text
    assert "https://redress.example/progress/" in letter.text
    assert "Which gate is it?" not in letter.text
    assert letter.document is not None
    page = letter.document.content.decode()
    assert (letter.document.name, letter.document.type) == (f"{reference}.html", "text/html")
    assert "Which gate is it?" in page
    assert '<html lang="en' in page


def test_a_letter_in_a_chat_asks_them_to_write_there_and_not_to_answer_an_email(jo: Someone) -> None:
    reference = sent(jo)
    jo.town.do(reference, "acknowledge", complaint_definition="Gate", outcomes_sought="A repair",
               responsible_and_not_responsible="All")  # fmt: skip
    jo.town.now += timedelta(seconds=61)

    [letter] = jo.hears()

    assert letter.document is not None
    page = letter.document.content.decode()
    assert "tell us by writing to us in the chat" in page
    assert "answer this email" not in page
    assert "answering this email" not in page


def test_the_answer_sent_by_chat_meets_its_duty(jo: Someone) -> None:
    reference = sent(jo)
    jo.town.do(reference, "acknowledge", complaint_definition="Gate", outcomes_sought="A repair",
               responsible_and_not_responsible="All")  # fmt: skip
    jo.town.now += timedelta(seconds=61)

    jo.hears()

    assert "s1.acknowledged" in jo.town.events(reference)
    assert jo.town.clock(reference, "s1.acknowledge").met_at == jo.town.now


def test_the_progress_page_shows_the_letter_itself_and_what_they_said_by_chat(jo: Someone) -> None:
    reference = sent(jo)
    jo.say("It is the gate on the left.")
    ask(jo, reference)
    jo.hears()

    story = "\n".join(jo.town.story(reference))

    assert "Which gate is it?" in story
    assert "It is the gate on the left." in story


def test_who_blocks_the_bot_gets_the_letter_by_email_and_a_person_is_told(jo: Someone) -> None:
    reference = sent(jo, by="jo@citizen.example")
    jo.command("updates")
    jo.tap("Here in this chat")
    jo.town.send()
    ask(jo, reference)

    refuse(jo)

    assert [(one.address, one.kind) for one in jo.town.send()] == [("jo@citizen.example", "question")]
    assert "not_sent" in jo.town.tasks(reference)
    assert "not_served" not in jo.town.tasks(reference)


def test_who_blocks_the_bot_and_has_no_other_way_is_a_task_for_a_person(jo: Someone) -> None:
    reference = sent(jo)
    ask(jo, reference)

    refuse(jo)

    assert "not_served" in jo.town.tasks(reference)


def test_a_chat_that_refused_us_is_written_to_again_once_its_person_writes(jo: Someone) -> None:
    reference = sent(jo)
    ask(jo, reference)
    refuse(jo)
    jo.town.do(reference, "ask", question="Are you there?")
    assert jo.town.tasks(reference).count("no_safe_way") == 1

    jo.say("Sorry, I had blocked you.")
    ask(jo, reference)

    assert [one.document is not None for one in jo.hears()] == [True]


def test_a_receipt_that_a_chat_refuses_goes_by_email(jo: Someone) -> None:
    reference = sent(jo, by="jo@citizen.example")
    with writing(jo.town.engine) as session:
        message = session.exec(select(Message).where(Message.kind == "receipt")).one()
        message.channel, message.address = jo.channel, jo.chat
        session.add(message)

    refuse(jo)

    assert [(one.kind, one.address) for one in jo.town.send()] == [("receipt", "jo@citizen.example")]
    assert "not_sent" in jo.town.tasks(reference)


def test_the_task_names_both_ways_as_people_do(jo: Someone) -> None:
    jo.channel = "telegram"
    reference = sent(jo, by="jo@citizen.example")
    jo.command("updates")
    jo.tap("Here in this chat")
    jo.town.send()
    ask(jo, reference)

    refuse(jo)

    [task] = [task for task in jo.town.all(Task, reference) if task.kind == "not_sent"]
    assert "could not be sent by Telegram" in task.text
    assert "It goes by email instead." in task.text


def test_letters_go_by_email_to_who_chose_that_though_they_complained_by_chat(jo: Someone) -> None:
    reference = sent(jo, by="jo@citizen.example")
    jo.town.send()

    acknowledged(jo.town, reference)

    assert jo.hears() == []


def test_messages_of_one_chat_leave_in_order_and_one_that_waits_holds_those_behind_it(jo: Someone) -> None:
    jo.say("Hello")
    with writing(jo.town.engine) as session:
        for id_ in session.exec(select(Message.id)).all():
            session.delete(session.get_one(Message, id_))
    for words in ("one two", "three four"):
        jo.does_unheard(words)
    jo.town.now += timedelta(seconds=1)

    first = claim(jo.town, "a")
    second = claim(jo.town, "b")
    assert first is not None
    with writing(jo.town.engine) as session:
        delivery.waits(jo.town.act(session), session.get_one(Message, first.id), "429", after=timedelta(seconds=7))
    meanwhile = claim(jo.town, "c")
    jo.town.now += timedelta(seconds=7)
    again = claim(jo.town, "d")

    assert second is None
    assert meanwhile is None
    assert again is not None
    assert again.id == first.id


def test_another_chat_does_not_wait_for_it(jo: Someone) -> None:
    other = Someone(jo.town, "2")
    jo.does_unheard("one two")
    other.does_unheard("one two")

    assert claim(jo.town, "a") is not None
    second = claim(jo.town, "b")

    assert second is not None
    assert second.address == "2"


def test_a_letter_that_can_still_be_recalled_holds_up_no_reply(jo: Someone) -> None:
    reference = sent(jo)
    jo.town.do(reference, "ask", question="Which gate is it?")

    assert reference in jo.say("Where is my complaint?")


def test_letters_to_someone_are_in_the_language_of_their_conversation(jo: Someone) -> None:
    jo.say("Mae'r giât wedi torri ers tair wythnos.", language="cy")
    for answer in ("Mis Mai", "repairs"):
        jo.say(answer)
    jo.say(jo.buttons()[0])
    for answer in ("Hepgor", "Jo"):
        jo.say(answer)
    for button in WELSH[:-1]:
        jo.tap(button)
    receipt = jo.tap(WELSH[-1])

    assert "Diolch. Rydym wedi derbyn eich cwyn." in receipt
    assert jo.town.look(reference_in(receipt)).language == "cy"


WELSH = ("Yma yn y sgwrs hon", "Mae pob ffordd yn ddiogel", "Hepgor", "Dim i’w ychwanegu", "Anfon fy nghwyn")


def test_what_a_chat_is_sent_says_nothing_of_the_complaint_beside_the_letter(jo: Someone) -> None:
    reference = sent(jo)
    answered(jo.town, reference)

    with reading(jo.town.engine) as session:
        letters = session.exec(select(Message).where(Message.channel == jo.channel, Message.letter_id.is_not(None)))  # type: ignore[union-attr]  # a column
        captions = [outgoing(message).text for message in letters]
    assert captions
    assert not any("gate" in caption for caption in captions)


def test_staff_can_set_chat_as_the_way_or_as_unsafe_for_who_has_one_only(jo: Someone) -> None:
    by_chat, by_mail = sent(jo), jo.town.mail("The gate is broken.")

    jo.town.do(by_chat, "change_contact", avoid="messenger", because="They rang")

    assert jo.town.person(by_chat).avoid == ["messenger"]
    with pytest.raises(Refused, match="messenger is not one of email, telephone, post, none"):
        jo.town.do(by_mail, "change_contact", avoid="messenger", because="They rang")
    with pytest.raises(Refused, match="must be one of email, telephone, post"):
        jo.town.do(by_mail, "change_contact", prefers="messenger", because="They rang")


def test_who_is_not_satisfied_with_the_answer_is_told_that_a_person_decides_on_the_next_stage(jo: Someone) -> None:
    reference = sent(jo)
    jo.town.do(reference, "acknowledge", complaint_definition="Gate", outcomes_sought="A repair",
               responsible_and_not_responsible="All")  # fmt: skip
    jo.town.now += timedelta(seconds=61)
    jo.hears()
    jo.town.do(reference, "decide", outcome="upheld", reasons="We waited too long.", remedy="A repair")
    jo.town.do(reference, "respond", **ANSWER)
    jo.town.now += timedelta(seconds=61)
    jo.hears()

    first = jo.say("I am not satisfied. It is still broken.")
    second = jo.say("And nobody has telephoned me at all.")

    assert "whether it goes to the next stage" in first
    assert "next stage" not in second
