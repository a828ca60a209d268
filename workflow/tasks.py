"""Tasks: what a person must do that no clock asks for, in the worklist until done."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import col, select

from storage.tables import Case, Contact, Message, Service, Staff, Task
from templates.dates import with_time
from workflow.office import Act

NEWS = "new_contact"
ONE_NEW = "The person has written. Read it, and answer if they ask something."
SEVERAL_NEW = "{number} new messages since {since}. Read them, and answer if they ask something."


def add(
    act: Act,
    case: Case | None,
    kind: str,
    key: str,
    text: str,
    data: Mapping[str, Any] | None = None,
    *,
    service_id: int | None = None,
) -> Task:
    """Add a task, once for each key; a task that is there already is left as it is.

    A task without a case is a service's, or an administrator's; `data["page"]` is then the page where it is done.
    """
    existing = with_key(act, key)
    if existing:
        return existing[0]
    task = Task(
        key=key,
        case_id=case.id if case else None,
        service_id=case.service_id if case else service_id,
        kind=kind,
        text=text,
        data=dict(data or {}),
        created_at=act.now,
    )
    act.session.add(task)
    act.session.flush()
    return task


def of_news(act: Act, case: Case, contact: Contact) -> None:
    """Somebody of the case has written: one open task says how often since when, however many messages it were.

    It takes the place of the one that said less, so that nobody can finish what they have not seen.
    """
    before = finish(act, case, NEWS)
    number = 1 + sum(int(task.data.get("number", 1)) for task in before)
    first = before[0] if before else None
    words = SEVERAL_NEW.format(number=number, since=with_time(first.created_at)) if first else ONE_NEW
    about = {"contact": first.data.get("contact") if first else contact.id, "number": number}
    task = add(act, case, NEWS, f"{NEWS}:{contact.id}", words, about)
    task.created_at = first.created_at if first else task.created_at
    act.session.add(task)


def with_key(act: Act, key: str) -> list[Task]:
    """The task with this key, open or done, if there is one."""
    return list(act.session.exec(select(Task).where(Task.key == key)))


def of_staff_mail(act: Act, message: Message, why: str) -> None:
    """A mail to one of the staff about no case, such as a digest, did not arrive: a person must see to their address.

    It stands among the tasks of their body's first service. A link for signing in is asked for again by who needs it.
    """
    staff = act.session.get(Staff, message.staff_id) if message.staff_id else None
    key = f"staff_not_reached:{message.id}"
    if staff is None or message.kind == "sign_in" or act.session.exec(select(Task).where(Task.key == key)).first():
        return
    first = select(Service.id).where(Service.organisation_id == staff.organisation_id).order_by(col(Service.id))
    what = message.kind.replace("_", " ")
    words = f"A mail ({what}) to {staff.name} did not arrive: {why}. Check their address, and give it to them yourself."
    act.session.add(Task(key=key, service_id=act.session.exec(first.limit(1)).first(), kind="staff_not_reached",
                         text=words, data={"message": message.id}, created_at=act.now))  # fmt: skip


def finish(act: Act, case: Case, kind: str) -> list[Task]:
    """Mark the open tasks of a kind on a case as done; gives those that were open."""
    open_ones = of_case(act, case, kind)
    for task in open_ones:
        task.done_at = act.now
        act.session.add(task)
    return open_ones


def of_case(act: Act, case: Case, kind: str) -> list[Task]:
    """The open tasks of one kind on a case, oldest first."""
    return [task for task in open_of(act, case) if task.kind == kind]


def open_of(act: Act, case: Case) -> list[Task]:
    """The open tasks of a case, oldest first."""
    query = select(Task).where(Task.case_id == case.id, col(Task.done_at).is_(None))
    return list(act.session.exec(query.order_by(col(Task.id))))
