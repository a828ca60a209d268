"""Making and sending the digests that are owed: figures are counted while nobody is kept waiting, then owed quickly."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.house import House
from learning.leading import digest, digest_due
from learning.leading.digest import Digest
from learning.leading.digest_due import Owed
from learning.numbers.asking import Ask
from learning.numbers.charts import Picture
from learning.quarters import parse, spoken
from learning.scopes import Scope, scope_of
from storage.database import reading, writing
from storage.tables import Staff
from templates.writing import Written
from workflow import alarms, tasks

log = logging.getLogger("redress.digests")


@dataclass(frozen=True)
class Made:
    """A digest as it goes out to everyone who answers for the same services."""

    digest: Digest
    pictures: Sequence[Picture]
    written: Written


def send_due(house: House) -> int:
    """Owe every digest whose day has come; gives how many. What fails stops nothing behind it, and stays due."""
    now = house.clock()
    with reading(house.engine) as session:
        owed = digest_due.owed(session, now)
    return sum(_send(house, period, scope, some, now) for (period, scope), some in by_scope(house, owed).items())


def by_scope(house: House, owed: Iterable[Owed]) -> dict[tuple[str, Scope], list[Owed]]:
    """Leaders who answer for the same services are told the same: it is counted and drawn once for all of them."""
    found: dict[tuple[str, Scope], list[Owed]] = defaultdict(list)
    with reading(house.engine) as session:
        for one in owed:
            scope = scope_of(session, session.get_one(Staff, one.staff_id))
            if digest_due.is_worth_telling(session, scope, one.period):
                found[one.period, scope].append(one)
    return found


def make(house: House, period: str, scope: Scope, now: datetime) -> Made:
    """Count, draw and write one digest; nothing is kept."""
    with reading(house.engine) as session:
        told = digest.gather(Ask(session, scope, parse(period), now, house.office.survey_floor))
    drawn = digest.pictures(told)
    return Made(told, drawn, digest.write(told, house.office.public_url, drawn))


def owe(house: House, made: Made, scope: Scope, owed: Iterable[Owed], now: datetime) -> list[Owed]:
    """Put it in the outbox for each leader; gives those who had not had it yet."""
    with writing(house.engine) as session:
        act = house.act(session, now=now)
        return [one for one in owed if digest_due.owe(act, one, scope, made.written, made.pictures)]


def _send(house: House, period: str, scope: Scope, owed: list[Owed], now: datetime) -> int:
    key = f"digest_failed:{period}:{scope.home}"
    try:
        made = make(house, period, scope, now)
        sent = owe(house, made, scope, owed, now)
    except Exception as error:  # noqa: BLE001 - it stays due, and is tried again
        log.warning("the digest of %s for organisation %s failed: %s", period, scope.home, type(error).__name__)
        _tell_a_person(house, key, period, now)
        return 0
    _is_well_again(house, key, now)
    return len(sent)


def _tell_a_person(house: House, key: str, period: str, now: datetime) -> None:
    words = f"The digest of {spoken(parse(period))} can't be made. It is tried again every minute; see the log."
    with writing(house.engine) as session:
        alarms.raise_once(house.act(session, now=now), "digest_failed", key, words)


def _is_well_again(house: House, key: str, now: datetime) -> None:
    with writing(house.engine) as session:
        for task in tasks.with_key(house.act(session, now=now), key):
            task.done_at = task.done_at or now
