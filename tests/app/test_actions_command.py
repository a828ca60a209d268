"""`redress actions list`: what is due on each action and what of it is late, for people and for programs."""

import pytest
from sqlalchemy import Engine

from storage.database import connect
from tests.app.redress import Redress
from tests.learning.academy import ACTION, agreed
from tests.town import Town, town


@pytest.fixture
def here(redress: Redress) -> Town:
    redress("migrate")
    engine: Engine = connect(redress.database_url)
    there = town(engine, "2026-01-05")
    agreed(there)
    agreed(there, starts="2026-01-19")
    engine.dispose()
    return there


@pytest.mark.requirement("R261", "R304")
def test_actions_are_listed_by_the_date_that_comes_first(redress: Redress, here: Town) -> None:
    rows = redress.json("actions", "list", "--now", "2026-01-14")

    assert [(row["action"], row["next"], row["due"], row["late"]) for row in rows] == [
        (1, "start", "2026-01-12", True),
        (2, "start", "2026-01-19", False),
    ]
    assert (rows[0]["owner"], rows[0]["service"], rows[0]["what"]) == ("hana@town.example", "care", ACTION["what"])


def test_only_the_late_ones_or_those_of_a_service(redress: Redress, here: Town) -> None:
    late = redress.json("actions", "list", "--late", "--now", "2026-01-14")
    elsewhere = redress.json("actions", "list", "--service", "repairs")

    assert ([row["action"] for row in late], elsewhere) == ([1], [])


def test_a_person_reads_a_table(redress: Redress, here: Town) -> None:
    printed = redress("actions", "list", "--late", "--now", "2026-01-14")

    assert printed.split() == ["action", "state", "next", "due", "late", "owner",
                               "1", "agreed", "start", "2026-01-12", "yes", "hana@town.example"]  # fmt: skip


def test_a_service_that_is_not_there_is_said(redress: Redress, here: Town) -> None:
    done = redress.run("actions", "list", "--service", "ships")

    assert done.returncode == 2
    assert "There is no service ships" in done.stderr
