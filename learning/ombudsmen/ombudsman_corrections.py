"""Putting right what was recorded wrongly of an ombudsman's work: the entry goes, and what was said of it stays."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from learning.numbers.figure_words import name_of
from learning.ombudsmen import recommending
from learning.ombudsmen.ombudsman import Matters
from learning.verb import Field, Given, Refused, Verb, needed
from storage.tables import Case, OmbudsmanMatter, Recommendation
from templates.dates import in_words
from workflow import tasks
from workflow.office import Act
from workflow.record import note

LONGEST = 80  # letters of a recommendation where one is chosen among several


@dataclass(frozen=True)
class Entry:
    """One thing that was recorded: how a form names it, what it says, and taking it back."""

    key: str
    words: str
    undo: Callable[[Act, Case], None]


def correct(act: Act, there: Matters, given: Given) -> None:
    """Take an entry back that was wrong, with all that hangs on it; its events stay, and figures count it no more."""
    wanted, because = needed(given, "entry", "which entry"), needed(given, "because", "what was wrong with it")
    entry = next((one for one in entries(there) if one.key == wanted), None)
    if entry is None:
        raise Refused("Select which entry", "entry")
    note(act, there.case, "ombudsman.corrected", because=because, data={"entry": entry.key, "what": entry.words})
    entry.undo(act, there.case)
    act.session.flush()


def entries(there: Matters) -> list[Entry]:
    """Everything recorded on a case that can be taken back, the latest of each matter first."""
    return [entry for matter in there.matters for entry in _of_matter(there, matter)]


def _of_matter(there: Matters, matter: OmbudsmanMatter) -> Iterator[Entry]:
    body = name_of("body", matter.body)
    recommended = [one for one in there.recommendations if one.matter_id == matter.id]
    for row in recommended:
        yield from _of_recommendation(row)
    if matter.decided_at is not None:
        finding = name_of("finding", matter.finding or "")
        yield Entry(f"decided:{matter.id}", f"Decided by {body} on {in_words(matter.decided_at)}: {finding}",
                    lambda act, _case: _undecide(act, matter))  # fmt: skip
    all_of_it = ", with everything recorded of it" if recommended or matter.decided_at else ""
    yield Entry(f"taken_up:{matter.id}", f"Taken up by {body} on {in_words(matter.referred_at)}{all_of_it}",
                lambda act, case: _forget_matter(act, case, matter, recommended))  # fmt: skip


def _of_recommendation(row: Recommendation) -> Iterator[Entry]:
    text = row.text if len(row.text) <= LONGEST else f"{row.text[: LONGEST - 1]}…"
    if row.complied_at is not None:
        yield Entry(f"complied:{row.id}", f"Complied with on {in_words(row.complied_at)}: {text}",
                    lambda act, case: _reopen(act, case, row))  # fmt: skip
    elif row.declined_at is not None:
        yield Entry(f"declined:{row.id}", f"Not complied with: {text}", lambda act, case: _reopen(act, case, row))
    yield Entry(f"made:{row.id}", f"Recommended: {text}", lambda act, case: _forget(act, case, row))


def _undecide(act: Act, matter: OmbudsmanMatter) -> None:
    matter.decided_at = matter.finding = None
    act.session.add(matter)


def _reopen(act: Act, case: Case, row: Recommendation) -> None:
    """It is to be complied with as before, and its date is watched again."""
    row.complied_at = row.declined_at = row.declined_because = None
    row.evidence = ""
    act.session.add(row)
    recommending.project(act, case, row)
    for task in tasks.with_key(act, recommending.task_key(row)):
        task.done_at = None
        act.session.add(task)


def _forget(act: Act, case: Case, row: Recommendation) -> None:
    """Nobody is reminded of it any more, and nothing is to be done about it."""
    row.declined_at = act.now  # so that nothing is due on it
    recommending.project(act, case, row)
    for task in tasks.with_key(act, recommending.task_key(row)):
        task.done_at = task.done_at or act.now
        act.session.add(task)
    act.session.delete(row)


def _forget_matter(act: Act, case: Case, matter: OmbudsmanMatter, recommended: list[Recommendation]) -> None:
    for row in recommended:
        _forget(act, case, row)
    act.session.flush()
    act.session.delete(matter)


def _choices(there: Matters) -> tuple[tuple[str, str], ...]:
    return tuple((one.key, one.words) for one in entries(there))


CORRECTIONS: tuple[Verb[Matters], ...] = (
    Verb("correct", "Correct a wrong entry",
         "Take back what was recorded wrongly. Then record it as it was. What you take back stays in the case’s story.",
         correct,
         lambda _a, m: (Field("entry", "Which entry is wrong", "choice", options=_choices(m)),
                        Field("because", "What was wrong with it", "long_text")),
         lambda _a, m: None if m.matters else "Nothing of an ombudsman is recorded.",
         events=("ombudsman.corrected",)),
)  # fmt: skip
