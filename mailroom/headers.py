"""The headers of a mail or of one of its parts, split by bytes and held within caps before anything looks inside."""

import re
from dataclasses import dataclass, field

BLOCK_BYTES = 256 * 1024
HEADER_BYTES = 64 * 1024
MOST_HEADERS = 1_000

BLOCK_CUT = "the headers are longer than 256 KB; the rest of them is only in the original"
HEADER_CUT = "a header is longer than 64 KB; the rest of it is only in the original"
TOO_MANY = "there are more than 1,000 headers; the rest of them is only in the original"
STRAY = "a line among the headers cannot be read; see the original"

_BLANK_LINE = re.compile(rb"\n\r?\n")
_HEADER_LINE = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*(.*)", re.DOTALL)


@dataclass(frozen=True)
class Headers:
    """Values as bytes, unfolded, by lower-case name in the order they stood in."""

    values: dict[str, list[bytes]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def first(self, name: str) -> bytes:
        """The first value of a header; empty where there is none."""
        return next(iter(self.values.get(name, ())), b"")

    def all(self, name: str) -> list[bytes]:
        return self.values.get(name, [])

    def __contains__(self, name: str) -> bool:
        return name in self.values


def split(raw: bytes, start: int, end: int) -> tuple[Headers, int]:
    """The headers between two places in the mail, and the place where the body begins."""
    if raw.startswith((b"\n", b"\r\n"), start):
        return Headers(), raw.index(b"\n", start) + 1
    blank = _BLANK_LINE.search(raw, start, end)
    block_end, body = (blank.start() + 1, blank.end()) if blank else (end, end)
    lines = raw[start : min(block_end, start + BLOCK_BYTES)].split(b"\n", 20 * MOST_HEADERS)
    headers, unread = _headers(lines, is_closed=blank is not None)
    if unread is not None:  # the body began without a blank line before it
        body = start + sum(len(line) + 1 for line in lines[:unread])
    if block_end - start > BLOCK_BYTES:
        headers = Headers(headers.values, (*headers.problems, BLOCK_CUT))
    return headers, min(body, end)


def _headers(lines: list[bytes], *, is_closed: bool) -> tuple[Headers, int | None]:
    """The headers of these lines, and the number of the line where they turned out to be over."""
    values: dict[str, list[bytes]] = {}
    problems: dict[str, None] = {}
    found: list[tuple[str, list[bytes]]] = []
    for number, line in enumerate(lines):
        match = _HEADER_LINE.fullmatch(line)
        if match and line[:1] not in b" \t":
            if len(found) == MOST_HEADERS:
                problems[TOO_MANY] = None
                break
            found.append((match[1].decode("ascii").lower(), [match[2]]))
        elif found and line[:1] in (b" ", b"\t"):
            found[-1][1].append(line)
        elif line.startswith((b"From ", b">From ")) and not found:
            continue  # the line that mbox files put before each mail
        elif found and is_closed and _is_stray(lines, number):
            problems[STRAY] = None
        elif line.strip():
            return _collected(found, values, problems), number
    return _collected(found, values, problems), None


def _is_stray(lines: list[bytes], number: int) -> bool:
    """A broken line between headers, rather than the beginning of a body without a blank line before it."""
    following = lines[number + 1] if number + 1 < len(lines) else b""
    return bool(_HEADER_LINE.fullmatch(following))


def _collected(
    found: list[tuple[str, list[bytes]]], values: dict[str, list[bytes]], problems: dict[str, None]
) -> Headers:
    for name, lines in found:
        value = b"".join(line.rstrip(b"\r") for line in lines).strip()
        if len(value) > HEADER_BYTES:
            problems[HEADER_CUT] = None
            value = value[:HEADER_BYTES]
        values.setdefault(name, []).append(value)
    return Headers(values, tuple(problems))
