"""What seems to have come twice is told beside both, and nothing is put together."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Engine
from sqlmodel import select

from storage.database import reading
from storage.tables import Case
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
