"""Many senders at once from one thread, cheap enough not to be what is measured; each pipelines where it may."""

import asyncio
import re
import time
from collections.abc import Iterable, Iterator

MAIL = b"MAIL FROM:<ann@example.org>\r\n"
RCPT = b"RCPT TO:<complaints@council.example>\r\n"
LAST_LINE = re.compile(rb"^\d{3}(?= |\r)", re.MULTILINE)  # of a reply


class Sender(asyncio.Protocol):
    """One session that hands over one mail after the other, until there are no more."""

    def __init__(self, mails: Iterator[bytes], is_done: asyncio.Future[None]) -> None:
        self._mails = mails
        self._is_done = is_done
        self._got = b""
        self._awaited = 1  # replies; the first is the greeting
        self._pipelines = False
        self._next = self._conversation()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the greeting."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        next(self._next)

    def data_received(self, data: bytes) -> None:
        """Go on when all the replies that we wait for are whole."""
        self._got += data
        replies = LAST_LINE.findall(self._got) if self._got.endswith(b"\r\n") else []
        if len(replies) < self._awaited:
            return
        said, self._got = self._got, b""
        self._pipelines = self._pipelines or b"PIPELINING" in said
        if any(reply[:1] not in (b"2", b"3") for reply in replies):
            self._end(RuntimeError(said.decode()))
            return
        try:
            self._awaited = next(self._next)
        except StopIteration:
            self._end(None)

    def connection_lost(self, _error: Exception | None) -> None:
        """Nobody else hangs up."""
        self._end(RuntimeError("the receiver hung up"))

    def _conversation(self) -> Iterator[int]:
        """What is said, bit by bit, and how many replies are awaited then."""
        yield 1
        self._transport.write(b"EHLO sender.example\r\n")
        yield 1
        for mail in self._mails:
            before = (MAIL, RCPT, b"DATA\r\n")
            for words in (b"".join(before),) if self._pipelines else before:
                self._transport.write(words)
                yield words.count(b"\n")
            self._transport.write(mail)
            yield 1

    def _end(self, error: Exception | None) -> None:
        if not self._is_done.done():
            self._is_done.set_exception(error) if error else self._is_done.set_result(None)
        self._transport.close()


def send(port: int, mails: Iterable[bytes], senders: int) -> float:
    """Hand over all mails; the seconds that took. Each mail is its bytes as sent, with the final dot."""
    return asyncio.run(_send(port, iter(mails), senders))


async def _send(port: int, mails: Iterator[bytes], senders: int) -> float:
    loop = asyncio.get_running_loop()
    done = [loop.create_future() for _ in range(senders)]
    began = time.monotonic()
    for each in done:
        await loop.create_connection(lambda each=each: Sender(mails, each), "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.gather(*done)
    return time.monotonic() - began
