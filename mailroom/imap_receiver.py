"""How mail in a mailbox elsewhere reaches us: fetched, stored durably, and only then moved out of the way."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from imapclient import IMAPClient
from sqlalchemy import Engine

from mailroom.imap_connection import connect, has_unread, in_words, parse
from mailroom.imap_mail import STUB_FIELDS, recipient_of, sender_of, stub
from mailroom.imap_memory import Memory
from storage.journal import Arrival, Journal

log = logging.getLogger("redress.mailroom.imap")

Client = Any  # an IMAPClient: most of its methods have no types
TOO_LARGE = "too large, left in mailbox"


class ImapReceiver:
    """Reads one mailbox. What is stored is known from our own table and from the bytes, never from flags."""

    def __init__(
        self,
        journal: Journal,
        engine: Engine,
        url: str,
        clock: Callable[[], datetime],
        report: Callable[[str | None], None],
        *,
        is_ours: Callable[[str], bool] = lambda _address: False,
        address: str | None = None,
        move_to: str = "Processed",
        most_bytes: int = 25_000_000,
        poll_seconds: float = 120,
        back_off_seconds: tuple[float, float] = (10, 900),
        read_seconds: float = 60,
    ) -> None:
        """`report` gets what is wrong, None when all is well; `address`: of mails that name none of ours."""
        self.skipped = 0  # messages that had gone, or came without their text; they are asked for again
        self._journal = journal
        self._engine = engine
        self._url = parse(url)
        self._clock = clock
        self._report = report
        self._is_ours = is_ours
        self._address = (address or self._url.address).lower()
        self._move_to = move_to
        self._most_bytes = most_bytes
        self._poll_seconds = poll_seconds
        self._back_off_seconds = back_off_seconds
        self._read_seconds = read_seconds

    def poll(self) -> int:
        """Connect and take in all that is new; how many mails that were. Raises what went wrong."""
        with self._connected() as client:
            return self._take_in_all(client)

    def run(self, stop: threading.Event) -> None:
        """Poll, wait for news, poll again, until told to stop. Whatever goes wrong is reported and tried again."""
        wait, longest = self._back_off_seconds
        while not stop.is_set():
            polls: list[int] = []
            try:
                with self._connected() as client:
                    self._stay(client, stop, polls)
            except Exception as error:  # noqa: BLE001 (this thread has to outlive every fault of server and network)
                log.warning("IMAP: %s", type(error).__name__)
                self._tell(in_words(error))
                wait = self._back_off_seconds[0] if polls else wait
                stop.wait(wait)
                wait = min(2 * wait, longest)

    def _stay(self, client: Client, stop: threading.Event, polls: list[int]) -> None:
        while not stop.is_set():
            polls.append(self._take_in_all(client))
            self._tell(None)
            if not polls[-1]:  # mail that came while we stored and moved is news that IDLE would not repeat
                self._await_news(client, stop)

    def _tell(self, problem: str | None) -> None:
        try:
            self._report(problem)
        except Exception as error:  # noqa: BLE001 (the database may be what failed)
            log.warning("IMAP: can't report: %s", type(error).__name__)

    @contextlib.contextmanager
    def _connected(self) -> Iterator[Client]:
        # Never a literal larger than a mail may be, with room for the lines around it.
        client: Client = connect(self._url, most_bytes=self._most_bytes + 1_000_000, read_seconds=self._read_seconds)
        try:
            yield client
        except BaseException:
            client.shutdown()  # a logout could hang on a connection that is already broken
            raise
        else:
            with contextlib.suppress(OSError, IMAPClient.Error):
                client.logout()

    def _take_in_all(self, client: Client) -> int:
        uidvalidity = int(client.select_folder(self._url.mailbox)[b"UIDVALIDITY"])
        memory = Memory(self._engine, self._url.name, uidvalidity)
        settled, to_move = memory.settled(), memory.to_move()
        uids = [uid for uid in client.search(["UID", "1:*"]) if uid >= 1 and uid not in settled]
        new = sum(self._take_in(client, memory, uid) for uid in sorted(uids) if uid not in to_move)
        self._move(client, memory, sorted((memory.to_move()) & set(uids)))
        return new

    def _take_in(self, client: Client, memory: Memory, uid: int) -> bool:
        """Store one message; whether it was new."""
        size = self._fetch(client, uid, "RFC822.SIZE", b"RFC822.SIZE")
        is_large = size is not None and int(size) > self._most_bytes
        what = f"BODY.PEEK[HEADER.FIELDS ({STUB_FIELDS})]" if is_large else "BODY.PEEK[]"
        raw = None if size is None else self._fetch(client, uid, what, b"BODY[")
        if raw is None:
            self.skipped += 1
            return False
        arrival = self._arrival(memory, uid, stub(raw, int(size)) if is_large else raw, is_large)
        stored = self._journal.write(arrival)
        memory.remember(uid, stored.key, self._clock(), problem=TOO_LARGE if is_large else None)
        return stored.is_new

    def _fetch(self, client: Client, uid: int, what: str, key: bytes) -> Any:
        """One item of one message; None when the server did not return it: the message has gone."""
        items = client.fetch([uid], [what]).get(uid, {})
        return next((value for name, value in items.items() if name.startswith(key)), None)

    def _arrival(self, memory: Memory, uid: int, raw: bytes, is_large: bool) -> Arrival:
        envelope: dict[str, Any] = {"mailbox": memory.mailbox, "uidvalidity": memory.uidvalidity, "uid": uid}
        if (sender := sender_of(raw)) is not None:
            envelope["mail_from"] = sender
        if is_large:
            envelope["problem"] = TOO_LARGE
        ours = recipient_of(raw, self._is_ours, self._address)
        return Arrival("email", ours, raw, self._clock(), envelope)

    def _move(self, client: Client, memory: Memory, uids: list[int]) -> None:
        """Move what is stored out of the way; a server without MOVE gets copy, delete, expunge."""
        if uids and not client.folder_exists(self._move_to):
            client.create_folder(self._move_to)
        for uid in uids:
            if client.has_capability("MOVE"):
                client.move([uid], self._move_to)
            else:
                client.copy([uid], self._move_to)
                client.delete_messages([uid], silent=True)
                if client.has_capability("UIDPLUS"):
                    client.uid_expunge([uid])
            memory.moved(uid, self._clock())

    def _await_news(self, client: Client, stop: threading.Event) -> None:
        """Until the mailbox changes or it is time to poll anyway (well within the 9 minutes an IDLE may last)."""
        ends_at = time.monotonic() + self._poll_seconds
        if not client.has_capability("IDLE"):
            stop.wait(min(60, self._poll_seconds))
            return
        client.idle()
        has_news = has_unread(client)
        while not has_news and time.monotonic() < ends_at and not stop.is_set():
            has_news = _has_news(client, min(1, self._poll_seconds))
        client.idle_done()


def _has_news(client: Client, seconds: float) -> bool:
    began = time.monotonic()
    said = client.idle_check(timeout=seconds)
    if not said and time.monotonic() - began < seconds / 2:
        raise ConnectionResetError("the server hung up while idle")  # imapclient returns nothing, at once, for ever
    return any(len(line) > 1 and line[1] == b"EXISTS" for line in said)
