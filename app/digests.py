"""Making and sending the digests that are owed: figures are counted while nobody is kept waiting, then owed quickly."""

from collections import defaultdict
from datetime import datetime

import structlog

from app.house import House
from learning import digest, digest_due
from learning.asking import Ask
from learning.digest_due import Owed
from learning.quarters import parse
from learning.scopes import Scope, scope_of
from storage.database import reading, writing
from storage.tables import Staff

log = structlog.get_logger()


def send_due(house: House) -> int:
    """Owe every digest whose day has come; gives how many. What fails stops nothing behind it, and stays due."""
    now = house.clock()
    return sum(_send(house, period, scope, owed, now) for (period, scope), owed in _by_scope(house, now).items())


def _by_scope(house: House, now: datetime) -> dict[tuple[str, Scope], list[Owed]]:
    """Leaders who answer for the same services are told the same: it is counted and drawn once for all of them."""
    found: dict[tuple[str, Scope], list[Owed]] = defaultdict(list)
    with reading(house.engine) as session:
        for one in digest_due.owed(session, now):
            scope = scope_of(session, session.get_one(Staff, one.staff_id))
            if digest_due.is_worth_telling(session, scope, one.period):
                found[one.period, scope].append(one)
    return found


def _send(house: House, period: str, scope: Scope, owed: list[Owed], now: datetime) -> int:
    try:
        with reading(house.engine) as session:
            made = digest.gather(Ask(session, scope, parse(period), now, house.office.survey_floor))
        drawn = digest.pictures(made)
        written = digest.write(made, house.office.public_url, drawn)
        with writing(house.engine) as session:
            return sum(digest_due.owe(house.act(session, now=now), one, scope, written, drawn) for one in owed)
    except Exception as error:  # noqa: BLE001 - it stays due, and is tried again
        log.warning("a digest failed", period=period, organisation=scope.home, error=type(error).__name__)
        return 0
