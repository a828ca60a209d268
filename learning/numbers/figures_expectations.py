"""What people say of us against each expectation of the Complaint Standards: by group, handling apart from outcome."""

from learning.feedback.survey_items import GROUPS, pillars, said
from learning.numbers.asking import Ask
from learning.numbers.figure_table import Column, Line, Table, share
from learning.numbers.figure_words import word
from learning.numbers.figures_beyond import survey_figures


def expectations(ask: Ask) -> Table:
    """For each group and expectation: how many answered, and the share that agreed. Of whole quarters alone."""
    every = [expectation for pillar in pillars().values() for expectation in pillar]
    keys = [(group, one, about) for group in GROUPS for one in every for about in ("handling", "outcome")]
    lines = tuple(line for key in keys if (line := _line(ask, *key)))
    # Numbers that are too small are left out by learning/feedback/survey_results.py, which knows each person's answers.
    columns = (Column("answers"), Column("agree", "share", of=("answers",)))
    return Table("expectations", "period", columns, lines, about="things")


def _line(ask: Ask, group: str, expectation: str, about: str) -> Line | None:
    sought = (group, expectation, about, None)
    mine = [one for one in survey_figures(ask) if (one.group, one.expectation, one.about, one.item) == sought]
    answers = sum(one.answers for one in mine)
    words = word("expectation", about, group=said()["groups"][group], expectation=said()["expectations"][expectation])
    agree = share(sum(one.agree for one in mine), answers)
    return Line(f"{group}-{expectation}-{about}", words, (answers, agree)) if answers else None
