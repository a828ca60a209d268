"""What can be done with an action: each verb's form, who may do it and when."""

from collections.abc import Callable

from learning.lesson.asked import colleagues
from learning.lesson.situation import ActionNow
from learning.plan import actions, elements, plans
from learning.verb import ANSWERABLE, Field, Verb, is_someone_else
from learning.words import options, word
from storage.tables import Action, Staff
from workflow.office import Act

May = Callable[[Act, ActionNow], str | None]


def _can(*steps: str) -> May:
    def may(_act: Act, now_there: ActionNow) -> str | None:
        state = now_there.action.state
        return (
            None if any(plans.may(state, step) for step in steps) else f"The action is: {word('state', state).lower()}."
        )

    return may


def _by_another(*steps: str) -> May:
    can = _can(*steps)

    def may(act: Act, now_there: ActionNow) -> str | None:
        if why_not := can(act, now_there):
            return why_not
        is_other = is_someone_else(act.by, now_there.action.owner_id)
        return None if is_other else "The action is yours: somebody else must check and audit it."

    return may


def _in(states: tuple[str, ...], why_not: str) -> May:
    return lambda _act, now_there: None if now_there.action.state in states else why_not


def _has_not_ended(_act: Act, now_there: ActionNow) -> str | None:
    """What was embedded has ended, unless it is to be audited once more: somebody must answer for that."""
    action = now_there.action
    return "It has ended." if action.state in plans.ENDED and action.next_step is None else None


def _owner(act: Act, action: Action) -> tuple[tuple[str, str], ...]:
    staff = act.session.get(Staff, action.owner_id) if action.owner_id else None
    options_ = colleagues(act, action.organisation_id, action.service_id)
    return tuple(one for one in options_ if staff is None or one[0] != staff.email)


_TOLD = "In plain words: the person who complained may read it"

ACTIONS: tuple[Verb[ActionNow], ...] = (
    Verb("change", "Change the action", "Change what the draft says.", actions.change,
         lambda act, n: elements.fields(act, n.lesson, n.action),
         _in(("drafted",), "It is agreed: change its dates or its owner instead, and say why."),
         events=("action.changed",), is_draft=True),
    Verb("start", "Begin", "Say that the action has begun.", actions.start,
         lambda _a, _n: (Field("because", "Note", required=False),), _can("start"), events=("action.started",)),
    Verb("report", "Report progress", "Say what has been done, what comes next, and when it is reviewed again.",
         actions.report,
         lambda _a, _n: (Field("progress", "What has been done so far, and what comes next", "long_text", hint=_TOLD),
                         Field("review_on", "Day of the next review", "date", required=False,
                               hint="Leave empty if none is needed before the completion date")),
         _can("report"), events=("action.progress",)),
    Verb("finish", "Done", "Say that the action is done, and how one can see it.", actions.finish,
         lambda _a, _n: (Field("evidence", "What was done, and how one can see it", "long_text", hint=_TOLD),),
         _can("finish"), events=("action.done",)),
    Verb("check", "Check completion", "Say whether it is complete and works. The owner can’t check their own.",
         actions.check,
         lambda _a, n: (Field("result_of", "Is it complete, and does it work?", "choice",
                               options=options("check_result")),
                        Field("found", "What you looked at, and what you found", "long_text", hint=n.action.check_how)),
         _by_another("pass_check"), events=("action.checked", "action.failed")),
    Verb("audit", "Audit", "Say whether the improvement has lasted. The owner can’t audit their own.", actions.audit,
         lambda _a, n: (Field("result_of", "Has it lasted?", "choice", options=options("audit_result")),
                        Field("result", "What the measure came to",
                              hint=f"{n.action.measure}: from {n.action.baseline} to {n.action.target}"),
                        Field("found", "What you looked at, and what you found", "long_text", hint=n.action.audit_how),
                        Field("audit_on", "Day of the next audit", "date", required=False,
                              hint="Needed if it is to be audited again")),
         _by_another("embed", "audit_again"), events=("action.embedded", "action.audited", "action.failed")),
    Verb("take_up", "Take it up again", "Take up again what did not work, with new dates.", actions.take_up,
         lambda _a, n: (Field("because", "What will be different this time", "long_text", hint=_TOLD),
                        *elements.date_fields(n.action, actions.MOVABLE["failed"])),
         _can("take_up"), events=("action.reopened",), is_draft=True),
    Verb("change_dates", "Change dates", "Move dates that can’t be kept, and say why.", actions.change_dates,
         lambda _a, n: (*elements.date_fields(n.action, actions.MOVABLE.get(n.action.state, ())),
                        Field("because", "Why they move", "long_text", hint=_TOLD)),
         _in(("agreed", "in_progress", "done", "checked"), "It has no date that could move."),
         events=("action.dates_changed",), is_draft=True),
    Verb("hand_over", "Hand over", "Give the action to somebody else.", actions.hand_over,
         lambda act, n: (Field("owner", "Who takes it over", "staff", options=_owner(act, n.action)),
                         Field("because", "Why", required=False)),
         _has_not_ended, events=("action.handed_over",)),
    Verb("drop", "Drop", "Drop the action, and say why.", actions.drop,
         lambda _a, _n: (Field("because", "Why", "long_text", hint=_TOLD),), _can("drop"), roles=ANSWERABLE,
         events=("action.dropped",)),
)  # fmt: skip
