"""`redress demo --time-lapse`: play the story, compare what came out with what was owed, and say how it went."""

import asyncio
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.commands.foreseen import Unknown
from app.commands.showing import say, show_json, show_rows
from app.demo.compare import all_in, differences
from app.demo.expected import expected
from app.demo.figures import as_rows, figures
from app.demo.story import ANSWERS_SURVEY, DAYS, END, OPENS, Deed
from app.demo.time_lapse import TOWNS, Played, Unplayable, play, the_story
from workflow.casework import VERBS

MOST_SHOWN = 50  # differences


def run(out: Path | None, *, as_json: bool) -> int:
    """Give the exit status: 0 only if the mails and the clocks are exactly those that the story owes."""
    folder = _folder(out)
    deeds = the_story()
    (folder / "story.txt").write_text("".join(f"{deed}\n" for deed in deeds), encoding="utf-8")
    try:
        with _bar() as tell:
            played = asyncio.run(play(folder, deeds, tell))
    except Unplayable as unplayable:
        sys.stderr.write(f"redress: {unplayable}\n")
        return 1
    _write_down(folder, played)
    wrong = [*verdict(folder, deeds, played.cases), *_unplayed(deeds, played)]
    found = figures(all_in(folder), played, DAYS[-1][0].isoformat())
    if as_json:
        show_json(found)
    else:
        show_rows(as_rows(found), as_json=False, empty="")
    _conclude(folder, deeds, wrong, as_json=as_json)
    return 1 if wrong else 0


def verdict(folder: Path, deeds: Sequence[Deed], cases: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What differs between the story's debts and the mails in this folder and these cases; empty when nothing does."""
    return differences(expected(deeds, TOWNS, END), all_in(folder), cases)


def _write_down(folder: Path, played: Played) -> None:
    """Which case is which, for whoever looks around afterwards."""
    references = {name: row["reference"] for name, row in played.cases.items()}
    (folder / "cases.json").write_text(json.dumps(references, indent=1), encoding="utf-8")


def _unplayed(deeds: Sequence[Deed], played: Played) -> Iterator[str]:
    """Every verb is in the story, and rebuilding the cases from their events changes nothing."""
    done = played.verbs | ({"withdraw"} if "withdraws_online" in played.verbs else set())
    opened = {deed.case for deed in deeds if deed.does in OPENS}
    left = {deed.case for deed in deeds if deed.does == "begins_chat"} - opened
    if len(left) != played.unfinished:
        yield f"{len(left)} left a chat for good, and staff are shown {played.unfinished}"
    yield from (f"no line of the story does: {verb}" for verb in VERBS if verb not in done)
    yield from _unlearnt(deeds, played)
    yield from (f"changed by replaying its events: {line}" for line in played.changed_by_replay)


def _unlearnt(deeds: Sequence[Deed], played: Played) -> Iterator[str]:
    """Every action stands where the story left it, and every answer to a survey was kept."""
    should = expected(deeds, TOWNS, END).actions
    for one in sorted({*should, *played.actions}):
        if should.get(one) != played.actions.get(one):
            yield f"{one[0]}: action {one[1]} should be {should.get(one)}, and is {played.actions.get(one)}"
    answers = sum(deed.does in ANSWERS_SURVEY for deed in deeds)
    if answers != played.learnt["answers"]:
        yield f"{answers} surveys were answered, and {played.learnt['answers']} answers are kept"


def _conclude(folder: Path, deeds: list[Deed], wrong: list[str], *, as_json: bool) -> None:
    def tell(words: str) -> None:
        sys.stderr.write(f"{words}\n") if as_json else say(words)

    tell(f"Every mail that was sent: {folder / 'mails'}, and every message by chat: {folder / 'chats'}")
    tell(f"The story, {len(deeds)} lines: {folder / 'story.txt'}")
    tell(f"Look around: REDRESS_HOME={folder} redress case list")
    if not wrong:
        tell("Every letter owed was sent, none besides, and every clock stands where it should.")
    for line in wrong[:MOST_SHOWN]:
        sys.stderr.write(f"redress: {line}\n")
    if len(wrong) > MOST_SHOWN:
        sys.stderr.write(f"redress: and {len(wrong) - MOST_SHOWN} differences more\n")


def _folder(out: Path | None) -> Path:
    """A folder of its own, so that no earlier mail is taken for one of this run."""
    if out is None:
        return Path(tempfile.mkdtemp(prefix="redress-time-lapse-"))
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Unknown(f"{out} is not an empty folder. Name another with --out, or leave it out")
    out.mkdir(parents=True, exist_ok=True)
    return out.resolve()


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    columns = (TextColumn("Half a year in two minutes"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
