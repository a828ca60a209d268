"""Who must learn a lesson, in every body: named and told at once, and their change recorded once it is made."""

from learning.lesson.asked import colleague, learner, learners
from learning.lesson.situation import LessonNow
from learning.lesson.told import behind_lesson
from learning.record import note
from learning.verb import Field, Given, Refused, Verb, needed, text
from storage.tables import LessonLearner, Organisation, Service, Staff, Task
from templates.places import Link
from templates.writing import write
from workflow import bodies, outbox, people, tasks
from workflow.casework.verb import row_id
from workflow.office import Act
from workflow.outbox import To, Words


def name(act: Act, now_there: LessonNow, given: Given) -> None:
    """Name a service or body that must learn this, and tell it: the person named, or else who answers for it."""
    organisation_id, service_id = learner(act, needed(given, "who", "who must learn this"))
    if any((one.organisation_id, one.service_id) == (organisation_id, service_id) for one in now_there.learners):
        raise Refused("They were named already", "who")
    person = colleague(act, text(given, "person"), "person")
    row = LessonLearner(
        lesson_id=now_there.id,
        organisation_id=organisation_id,
        service_id=service_id,
        staff_id=person.id if person else None,
        people=text(given, "people"),
    )
    act.session.add(row)
    act.session.flush()
    told = _tell(act, now_there, row)
    data = {"who": _called(act, row), "people": row.people, "staff": [one.id for one in told]}
    note(act, now_there.id, "lesson.learner_told" if told else "lesson.learner_named", data=data)


def implemented(act: Act, now_there: LessonNow, given: Given) -> None:
    """Record what a learner changed because of the lesson."""
    wanted = row_id(needed(given, "learner", "who made the change"))
    row = next((one for one in now_there.learners if one.id == wanted and one.implemented_at is None), None)
    if row is None:
        raise Refused("Select who made the change", "learner")
    row.what, row.implemented_at = needed(given, "what", "what they changed"), act.now
    act.session.add(row)
    for task in _tasks(act, row):
        task.done_at = act.now
    note(act, now_there.id, "lesson.implemented", because=row.what, data={"who": _called(act, row)})


def _tell(act: Act, now_there: LessonNow, row: LessonLearner) -> list[Staff]:
    """A mail to those who answer for it there, and a task for the service; a task too where there is nobody."""
    told = people.able(act.session, _place(row), [row.staff_id]) if row.staff_id else []
    told = told or (people.managers if row.service_id else people.leaders)(act.session, _place(row))
    written = write("lesson_told", _facts(act, now_there, row))
    for one in told:
        words = Words(written.subject, written.text, written.html)
        outbox.owe(act, f"lesson_told:{row.id}:{one.id}", "lesson_told", To(one.email, staff_id=one.id), words)
    if told:
        row.told_at = act.now
    what = f"Learn the lesson “{now_there.lesson.title}” and record what you changed"
    data = {"page": f"/desk/lessons/{now_there.id}"}
    tasks.add(act, None, "lesson_to_learn", f"lesson_to_learn:{row.id}", what, data, service_id=row.service_id)
    return told


def _facts(act: Act, now_there: LessonNow, row: LessonLearner) -> dict[str, object]:
    return {
        "number": now_there.id,
        "title": behind_lesson(act.session, now_there.id).out_of(now_there.lesson.title),
        "who": _called(act, row),
        "people": row.people,
        "organisation": bodies.organisation(act.session, row.organisation_id).name,
        "link": Link(act.office.link(f"/desk/lessons/{now_there.id}")),
    }


def _place(row: LessonLearner) -> people.Place:
    return people.Place(row.service_id or 0, row.organisation_id)


def _called(act: Act, row: LessonLearner) -> str:
    body = act.session.get_one(Organisation, row.organisation_id).name
    return f"{body}: {act.session.get_one(Service, row.service_id).name}" if row.service_id else body


def _tasks(act: Act, row: LessonLearner) -> list[Task]:
    return tasks.with_key(act, f"lesson_to_learn:{row.id}")


def _waiting(act: Act, now_there: LessonNow) -> tuple[tuple[str, str], ...]:
    return tuple((str(one.id), _called(act, one)) for one in now_there.learners if one.implemented_at is None)


LEARNERS: tuple[Verb[LessonNow], ...] = (
    Verb("name_learner", "Say who must learn this", "Name a service or body that must learn this, and tell it.", name,
         lambda act, _n: (
             Field("who", "Who must learn it", "choice", options=learners(act)),
             Field("people", "Which people there", required=False, hint="Such as: everyone who books visits"),
             Field("person", "Email address of who answers for it there", required=False,
                   hint="They are told by email. Without one the service’s managers are told"),
         ),
         lambda _a, _n: None, events=("lesson.learner_named", "lesson.learner_told")),
    Verb("implemented", "Record what was changed", "Record what a service or body changed because of the lesson.",
         implemented,
         lambda act, n: (Field("learner", "Who made the change", "choice", options=_waiting(act, n)),
                         Field("what", "What they changed", "long_text")),
         lambda act, n: None if _waiting(act, n) else "Nobody who was named has a change to record.",
         events=("lesson.implemented",)),
)  # fmt: skip
