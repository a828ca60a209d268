"""An SMTP server that keeps every mail it is given and delivers none: for the demo, the time-lapse and tests."""

import asyncio
import json
import ssl
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from mailroom.sink_session import HANG_UP, SinkSession

__all__ = ["HANG_UP", "Mail", "Sink", "kept_in"]

INDEX = "index.jsonl"
Answers = Callable[[str, str, int], str | None]


@dataclass(frozen=True)
class Mail:
    """A mail as it was handed over: its envelope, and its bytes as they were before dot-stuffing."""

    number: int
    mail_from: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def name(self) -> str:
        return f"{self.number:06}.eml"


def take_all(_mail_from: str, _recipient: str, _count: int) -> str | None:
    return None


class Sink:
    """Keeps mails in memory and, given a folder, as .eml files with their envelopes in index.jsonl."""

    def __init__(
        self,
        folder: Path | None = None,
        *,
        answers: Answers = take_all,
        verdict: Callable[[Mail], str | None] = lambda _mail: None,
        tls: ssl.SSLContext | None = None,
        tls_at_once: bool = False,
        extensions: tuple[str, ...] = ("8BITMIME", "SMTPUTF8"),
    ) -> None:
        """`answers(mail_from, recipient, count)` may refuse a recipient, asked for the count-th time, with a reply such
        as `451 4.7.1 Later` or HANG_UP; `verdict(mail)` may refuse a whole mail so, or keep it and HANG_UP unanswered.
        """
        self.mails: list[Mail] = []
        self.tls, self.extensions = tls, extensions
        self.connections = 0
        self._at_once = tls if tls_at_once else None
        self._folder, self._answers, self._verdict = folder, answers, verdict
        self._asked: Counter[str] = Counter()
        self._sessions: set[SinkSession] = set()
        self._server: asyncio.Server | None = None
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self.mails = kept_in(folder)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen. Raises OSError when the address is not to be had."""
        self._server = await asyncio.start_server(self._talk, host, port, limit=1 << 20, ssl=self._at_once)

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens; the port that was given to us where 0 was asked for."""
        if self._server is None:
            raise RuntimeError("the sink has not been started")
        host, port = self._server.sockets[0].getsockname()[:2]
        return host, port

    async def stop(self) -> None:
        """Stop listening and hang up on everybody."""
        if self._server is None:
            return
        self._server.close()
        for session in list(self._sessions):
            session.hang_up()
        while self._sessions:
            await asyncio.sleep(0.01)

    def answer_for(self, mail_from: str, recipient: str) -> str | None:
        """What to say to this recipient; None for yes."""
        self._asked[recipient] += 1
        return self._answers(mail_from, recipient, self._asked[recipient])

    def take(self, mail_from: str, recipients: tuple[str, ...], raw: bytes) -> str | None:
        """Keep a mail, or say why not; None for yes."""
        mail = Mail(len(self.mails) + 1, mail_from, recipients, raw)
        verdict = self._verdict(mail)
        if verdict in (None, HANG_UP):
            self.mails.append(mail)
            self._write(mail)
        return verdict

    def _write(self, mail: Mail) -> None:
        if self._folder is None:
            return
        (self._folder / mail.name).write_bytes(mail.raw)
        said = {key: value for key, value in asdict(mail).items() if key != "raw"}
        with (self._folder / INDEX).open("a", encoding="utf-8") as index:
            index.write(json.dumps(said, ensure_ascii=False) + "\n")

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        session = SinkSession(self, reader, writer)
        self._sessions.add(session)
        try:
            await session.talk()
        finally:
            self._sessions.discard(session)


def kept_in(folder: Path) -> list[Mail]:
    """The mails that a sink keeps in this folder, oldest first. The index is written last: all it names are whole."""
    index = folder / INDEX
    lines = index.read_text(encoding="utf-8").splitlines() if index.exists() else []
    return [_read(folder, json.loads(line)) for line in lines]


def _read(folder: Path, said: dict[str, object]) -> Mail:
    number = int(str(said["number"]))
    raw = (folder / f"{number:06}.eml").read_bytes()
    recipients = said["recipients"]
    assert isinstance(recipients, list)
    return Mail(number, str(said["mail_from"]), tuple(recipients), raw)
