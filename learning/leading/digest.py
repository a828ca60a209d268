"""The digest of a quarter or month for those who lead: what it tells, and how it is written as a mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from learning.afterwards.stories import Story, stories
from learning.leading.first_screen import FirstScreen, first_screen, risen
from learning.numbers import charts, figures
from learning.numbers.asking import Ask
from learning.numbers.behind import NONE
from learning.numbers.charts import Picture
from learning.numbers.figure_table import HIDDEN, Table
from learning.numbers.figure_view import Sheet, sheet
from learning.numbers.figure_words import name_of, word
from learning.numbers.suppression import is_small
from learning.public import feeds
from learning.public.feeds import FromOthers
from learning.quarters import Period, short, spoken
from storage.tables import Case
from templates.digest_writing import write_digest
from templates.writing import Written

LOOKED_BACK = 8  # periods
MOST_SUBJECTS, MOST_OF_OTHERS = 6, 5


@dataclass(frozen=True)
class Digest:
    """All that is told of one period to those who answer for the same services."""

    period: Period
    scope: str
    made: Any  # the London date on which the figures were counted
    first: FirstScreen
    tables: Sequence[Table]
    over_time: Sequence[tuple[str, int]]
    risen: Sequence[tuple[str, int, int, int]]
    stories: Sequence[Story]
    others: Sequence[FromOthers]

    @property
    def is_empty(self) -> bool:
        """Whether no complaint was received or closed in the period."""
        return all(table.is_empty_now for table in self.tables if table.counts in ("received", "closed"))

    def table(self, id_: str) -> Table:
        return next(table for table in self.tables if table.id == id_)


def gather(ask: Ask) -> Digest:
    """Count everything, as it stands at the ask's time."""
    over_time = _over_time(ask)
    return Digest(ask.period, ask.scope.name, ask.today, first_screen(ask), figures.gather(ask), over_time,
                  [] if ask.scope.is_seen_from_outside else risen(ask), stories(ask),
                  feeds.from_others(ask.session, ask.scope.organisations, ask.period.starts_at, ask.period.ends_at,
                                    most=MOST_OF_OTHERS))  # fmt: skip


def pictures(digest: Digest) -> list[Picture]:
    """The pictures of a digest; none of a period in which nothing happened."""
    found = []
    if any(number for _, number in digest.over_time):
        found.append(charts.received_over_time(digest.over_time))
    lines = [line for line in digest.table("received_by_subject").lines if line.key != NONE]
    rows = [(line.name, now, before) for line in lines for now, before in [line.values[:2]]
            if isinstance(now, int) and isinstance(before, int)]  # fmt: skip
    if rows:
        found.append(charts.subjects(rows[:MOST_SUBJECTS]))
    return found


def write(digest: Digest, link: str, drawn: Sequence[Picture]) -> Written:
    """The digest as a mail: subject, text and HTML. `link` is our own address, before each path."""
    subject = word("subject_line", "digest", period=spoken(digest.period), scope=digest.scope)
    return write_digest({**facts(digest), "link": link.rstrip("/"), "pictures": drawn, "subject": subject})


def facts(digest: Digest) -> dict[str, Any]:
    """What the mail and the leader's page say, ready to be shown."""
    period, found = digest.period, [sheet(table, digest.period) for table in digest.tables]
    return {
        "period": period,
        "spoken": spoken(period),
        "scope": digest.scope,
        "made": digest.made,
        "is_empty": digest.is_empty,
        "first": digest.first,
        "sheets": [one for one in found if not one.is_empty],
        "empty_sheets": list(dict.fromkeys(_short_title(one) for one in found if one.is_empty)),
        "risen": [(name_of("subject", code), f"/desk/leader/{period.name}/cases/received/subject/{code}", *counts)
                  for code, *counts in digest.risen],
        "stories": digest.stories,
        "others": digest.others,
        "hidden": HIDDEN,
    }  # fmt: skip


def _short_title(one: Sheet) -> str:
    """All questions about equality in one."""
    return word("sheet", "equality") if one.id.startswith("equality_") else one.title


def _over_time(ask: Ask) -> list[tuple[str, int]]:
    """How many complaints were received in each of the last periods, read from an index alone."""
    periods = [ask.period]
    while len(periods) < LOOKED_BACK:
        periods.append(periods[-1].before)
    return [(short(one), _received(ask, one)) for one in reversed(periods) if not _tells_of_few(ask, one)]


def _tells_of_few(ask: Ask, period: Period) -> bool:
    """Whether its number is small, or tells one that is when the other months of it are taken away."""
    months = period.months if ask.has_months_beside else ()
    return ask.scope.is_seen_from_outside and any(is_small(_received(ask, one)) for one in (period, *months))


def _received(ask: Ask, period: Period) -> int:
    query = select(func.count(col(Case.id))).where(*ask.counting("received", period))
    return int(ask.session.exec(query).one())
