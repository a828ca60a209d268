"""The text of an HTML mail, for reading and for searching; quoted history comes out with `>` before each line."""

import html
import re
from typing import Any

from mailroom import history

MOST_LETTERS = 200_000  # what the layout engine is given at most: it takes a second or more for a million letters
DEEPEST = 150

TOO_COMPLEX = "the web version of this message is too large or too deeply nested for its layout to be kept"
SWALLOWED = "part of the web version is hidden by a comment or style that is not closed"

_HIDES = re.compile(r"<!--|<(?:style|script|title)\b", re.IGNORECASE)
_SHOWS_AGAIN = {
    "<!--": re.compile(r"-->"),
    "<style": re.compile(r"</style[^<>]{0,100}>", re.IGNORECASE),
    "<script": re.compile(r"</script[^<>]{0,100}>", re.IGNORECASE),
    "<title": re.compile(r"</title[^<>]{0,100}>", re.IGNORECASE),
}
_BREAK = re.compile(
    r"<(?:br|p|div|tr|li|h[1-6]|blockquote|hr|table)\b[^<>]{0,2000}>|</(?:p|div|tr|li|h[1-6])\s*>", re.IGNORECASE
)
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]{0,20000}>")
_STEP = re.compile(
    r"<(/?)(div|table|span|blockquote|font|ul|ol|b|i|td|tr|p|a|center|em|strong|section)\b", re.IGNORECASE
)
_QUOTE_BEGINS, _QUOTE_ENDS = "\ue000", "\ue001"


def to_text(source: str) -> tuple[str, list[str]]:
    """The visible text, and what a handler should know about what was lost."""
    if _without_hidden(source)[1]:
        return rough_text(source), [SWALLOWED]
    if len(source) > MOST_LETTERS or _depth(source) > DEEPEST:
        return rough_text(source), [TOO_COMPLEX]
    try:
        return _laid_out(source), []
    except Exception:  # noqa: BLE001 - lxml and inscriptis raise a wide choice of errors on odd markup
        return rough_text(source), [TOO_COMPLEX]


def rough_text(source: str) -> str:
    """The words without the layout, in linear time."""
    shown = _TAG.sub("", _BREAK.sub("\n", _without_hidden(source)[0]))
    lines = (" ".join(line.split()) for line in html.unescape(shown).splitlines())
    return "\n".join(line for line in lines if line)


def _without_hidden(source: str) -> tuple[str, bool]:
    """Without comments and styles; and whether one is never closed, which hides the rest from most mail programs."""
    pieces, place = [], 0
    while opening := _HIDES.search(source, place):
        pieces.append(source[place : opening.start()])
        closing = _SHOWS_AGAIN[opening[0].lower()].search(source, opening.end())
        if not closing:
            return " ".join([*pieces, source[opening.end() :]]), True
        place = closing.end()
    return " ".join([*pieces, source[place:]]), False


def _depth(source: str) -> int:
    deepest = depth = 0
    for step in _STEP.finditer(source):
        depth = max(0, depth - 1) if step[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _laid_out(source: str) -> str:
    from inscriptis.css_profiles import CSS_PROFILES
    from inscriptis.html_engine import Inscriptis
    from inscriptis.model.config import ParserConfig
    from lxml.html import document_fromstring  # type: ignore[import-untyped]  # lxml ships no types

    if not _TAG.sub("", source).strip():
        return ""
    tree = document_fromstring(
        re.sub(r"^\s*<\?xml[^>]*\?>", "", source.replace(_QUOTE_BEGINS, "").replace(_QUOTE_ENDS, ""))
    )
    for quote in list(tree.iter("blockquote")):
        if _is_history(quote):
            _mark(quote)
    text = Inscriptis(tree, ParserConfig(css=CSS_PROFILES["strict"])).get_text()
    return _quoted_lines(text)


def _is_history(quote: Any) -> bool:
    """A quotation that a mail program made: it says so, or an announcement stands before it or first in it."""
    if quote.get("type") == "cite":
        return True
    before = " ".join(_text_before(quote).split())[-200:]
    first = "".join(quote.itertext()).strip().split("\n", 1)[0].strip()[:200]
    return any(said.endswith((":", " wrote")) and history.MOMENT.search(said) for said in (before, first))


def _text_before(element: Any) -> str:
    """The text that stands directly before an element, looking back through at most a few neighbours."""
    pieces: list[str] = []
    looked = 0
    while element is not None and looked < 6:
        before = element.getprevious()
        if before is None:
            element = element.getparent()
            pieces.insert(0, (element.text or "") if element is not None else "")
        else:
            pieces.insert(0, ("".join(before.itertext()) if isinstance(before.tag, str) else "") + (before.tail or ""))
            element = before
        if "".join(pieces).strip():
            break
        looked += 1
    return "".join(pieces)


def _mark(quote: Any) -> None:
    quote.text = _QUOTE_BEGINS + (quote.text or "")
    if len(quote):
        quote[-1].tail = (quote[-1].tail or "") + _QUOTE_ENDS
    else:
        quote.text += _QUOTE_ENDS


def _quoted_lines(text: str) -> str:
    depth, lines = 0, []
    for line in text.split("\n"):
        starts_at = depth + line.count(_QUOTE_BEGINS)
        plain = line.replace(_QUOTE_BEGINS, "").replace(_QUOTE_ENDS, "").rstrip()
        lines.append("> " * starts_at + plain if starts_at else plain)
        depth = max(0, starts_at - line.count(_QUOTE_ENDS))
    return "\n".join(lines).strip("\n")
