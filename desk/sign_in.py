"""Signing in by an emailed link: ten minutes, once, in the browser that asked; and signing out."""

import re
import secrets
import time
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, func, select
from starlette.requests import Request
from starlette.responses import Response

from desk import sessions
from desk.door import DeskDoor
from desk.edges import Visit
from desk.forms import Form
from desk.pages import go, show
from storage.database import reading, writing
from storage.tables import SignInLink, Staff
from templates.places import Link
from templates.writing import write
from workflow import outbox
from workflow.office import SYSTEM, Act
from workflow.outbox import To, Words
from workflow.tokens import digest

BROWSER, AFTER = "redress_desk_browser", "redress_desk_after"  # cookies
VALID_FOR = timedelta(minutes=10)
MOST_LINKS = 5  # to one person in that time
ANSWER_AFTER = 0.4  # seconds, whether we know the address or not
OUR_PATH = re.compile(r"/desk(/[A-Za-z0-9_-]+)*")
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def ask(_door: DeskDoor, _request: Request, _form: Form) -> Response:
    """The page that asks for an email address."""
    return show("sign-in", after="")


def send_link(door: DeskDoor, _request: Request, form: Form) -> Response:
    """Mail a link, if the address is that of someone who works here. The answer is the same if not."""
    began = time.monotonic()
    email = form.one("email").lower()
    if "@" not in email or len(email) > 254:
        return show("sign-in", status=422, after=form.one("after"), email=email, error="Enter your work email address")
    browser = secrets.token_urlsafe(32)
    _mail_link(door, email, browser)
    response = show("link-sent")
    _set_cookie(door, response, BROWSER, browser, VALID_FOR)
    if OUR_PATH.fullmatch(form.one("after")):
        _set_cookie(door, response, AFTER, form.one("after"), VALID_FOR)
    time.sleep(max(0.0, ANSWER_AFTER - (time.monotonic() - began)))
    return response


def show_button(door: DeskDoor, request: Request, _form: Form) -> Response:
    """What the link opens: a button. Programs that look at links in mails press none."""
    with reading(door.engine) as session:
        link = session.exec(select(SignInLink).where(*_valid(request, door.clock()))).first()
    return show("confirm-sign-in") if link else show("link-over", status=410)


def confirm(door: DeskDoor, request: Request, _form: Form) -> Response:
    """Use the link up and start a session with a new secret."""
    now = door.clock()
    with writing(door.engine) as session:
        staff = _use_up(session, request, now)
        if staff is None or staff.id is None:
            return show("link-over", status=410)
        sessions.end(session, request.cookies.get(sessions.COOKIE, ""), now)
        token = sessions.begin(session, staff.id, now)
    after = request.cookies.get(AFTER, "")
    response = go(after if OUR_PATH.fullmatch(after) else "/desk")
    _set_cookie(door, response, sessions.COOKIE, token, sessions.LONGEST)
    for name in (BROWSER, AFTER):
        response.delete_cookie(name, path="/desk")
    return response


def sign_out(visit: Visit) -> Response:
    """End the session and have the browser forget what it saw."""
    with writing(visit.door.engine) as session:
        sessions.end(session, visit.request.cookies[sessions.COOKIE], visit.now)
    response = show("signed-out")
    response.delete_cookie(sessions.COOKIE, path="/desk")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _mail_link(door: DeskDoor, email: str, browser: str) -> None:
    now, token = door.clock(), secrets.token_urlsafe(32)
    with writing(door.engine) as session:
        known = select(Staff).where(Staff.email == email, col(Staff.disabled_at).is_(None))
        staff = session.exec(known).first()
        if staff is None or staff.id is None or _had_enough(session, staff.id, now):
            return
        session.add(SignInLink(token_hash=digest(token), staff_id=staff.id, browser_hash=digest(browser), made_at=now))
        # Only the configured address goes into the link, never the Host that the request named.
        facts = {"link": Link(door.office.link(f"/desk/sign-in/{token}")), "organisation": "Complaints desk"}
        words = write("sign_in", facts)
        outbox.owe(
            Act(session, door.office, SYSTEM, now),
            f"sign_in:{digest(token)}",
            "sign_in",
            To(staff.email, staff_id=staff.id),
            Words(words.subject, words.text, words.html),
        )


def _had_enough(session: Session, staff_id: int, now: datetime) -> bool:
    recent = select(func.count()).where(SignInLink.staff_id == staff_id, SignInLink.made_at > now - VALID_FOR)
    return session.exec(recent).one() >= MOST_LINKS


def _use_up(session: Session, request: Request, now: datetime) -> Staff | None:
    """Whose link this is; whoever comes second, even at the same instant, finds it used."""
    valid = _valid(request, now)
    link = session.exec(select(SignInLink).where(*valid)).first()
    if link is None:
        return None
    used = session.execute(update(SignInLink).where(*valid).values(used_at=now))
    staff = session.get(Staff, link.staff_id)
    is_first = used.rowcount == 1  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
    return staff if is_first and staff and staff.disabled_at is None else None


def _valid(request: Request, now: datetime) -> list[Any]:
    """The conditions that a link must meet: known, unused, young, and in the browser that asked for it."""
    token, browser = request.path_params["token"], request.cookies.get(BROWSER, "")
    return [
        SignInLink.token_hash == digest(token if TOKEN.fullmatch(token) else ""),
        SignInLink.browser_hash == digest(browser),
        col(SignInLink.used_at).is_(None),
        col(SignInLink.made_at) > now - VALID_FOR,
    ]


def _set_cookie(door: DeskDoor, response: Response, name: str, value: str, age: timedelta) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(age.total_seconds()),
        path="/desk",
        secure=door.is_secure,
        httponly=True,
        samesite="lax",
    )
