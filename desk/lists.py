"""The first page of the desk: cases in the order in which they need someone, and the tasks beside them."""

from sqlmodel import Session
from starlette.responses import Response

from desk import learning_rows, review_rows, rows, todo, worklist
from desk.edges import Visit
from desk.learning_rows import ActionRow
from desk.pages import show
from desk.review_rows import ReviewRow
from storage.database import reading
from workflow import casework

FILTERS = (("services", "All cases of my services"), ("mine", "My cases"), ("unassigned", "Nobody's yet"))


def cases(visit: Visit) -> Response:
    """Open cases: all that someone sees, their own, or those without a handler."""
    asked = visit.request.query_params
    which = asked.get("show", "services")
    which = which if which in worklist.WHICH else "services"
    start = worklist.place(asked.get("after", ""))
    with reading(visit.door.engine) as session:
        page = worklist.page(session, visit.me, which, start)
        listed = rows.rows(session, page.cases, visit.now)
        is_first = start == worklist.Place()
        tasks = todo.todo(session, visit.me, mine_only=which == "mine", most=5) if is_first else []
        listed = learning_rows.among(listed, _beside(visit, session, which, start, page))
    done = casework.VERBS.get(asked.get("done", ""))
    return show(
        "worklist", visit.me, rows=listed, onward=page.onward, which=which, filters=FILTERS, tasks=tasks, done=done,
        is_first=is_first,
        stored=asked.get("stored") == "yes",
    )  # fmt: skip


def _beside(
    visit: Visit, session: Session, which: str, start: worklist.Place, page: worklist.Page
) -> list[ActionRow | ReviewRow]:
    """The actions of lessons and decisions of leaders that fall due among the cases of this page."""
    actions = learning_rows.beside(session, visit.me, which, start, page)
    decisions = review_rows.beside(session, visit.me, which, start, page)
    return [*learning_rows.rows(session, actions, visit.now), *review_rows.rows(session, decisions, visit.now)]


def tasks(visit: Visit) -> Response:
    """The open tasks of the services that someone sees."""
    with reading(visit.door.engine) as session:
        return show("tasks", visit.me, tasks=todo.todo(session, visit.me))
