"""What one row of a file, or a filled-in form, tells of other insight; or what is wrong with it, field by field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from hashlib import sha256

from sqlmodel import Session, select

from learning.beyond.insight import KINDS, Told
from learning.beyond.insight_words import word
from storage.tables import Organisation, Service
from workflow.answers import tidy
from workflow.subjects import subjects

LONGEST = 10_000  # letters of a text
MOST = 1_000_000
MOST_POUNDS = 20_000_000  # a larger sum in pence would not go into the column
COLUMNS = ("kind", "date", "organisation", "service", "subject", "text", "how_many", "pounds", "source", "id")
NEEDED = ("kind", "date")

Problems = dict[str, str]


@dataclass(frozen=True)
class Known:
    """What rows may name: organisations and services by their short names, and the day until which things are past."""

    organisations: Mapping[str, int]
    services: Mapping[str, tuple[int, int]]  # the service's number, its organisation's
    today: date


def known(session: Session, today: date) -> Known:
    """Read once for a whole file."""
    bodies = {slug: id_ or 0 for slug, id_ in session.exec(select(Organisation.slug, Organisation.id))}
    rows = session.exec(select(Service.slug, Service.id, Service.organisation_id))
    return Known(bodies, {slug: (id_ or 0, of) for slug, id_, of in rows}, today)


def told(given: Mapping[str, str], where: Known) -> tuple[Told | None, Problems]:
    """The insight that a row tells of; else, by column, what to mend. Pure."""
    row = {name: tidy(given.get(name) or "") for name in COLUMNS}
    found: Problems = {}
    kind, day = _kind(row, found), _day(row, where, found)
    organisation, service = _place(row, where, found)
    subject, many, pence = _subject(row, found), _how_many(row, found), _pence(row, found)
    _check_text(row, many, found)
    if found or day is None or organisation is None:
        return None, found
    return Told(kind, day, organisation, service, subject, row["text"], many, pence, row["source"], key(row)), {}


def key(row: Mapping[str, str]) -> str:
    """The source's own number where there is one; else everything that the row says."""
    said = ("id", row["kind"].lower(), row["source"], row["id"]) if row["id"] else tuple(row[name] for name in COLUMNS)
    return sha256("\0".join(said).encode()).hexdigest()


def _kind(row: Mapping[str, str], found: Problems) -> str:
    kind = row["kind"].lower().replace(" ", "_").replace("-", "_")
    if kind not in KINDS:
        problem = "kind" if kind else "kind_missing"
        found["kind"] = word("problems", problem, kinds=", ".join(KINDS), said=_short(row["kind"]))
    return kind


def _day(row: Mapping[str, str], where: Known, found: Problems) -> date | None:
    said = row["date"]
    day = day_in(said)
    if day is None:
        found["date"] = word("problems", "date" if said else "date_missing", said=_short(said))
    elif day > where.today:
        found["date"] = word("problems", "date_future", said=_short(said))
    return day


def day_in(said: str) -> date | None:
    """A day as 2026-03-27 or, as it is written here, 27/03/2026; None for anything else."""
    parts = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)|(\d{1,2})/(\d{1,2})/(\d{4})", said, re.ASCII)
    if parts is None:
        return None
    year, month, day = parts.group(1, 2, 3) if parts[1] else parts.group(6, 5, 4)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _place(row: Mapping[str, str], where: Known, found: Problems) -> tuple[int | None, int | None]:
    body, slug = row["organisation"].lower(), row["service"].lower()
    service, owner = where.services.get(slug, (None, None))
    organisation = where.organisations.get(body) if body else owner
    if slug and service is None:
        found["service"] = word("problems", "service", said=_short(slug))
    elif organisation is None:
        found["organisation"] = word("problems", "organisation" if body else "organisation_missing", said=_short(body))
    elif service and owner != organisation:
        found["service"] = word("problems", "service_elsewhere", said=_short(slug))
    return organisation, service


def _subject(row: Mapping[str, str], found: Problems) -> str | None:
    said = row["subject"].lower()
    if said and said not in subjects():
        found["subject"] = word("problems", "subject", said=_short(said), subjects=", ".join(subjects()))
    return said or None


def _how_many(row: Mapping[str, str], found: Problems) -> int:
    said = row["how_many"].replace(",", "")
    if re.fullmatch(r"\d{0,7}", said, re.ASCII) and 1 <= int(said or 1) <= MOST:
        return int(said or 1)
    found["how_many"] = word("problems", "how_many", said=_short(row["how_many"]))
    return 1


def _pence(row: Mapping[str, str], found: Problems) -> int | None:
    said = row["pounds"].lstrip("£").replace(",", "").strip()
    if not said:
        return None
    try:
        pence = Decimal(said) * 100
    except InvalidOperation:
        pence = Decimal("NaN")
    if not (pence.is_finite() and 0 <= pence <= MOST_POUNDS * 100 and pence == int(pence)):
        found["pounds"] = word("problems", "pounds", said=_short(row["pounds"]))
        return None
    if row["kind"].lower() != "claim":
        found["pounds"] = word("problems", "pounds_not_claim")
    return int(pence)


def _check_text(row: Mapping[str, str], how_many: int, found: Problems) -> None:
    if not row["text"] and how_many == 1:
        found["text"] = word("problems", "text_missing")
    if len(row["text"]) > LONGEST:
        found["text"] = word("problems", "text_long", most=f"{LONGEST:,}")


def _short(said: str) -> str:
    return said if len(said) <= 60 else f"{said[:59]}…"
