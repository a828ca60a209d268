"""A complaint while it is being written: kept under the hash of the token in the person's one cookie."""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import Response

from storage import draft_files
from storage.tables import FormDraft
from workflow.posted import Upload
from workflow.tokens import digest

COOKIE = "complaint"
KEPT_FOR = timedelta(hours=24)  # after the last change; our own default
SHOWN_FOR = timedelta(hours=2)  # the reference page, after sending


def token_of(request: Request) -> str:
    """The hash of the token in the cookie; empty without one."""
    token = request.cookies.get(COOKIE, "")
    return digest(token) if 20 <= len(token) <= 100 else ""


def is_token_hash(text: str) -> bool:
    """True for what could be a draft's one-time token; other text never reaches the database."""
    return re.fullmatch(r"[0-9a-f]{64}", text) is not None


def give_cookie(response: Response, token: str, path: str, *, secure: bool) -> None:
    """Until the browser closes, and only for this body's form."""
    response.set_cookie(COOKIE, token, path=path, httponly=True, samesite="lax", secure=secure)


def take_cookie(response: Response, path: str) -> None:
    response.delete_cookie(COOKIE, path=path)


def find(session: Session, token_hash: str, now: datetime, *, lock: bool = False) -> FormDraft | None:
    """The draft, unless it has gone stale."""
    draft = session.get(FormDraft, token_hash, with_for_update=lock or None) if token_hash else None
    return draft if draft and draft.changed_at > now - KEPT_FOR else None


def begin(session: Session, now: datetime, token_hash: str) -> FormDraft:
    """A new draft in the place of a stale one."""
    draft = session.get(FormDraft, token_hash) or FormDraft(token_hash=token_hash, started_at=now, changed_at=now)
    stale = list(draft.files or ())
    draft.answers, draft.files, draft.contact_key = {}, [], None
    draft.started_at = draft.changed_at = now
    session.add(draft)
    draft_files.let_go(session, stale)
    return draft


def new_token() -> str:
    return secrets.token_urlsafe(32)


def keep_answers(draft: FormDraft, answers: Mapping[str, Any], now: datetime) -> None:
    draft.answers = dict(answers)
    draft.changed_at = now


def keep_files(session: Session, draft: FormDraft, uploads: list[Upload], now: datetime) -> None:
    """Add files to the draft, their bytes stored once."""
    kept = list(draft.files)
    for upload in uploads:
        stored = draft_files.store(session, upload.content)
        kept.append({"name": upload.name, "type": upload.type, "size": len(upload.content), "sha256": stored})
    draft.files, draft.changed_at = kept, now


def remove_file(session: Session, draft: FormDraft, sha256: str) -> None:
    """Take a file off the draft, with its bytes."""
    removed = [file for file in draft.files if file["sha256"] == sha256]
    draft.files = [file for file in draft.files if file["sha256"] != sha256]
    draft_files.let_go(session, removed)


def discard(session: Session, draft: FormDraft) -> None:
    """Delete a draft and the bytes of its files."""
    files = list(draft.files)
    session.delete(draft)
    draft_files.let_go(session, files)


def mark_sent(draft: FormDraft, contact_key: str, now: datetime) -> None:
    """Sent: the journal has it all, so the draft forgets everything but the service and what became of it."""
    draft.answers = {"service": draft.answers.get("service", "")}
    draft.files = []
    draft.contact_key, draft.changed_at = contact_key, now


def forget_old(session: Session, now: datetime) -> None:
    """Delete drafts that nobody has touched for a day."""
    old = select(FormDraft).where(col(FormDraft.changed_at) <= now - KEPT_FOR).with_for_update()
    for draft in session.exec(old).all():
        discard(session, draft)


def sent(session: Session, token_hash: str, now: datetime) -> FormDraft | None:
    """A draft that was sent a short while ago."""
    if not is_token_hash(token_hash):
        return None
    query = select(FormDraft).where(
        FormDraft.token_hash == token_hash,
        col(FormDraft.contact_key).is_not(None),
        FormDraft.changed_at > now - SHOWN_FOR,
    )
    return session.exec(query).first()
