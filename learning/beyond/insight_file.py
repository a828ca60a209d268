"""Reading a file of other insight: comma-separated rows under a line that names the columns."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from learning.beyond.insight import Told
from learning.beyond.insight_rows import COLUMNS, NEEDED, Known, told
from learning.beyond.insight_words import word

LARGEST = 50 * 1024 * 1024  # bytes


class UnreadableFile(Exception):
    """A file that can't be read at all; the text says what to do."""


@dataclass(frozen=True)
class Row:
    """One row: the line on which it begins, and what it tells or what is wrong with it."""

    line: int
    told: Told | None
    problems: tuple[str, ...] = ()
    has_id: bool = False  # the source's own number makes it what it is


def rows(raw: bytes, where: Known) -> list[Row]:
    """Every row of the file, in order. Raises UnreadableFile."""
    if len(raw) > LARGEST:
        raise UnreadableFile(word("problems", "too_large", most=LARGEST // 1024 // 1024))
    text = _text(raw)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)  # what Excel writes depends on the country it was bought in
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return list(_once_each(_rows(lines, _header(lines), where)))


def _text(raw: bytes) -> str:
    """What Excel saves is UTF-8 with a mark in front, or the old Western encoding."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _header(lines: Iterator[list[str]]) -> list[str]:
    try:
        said = next(lines, [])
    except csv.Error as error:
        raise UnreadableFile(word("problems", "unreadable", why=error)) from None
    columns = [cell.strip().lower().replace(" ", "_") for cell in said]
    while columns and not columns[-1]:
        columns.pop()  # a spreadsheet's empty columns at the right
    if not columns:
        raise UnreadableFile(word("problems", "empty", columns=", ".join(COLUMNS)))
    for column in columns:
        if column not in COLUMNS:
            raise UnreadableFile(word("problems", "header_unknown", said=column[:60], columns=", ".join(COLUMNS)))
        if columns.count(column) > 1:
            raise UnreadableFile(word("problems", "header_twice", said=column))
    if lacks := [name for name in NEEDED if name not in columns]:
        raise UnreadableFile(word("problems", "header_missing", wanted=", ".join(NEEDED), lacks=", ".join(lacks)))
    return columns


def _rows(lines: Any, columns: Sequence[str], where: Known) -> Iterator[Row]:
    """`lines` is a csv.reader, which has no type of its own."""
    line = 2
    while True:
        try:
            cells = next(lines, None)
        except csv.Error as error:
            yield Row(line, None, (word("problems", "unreadable", why=error),))
            cells = []
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield _row(line, cells, columns, where)
        line = lines.line_num + 1


def _row(line: int, cells: Sequence[str], columns: Sequence[str], where: Known) -> Row:
    if any(cell.strip() for cell in cells[len(columns) :]):
        return Row(line, None, (word("problems", "cells"),))
    given = dict(zip(columns, cells, strict=False))
    found, problems = told(given, where)
    return Row(line, found, tuple(problems.values()), has_id=bool(given.get("id", "").strip()))


def _once_each(found: Iterator[Row]) -> Iterator[Row]:
    """Rows that say the same are as many things; rows with the same id are a mistake."""
    first: dict[str, int] = {}
    times: dict[str, int] = {}
    for row in found:
        if row.told is None or row.told.key is None:
            yield row
            continue
        times[row.told.key] = count = times.get(row.told.key, 0) + 1
        line = first.setdefault(row.told.key, row.line)
        if count > 1:
            yield _again(row, row.told, line, count)
        else:
            yield row


def _again(row: Row, said: Told, line: int, count: int) -> Row:
    if row.has_id:
        return Row(row.line, None, (word("problems", "id_twice", line=line),))
    return replace(row, told=replace(said, key=sha256(f"{said.key} {count}".encode()).hexdigest()))
