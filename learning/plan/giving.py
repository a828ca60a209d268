"""Who answers for an action, and the mail that tells them that it is theirs."""

from learning.lesson.told import behind_lesson
from storage.tables import Action, Lesson, Staff
from templates.dates import with_weekday
from templates.places import Link
from templates.writing import write
from workflow import bodies, outbox, people
from workflow.office import Act
from workflow.outbox import To, Words


def place(action: Action) -> people.Place:
    """Where an action belongs, for whoever looks for its managers."""
    return people.Place(action.service_id, action.organisation_id)


def answerable(act: Act, action: Action, role: str) -> list[Staff]:
    """Who is told: `owner` and their cover, `manager`, or `senior_lead`; the next one up where there is none."""
    if role == "owner":
        owners = people.able(act.session, place(action), [action.owner_id]) if action.owner_id else []
        return owners or people.managers(act.session, place(action))
    return (people.managers if role == "manager" else people.leaders)(act.session, place(action))


def give(act: Act, lesson: Lesson, action: Action) -> None:
    """Tell the owner that an action is theirs, once for each owner it ever has."""
    facts = {
        **facts_of(act, lesson, action),
        "team": action.team,
        "starts": with_weekday(action.starts) if action.starts else "",
        "completes": with_weekday(action.completes) if action.completes else "",
    }
    owner = act.session.get(Staff, action.owner_id) if action.owner_id else None
    for one in answerable(act, action, "owner"):
        whose = "" if one is owner else owner.name if owner else action.team
        written = write("action_given", {**facts, "whose": whose})
        words = Words(written.subject, written.text, written.html)
        outbox.owe(act, f"action_given:{action.id}:{one.id}", "action_given", To(one.email, staff_id=one.id), words)


def facts_of(act: Act, lesson: Lesson, action: Action) -> dict[str, object]:
    """What every mail about an action says: which it is, of which lesson, and where to find it."""
    who = behind_lesson(act.session, lesson.id or 0)
    return {
        "number": action.id,
        "what": who.out_of(action.what),
        "lesson": who.out_of(lesson.title),
        "organisation": bodies.organisation(act.session, action.organisation_id).name,
        "link": Link(act.office.link(f"/desk/actions/{action.id}")),
    }
