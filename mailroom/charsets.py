"""Bytes into letters: the declared charset, then UTF-8, then Windows-1252, then a guess, and never an error."""

import codecs

NOT_AS_DECLARED = "part of the text was not in the character set it claims, and some letters may be wrong"

# What senders mean by a name is often the wider set of the same family (WHATWG Encoding Standard).
_MEANT = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
}
_STATEFUL = ("iso-2022", "utf-7", "unicode-1", "utf-16", "utf-32", "hz")
_NEVER = {"undefined", "unicode_escape", "raw_unicode_escape", "idna", "punycode", "mbcs", "oem"}


def decode(octets: bytes, declared: str | None = None) -> tuple[str, str | None]:
    """The text of some bytes, and a note for the handler where its letters may be wrong."""
    if octets.isascii() and not _is_stateful(declared):
        return _clean(octets.decode("ascii"))
    wanted = _text_codec(declared)
    for codec in (wanted, "utf-8") if wanted else ("utf-8",):
        text = _try(octets, codec)
        if text is not None:
            return _clean(text)
    if wanted in (None, "utf-8") and (mended := _nearly_utf8(octets)):
        return mended, NOT_AS_DECLARED
    text = _try(octets, "cp1252")
    if text is not None:
        return _clean(text)[0], NOT_AS_DECLARED if declared else None
    return _clean(_guessed(octets))[0], NOT_AS_DECLARED


def _is_stateful(declared: str | None) -> bool:
    """ISO 2022, UTF-7, UTF-16 and HZ say non-Latin letters with ASCII bytes."""
    return (declared or "").strip("'\" ").lower().startswith(_STATEFUL)


def _text_codec(declared: str | None) -> str | None:
    """Python's name of a declared charset; None where there is no such charset, or it is no text encoding."""
    name = (declared or "").strip().strip("'\"").lower()[:60]
    name = _MEANT.get(name, name)
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        return None
    return info.name if info._is_text_encoding and info.name not in _NEVER else None


def _try(octets: bytes, codec: str) -> str | None:
    try:
        return octets.decode(codec)
    except (ValueError, LookupError):
        return None


def _nearly_utf8(octets: bytes) -> str | None:
    """UTF-8 that was damaged in a few places is still UTF-8; read as Windows-1252 every accent would be spoilt."""
    text, _ = _clean(octets.decode("utf-8", "replace"))
    wrong = text.count("\ufffd")
    right = sum(1 for letter in text if letter > "\x7f") - wrong
    return text if right >= 3 * wrong else None


def _guessed(octets: bytes) -> str:
    """charset-normalizer left alone takes British Windows-1252 for Polish cp1250, so it may only choose among three."""
    from charset_normalizer import from_bytes

    best = from_bytes(octets[:50_000], cp_isolation=["utf_8", "cp1252", "utf_16"]).best()
    return octets.decode(best.encoding, "replace") if best else octets.decode("latin-1")


def _clean(text: str) -> tuple[str, str | None]:
    """No NUL (PostgreSQL cannot store it) and no half of a surrogate pair (UTF-8 cannot)."""
    if "\x00" in text:
        return _clean(text.replace("\x00", "\ufffd"))[0], NOT_AS_DECLARED
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode(), NOT_AS_DECLARED
    return text, None
