"""The record of a complaint is whole, from the first words to what was learnt, and outlives the machine it is on."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import SQLModel, select

from learning.lesson.lessons import write
from storage.database import connect, reading, writing
from storage.tables import (
    Blob,
    Case,
    Contact,
    Event,
    Head,
    LearningEvent,
    Lesson,
    LessonCase,
    Letter,
    Participant,
    Staff,
)
from tests.app.redress import NOW, Redress
from tests.app.test_commands import complaint
from tests.learning.academy import LESSON, seeing
from workflow.office import Act, Actor, Office
from workflow.safety import RiskWords
from workflow.tokens import Keyring

RECORD: tuple[type[Any], ...] = (
    Blob, Contact, Case, Participant, Event, Head, Letter, Lesson, LessonCase, LearningEvent,
)  # fmt: skip
HANA = ("--as", "hana@homes.example", "--now", "2025-12-22T10:00")


@pytest.fixture
def told(redress: Redress) -> tuple[Redress, str]:
    """A complaint that was acknowledged, decided, coded, and led to a lesson."""
    redress.set_up()
    reference = complaint(redress, "2025-12-18")
    for verb, fields in (
        ("acknowledge", {"complaint_definition": "Mould", "outcomes_sought": "To have it treated",
                         "responsible_and_not_responsible": "We look after walls"}),
        ("decide", {"outcome": "upheld", "reasons": "Nobody came.", "remedy": "It is treated on Friday."}),
        ("code", {"subject": "property", "severity": "3"}),
    ):  # fmt: skip
        redress("case", "do", reference, verb, *HANA, *(f"--field={name}={value}" for name, value in fields.items()))
    engine = connect(redress.database_url)
    with writing(engine) as session:
        hana = session.exec(select(Staff).where(Staff.name == "Hana")).one()
        office = Office("http://desk.example", "homes.example", Keyring((b"k" * 40,)), RiskWords({}))
        act = Act(session, office, Actor(hana.name, hana.id, hana.role), NOW)
        write(act, {**LESSON, "service": "repairs", "cases": reference}, seeing(session))
    engine.dispose()
    return redress, reference


@pytest.fixture
def engine(told: tuple[Redress, str]) -> Iterator[Engine]:
    engine = connect(told[0].database_url)
    yield engine
    engine.dispose()


def rows(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Every row of the record."""
    with reading(engine) as session:
        found: dict[str, list[SQLModel]] = {one.__name__: list(session.exec(select(one))) for one in RECORD}
        return {name: sorted((one.model_dump() for one in of), key=str) for name, of in found.items()}


@pytest.mark.requirement("R001")
def test_the_record_holds_a_complaint_and_what_was_learnt_and_is_the_same_after_a_restore(
    told: tuple[Redress, str], engine: Engine
) -> None:
    redress, reference = told
    before = rows(engine)

    redress("backup", "copy.db")
    with writing(engine) as session:
        for name in ("lesson_case", "learning_event", "head"):
            session.execute(text(f"DELETE FROM {name}"))
    engine.dispose()
    redress("restore", "copy.db")

    assert [one["reference"] for one in before["Case"]] == [reference]
    assert before["Blob"][0]["content"].endswith(b"It is damp.\r\n")
    assert [(one["text"], one["reasons"]) for one in before["Head"]] == [("Mould", "Nobody came.")]
    assert {(one["name"], one["by"]) for one in before["Event"]} >= {
        ("complaint.received", "system"), ("head.decided", "Hana"), ("case.coded", "Hana"), ("lesson.linked", "Hana"),
    }  # fmt: skip
    assert [one["title"] for one in before["Lesson"]] == [LESSON["title"]]
    assert rows(engine) == before
