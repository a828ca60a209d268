"""What the person newly wrote, without the history their mail program quoted; where that is unsure, nothing is cut."""

from collections.abc import Sequence

from mailroom import history

LONGEST_LINE = 400  # an announcement of a quotation is never longer
MOST_LINES = 5_000  # of the person's own; what follows is kept as it is


def visible_reply(text: str, subject: str = "") -> str:
    """The text without quoted history. A forwarded mail is evidence: everything is kept."""
    if history.FORWARDED_SUBJECT.match(subject.strip()):
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = "\n".join(_without_history(lines)).strip()
    return kept or text


def _without_history(lines: Sequence[str]) -> list[str]:
    """Walk down the lines: drop what is quoted line by line, stop where history begins that is not marked so."""
    kept: list[str] = []
    place = own = 0
    while place < len(lines):
        line = lines[place]
        own += 1
        if own > MOST_LINES:
            return kept + list(lines[place:])
        if _is_quoted(lines, place):
            place = _after_quoted(lines, place)
        elif history.FORWARDED.fullmatch(line.strip()[:LONGEST_LINE]):
            return kept + list(lines[place:])
        elif _begins_history(lines, place):
            return _without_rule(kept)
        elif before := _shares_line(lines, place):
            kept.append(before)
            place += 1
        elif length := _announcement(lines, place):
            following = _next_said(lines, place + length)
            if not (following < len(lines) and _is_quoted(lines, following)):
                return kept
            place = following
        else:
            kept.append(line)
            place += 1
    return kept


def _is_quoted(lines: Sequence[str], place: int) -> bool:
    """A line that begins with `>`, but not the person's own `>>> look here <<<` nor the end of a broken address."""
    line = lines[place].lstrip(" ")
    if not line.startswith(">") or line.startswith(">From ") or "<<<" in line:
        return False
    return not (line.rstrip().endswith(":") and history.ENDS_ADDRESS.fullmatch(line[:LONGEST_LINE]))


def _after_quoted(lines: Sequence[str], place: int) -> int:
    while place < len(lines) and _is_quoted(lines, place):
        place += 1
    return place


def _next_said(lines: Sequence[str], place: int) -> int:
    while place < len(lines) and not lines[place].strip():
        place += 1
    return place


def _begins_history(lines: Sequence[str], place: int) -> bool:
    """Everything from here on is old: our marker, `-----Original Message-----`, or a block of headers."""
    line = lines[place].strip()
    if not line or len(line) > LONGEST_LINE:
        return False
    return bool(
        history.MARKER.fullmatch(line)
        or history.ORIGINAL.fullmatch(line)
        or history.DASHED_WROTE.fullmatch(line)
        or _is_header_block(lines, place)
    )


def _is_header_block(lines: Sequence[str], place: int) -> bool:
    """At least two different headers in lines that follow each other, such as a sender and a date."""
    if not history.HEADER_LINE.match(lines[place]):
        return False
    if history.HEADERS_IN_LINE.search(lines[place][:LONGEST_LINE]):
        return True
    named: set[str] = set()
    strangers, has_address = 0, False
    for line in lines[place : place + 12]:
        match = history.HEADER_LINE.match(line[:LONGEST_LINE])
        if match and match.lastgroup:
            named |= {name for name, value in match.groupdict().items() if value is not None and name != "value"}
            strangers = 0
        elif not line.strip() or strangers == 2:
            break
        else:
            strangers += 1  # a header may be folded over lines
        has_address = has_address or "@" in line
    if not has_address and not {"from", "when", "to"} <= named:
        return False  # the head of the person's own letter
    return {"from", "when"} <= named or {"from", "subject"} <= named or {"when", "to"} <= named or len(named) >= 3


def _announcement(lines: Sequence[str], place: int) -> int:
    """How many lines "On … wrote:" takes here; 0 where there is none. Some programs break it over up to six."""
    first = lines[place].strip()
    if not first or len(first) > LONGEST_LINE:
        return 0
    if not (history.OPENS.match(first) or (first.endswith(":") and "@" in first)):
        return 0
    joined = ""
    for length, line in enumerate(lines[place : place + 6], 1):
        if _is_quoted(lines, place + length - 1):
            return 0
        joined = f"{joined} {line.strip()}".strip()
        if len(joined) > LONGEST_LINE:
            return 0
        if _is_announcement(joined, lines, place + length):
            return length
    return 0


def _is_announcement(said: str, lines: Sequence[str], after: int) -> bool:
    """Whether these words announce a quotation. Where no quoted line follows, more is asked of them."""
    end = said[-60:]  # the verb stands at the end, and a search from the beginning is slow
    if not end.endswith((":", ">")) and not history.ENDS_WROTE_BARE.search(end):
        return False
    following = _next_said(lines, after)
    if following < len(lines) and _is_quoted(lines, following):
        return _is_loosely_announced(said, end)
    return _is_surely_announced(said, end)


def _is_loosely_announced(said: str, end: str) -> bool:
    if history.ENDS_WROTE.search(end) or (end.endswith(":") and history.WROTE_NAME.search(said)):
        return True
    return bool(history.MOMENT.search(said) and history.ADDRESS.search(said))


def _is_surely_announced(said: str, end: str) -> bool:
    """With a date and an address, as programs write them, and not "on 2 March I wrote to jo@example.org:"."""
    if not history.MOMENT.search(said) or history.PERSON_WROTE.search(said):
        return False
    if history.ENDS_WROTE_BARE.search(end.rstrip(": ")):
        return bool(history.ADDRESS.search(said) or history.YOU_WROTE.search(end))
    return bool(history.ENDS_WITH_ADDRESS.search(said))


def _shares_line(lines: Sequence[str], place: int) -> str:
    """`reply On Wed, 4 Apr 2012 at 15:59, jo@example.org wrote:` before a quotation: the words before it."""
    line = lines[place]
    if len(line) > LONGEST_LINE or not line.rstrip().endswith(":") or not history.ENDS_WROTE.search(line):
        return ""
    following = _next_said(lines, place + 1)
    before, separator, announcement = line.rpartition(" On ")
    if not separator:
        before, separator, announcement = line.rpartition("-On ")
    is_quote_next = following < len(lines) and _is_quoted(lines, following)
    return before.rstrip(" -") if before and is_quote_next and history.MOMENT.search(announcement) else ""


def _without_rule(kept: list[str]) -> list[str]:
    """The line drawn above a block of headers belongs to the history."""
    while kept and (not kept[-1].strip() or history.RULE.fullmatch(kept[-1][:LONGEST_LINE])):
        kept.pop()
    return kept
