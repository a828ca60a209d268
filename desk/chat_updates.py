"""What came by a messenger and could not be handled: an administrator reads it, tries it again, or is done with it."""

import json

from sqlmodel import Session, col, select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from desk.edges import Visit
from desk.pages import go, show
from storage import chat
from storage.database import reading, writing
from storage.tables import ChatUpdate, Task
from templates.words import channel

KIND = "chat_quarantine"


def look(visit: Visit) -> Response:
    """It as it came, and the kind of error."""
    return _page(visit, {})


def try_again(visit: Visit) -> Response:
    """Put it back, to be handled as if it had just come; should it fail again, its task comes back."""
    with writing(visit.door.engine) as session:
        task, update = _put_aside(visit, session)
        chat.try_again(update)
        task.done_at = visit.now
    return go("/desk/tasks")


def done(visit: Visit) -> Response:
    """Somebody has seen to it, or nothing need be done; with what was done."""
    because = visit.form.one("because")
    if not because:
        return _page(visit, {"because": "Enter what was done about it"})
    with writing(visit.door.engine) as session:
        task, update = _put_aside(visit, session)
        chat.handled(update, visit.now)
        task.done_at, task.data = visit.now, {**task.data, "because": because, "by": visit.me.name}
    return go("/desk/tasks")


def _page(visit: Visit, errors: dict[str, str]) -> Response:
    with reading(visit.door.engine) as session:
        _, update = _put_aside(visit, session)
        messenger = channel(update.bot.partition(":")[0])
        return show(
            "chat-update", visit.me, 422 if errors else 200, one=update, messenger=messenger,
            raw=_readable(update.raw), errors=errors,
        )  # fmt: skip


def _readable(raw: bytes) -> str:
    try:
        return json.dumps(json.loads(raw), ensure_ascii=True, indent=2)
    except (ValueError, RecursionError):
        return raw.decode("utf-8", "backslashreplace")


def _put_aside(visit: Visit, session: Session) -> tuple[Task, ChatUpdate]:
    """The update in the address, and its open task. Raises a 404 where there is none, or for all but administrators."""
    number = visit.number("update")
    query = select(Task).where(Task.key == f"{KIND}:{number}", col(Task.done_at).is_(None))
    task = session.exec(query.with_for_update()).first() if visit.me.role == "administrator" else None
    update = session.get(ChatUpdate, number)
    if task is None or update is None:
        raise HTTPException(404)
    return task, update
