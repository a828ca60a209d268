"""What the surveys found: by group, item and expectation, for bodies, services and quarters, never below the floor."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from learning.feedback.survey_items import bank
from learning.feedback.survey_release import Tally, released
from learning.quarters import between, parse, quarter_of
from storage.tables import SurveyAnswer, SurveyInvitation

FLOOR = 10  # people; REDRESS_SURVEY_FLOOR
COUNTED = {"strongly_agree": "agree", "agree": "agree", "neither": "neither",
           "disagree": "disagree", "strongly_disagree": "disagree"}  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """How many agreed, in one group, with one item (`item` None: with all items of an expectation).

    `organisation_id` None: all of the bodies asked for; `service_id` None: the whole body; `quarter` None: the whole
    period. `about` is handling or outcome: an expectation has a figure of each.
    """

    group: str
    organisation_id: int | None
    service_id: int | None
    quarter: str | None
    expectation: str
    item: str | None
    about: str
    agree: int
    neither: int
    disagree: int

    @property
    def answers(self) -> int:
        return self.agree + self.neither + self.disagree

    @property
    def share(self) -> float:
        """The part that agreed, from 0 to 1."""
        return self.agree / self.answers


@dataclass(frozen=True)
class Results:
    """All figures that may be shown, and how many people of each group were asked in the period."""

    figures: tuple[Figure, ...]
    asked: Mapping[str, int]

    def of(self, group: str, **wanted: object) -> list[Figure]:
        """The figures of a group for all bodies together and the whole period, unless `wanted` says otherwise."""
        sought = {"group": group, "organisation_id": None, "service_id": None, "quarter": None, **wanted}
        return [one for one in self.figures if all(getattr(one, name) == value for name, value in sought.items())]


def results(session: Session, organisation_ids: Collection[int], start: date, end: date, floor: int = FLOOR) -> Results:
    """The surveys' results of these organisations in the whole quarters from `start` up to, and without, `end`.

    Never shown where fewer than `floor` people answered, nor recoverable by difference (`survey_release`).
    Answers of too few wait for later quarters and count in the quarter that made them enough. `end` must not be after
    today: a quarter that is not over is left out, for it would tell each new answer by the difference to yesterday.
    Sums are made in the database, on the index of quarters.
    """
    blocks = [
        block
        for block in released(_tallies(session, organisation_ids, end), floor)
        if parse(block.quarter).start >= start
    ]
    return Results(tuple(_figures(blocks)), _asked(session, organisation_ids, start, end))


def _tallies(session: Session, organisation_ids: Collection[int], end: date) -> list[Tally]:
    """What was said in each quarter that was over before this day; the names of quarters sort as they follow."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    each = (func.json_each if is_sqlite else func.jsonb_each_text)(SurveyAnswer.answers).table_valued("key", "value")
    key = (SurveyAnswer.grp, SurveyAnswer.organisation_id, SurveyAnswer.service_id, SurveyAnswer.quarter)
    query = (
        select(*key, each.c.key, each.c.value, func.count())  # type: ignore[call-overload]  # seven columns: six are typed
        .select_from(SurveyAnswer)
        .join(each, col(SurveyAnswer.id).is_not(None))
        .where(col(SurveyAnswer.organisation_id).in_(organisation_ids), SurveyAnswer.quarter < quarter_of(end).name)
        .group_by(*key, each.c.key, each.c.value)
    )
    return [
        Tally(group, organisation, service, quarter, item, **{COUNTED[answer]: count})
        for group, organisation, service, quarter, item, answer, count in session.exec(query)
        if item in bank() and answer in COUNTED
    ]


def _figures(blocks: Iterable[Tally]) -> list[Figure]:
    """Every sum of blocks that somebody may ask for."""
    sums: dict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    for block in blocks:
        for key in _keys(block):
            for at, count in enumerate((block.agree, block.neither, block.disagree)):
                sums[key][at] += count
    ordered = sorted(sums, key=lambda key: tuple((part is not None, str(part)) for part in key))
    return [Figure(*key, *sums[key]) for key in ordered]  # type: ignore[arg-type]  # a key is a Figure's first fields


def _keys(block: Tally) -> list[tuple[object, ...]]:
    item = bank()[block.item]
    whose = {(None, None), (block.organisation_id, None), (block.organisation_id, block.service_id)}
    return [
        (block.group, organisation, service, quarter, item.expectation, which, item.about)
        for organisation, service in whose
        for quarter in (None, block.quarter)
        for which in (None, item.id)
    ]


def _asked(session: Session, organisation_ids: Collection[int], start: date, end: date) -> dict[str, int]:
    period = between(start, end)
    query = (
        select(SurveyInvitation.grp, func.count())
        .where(col(SurveyInvitation.organisation_id).in_(organisation_ids))
        .where(col(SurveyInvitation.sent_at) >= period.starts_at, col(SurveyInvitation.sent_at) < period.ends_at)
        .group_by(SurveyInvitation.grp)
    )
    return dict(session.exec(query).all())
