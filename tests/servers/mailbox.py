"""A mailbox on a real Dovecot: its owner's view of it, and our receiver of it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Engine

from mailroom.imap_receiver import ImapReceiver
from storage.journal import Journal
from tests.servers.dovecot import Dovecot

NOW = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
MAIL = b"Return-Path: <ann@example.org>\r\nFrom: Ann <ann@example.org>\r\nTo: complaints@council.example\r\n"
OURS = {"complaints@council.example", "housing@council.example"}


def a_mail(subject: str = "Damp", more: bytes = b"") -> bytes:
    return MAIL + more + f"Subject: {subject}\r\n\r\nThe wall is wet.\r\n".encode()


@dataclass
class Mailbox:
    """A mailbox, its owner's view of it, and our receiver of it."""

    server: Dovecot
    engine: Engine
    journal: Journal
    user: str
    reports: list[str | None] = field(default_factory=list)

    def add(self, *raws: bytes, folder: str = "INBOX") -> None:
        with self.server.client(self.user) as client:
            for raw in raws:
                client.append(folder, raw)

    def count(self, folder: str) -> int:
        with self.server.client(self.user) as client:
            if not client.folder_exists(folder):
                return 0
            client.select_folder(folder, readonly=True)
            return len(client.search("NOT DELETED"))

    def receiver(self, journal: Journal | None = None, **options: object) -> ImapReceiver:
        url = str(options.pop("url", self.server.url(self.user)))
        return ImapReceiver(journal or self.journal, self.engine, url, lambda: NOW, self.reports.append,
                            **{"is_ours": lambda address: address in OURS, **options})  # type: ignore[arg-type]  # fmt: skip
