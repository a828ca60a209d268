"""What its owner and others do with an action: begin, report, finish, check, audit, take up again, move dates, drop."""

from learning.lesson.asked import colleague
from learning.lesson.situation import ActionNow
from learning.lesson.told import told
from learning.plan import dates, elements, plans
from learning.plan.giving import give
from learning.plan.planning import close_if_ended
from learning.record import note
from learning.verb import Given, Refused, needed, text
from learning.words import options
from workflow.office import Act

MOVABLE = {
    "agreed": ("starts", "review_on", "completes", "check_on", "audit_on"),
    "in_progress": ("review_on", "completes", "check_on", "audit_on"),
    "done": ("check_on", "audit_on"),
    "checked": ("audit_on",),
    "failed": ("review_on", "completes", "check_on", "audit_on"),
}


def change(act: Act, now_there: ActionNow, given: Given) -> None:
    """Change a drafted action; once agreed, only its dates and its owner can change, with a reason."""
    elements.fill(act, now_there.action, given)
    note(act, _lesson(now_there), "action.changed", action=now_there.action)


def start(act: Act, now_there: ActionNow, given: Given) -> None:
    """Say that the action has begun."""
    plans.move(now_there.action, "start", now=act.now)
    note(act, _lesson(now_there), "action.started", action=now_there.action, because=text(given, "because"))


def report(act: Act, now_there: ActionNow, given: Given) -> None:
    """Review the progress: what has been done, what comes next, and when it is reviewed again."""
    action = now_there.action
    plans.move(action, "report", now=act.now)
    action.progress = told(act, now_there, given, "progress", "what has been done so far")
    old = action.review_on
    action.review_on = None
    elements.move_dates(action, given, ("review_on",), now_there.today)
    data = {"review_on": [str(one) if one else None for one in (old, action.review_on)]}
    note(act, _lesson(now_there), "action.progress", action=action, because=action.progress, data=data)


def finish(act: Act, now_there: ActionNow, given: Given) -> None:
    """Say that the action is done, with evidence that the person who complained can understand."""
    action = now_there.action
    action.evidence = told(act, now_there, given, "evidence", "how one can see that it is done")
    plans.move(action, "finish", now=act.now)
    note(act, _lesson(now_there), "action.done", action=action, because=action.evidence)


def check(act: Act, now_there: ActionNow, given: Given) -> None:
    """Check that what was reported as done is complete and works; the owner can't check their own."""
    action, found = now_there.action, needed(given, "found", "what you looked at and what you found")
    if _chosen("check_result", given) == "works":
        plans.move(action, "pass_check", now=act.now)
        note(act, _lesson(now_there), "action.checked", action=action, because=found)
    else:
        _fail(act, now_there, found, "check")


def audit(act: Act, now_there: ActionNow, given: Given) -> None:
    """Audit whether the improvement has lasted, and what its measure came to."""
    action, found = now_there.action, needed(given, "found", "what you looked at and what you found")
    action.result = told(act, now_there, given, "result", "what the measure came to")
    outcome = _chosen("audit_result", given)
    if outcome == "fails":
        _fail(act, now_there, found, "audit")
        return
    moved = _next_audit(now_there, given, is_needed=outcome == "again" or action.state == "embedded")
    plans.move(action, "embed" if outcome == "embedded" and action.state == "checked" else "audit_again", now=act.now)
    data = {"result": action.result, "dates": moved}
    name = "action.embedded" if outcome == "embedded" else "action.audited"
    note(act, _lesson(now_there), name, action=action, because=found, data=data)


def take_up(act: Act, now_there: ActionNow, given: Given) -> None:
    """Take up again what did not work, with new dates; the old ones stay on record."""
    action, because = now_there.action, told(act, now_there, given, "because", "what will be different this time")
    moved = elements.move_dates(action, given, MOVABLE["failed"], now_there.today)
    if "completes" not in moved:
        raise Refused("Enter a new day by which it is complete", "completes")
    plans.move(action, "take_up", now=act.now)
    note(act, _lesson(now_there), "action.reopened", action=action, because=because, data={"dates": moved})


def change_dates(act: Act, now_there: ActionNow, given: Given) -> None:
    """Move dates that can't be kept, with the reason; the person who complained is told it."""
    action, because = now_there.action, told(act, now_there, given, "because", "why the dates move")
    moved = elements.move_dates(action, given, MOVABLE[action.state], now_there.today)
    if not moved:
        raise Refused("Change at least one date")
    note(act, _lesson(now_there), "action.dates_changed", action=action, because=because, data={"dates": moved})


def hand_over(act: Act, now_there: ActionNow, given: Given) -> None:
    """Give the action to somebody else."""
    action, was = now_there.action, now_there.action.owner_id
    staff = colleague(act, needed(given, "owner", "who takes it over"), "owner")
    assert staff is not None
    if staff.id == was:
        raise Refused(f"It is with {staff.name} already", "owner")
    action.owner_id = staff.id
    data = {"owner": [was, staff.id], "staff": staff.name}
    note(act, _lesson(now_there), "action.handed_over", action=action, because=text(given, "because"), data=data)
    if action.state != "drafted":
        give(act, now_there.lesson, action)


def drop(act: Act, now_there: ActionNow, given: Given) -> None:
    """Drop the action, with a reason that the person who complained can understand."""
    action = now_there.action
    action.dropped_because = told(act, now_there, given, "because", "why it is dropped")
    plans.move(action, "drop", now=act.now)
    note(act, _lesson(now_there), "action.dropped", action=action, because=action.dropped_because)


def settle(act: Act, now_there: ActionNow) -> None:
    """After each of these: what is due next, the reminders of it, and whether the plan has ended."""
    dates.project(act, now_there.action)
    close_if_ended(act, now_there.plan, _lesson(now_there))


def _fail(act: Act, now_there: ActionNow, found: str, where: str) -> None:
    plans.move(now_there.action, "fail", now=act.now)
    note(act, _lesson(now_there), "action.failed", action=now_there.action, because=found, data={"at": where})


def _next_audit(now_there: ActionNow, given: Given, *, is_needed: bool) -> dict[str, list[str | None]]:
    """The day of the next audit; none is needed where the improvement has lasted."""
    action, old = now_there.action, now_there.action.audit_on
    action.audit_on = None
    moved = elements.move_dates(action, given, ("audit_on",), now_there.today)
    if is_needed and action.audit_on is None:
        raise Refused("Enter the day of the next audit", "audit_on")
    return {name: [str(old) if old else None, new] for name, (_, new) in moved.items()}


def _chosen(table: str, given: Given) -> str:
    result = needed(given, "result_of", "what came of it")
    if result not in dict(options(table)):
        raise Refused(f"Select one of: {', '.join(dict(options(table)).values())}", "result_of")
    return result


def _lesson(now_there: ActionNow) -> int:
    return now_there.plan.lesson_id
