"""Which digests are owed to whom: on the set day after a period, once each, caught up with after an outage."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from learning.numbers.charts import Picture
from learning.quarters import Period, digest_due, last_ended, parse
from learning.scopes import Scope
from storage.tables import Case, DigestSent, Organisation, Staff
from templates.writing import Written
from workflow import outbox
from workflow.office import Act
from workflow.outbox import To, Words
from workflow.projection import morning
from workflow.working_days import calendar_for, london

LOOKED_BACK = 5  # periods: after a longer outage than that, the rest is read at the desk


@dataclass(frozen=True, order=True)
class Owed:
    """One digest that one leader has not had yet."""

    period: str
    staff_id: int


def owed(session: Session, now: datetime) -> list[Owed]:
    """Every digest that is owed now, by its period's name: quarters to all, months too where a body asked for them."""
    found = []
    for organisation in session.exec(select(Organisation).order_by(col(Organisation.id))).all():
        for monthly in (False, True) if organisation.digest_every == "month" else (False,):
            periods = due_periods(organisation, now, monthly=monthly)
            for staff_id, sent in _leaders(session, organisation, periods).items():
                found += [Owed(period.name, staff_id) for period in _missed(periods, sent)]
    return sorted(found)


def due_periods(organisation: Organisation, now: datetime, *, monthly: bool) -> list[Period]:
    """The quarters, or months, whose digest day has come, the latest first, as far back as we catch up."""
    calendar = calendar_for(organisation.nation)
    period = last_ended(london(now), monthly=monthly)
    if morning(digest_due(period, calendar, organisation.digest_day)) > now:
        period = period.before
    found = [period]
    while len(found) < LOOKED_BACK:
        found.append(found[-1].before)
    return found


def is_worth_telling(session: Session, scope: Scope, period: str) -> bool:
    """Whether anything was ever received by the end of a period: before that, there is nothing to tell of."""
    query = select(Case.id).where(col(Case.service_id).in_(scope.services), Case.received_at < parse(period).ends_at)
    return bool(scope.services) and session.exec(query.limit(1)).first() is not None


def owe(act: Act, one: Owed, scope: Scope, written: Written, drawn: Sequence[Picture]) -> bool:
    """Put a digest in the outbox. False, and nothing, when another worker did it first."""
    staff = act.session.get_one(Staff, one.staff_id)
    if not _claim(act, one, scope):
        return False
    words = Words(written.subject, written.text, written.html)
    to = To(staff.email, staff_id=staff.id)
    message = outbox.owe(act, f"digest:{scope.home}:{one.period}:{staff.id}", "digest", to, words, first_time=True)
    if message is not None and drawn:
        message.extra = {"pictures": [_kept(picture) for picture in drawn]}
    return True


def _leaders(session: Session, organisation: Organisation, periods: Sequence[Period]) -> dict[int, set[str]]:
    """The organisation's leaders, each with the digests of these periods that they had."""
    wanted = (Staff.organisation_id == organisation.id, Staff.role == "leader", col(Staff.disabled_at).is_(None))
    found: dict[int, set[str]] = {id_: set() for id_ in session.exec(select(Staff.id).where(*wanted)) if id_}
    names = [period.name for period in periods]
    query = select(DigestSent.staff_id, DigestSent.period).join(Staff, col(Staff.id) == DigestSent.staff_id)
    for staff_id, period in session.exec(query.where(*wanted, col(DigestSent.period).in_(names))):
        found[staff_id].add(period)
    return found


def _missed(periods: Sequence[Period], sent: set[str]) -> list[Period]:
    """What came after the last that was sent; somebody who never had one gets the latest only."""
    had = next((at for at, period in enumerate(periods) if period.name in sent), 1)
    return list(periods[:had])


def _claim(act: Act, one: Owed, scope: Scope) -> bool:
    """Written by one worker alone: a second one waits for the first, and then finds that it is done."""
    dialect = postgresql if act.session.get_bind().dialect.name == "postgresql" else sqlite
    row: Mapping[str, object] = {
        "key": f"{scope.home}:{one.period}:{one.staff_id}",
        "organisation_id": scope.home,
        "staff_id": one.staff_id,
        "period": one.period,
        "at": act.now,
    }
    statement = dialect.insert(DigestSent).values(row).on_conflict_do_nothing().returning(col(DigestSent.id))
    return act.session.execute(statement).first() is not None


def _kept(picture: Picture) -> dict[str, str]:
    return {"name": picture.name, "png": b64encode(picture.png).decode()}
