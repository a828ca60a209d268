"""Taking in a file of other insight, some rows in each commit; a row that is there already is left alone."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from app.commands.foreseen import Unknown
from app.doing import staff_actor
from app.house import House
from learning.beyond import insight
from learning.beyond.insight_file import Row, UnreadableFile, rows
from learning.beyond.insight_rows import known
from storage.database import reading, writing
from storage.tables import Insight
from workflow.office import SYSTEM, Actor
from workflow.working_days import london

AT_ONCE = 500  # rows in one commit, so that nobody waits long for the database

Told = Callable[[int], None]  # that so many more rows are done


@dataclass
class Imported:
    """What an import did, or would do; `errors` as (line of the file, what to mend)."""

    added: int = 0
    already: int = 0
    errors: list[tuple[int, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "errors": [{"line": line, "problem": problem} for line, problem in self.errors]}


def read(house: House, path: Path) -> list[Row]:
    """The rows of a file. Raises Unknown, saying what to do, for one that can't be read."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Unknown(f"{path} can't be read ({error.strerror})") from None
    with reading(house.engine) as session:
        where = known(session, london(house.clock()))
    try:
        return rows(raw, where)
    except UnreadableFile as error:
        raise Unknown(f"{path.name}: {error}") from None


def acting(house: House, email: str | None) -> Actor:
    """Who imports: this member of staff, or the system where nobody is named. Raises Unknown."""
    with reading(house.engine) as session:
        return staff_actor(session, email) if email else SYSTEM


def take_in(house: House, found: Sequence[Row], by: Actor, *, dry_run: bool, told: Told) -> Imported:
    """Enter every row that is right; with `dry_run` only say what would be entered."""
    done = Imported(errors=[(row.line, problem) for row in found for problem in row.problems])
    work = _look if dry_run else _enter
    for start in range(0, len(found), AT_ONCE):
        some = found[start : start + AT_ONCE]
        new = work(house, some, by)
        done.added += new
        done.already += sum(row.told is not None for row in some) - new
        told(len(some))
    return done


def _enter(house: House, some: Sequence[Row], by: Actor) -> int:
    with writing(house.engine) as session:
        act = house.act(session, by)
        return sum(insight.enter(act, row.told) is not None for row in some if row.told)


def _look(house: House, some: Sequence[Row], _by: Actor) -> int:
    keys = {row.told.key for row in some if row.told}
    with reading(house.engine) as session:
        return len(keys - _there(session, keys))


def _there(session: Session, keys: set[str | None]) -> set[str | None]:
    return set(session.exec(select(Insight.key).where(col(Insight.key).in_(keys))))
