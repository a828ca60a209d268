"""What seems to have come twice is told beside both, and nothing is put together."""

import time
from collections.abc import Mapping, Sequence

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from storage.database import reading, writing
from storage.tables import Case, Contact
from tests.town import Town, town
from workflow.alike import possible_duplicates


def alike(town: Town, reference: str | None) -> list[Sequence[str]]:
    with reading(town.engine) as session:
        case = session.exec(select(Case).where(Case.reference == reference)).one()
        found: Mapping[int | None, Sequence[str]] = possible_duplicates(session, case.id)
        return list(found.values())


def raw(message_id: str, text: str, sender: str = "jo@citizen.example") -> bytes:
    return f"From: {sender}\r\nSubject: Damp\r\nMessage-ID: <{message_id}@citizen.example>\r\n\r\n{text}\r\n".encode()


def test_two_mails_with_the_same_words_are_two_cases_each_told_of_the_other(engine: Engine) -> None:
    here = town(engine)

    first = here.arrive(raw("a", "The wall is wet."), to="repairs@homes.example")
    second = here.arrive(raw("b", "The wall is wet."), to="repairs@homes.example")

    assert first != second
    assert alike(here, first) == [[second]]
    assert alike(here, second) == [[first]]


def test_other_words_under_a_message_id_that_was_here_before_are_told_of(engine: Engine) -> None:
    here = town(engine)

    first = here.arrive(raw("a", "The wall is wet."), to="repairs@homes.example")
    second = here.arrive(raw("a", "Nothing is wrong.", "eve@elsewhere.example"), to="repairs@homes.example")

    assert alike(here, first) == [[second]]
    assert alike(here, second) == [[first]]


def test_the_same_words_of_two_people_and_two_complaints_of_one_are_not_alike(engine: Engine) -> None:
    here = town(engine)

    first = here.arrive(raw("a", "The wall is wet."), to="repairs@homes.example")
    here.arrive(raw("b", "The wall is wet.", "sam@citizen.example"), to="repairs@homes.example")
    here.arrive(raw("c", "The lift is out."), to="repairs@homes.example")

    assert alike(here, first) == []


def test_what_was_sent_again_and_again_to_one_case_hides_no_other_case(engine: Engine) -> None:
    here = town(engine)
    elsewhere = here.arrive(raw("a", "The wall is wet."), to="repairs@homes.example") or ""
    case = here.arrive(raw("b", "The wall is wet."), to="repairs@homes.example") or ""
    address = here.reply_address(case)

    for number in range(6):
        here.arrive(raw(f"again{number}", "The wall is wet."), to=address)

    assert alike(here, case) == [sorted([elsewhere, case])] * 7


@pytest.mark.timed
def test_a_long_correspondence_of_one_person_is_looked_through_quickly(engine: Engine) -> None:
    here = town(engine)
    case = here.arrive(raw("a", "The wall is wet."), to="repairs@homes.example")
    with writing(engine) as session:
        first = session.exec(select(Contact)).one()
        same = first.model_dump(exclude={"id", "key", "text", "message_id"})
        session.add_all(Contact(**same, key=f"k{n}", text=f"{n} {'damp ' * 200}") for n in range(1_000))

    began = time.monotonic()

    assert alike(here, case) == []
    assert time.monotonic() - began < 1
