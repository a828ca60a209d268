"""Reading the text of a mail after DATA: in bulk, ended by CRLF.CRLF and by nothing else."""

import asyncio

END = b"\r\n.\r\n"
MOST_EMPTY_LINES = 2_000  # before the first header


class TooLarge(Exception):
    """The mail was larger than allowed; it has been read to its end and thrown away."""


class Flood(Exception):
    """Far too much, or no line end in all that is allowed: the session must end at once."""


async def read_message(reader: asyncio.StreamReader, most: int) -> bytes:
    """The mail, at most `most` bytes, without its final dot and dot-stuffing.

    Only CRLF.CRLF ends it: a bare CR or LF is text, so that nobody can smuggle a second mail in (CVE-2024-27305).
    Raises TooLarge, Flood, and asyncio.IncompleteReadError when the connection ends first.
    """
    data = bytearray(b"\r\n")  # the end of the DATA line: an empty mail is only `.CRLF` after it
    dropped = 0
    is_whole = await _read_beginning(reader, data)
    while not is_whole:
        chunk, is_whole = await _read_on(reader)
        data += chunk
        if len(data) - len(END) > most or dropped:
            dropped += _drop(data, most, dropped)
    if dropped:
        raise TooLarge
    return bytes(data[:-3].replace(b"\r\n.", b"\r\n")[2:])


def is_irregular(message: bytes) -> bool:
    """Whether it has line ends that are not CRLF."""
    rest = message.replace(b"\r\n", b"")
    return b"\n" in rest or b"\r" in rest


async def _read_beginning(reader: asyncio.StreamReader, data: bytearray) -> bool:
    """Read until what comes can no longer be an END that began in the DATA line; true if it was one."""
    while overlap := _overlap(data):
        data += await reader.readexactly(len(END) - overlap)
        if data.endswith(END):
            return True
        if len(data) > 2 * MOST_EMPTY_LINES:
            raise Flood
    return False


def _overlap(data: bytearray) -> int:
    """How many bytes of END the data ends with, short of all."""
    return next((length for length in (4, 3, 2, 1) if data.endswith(END[:length])), 0)


async def _read_on(reader: asyncio.StreamReader) -> tuple[bytes, bool]:
    """Up to and with END, or as much as the reader holds without it."""
    try:
        return await reader.readuntil(END), True
    except asyncio.LimitOverrunError as full:
        return await reader.read(full.consumed), False


def _drop(data: bytearray, most: int, dropped: int) -> int:
    """Forget what is too much, and say how much that was."""
    is_without_lines = not dropped and data.find(b"\r\n", 2) < 0
    if is_without_lines or dropped + len(data) > 2 * most + len(END):
        raise Flood
    size = len(data)
    data.clear()
    return size
