"""`make requirements`: how many of the numbered requirements a test proves, by module, and which none does."""

import argparse
import ast
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parent
LIST = TESTS.parent / "docs" / "requirements.md"
ROW = re.compile(r"^- \*\*(?P<number>R\d{3})\*\* \[(?P<module>[A-Z]+)\] (?P<text>.+)$")
REASON = re.compile(r"^  - \*No test shows it:\* (?P<why>.+)$")


@dataclass(frozen=True)
class Requirement:
    """One line of docs/requirements.md."""

    number: str
    module: str
    text: str
    why: str = ""  # why no test shows it


def main(arguments: list[str] | None = None) -> int:
    """Print the report. Exit status 1 when a test names a number that is not in the list."""
    asked = _asked(arguments)
    wanted, marks = list(requirements(LIST.read_text(encoding="utf-8").splitlines())), dict(proofs(TESTS))
    unknown = sorted(set(marks) - {requirement.number for requirement in wanted})
    if asked.json:
        print(json.dumps(as_json(wanted, marks), indent=2))
    else:
        print("\n".join(as_text(wanted, marks, short=asked.short)))
    for number in unknown:
        print(f"{number} is not in {LIST.name}, but {', '.join(marks[number])} says to prove it", file=sys.stderr)
    return 1 if unknown else 0


def requirements(lines: Iterable[str]) -> Iterator[Requirement]:
    """The requirements listed in these lines of Markdown."""
    found: list[Requirement] = []
    for line in lines:
        if row := ROW.match(line):
            found.append(Requirement(row["number"], row["module"], row["text"]))
        elif reason := REASON.match(line):
            found[-1] = replace(found[-1], why=reason["why"])
    yield from found


def proofs(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Each number that a test is marked with, and the tests that are, as `file::test`."""
    marked: dict[str, list[str]] = {}
    for file in sorted(folder.rglob("test_*.py")):
        for number, name in _marks(ast.parse(file.read_text(encoding="utf-8"))):
            marked.setdefault(number, []).append(f"{file.relative_to(folder.parent)}::{name}")
    yield from sorted(marked.items())


def as_text(wanted: list[Requirement], marks: dict[str, list[str]], *, short: bool) -> Iterator[str]:
    """The report for people; `short` leaves out the list of those not proved."""
    proved = [requirement for requirement in wanted if requirement.number in marks]
    yield f"{len(proved)} of {len(wanted)} requirements are proved by a test"
    for module, (done, all_) in by_module(wanted, marks).items():
        yield f"  {module:<9}{done:>3} of {all_}"
    if not short:
        yield "\nNot proved:"
        for each in (each for each in wanted if each.number not in marks):
            yield f"  {each.number} [{each.module}] {each.text}"
            if each.why:
                yield f"       Why: {each.why}"


def as_json(wanted: list[Requirement], marks: dict[str, list[str]]) -> dict[str, Any]:
    """The report for programs."""
    return {
        "total": len(wanted),
        "proved": {each.number: marks[each.number] for each in wanted if each.number in marks},
        "not_proved": [each.number for each in wanted if each.number not in marks],
        "reasons": {each.number: each.why for each in wanted if each.why and each.number not in marks},
        "modules": {name: {"proved": done, "total": all_} for name, (done, all_) in by_module(wanted, marks).items()},
    }


def by_module(wanted: list[Requirement], marks: dict[str, list[str]]) -> dict[str, tuple[int, int]]:
    """Proved and total for each module tag, the largest first."""
    total = Counter(requirement.module for requirement in wanted)
    proved = Counter(requirement.module for requirement in wanted if requirement.number in marks)
    return {module: (proved[module], number) for module, number in total.most_common()}


def _marks(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Number and test for each `pytest.mark.requirement(...)` above a test or a class of tests."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for decorator in node.decorator_list:
                yield from ((number, node.name) for number in _numbers(decorator))


def _numbers(decorator: ast.expr) -> list[str]:
    calls = [node for node in ast.walk(decorator) if isinstance(node, ast.Call)]
    marks = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "requirement"]
    return [str(each.value) for mark in marks for each in mark.args if isinstance(each, ast.Constant)]


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make requirements", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--short", action="store_true", help="leave out the list of those not proved")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
