"""What people read of an action is told as they would say it: whose it is, in sentences that end."""

from sqlmodel import select

from storage.database import reading
from storage.tables import Message
from tests.learning.academy import act_on, agreed
from tests.learning.people import answered, chooses, sent, sweep
from tests.town import Town


def test_whoever_covers_for_the_owner_is_told_whose_action_it_is(here: Town) -> None:
    hana = here.staff("hana")
    hana.cover_id = here.staff("ravi").id
    here.change(hana)

    agreed(here)

    with reading(here.engine) as session:
        mails = {mail.address: mail for mail in session.exec(select(Message).where(Message.kind == "action_given"))}
    assert mails["hana@town.example"].subject.startswith("An action is yours")
    assert mails["ravi@town.example"].subject.startswith("An action of a plan")
    assert "is with Hana. You get this because you cover" in mails["ravi@town.example"].text


def test_what_staff_wrote_ends_as_a_sentence_before_the_next_begins(here: Town) -> None:
    visit = answered(here)
    _, action = agreed(here, visit)
    chooses(here, visit, "email", 4)
    act_on(here, action, "start")
    act_on(here, action, "finish", evidence="The list is signed each evening")
    act_on(here, action, "check", by="mina", result_of="works", found="A week of lists")

    sweep(here, "2026-01-15")

    assert "signed each evening. Somebody else checked" in sent(here, visit)[0].text
