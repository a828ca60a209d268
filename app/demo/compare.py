"""Whether what came out is what had to: the mails read back from their files, and every clock, against what is owed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from app.clock import LONDON
from app.demo.chat_lines import lines_in
from app.demo.expected import Expected
from app.demo.kinds import kind_of
from app.demo.ledger import Owed
from app.demo.owed import ClockState
from app.demo.reading import Kept, read


def all_in(folder: Path) -> list[Kept]:
    """Everything that we wrote to anybody: the mails, then what went by chat."""
    return [*mails_in(folder / "mails"), *lines_in(folder / "chats")]


def mails_in(folder: Path) -> list[Kept]:
    """Every mail in a folder of .eml files, oldest first."""
    return [read(path.read_bytes()) for path in sorted(folder.glob("*.eml"))]


def differences(wanted: Expected, mails: Iterable[Kept], cases: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What is missing, what should not be there, and clocks that stand otherwise; empty when all is as it must be."""
    names = {str(row["reference"]): name for name, row in cases.items()}
    found = [*_letters(wanted.letters, mails, names), *_clocks(wanted, cases)]
    found += [f"{name}: its {kind} is still waiting" for name, kind in _waiting(cases)]
    return found


def _letters(letters: Iterable[Owed], mails: Iterable[Kept], names: Mapping[str, str]) -> Iterator[str]:
    """Each letter owed is one mail that says what it must; a mail can answer for one letter only."""
    kept: dict[Owed, list[Kept]] = defaultdict(list)
    for mail in mails:
        kept[_as_owed(mail, names)].append(mail)
    # Those that name most dates first, so that a mail is not used up by a letter that asks less of it.
    for owed in sorted(letters, key=lambda one: (-len(one.names), one.day)):
        same = kept[Owed(owed.day, owed.kind, owed.to, owed.case)]
        fitting = [mail for mail in same if all(name in " ".join(mail.text.split()) for name in owed.names)]
        if fitting:
            same.remove(fitting[0])
        else:
            yield f"not sent: {owed}"
    for one, left in kept.items():
        yield from (f"sent, but not owed: {one} ({mail.subject})" for mail in left)


def _as_owed(mail: Kept, names: Mapping[str, str]) -> Owed:
    case = names.get(mail.reference or "", "unknown")
    return Owed(mail.date.astimezone(LONDON).date(), kind_of(mail), mail.to, case)


def _clocks(wanted: Expected, cases: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    stand = {(name, clock["id"]): clock for name, row in cases.items() for clock in row["clocks"]}
    for case, clock in sorted({*wanted.clocks, *stand}):
        should = wanted.clocks.get((case, clock))
        does = stand.get((case, clock))
        is_ = ClockState(does["state"], does["due"], does["promised"]) if does else None
        if should != is_:
            yield f"{case}: clock {clock} should be {_said(should)}, and is {_said(is_)}"
    for case, is_open in wanted.open_cases.items():
        if (cases[case]["state"] == "open") != is_open:
            yield f"{case}: should be {'open' if is_open else 'closed'}, and is {cases[case]['state']}"


def _said(state: ClockState | None) -> str:
    if state is None:
        return "nowhere"
    promised = f", promised for {state.promised}" if state.promised else ""
    return f"{state.state}, due {state.due}{promised}" if state.due else state.state


def _waiting(cases: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Letters that were written and have neither left, nor been found impossible to deliver, nor been taken back."""
    for name, row in cases.items():
        recalled = {event["data"]["letter"] for event in row["events"] if event["name"] == "letter.recalled"}
        for letter in row["letters"]:
            is_settled = letter["relayed_at"] or letter["not_served_at"] or letter["id"] in recalled
            if not is_settled:
                yield name, letter["kind"]
