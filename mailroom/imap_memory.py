"""What we remember of a mailbox: which messages are stored. Never its flags, which anybody may change."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import select

from storage.database import reading, writing
from storage.tables import MailboxMessage


@dataclass(frozen=True)
class Memory:
    """Of one mailbox, as long as its UIDVALIDITY stays what it is."""

    engine: Engine
    mailbox: str
    uidvalidity: int

    def settled(self) -> set[int]:
        """Messages with which nothing is to be done any more: moved away, or too large and left there."""
        return {uid for uid, is_settled in self._known() if is_settled}

    def to_move(self) -> set[int]:
        """Messages that are stored but, as far as we know, not moved yet."""
        return {uid for uid, is_settled in self._known() if not is_settled}

    def remember(self, uid: int, key: str, now: datetime, *, problem: str | None = None) -> None:
        """It is stored under this key; with a problem, it stays in the mailbox."""
        row = MailboxMessage(
            mailbox=self.mailbox, uidvalidity=self.uidvalidity, uid=uid, contact_key=key, problem=problem, stored_at=now
        )
        with writing(self.engine) as session:
            session.merge(row)

    def moved(self, uid: int, now: datetime) -> None:
        """It has left the mailbox."""
        with writing(self.engine) as session:
            row = session.get_one(MailboxMessage, (self.mailbox, self.uidvalidity, uid))
            row.moved_at = now

    def _known(self) -> list[tuple[int, bool]]:
        rows = select(MailboxMessage).where(
            MailboxMessage.mailbox == self.mailbox, MailboxMessage.uidvalidity == self.uidvalidity
        )
        with reading(self.engine) as session:
            return [(row.uid, row.moved_at is not None or row.problem is not None) for row in session.exec(rows)]
