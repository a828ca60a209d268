"""Digests asked for by hand: shown as files without sending, or sent to leaders who have not had theirs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from app.commands.foreseen import Unknown
from app.digests import Made, by_scope, make, owe
from app.house import House
from app.people import organisation, user
from learning.leading.digest_due import Owed
from learning.quarters import last_ended, parse
from storage.database import reading
from storage.tables import Staff
from workflow.working_days import london

COLUMNS = ("leader", "period", "scope", "received", "what", "file")


def period_named(house: House, quarter: str | None, *, monthly: bool) -> str:
    """The period that was asked for, or the last whole quarter or month. Raises Unknown."""
    try:
        return (parse(quarter) if quarter else last_ended(london(house.clock()), monthly=monthly)).name
    except ValueError as error:
        raise Unknown(str(error)) from None


def leaders(session: Session, of: str | None, email: str | None) -> list[int]:
    """The leaders asked for: one, those of one organisation, or all. Raises Unknown."""
    query = select(Staff.id).where(Staff.role == "leader", col(Staff.disabled_at).is_(None))
    if of:
        query = query.where(Staff.organisation_id == organisation(session, of).id)
    if email:
        query = query.where(Staff.id == user(session, email).id)
    found = [id_ for id_ in session.exec(query.order_by(col(Staff.id))) if id_]
    if not found:
        raise Unknown("There is no leader to send a digest to. Add one: redress user add --role leader --help")
    return found


def digests(
    house: House, period: str, staff_ids: list[int], *, out: Path | None, dry_run: bool
) -> Iterator[dict[str, Any]]:
    """Make each digest; keep it as files where a folder is given, and send it unless this only shows it."""
    now = house.clock()
    wanted = [Owed(period, id_) for id_ in staff_ids]
    groups = by_scope(house, wanted)
    told = {one for some in groups.values() for one in some}
    for (_, scope), some in groups.items():
        made = make(house, period, scope, now)
        new = [] if dry_run else owe(house, made, scope, some, now)
        for one in some:
            what = "shown" if dry_run else "sent" if one in new else "had it already"
            yield _row(house, one, made, what, _kept(made, one, out) if out else "")
    for one in wanted:
        if one not in told:
            yield {**_whose(house, one), "scope": "", "received": 0, "what": "nothing was ever received", "file": ""}


def _row(house: House, one: Owed, made: Made, what: str, file: str) -> dict[str, Any]:
    total = made.digest.table("received_by_service").total
    received = total.values[0] if total else 0
    return {**_whose(house, one), "scope": made.digest.scope, "received": received, "what": what, "file": file,
            "subject": made.written.subject, "text": made.written.text}  # fmt: skip


def _whose(house: House, one: Owed) -> dict[str, Any]:
    with reading(house.engine) as session:
        return {"leader": session.get_one(Staff, one.staff_id).email, "period": one.period}


def _kept(made: Made, one: Owed, out: Path) -> str:
    """The digest as a page that a browser shows, its text and its pictures."""
    out.mkdir(parents=True, exist_ok=True)
    name, html = f"{one.period}-{one.staff_id}", made.written.html
    for picture in made.pictures:
        (out / f"{name}-{picture.name}.png").write_bytes(picture.png)
        html = html.replace(f"cid:{picture.name}@redress", f"{name}-{picture.name}.png")
    (out / f"{name}.txt").write_text(made.written.text, encoding="utf-8")
    (out / f"{name}.html").write_text(html, encoding="utf-8")
    return str(out / f"{name}.html")
