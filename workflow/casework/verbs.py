"""Every casework verb in one visible table, and the one way to do any of them."""

from collections.abc import Mapping

from sqlmodel import col, select

from storage.tables import Case, CaseRole, Letter
from templates.writing import Written
from workflow import letters
from workflow.casework.answering import ANSWERING
from workflow.casework.assigning import ASSIGNING
from workflow.casework.coding import CODING
from workflow.casework.ending import ENDING
from workflow.casework.escalating import ESCALATING
from workflow.casework.extending import EXTENDING
from workflow.casework.reaching import REACHING
from workflow.casework.situation import Situation, situation
from workflow.casework.supporting import SUPPORTING
from workflow.casework.verb import Given, Refused, Verb
from workflow.office import Act, Actor
from workflow.record import lock
from workflow.stages import IllegalMove

VERBS: Mapping[str, Verb] = {
    verb.name: verb
    for verb in (*ASSIGNING, *REACHING, *ANSWERING, *EXTENDING, *ESCALATING, *ENDING, *CODING, *SUPPORTING)
}

CONSIDERING = ("decide", "respond")  # for whom a procedure asks for someone new at its next stage


class ChangedMeanwhile(Refused):
    """Somebody else changed the case since this person looked at it."""


def do(act: Act, case: Case, name: str, given: Given, *, seen_version: int | None = None) -> None:
    """Do a verb on a case, in the act's transaction. Refused says why not, and nothing has changed.

    `seen_version` is the case's version when the person was shown it: ChangedMeanwhile if it moved on since.
    """
    verb = VERBS.get(name)
    if verb is None:
        raise Refused(f"There is no verb {name!r}. There are: {', '.join(VERBS)}")
    locked = lock(act.session, case.id)
    if seen_version is not None and locked.version != seen_version:
        raise ChangedMeanwhile("Someone else changed this case while you were working on it. Nothing was overwritten.")
    now_there = situation(act.session, locked, act.now)
    why_not = may_not(act.by, verb, now_there)
    if why_not:
        raise Refused(why_not)
    with act.session.begin_nested():  # what was written before it was refused is undone
        _do(act, locked, verb, given)
        if name in CONSIDERING:
            _keep_who_considered(act, now_there)
    act.session.add(locked)


def preview(act: Act, case: Case, name: str, given: Given) -> Written | None:
    """The letter that a verb would send, by doing it and undoing it; None for none. Raises as `do` does."""
    with act.session.begin_nested() as trial:
        do(act, case, name, given)
        query = select(Letter).where(Letter.case_id == case.id, Letter.approved_at == act.now)
        letter = act.session.exec(query.order_by(col(Letter.id).desc()).limit(1)).first()
        people = letters.participants(act, case)
        written = letters.written(act, case, letter, next(iter(people), None)) if letter else None
        trial.rollback()
    return written


def _do(act: Act, case: Case, verb: Verb, given: Given) -> None:
    try:
        verb.act(act, case, given)
    except IllegalMove as illegal:
        raise Refused(str(illegal)) from illegal
    case.version += 1


def _keep_who_considered(act: Act, there: Situation) -> None:
    """Whoever decides or answers had a part in this stage, even if the case was given to another, or to nobody."""
    by, case_id = act.by, there.case.id or 0
    known = {each.role for each in there.roles if each.staff_id == by.staff_id}
    for role in there.handler_roles if by.staff_id is not None else ():
        if role not in known:
            act.session.add(
                CaseRole(case_id=case_id, role=role, staff_id=by.staff_id, name=by.name, since=act.now, until=act.now)
            )


def allowed(by: Actor, now_there: Situation) -> dict[str, str | None]:
    """For each verb: None when this person may do it now, else why not."""
    return {name: may_not(by, verb, now_there) for name, verb in VERBS.items()}


def may_not(by: Actor, verb: Verb, now_there: Situation) -> str | None:
    """Why this person can't do this verb now; None when they can."""
    if by.staff_id is not None and by.staff_id == now_there.case.about_staff_id:
        return "This case is about you."
    if verb.name in CONSIDERING and now_there.earlier_part(by.staff_id):
        return "You dealt with this complaint at an earlier stage. Somebody else must consider it at this one."
    if by.role and by.role not in verb.roles:
        return f"Only a {' or '.join(verb.roles[:2])} can do this."
    return verb.may(now_there)
