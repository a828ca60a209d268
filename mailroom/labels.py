"""Names given by strangers: file names, subjects and senders are labels to look at, never paths and never trusted."""

import re

NAME_LETTERS = 120
SUBJECT_LETTERS = 998  # RFC 5322 2.1.1: the longest line a header may have

# Letters that are not seen but change what is seen: bidi controls, zero-width letters, soft hyphen, fillers, tags.
_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_EXTENSIONS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/html": ".html",
    "text/plain": ".txt",
}


def visible(text: str) -> str:
    """The text on one line, with every hidden letter shown as its code point: `invoice[U+202E]fdp.exe`."""
    return _HIDDEN.sub(lambda hidden: f"[U+{ord(hidden[0]):04X}]", _CONTROL.sub(" ", text)).strip()


def subject(text: str) -> str:
    """A subject line of at most 998 letters, marked where it was cut."""
    shown = visible(text)
    return shown if len(shown) <= SUBJECT_LETTERS else shown[: SUBJECT_LETTERS - 6] + " [cut]"


def file_name(name: str, media_type: str, part: int) -> str:
    """A file's name without folders, of at most 120 letters; the ending is kept when the middle is cut."""
    shown = visible(re.split(r"[/\\]", _CONTROL.sub(" ", name).strip())[-1]).strip(" .")
    if not shown:
        return f"unnamed-{part}{_EXTENSIONS.get(media_type, '')}"
    if len(shown) <= NAME_LETTERS:
        return shown
    stem, dot, ending = shown.rpartition(".")
    kept = dot + ending if stem and len(ending) <= 10 else ""
    return shown[: NAME_LETTERS - len(kept) - 1] + "…" + kept
