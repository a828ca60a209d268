"""Figures as rows, for the command line and other programs."""

from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, col, select

from app.commands.foreseen import Unknown
from app.house import House
from app.people import organisation
from learning.numbers import figures
from learning.numbers.asking import Ask
from learning.numbers.figure_view import sheet
from learning.quarters import between
from learning.scopes import scope_of_organisation, whole_house
from storage.tables import Organisation

BY = ("service", "subject", "channel")


def asked(house: House, session: Session, start: str, end: str, of: str | None) -> Ask:
    """What is asked for: days, and one organisation with those below it or the whole house. Raises Unknown."""
    try:
        period = between(date.fromisoformat(start), date.fromisoformat(end) + timedelta(days=1))
    except ValueError as error:
        raise Unknown(f"Write --from 2026-07-01 --to 2026-09-30: {error}") from None
    if of:
        scope = scope_of_organisation(session, organisation(session, of).id or 0)
    else:
        first = session.exec(select(Organisation.id).order_by(col(Organisation.id))).first()
        if first is None:
            raise Unknown("There is no organisation yet. Add one: redress organisation add --help")
        scope = whole_house(session, first)
    return Ask(session, scope, period, house.clock(), house.office.survey_floor)


def rows_by(ask: Ask, by: str) -> list[dict[str, Any]]:
    """A row for each service, subject or channel. Raises Unknown."""
    if by not in BY:
        raise Unknown(f"There is no --by {by}. There are: {', '.join(BY)}")
    table = figures.by(ask, by)
    names = [column.id for column in table.columns]
    return [{by: line.key, "name": line.name, **dict(zip(names, line.values, strict=True))} for line in table.lines]


def tables(ask: Ask) -> list[dict[str, Any]]:
    """Every table: its lines as data, with its title and what it counts in words, and as rows for people."""
    made = figures.gather(ask)
    sheets = [sheet(table, ask.period) for table in made]
    return [
        {**data, "title": words.title, "counts": words.counts, "definition": words.definition,
         "rows": [{"": row.name, **dict(zip(words.heads, row.cells, strict=True))} for row in words.rows]}
        for data, words in zip(figures.as_data(made), sheets, strict=True)
    ]  # fmt: skip
