"""The text of a mail after DATA: taken as it comes, ended by CRLF.CRLF and by nothing else."""

END = b"\r\n.\r\n"
EMPTY_LINES = b"\r\n" * 2_000  # before the first header: nobody's mail begins like that
LONGEST_LINE = 4_000_000  # bytes: without a limit of its own, one line could fill memory up to the limit of a mail


class Flood(Exception):
    """Far too much, or no line end in all that is allowed: the session must end at once."""


class Incoming:
    """A mail on its way to us, of at most `most` bytes; what is more is read to its end and thrown away.

    Only CRLF.CRLF ends it: a bare CR or LF is text, so that nobody can smuggle a second mail in (CVE-2024-27305).
    """

    def __init__(self, most: int) -> None:
        self.is_too_large = False
        self._most = most
        self._text = bytearray(b"\r\n")  # the end of the DATA line: an empty mail is only `.CRLF` after it
        self._line = 0  # bytes of the line that has not ended yet
        self._dropped = 0
        self._has_dots = False

    def take(self, unread: bytearray) -> bool:
        """Take in what has been read; true when the mail is whole, and what follows it is left. Raises Flood."""
        before = len(self._text)
        searched = max(0, before - len(END) + 1)
        self._text += unread
        unread.clear()
        end = self._find_end(searched)
        if end >= 0:
            unread += memoryview(self._text)[end + len(END) :]
            del self._text[end + len(END) :]
        self._measure(before)
        self._check()
        return end >= 0

    def text(self) -> bytes:
        """The whole mail without its final dot and dot-stuffing."""
        if self._has_dots:
            return bytes(self._text[: 2 - len(END)].replace(b"\r\n.", b"\r\n")[2:])
        with memoryview(self._text) as all_of_it:
            return bytes(all_of_it[2 : 2 - len(END)])

    def _find_end(self, searched: int) -> int:
        """Where END is, or -1; notes on the way whether other lines begin with a dot, which nearly none do."""
        dot = self._text.find(END[:3], searched)
        if dot < 0 or self._text.startswith(END, dot):
            return dot
        self._has_dots = True
        return self._text.find(END, dot)

    def _measure(self, before: int) -> None:
        """How long the last line is by now, of which `before` bytes of the text had been looked at."""
        line_end = self._text.rfind(b"\r\n", max(0, before - 1))
        self._line = self._line + len(self._text) - before if line_end < 0 else len(self._text) - line_end - 2

    def _check(self) -> None:
        if self._text.startswith(EMPTY_LINES) or self._line > self._most:
            raise Flood
        if self.is_too_large or len(self._text) - len(END) > self._most or self._line > LONGEST_LINE:
            self._drop()

    def _drop(self) -> None:
        """Forget what is too much, but not what may be the beginning of its end."""
        if self._dropped + len(self._text) > 2 * self._most + len(END):
            raise Flood
        self.is_too_large = True
        self._dropped += len(self._text) - len(END) + 1
        del self._text[: -len(END) + 1]


def is_irregular(message: bytes) -> bool:
    """Whether it has line ends that are not CRLF."""
    signs = len(message) - len(message.translate(None, b"\r\n"))
    return signs != 2 * message.count(b"\r\n")
