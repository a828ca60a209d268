"""The parts of a mail, found in one pass over its bytes: no recursion, no copy, nothing decoded."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailroom import encoded
from mailroom.headers import BLOCK_BYTES, Headers, split

MOST_PARTS = 1_000
DEPTH = 50
MOST_DASHED_LINES = 100_000
SHUT = "application/octet-stream"  # what a multipart that is nested too deep is taken for
TEXT_PART = re.compile(rb"^content-type:[ \t]*text/(?:plain|html)\b", re.IGNORECASE | re.MULTILINE)

TOO_DEEP = "the parts of this message are nested too deep; see the original"
TOO_MANY_PARTS = "this message has more than 1,000 parts; the rest of them is only in the original"
NOT_CLOSED = "the message seems to be cut: its last part is not closed"


@dataclass(frozen=True)
class Leaf:
    """A part that holds no other parts: where its body lies in the raw mail, and what it was inside of."""

    headers: Headers
    type: str
    parameters: dict[str, str]
    start: int
    end: int
    inside: tuple[tuple[str, int], ...] = ()  # the multiparts around it, outermost first: subtype and serial number

    @property
    def alternative(self) -> int | None:
        """The innermost multipart/alternative around this leaf: its members say the same thing in several ways."""
        return next((serial for subtype, serial in reversed(self.inside) if subtype == "alternative"), None)

    @property
    def disposition(self) -> str:
        return encoded.with_parameters(self.headers.first("content-disposition"))[0]

    @property
    def name(self) -> str:
        """The file name as given, still a stranger's word."""
        said = encoded.with_parameters(self.headers.first("content-disposition"))[1].get("filename")
        return said or self.parameters.get("name", "")

    def first_text(self, raw: bytes) -> bytes:
        """Of a multipart that was nested too deep to be looked into: the first part that says it is text."""
        end = min(self.end, self.start + BLOCK_BYTES)
        said = TEXT_PART.search(raw, self.start, end) if self.type == SHUT and "boundary" in self.parameters else None
        if said is None:
            return b""
        boundary = raw.rfind(b"\n--", self.start - 1, said.start())
        start = raw.index(b"\n", boundary + 1) + 1 if boundary >= 0 else said.start()
        next_part = raw.find(b"\n--", said.end(), end)
        return raw[start : next_part if next_part >= 0 else end]

    def octets(self, raw: bytes) -> tuple[bytes, str | None]:
        """The decoded bytes, and a note where they were damaged."""
        encoding = encoded.with_parameters(self.headers.first("content-transfer-encoding"))[0]
        return encoded.body(raw[self.start : self.end], encoding.strip('"'))


@dataclass(frozen=True)
class Message:
    """The outermost headers, which alone decide who wrote and what it answers, and the leaves in order."""

    headers: Headers
    type: str
    parameters: dict[str, str]
    leaves: tuple[Leaf, ...]
    problems: tuple[str, ...] = ()


@dataclass
class _Open:
    """A multipart we are inside of."""

    boundary: bytes
    subtype: str
    serial: int
    body: int
    is_met: bool = False  # its boundary has been seen


def parse(raw: bytes) -> Message:
    """Split a mail into its leaves. Linear in its length, whatever it holds."""
    return _Splitter(raw).message()


class _Splitter:
    """One walk over the lines that begin with two hyphens, with the boundaries now open on a stack."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.stack: list[_Open] = []
        self.known: set[bytes] = set()
        self.leaves: list[Leaf] = []
        self.problems: dict[str, None] = {}
        self.serial = 0
        self.current: tuple[Headers, str, dict[str, str], int] | None = None

    def message(self) -> Message:
        headers, media_type, parameters = self._begin(0, len(self.raw))
        for start, following, line in self._dashed_lines():
            self._meet(start, following, line)
            if len(self.leaves) >= MOST_PARTS:
                self.problems[TOO_MANY_PARTS] = None
                self.current = None
                self.stack.clear()
                break
        if self.current and self.stack:
            self.problems[NOT_CLOSED] = None
        self._close(0, len(self.raw))
        self._end(len(self.raw))
        problems = dict.fromkeys((*headers.problems, *self.problems))
        return Message(headers, media_type, parameters, tuple(self.leaves), tuple(problems))

    def _begin(self, start: int, end: int) -> tuple[Headers, str, dict[str, str]]:
        """Read the headers of a part; then either a multipart is open, or a leaf begins."""
        headers, body = split(self.raw, start, self._next_boundary(start, end))
        media_type, parameters = self._type(headers)
        boundary = parameters.get("boundary", "").rstrip()[:500].encode("utf-8", "replace")
        if media_type.startswith("multipart/") and boundary and len(self.stack) < DEPTH:
            self.serial += 1
            self.known.add(boundary)
            self.stack.append(_Open(boundary, media_type.removeprefix("multipart/"), self.serial, body))
            self.current = None
        else:
            if media_type.startswith("multipart/"):
                self.problems[TOO_DEEP if boundary else NOT_CLOSED] = None
                media_type = SHUT if boundary else "text/plain"
            self.current = (headers, media_type, parameters, body)
        return headers, media_type, parameters

    def _next_boundary(self, start: int, end: int) -> int:
        """Headers never reach over the next boundary of the multiparts around them."""
        window = min(end, start + BLOCK_BYTES)
        for blank_line in (b"\n\n", b"\n\r\n"):
            blank = self.raw.find(blank_line, start, window)
            window = blank if blank >= 0 else window
        found = [self.raw.find(b"\n--" + around.boundary, start, window) for around in self.stack[-3:]]
        return min((place + 1 for place in found if place >= 0), default=end)

    def _type(self, headers: Headers) -> tuple[str, dict[str, str]]:
        media_type, parameters = encoded.with_parameters(headers.first("content-type"))
        if media_type.count("/") == 1 and not media_type.endswith("/"):
            return media_type, parameters
        in_digest = bool(self.stack) and self.stack[-1].subtype == "digest" and not media_type
        return "message/rfc822" if in_digest else "text/plain", parameters

    def _dashed_lines(self) -> Iterator[tuple[int, int, bytes]]:
        """Where each line that begins with `--` starts, where the next line starts, and what it says after that."""
        raw, start, found = self.raw, self._dashed_from(0), 0
        while start is not None and self.stack and found < MOST_DASHED_LINES:
            newline = raw.find(b"\n", start)
            following = newline + 1 if newline >= 0 else len(raw)
            yield start, following, raw[start + 2 : min(following, start + 600)].rstrip()
            found += 1
            start = self._dashed_from(following)

    def _dashed_from(self, place: int) -> int | None:
        if self.raw.startswith(b"--", place):
            return place
        found = self.raw.find(b"\n--", place)
        return found + 1 if found >= 0 else None

    def _meet(self, start: int, following: int, line: bytes) -> None:
        """A dashed line may close the leaf we are in, and the multiparts inside the one it belongs to."""
        if line not in self.known and line[:-2] not in self.known:
            return
        for level in range(len(self.stack) - 1, -1, -1):
            around = self.stack[level]
            if line in (around.boundary, around.boundary + b"--"):
                self._close(level + 1, start)
                self._end(start)
                around.is_met = True
                if line == around.boundary:
                    self._begin(following, len(self.raw))
                else:
                    del self.stack[level:]
                return

    def _close(self, level: int, end: int) -> None:
        """Leave the multiparts from this level inwards; one whose boundary never came is shown as text."""
        unmet = next((around for around in self.stack[level:] if not around.is_met), None)
        if unmet:
            self.problems[NOT_CLOSED] = None
            self.current = (Headers(), "text/plain", {}, unmet.body)
        else:
            self._end(end)
        del self.stack[level:]

    def _end(self, end: int) -> None:
        """The line break before a boundary belongs to the boundary (RFC 2046 5.1.1)."""
        if self.current is None:
            return
        headers, media_type, parameters, start = self.current
        if self.stack and end > start:
            end -= 2 if self.raw[end - 2 : end] == b"\r\n" else 1 if self.raw[end - 1 : end] == b"\n" else 0
        inside = tuple((around.subtype, around.serial) for around in self.stack)
        self.leaves.append(Leaf(headers, media_type, parameters, start, max(start, end), inside))
        self.current = None
