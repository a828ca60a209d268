"""The figures for reading mail, counted over the corpora and our own mails: `python -m tests.figures.mail_figures`."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mailroom import html, quoting
from mailroom.child import Reader
from mailroom.reading import read
from tests.corpora import CORPORA, mail_files, rows

POST = Path(__file__).parents[1] / "post"
KINDS = ("person", "auto_reply", "bounce", "feedback_report", "list", "unreadable")
_LABELS = {"normal": "person", "bounce_permanent": "bounce", "bounce_temporary": "bounce"}


@dataclass(frozen=True)
class Replies:
    """How the visible replies compare: rows, those that lost a word of the person, those with an `expected`, exact."""

    rows: int
    lost: tuple[str, ...]
    with_expected: int
    exact: int


def confusion() -> Counter[tuple[str, str]]:
    """How many mails of each true kind were taken for which kind."""
    return Counter((truth, read(file.read_bytes()).kind.value) for truth, file in labelled_mails())


def labelled_mails() -> Iterator[tuple[str, Path]]:
    """corpora/classification and our own mails, whose file names begin with their kind."""
    for row in rows("classification/labels.jsonl"):
        yield _LABELS.get(row["label"], row["label"]), CORPORA / row["path"]
    for file in sorted(POST.glob("*.eml")):
        yield file.name.split("-")[0], file


def recall(counted: Counter[tuple[str, str]], kind: str) -> float:
    """The share of the mails of a kind that were recognised as such, from 0 to 1."""
    return counted[kind, kind] / sum(count for (truth, _), count in counted.items() if truth == kind)


def replies() -> Replies:
    """The visible reply of each row of corpora/reply-pairs against what a person would see as newly written."""
    pairs = [(row, _reply(row)) for row in rows("reply-pairs/reply_pairs.jsonl")]
    expected = [(row, reply) for row, reply in pairs if row["expected"] is not None]
    exact = sum(_without_space(row["expected"]) == _without_space(reply) for row, reply in expected)
    return Replies(len(pairs), tuple(row["id"] for row, reply in pairs if _is_lost(row, reply)), len(expected), exact)


def _reply(row: dict[str, Any]) -> str:
    if row["format"] == "message/rfc822":
        return read(row["input"].encode()).reply
    return quoting.visible_reply(html.to_text(row["input"])[0] if row["format"] == "text/html" else row["input"])


def _is_lost(row: dict[str, Any], reply: str) -> bool:
    """A word the person wrote is missing. Rows from HTML run words together, so those are looked for without spaces."""
    if row["expected"] is None:
        return any(words not in reply for words in row["expected_contains"]) or any(
            not re.search(pattern, reply) for pattern in row["expected_regex"]
        )
    there = _without_space(reply)
    return any(word not in there for word in re.findall(r"\w+", row["expected"]))


def _without_space(text: str) -> str:
    return re.sub(r"\s", "", text)


def unreadable() -> tuple[int, list[str]]:
    """How many mails went through the limited child (1 s of CPU, 512 MB), and which of them could not be read."""
    files = mail_files()
    with Reader() as reader:
        failed = [
            str(file.relative_to(CORPORA)) for file in files if reader.read(file.read_bytes()).kind == "unreadable"
        ]
    return len(files), failed


def main() -> None:
    """Print every figure."""
    counted, answers, (mails, failed) = confusion(), replies(), unreadable()
    print("true kind, and taken for".ljust(26), *(kind.rjust(15) for kind in KINDS))
    for truth in KINDS:
        if any(counted[truth, kind] for kind in KINDS):
            print(
                truth.ljust(26),
                *(str(counted[truth, kind]).rjust(15) for kind in KINDS),
                f"{recall(counted, truth):8.1%}",
            )
    lost, exact = len(answers.lost), answers.exact
    print(f"visible replies: {answers.rows}; words lost in {lost} ({lost / answers.rows:.1%}): {answers.lost}")
    print(f"exact, white space ignored: {exact} of {answers.with_expected} ({exact / answers.with_expected:.1%})")
    print(f"mails through the limited child: {mails}; unreadable: {len(failed)} {failed or ''}")


if __name__ == "__main__":
    main()
