"""The bytes of files that drafts and conversations name: stored once, deleted when nothing names them any more."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import String, cast, text
from sqlmodel import Session, col, delete, select

from storage.tables import Attachment, Blob, Contact, Conversation, FormDraft


def store(session: Session, content: bytes) -> str:
    """Keep a file's bytes; gives the SHA-256 that they are kept under."""
    key = sha256(content).hexdigest()
    _lock(session, "ROW EXCLUSIVE")  # as every insert has: what is deleted just now is waited for
    if session.get(Blob, key) is None:
        session.add(Blob(sha256=key, size=len(content), content=content))
        session.flush()
    return key


def bytes_of(session: Session, files: list[dict[str, Any]]) -> tuple[bytes, ...]:
    """The files' bytes, in order."""
    found = (session.get(Blob, file["sha256"]) for file in files)
    return tuple(blob.content for blob in found if blob)


def let_go(session: Session, files: Iterable[Mapping[str, Any]]) -> None:
    """A draft names these files no more: delete the bytes of each that nobody else named, in this transaction."""
    named = {str(file["sha256"]) for file in files}
    if not named:
        return
    session.flush()
    _lock(session, "SHARE ROW EXCLUSIVE")  # nobody stores the same bytes between our look and our commit
    for sha in sorted(named):
        if not _is_needed(session, sha):
            session.exec(delete(Blob).where(col(Blob.sha256) == sha))


def _lock(session: Session, mode: str) -> None:
    """On PostgreSQL only: SQLite has one writer at a time."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"LOCK TABLE blob IN {mode} MODE"))


def _is_needed(session: Session, sha: str) -> bool:
    # What waits to be filed is looked at first: once filed, its files are attachments.
    if any(sha.encode() in raw for raw in _unfiled_forms(session)):
        return True
    naming = (
        select(FormDraft.token_hash).where(cast(col(FormDraft.files), String).contains(sha)),
        select(Conversation.id).where(cast(col(Conversation.answers), String).contains(sha)),
        select(Conversation.id).where(cast(col(Conversation.holding), String).contains(sha)),
        select(Contact.key).where(Contact.raw_sha256 == sha),
        select(Attachment.sha256).where(Attachment.blob_sha256 == sha),
    )
    return any(session.exec(query.limit(1)).first() is not None for query in naming)


def _unfiled_forms(session: Session) -> Iterable[bytes]:
    """Forms that are stored and not filed name their files in their own bytes only."""
    unfiled = col(Contact.standing).in_(("waiting", "quarantined"))
    query = select(Blob.content).join(Contact).where(unfiled, Contact.channel != "email")
    return session.exec(query).all()
