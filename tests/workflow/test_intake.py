"""Filing: what a person sends opens or joins a case at once; nothing is lost and no machine is answered."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from storage.database import writing
from storage.journal import Arrival, Journal
from storage.tables import Attachment, CaseRole, Contact, Event, Message, Participant, Task
from tests.town import Town, at, town
from workflow import intake
from workflow.casework import Refused
from workflow.contact import Kind, Reading


@pytest.fixture
def here(engine: Engine) -> Town:
    return town(engine)


def unsent(here: Town) -> list[Message]:
    with writing(here.engine) as session:
        return list(session.exec(select(Message)))


@pytest.mark.requirement("R365")
def test_mail_from_a_person_opens_a_case_at_once_whatever_they_call_it(here: Town) -> None:
    reference = here.mail("When will somebody look at the lift?", subject="A question")

    case = here.look(reference)
    assert (case.stage, case.state, case.channel) == ("s1", "open", "email")
    assert case.received_at == at("2025-12-18")
    assert here.events(reference) == ["complaint.received"]


def test_the_clock_runs_from_the_instant_the_bytes_were_stored_however_late_they_are_read(here: Town) -> None:
    with Journal(here.engine) as journal:
        stored = journal.write(Arrival("email", "housing@town.example", b"damp", here.now, {}))
    here.now = at("2025-12-22")

    with writing(here.engine) as session:
        reading = Reading(sender_address="jo@citizen.example", text="damp")
        case = intake.file(here.act(session), session.get_one(Contact, stored.contact_id), reading)

    assert case is not None
    assert case.received_at == at("2025-12-18")
    assert str(here.clock(case.reference, "s1.acknowledge").due) == "2025-12-29"


def test_a_case_is_found_by_the_words_of_each_contact_and_of_its_definition(here: Town) -> None:
    reference = here.mail("There is damp in the bedroom.")
    here.mail("The lift is broken.", sender="sam@citizen.example")
    here.reply(reference, "Now the window leaks too.")
    here.do(reference, "acknowledge", complaint_definition="Penetrating damp", outcomes_sought="A survey",
            responsible_and_not_responsible="All of it")  # fmt: skip

    found = [here.found(words) for words in ("damp bedroom leaks", "penetrating surv", "lift damp")]

    assert found == [[reference], [reference], []]


def test_an_answer_through_the_reply_address_joins_the_case_and_tells_a_person(here: Town) -> None:
    reference = here.mail("There is damp.")

    joined = here.reply(reference, "It is worse now.")

    assert joined == reference
    assert here.events(reference) == ["complaint.received", "contact.joined"]
    assert here.tasks(reference) == ["new_contact"]


def test_one_open_task_says_how_often_they_have_written_since_when(here: Town) -> None:
    reference = here.mail("There is damp.")
    here.reply(reference, "It is worse now.")
    here.now += timedelta(hours=1, minutes=5)

    here.page(reference, "And mould, too.", add="And mould, too.")
    here.reply(reference, "It is on every wall.")

    [task] = [task for task in here.all(Task, reference) if task.done_at is None]
    assert task.text == "3 new messages since 18 December 2025, 9:00am. Read them, and answer if they ask something."
    assert task.created_at == at("2025-12-18")


def test_what_comes_after_somebody_has_read_the_rest_is_a_task_of_its_own(here: Town) -> None:
    reference = here.mail("There is damp.")
    here.reply(reference, "It is worse now.")
    [first] = here.all(Task, reference)
    here.do(reference, "finish_task", task=str(first.id), because="Read it.")

    here.reply(reference, "It is on every wall.")

    assert here.tasks(reference) == ["new_contact"]
    assert [task.text.partition(".")[0] for task in here.all(Task, reference)] == ["The person has written"] * 2


def test_nobody_can_finish_the_task_of_a_message_that_came_after_they_looked(here: Town) -> None:
    reference = here.mail("There is damp.")
    here.reply(reference, "It is worse now.")
    [seen] = here.all(Task, reference)
    here.reply(reference, "It is on every wall.")

    with pytest.raises(Refused, match="There is no such open task"):
        here.do(reference, "finish_task", task=str(seen.id), because="Read it.")

    assert here.tasks(reference) == ["new_contact"]
    assert here.mails(reference) == ["receipt"]


def test_unreadable_mail_opens_a_case_that_says_so(here: Town) -> None:
    lost = Reading(kind=Kind.UNREADABLE, sender_address="jo@citizen.example", problems=("It can't be read.",))

    reference = here.file(b"\x00\x01", lambda _raw: lost, "email", "housing@town.example")

    assert here.tasks(reference) == ["unreadable"]
    assert here.all(Contact, reference)[0].kind == "unreadable"
    assert here.mails(reference) == ["receipt"]


def test_mail_that_nobody_sent_opens_a_case_but_is_not_answered(here: Town) -> None:
    lost = Reading(kind=Kind.UNREADABLE, sender_address="jo@citizen.example")

    reference = here.file(b"\x00", lambda _raw: lost, "email", "housing@town.example", mail_from="")

    assert here.look(reference).state == "open"
    assert unsent(here) == []


@pytest.mark.parametrize(
    "headers",
    ["Auto-Submitted: auto-replied\r\n", "List-Id: <news.example>\r\nPrecedence: bulk\r\n"],
)
def test_automatic_mail_is_kept_and_neither_opens_nor_is_answered(here: Town, headers: str) -> None:
    assert here.mail("I am out of the office.", headers=headers) is None

    with writing(here.engine) as session:
        kept = session.exec(select(Contact)).one()
    assert (kept.standing, kept.case_id) == ("automatic", None)
    assert unsent(here) == []


def test_an_automatic_answer_to_our_letter_is_kept_beside_the_case_and_reopens_nothing(here: Town) -> None:
    reference = here.mail("There is damp.")
    here.do(reference, "withdraw", still_dissatisfied="no")
    before = here.events(reference)

    filed = here.mail("I am away.", to=here.reply_address(reference), headers="Auto-Submitted: auto-replied\r\n")

    kept = here.all(Contact, reference)[-1]
    assert filed is None
    assert (kept.text.strip(), kept.standing) == ("I am away.", "automatic")
    assert here.events(reference) == before
    assert here.look(reference).state == "closed"
    assert here.tasks(reference) == []


def test_an_automatic_answer_is_not_what_our_next_letter_answers(here: Town) -> None:
    reference = here.mail("There is damp.")
    here.mail("I am away.", to=here.reply_address(reference), headers="Auto-Submitted: auto-replied\r\n")

    here.do(reference, "ask", question="Since when?")

    first, last = here.all(Contact, reference)
    assert last.standing == "automatic"
    assert here.all(Message, reference)[-1].in_reply_to == first.message_id


def test_the_receipt_holds_reference_and_link_and_none_of_the_persons_words(here: Town) -> None:
    reference = here.mail("My secret neighbour Bartholomew has damp.", subject="Bartholomew")

    (receipt,) = here.send()

    assert str(reference) in receipt.text
    assert "https://redress.example/progress/" in receipt.text
    assert "Bartholomew" not in receipt.text + receipt.subject + str(receipt.html)
    assert (receipt.is_automatic, receipt.reply_to) == (True, here.reply_address(reference))
    assert receipt.in_reply_to == "<0@citizen.example>"


def test_a_receipt_goes_on_with_the_conversation_that_the_complaint_was_forwarded_from(engine: Engine) -> None:
    here = town(engine)

    reference = here.mail("There is damp.", headers="References: <a@citizen.example> <b@council.example>\r\n")

    receipt = here.all(Message, reference)[0]
    assert receipt.references == "<a@citizen.example> <b@council.example> <0@citizen.example>"


def test_the_receipt_says_what_comes_next_and_that_nobody_watches_round_the_clock(here: Town) -> None:
    here.mail("There is damp.")

    (receipt,) = here.send()

    assert "By Monday 29 December 2025 a person will write to you" in receipt.text
    assert "999" in receipt.text


def test_a_receipt_meets_no_clock(here: Town) -> None:
    reference = here.mail("There is damp.")

    here.send()

    assert here.clock(reference, "s1.acknowledge").state == "running"
    assert here.events(reference) == ["complaint.received"]


def test_one_address_gets_one_receipt_a_day_though_each_mail_opens_a_case(here: Town) -> None:
    first, second = here.mail("There is damp."), here.mail("The lift is broken.")
    here.now = at("2025-12-19 09:01")
    third = here.mail("And the door.")

    assert len({first, second, third}) == 3
    assert (here.mails(first), here.mails(second), here.mails(third)) == (["receipt"], [], ["receipt"])


def test_who_someone_says_they_are_is_a_claim_and_merges_nobody(here: Town) -> None:
    first, second = here.mail("There is damp."), here.mail("The lift is broken.")

    assert here.person(first).id != here.person(second).id


def test_words_that_no_database_takes_are_replaced_and_nothing_fails(here: Town) -> None:
    odd = Reading(
        sender_name="J\0o", sender_address="jo@citizen.example", subject="a\0b \ud800", text="x\0 \udfff y",
        reply="x", message_id=f"<{'m' * 5000}@x>", problems=("bad \0",), answers={"what\0": ["\0", "\ud800"]},
    )  # fmt: skip

    reference = here.file(b"odd", lambda _raw: odd, "email", "housing@town.example")

    (contact,) = here.all(Contact, reference)
    assert "\0" not in contact.subject + contact.text + contact.sender_name
    assert len(contact.message_id or "") == 998


def test_files_of_a_mail_are_views_into_its_raw_bytes(here: Town) -> None:
    raw = (
        b"From: Jo <jo@citizen.example>\r\nTo: housing@town.example\r\nSubject: Photo\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee this.\r\n'
        b'--b\r\nContent-Type: image/png; name="wall.png"\r\nContent-Disposition: attachment; filename="wall.png"'
        b"\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--b--\r\n"
    )

    reference = here.arrive(raw, to="housing@town.example")

    with writing(here.engine) as session:
        (file,) = session.exec(select(Attachment)).all()
    assert (file.contact_id, file.name, file.size, file.blob_sha256) == (
        here.all(Contact, reference)[0].id, "wall.png", 8, None,
    )  # fmt: skip


def test_two_hundred_people_in_copy_become_nobody_on_the_case(here: Town) -> None:
    copies = ", ".join(f"p{number}@crowd.example" for number in range(200))

    reference = here.mail("There is damp.", headers=f"Cc: {copies}\r\n")

    assert [one.email for one in here.all(Participant, reference)] == ["jo@citizen.example"]
    assert [message.address for message in here.send()] == ["jo@citizen.example"]


def test_mail_from_a_handlers_address_has_no_rights(here: Town) -> None:
    reference = here.mail("There is damp.")

    other = here.mail("close this case", sender="hana@town.example", subject=f"Re: {reference}")

    assert other == reference
    assert here.tasks(reference) == ["held"]
    assert here.look(reference).state == "open"


def test_the_story_of_a_case_holds_none_of_the_persons_words(here: Town) -> None:
    reference = here.mail("Bartholomew lied to me.", subject="Bartholomew")
    here.reply(reference, "Bartholomew again.")
    here.page(reference, "Bartholomew made me stop.", withdraw=True, why="Bartholomew", still_dissatisfied="yes")

    told = [f"{event.because} {event.data}" for event in here.all(Event, reference)]

    assert not [words for words in told if "Bartholomew" in words]


def test_opening_a_case_gives_nobody_a_role_on_it(here: Town) -> None:
    reference = here.mail("There is damp.")

    assert here.all(CaseRole, reference) == []
    assert here.all(Task, reference) == []
