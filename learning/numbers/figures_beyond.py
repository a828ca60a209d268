"""Figures of what follows complaints: ombudsmen, action plans, what people say of us, who complains, other insight."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import case, func, or_
from sqlmodel import col, select

from learning.beyond import insight
from learning.feedback.survey_items import GROUPS
from learning.feedback.survey_results import Figure, results
from learning.london_day import london_day
from learning.numbers.asking import Ask
from learning.numbers.figure_table import Column, Line, Table, share, totalled
from learning.numbers.figure_words import name_of
from learning.plan.plans import STATES
from storage.tables import Action, Case, EqualityAnswer, OmbudsmanMatter, Recommendation
from templates.words import questionnaire

NOW_BEFORE = (Column("now"), Column("before"), Column("year_before"))


def ombudsman(ask: Ask) -> Table:
    """Complaints that went on to an ombudsman in the period, and decisions made in it by what was found."""
    lines = [Line("referred", name_of("ombudsman", "referred"), _counted(ask, OmbudsmanMatter.referred_at))]
    findings = _findings(ask)
    lines += [Line(key, name_of("finding", key), tuple(counts)) for key, counts in sorted(findings.items())]
    return Table("ombudsman", "period", NOW_BEFORE, tuple(lines), cases="referred")


def recommendations(ask: Ask) -> Table:
    """Every recommendation of an ombudsman that is open, or was complied with or declined in the period."""
    today, period = ask.today, ask.period
    is_open = col(Recommendation.complied_at).is_(None) & col(Recommendation.declined_at).is_(None)
    standing = case(
        (col(Recommendation.complied_at).is_(None) & col(Recommendation.declined_at).is_not(None), "declined"),
        (is_open & (col(Recommendation.due) < today), "overdue"),
        (col(Recommendation.complied_at).is_(None), "open"),
        (london_day(Recommendation.complied_at) > col(Recommendation.due), "complied_late"),
        else_="complied",
    )
    was_declined = col(Recommendation.complied_at).is_(None) & _within(Recommendation.declined_at, period)
    open_or_now = or_(is_open, _within(Recommendation.complied_at, period), was_declined)
    query = select(standing, func.count()).join(OmbudsmanMatter).join(Case).where(*_mine(ask), open_or_now)
    found = dict(ask.session.exec(query.group_by(standing)).all())
    keys = ("complied", "complied_late", "declined", "open", "overdue")
    lines = tuple(Line(key, name_of("recommendation", key), (found.get(key, 0),)) for key in keys)
    return Table("recommendations", "now", (Column("number"),), lines, totalled(lines), about="things")


def plans(ask: Ask) -> Table:
    """Actions of plans by their state now, and how many of each are late."""
    late = func.coalesce(func.sum(case((col(Action.next_due) <= ask.now, 1), else_=0)), 0)
    query = select(Action.state, func.count(), late).where(col(Action.service_id).in_(ask.scope.services))
    found = {state: (int(n), int(is_late)) for state, n, is_late in ask.session.exec(query.group_by(Action.state))}
    lines = tuple(Line(state, name_of("state", state), found.get(state, (0, 0))) for state in STATES)
    return Table("plans", "now", (Column("number"), Column("late")), lines, totalled(lines), about="things")


def feedback(ask: Ask) -> Table:
    """For each of the four groups: how many answers agreed, handling and outcome apart. Of whole quarters alone."""
    found = survey_figures(ask)
    lines = [line for group in GROUPS for about in ("handling", "outcome") if (line := _opinion(found, group, about))]
    columns = (Column("answers"), Column("agree", "share", of=("answers",)))
    # Numbers that are too small are left out by learning/feedback/survey_results.py, which knows each person's answers.
    return Table("feedback", "period", columns, tuple(lines), about="things")


def survey_figures(ask: Ask) -> list[Figure]:
    """What the surveys of the scope came to: of whole bodies, or of its services alone."""
    return ask.once("surveys", lambda: _results(ask))


def equality(ask: Ask) -> list[Table]:
    """Who complained, as far as they chose to tell, question by question: their answers stand apart from any case.

    Of whole quarters that are over alone. One that grows would tell each new answer by the difference to yesterday, and
    the months of a quarter what is hidden in one of them.
    """
    if not ask.period.is_whole_quarters or ask.period.end > ask.today:
        return []
    found = _equality(ask)
    return [
        _equality_table(question, said["options"], found)
        for question, said in questionnaire()["equality"].items()
        if isinstance(said, dict) and "options" in said
    ]


def other_insight(ask: Ask) -> Table:
    """Compliments, claims and what else is told of services, by kind. Grievances and whistleblowing are people's."""
    seen = insight.Seen(ask.scope.organisations if ask.scope.is_whole else (), ask.scope.services, leads=ask.leads)
    by_period = [{one.kind: one for one in insight.summed(ask.session, seen, each.start, each.last)}
                 for each in ask.periods]  # fmt: skip
    kinds = [kind for kind in insight.KINDS if any(kind in found for found in by_period)]
    lines = tuple(
        Line(kind, name_of("insight", kind), tuple(found[kind].how_many if kind in found else 0 for found in by_period))
        for kind in kinds
    )
    return Table("other_insight", "period", NOW_BEFORE, lines, about="people")


def _mine(ask: Ask) -> list[Any]:
    return [col(Case.service_id).in_(ask.scope.services)]


def _within(column: Any, period: Any) -> Any:
    return (col(column) >= period.starts_at) & (col(column) < period.ends_at)


def _counted(ask: Ask, column: Any) -> tuple[int, ...]:
    query = select(func.count()).select_from(OmbudsmanMatter).join(Case).where(*_mine(ask))
    return tuple(int(ask.session.exec(query.where(_within(column, period))).one()) for period in ask.periods)


def _findings(ask: Ask) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    matter = OmbudsmanMatter
    for at, period in enumerate(ask.periods):
        query = select(matter.finding, func.count()).join(Case).where(*_mine(ask), _within(matter.decided_at, period))
        for finding, number in ask.session.exec(query.group_by(matter.finding)):
            found[finding or "undecided"][at] = number
    return found


def _results(ask: Ask) -> list[Figure]:
    found = results(ask.session, ask.scope.organisations, ask.period.start, min(ask.period.end, ask.today), ask.floor) \
        if ask.period.start < ask.today else None  # fmt: skip
    if found is None:
        return []
    if ask.scope.is_whole:
        return [one for group in GROUPS for one in found.of(group)]
    ours = set(ask.scope.services)
    return [one for one in found.figures if one.service_id in ours and one.quarter is None]


def _opinion(found: Iterable[Figure], group: str, about: str) -> Line | None:
    """All items of a group together: answers to items, not people."""
    mine = [one for one in found if one.group == group and one.about == about and one.item is None]
    answers = sum(one.answers for one in mine)
    agree = share(sum(one.agree for one in mine), answers)
    return Line(f"{group}-{about}", name_of("feedback", f"{group}_{about}"), (answers, agree)) if answers else None


def _equality(ask: Ask) -> dict[tuple[str, str], int]:
    is_sqlite = ask.session.get_bind().dialect.name == "sqlite"
    each = (func.json_each if is_sqlite else func.jsonb_each_text)(EqualityAnswer.answers).table_valued("key", "value")
    ours: Any = col(EqualityAnswer.service_id).in_(ask.scope.services)
    if ask.scope.is_whole:
        ours = ours | (col(EqualityAnswer.service_id).is_(None)
                       & col(EqualityAnswer.organisation_id).in_(ask.scope.organisations))  # fmt: skip
    query = (
        select(each.c.key, each.c.value, func.count())
        .select_from(EqualityAnswer)
        .join(each, col(EqualityAnswer.id).is_not(None))
        .where(ours, col(EqualityAnswer.month) >= ask.period.start, col(EqualityAnswer.month) < ask.period.end)
        .group_by(each.c.key, each.c.value)
    )
    return {(question, answer): int(number) for question, answer, number in ask.session.exec(query)}


def _equality_table(question: str, options: dict[str, str], found: dict[tuple[str, str], int]) -> Table:
    lines = tuple(Line(key, name, (found.get((question, key), 0),)) for key, name in options.items())
    return Table(f"equality_{question}", "period", (Column("number"),), lines, totalled(lines), about="people")
