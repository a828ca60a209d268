"""Where requests become work in a thread, for people who are signed in; and where what goes wrong becomes a page."""

import logging
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from desk import sessions
from desk.door import DeskDoor
from desk.forms import LARGEST_FORM, Form, read_form
from desk.pages import problem, show
from desk.sight import Sight, case_in_sight
from storage.tables import Case

log = logging.getLogger("redress.desk")


@dataclass(frozen=True)
class Visit:
    """One request of someone who is signed in."""

    door: DeskDoor
    request: Request
    me: Sight
    now: datetime
    form: Form = field(default_factory=Form)
    doing: str = ""  # our own name for what was asked: unlike the address, it may stand in a log

    def path(self, name: str) -> str:
        return str(self.request.path_params[name])

    def number(self, name: str) -> int:
        """A number in the address, as a database can hold it. Raises a 404 for another."""
        digits = self.path(name)
        if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
            raise HTTPException(404)
        return int(digits)


def the_case(visit: Visit, session: Session) -> Case:
    """The case in the address. Raises the same 404 whether there is none or it is not this person's to see."""
    case = case_in_sight(session, visit.me, visit.path("reference"))
    if case is None:
        log.warning("case not in sight of staff %s: %s", visit.me.staff_id, visit.doing)
        raise HTTPException(404)
    return case


Endpoint = Callable[[Request], Awaitable[Response]]
Work = Callable[[Visit], Response]
Open = Callable[[DeskDoor, Request, Form], Response]


def staff_only(door: DeskDoor, work: Work, *, largest: int = LARGEST_FORM) -> Endpoint:
    """An endpoint for people who are signed in; others are asked to sign in."""
    doing = f"{work.__module__}.{work.__name__}"

    async def endpoint(request: Request) -> Response:
        # Before the body is read: a stranger may not make us take in files.
        now = door.clock()
        me = await run_in_threadpool(_who, door, request, now)
        form = await _form_of(request, largest if me else LARGEST_FORM)
        if isinstance(form, Response):
            return form
        if me is None:
            return sign_in_first(request, form)
        return await _guarded(me, form, lambda: work(Visit(door, request, me, now, form, doing)))

    return endpoint


def anyone(door: DeskDoor, work: Open) -> Endpoint:
    """An endpoint for the pages of signing in."""

    async def endpoint(request: Request) -> Response:
        form = await _form_of(request, LARGEST_FORM)
        if isinstance(form, Response):
            return form
        return await _guarded(None, Form(), lambda: work(door, request, form))

    return endpoint


def sign_in_first(request: Request, form: Form) -> Response:
    """The sign-in page in place of what was asked for; what was typed meanwhile stands on it."""
    if request.url.path.startswith("/desk/api/"):
        return JSONResponse({"error": "sign in first"}, 401)
    after = request.url.path if request.method == "GET" else ""
    return show(
        "sign-in", status=401, after=after, typed=_typed(form), ended=bool(request.cookies.get(sessions.COOKIE))
    )


def _typed(form: Form) -> list[str]:
    """What was typed, for a page that has no form for it: it can be copied from there."""
    hidden = ("seen_version", "seen_event", "step", "once")
    return [value for name, values in form.fields.items() if name not in hidden for value in values if value]


def _who(door: DeskDoor, request: Request, now: datetime) -> Sight | None:
    return sessions.who(door.engine, request.cookies.get(sessions.COOKIE, ""), now)


async def _form_of(request: Request, largest: int) -> Form | Response:
    if request.method != "POST":
        return Form()
    try:
        return await read_form(request, largest)
    except HTTPException as error:
        return problem(error.status_code)


async def _guarded(me: Sight | None, form: Form, work: Callable[[], Response]) -> Response:
    try:
        return await run_in_threadpool(work)
    except HTTPException as error:
        return problem(error.status_code, me)
    except Exception as error:  # noqa: BLE001 - whatever failed, its text may hold what a person wrote: it is not shown
        where = traceback.extract_tb(error.__traceback__)[-1]
        log.error("desk page failed: %s at %s:%s", type(error).__name__, where.filename, where.lineno)
        return show("failed", me, 503, typed=_typed(form))
