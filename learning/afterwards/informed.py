"""How the people of a case wish to hear what becomes of it: asked when a plan is agreed, changed and stopped."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from learning.afterwards import changes
from learning.afterwards.writing_to import chosen_way, kind_of, remember, write_to
from learning.record import note
from storage.tables import ActionPlan, Case, KeepInformed, LearningEvent, LessonCase, Participant, UpdateSent
from templates.places import Link
from workflow import letters, record
from workflow.office import COMPLAINANT, Act, Office
from workflow.projection import morning
from workflow.tokens import Keyring, digest
from workflow.ways import ways_to
from workflow.working_days import london

RHYTHMS = (2, 4, 13)  # weeks, our own choice
UNASKED = 13  # weeks between updates to someone who has not said how often
CHANNELS = ("email", "chat", "post", "none")


def tell(act: Act, lesson_id: int) -> None:
    """Tell everyone on the cases behind an agreed plan what is intended, once, and ask how to keep them informed."""
    plan = act.session.exec(
        select(ActionPlan).where(ActionPlan.lesson_id == lesson_id, col(ActionPlan.agreed_at).is_not(None))
    ).first()
    if plan is None:
        return
    act.session.flush()
    query = select(LessonCase.case_id).where(LessonCase.lesson_id == lesson_id).order_by(col(LessonCase.case_id))
    linked = act.session.exec(query).all()
    # How it is put right is one person's matter: where several complained, it is not told to the others.
    put_right = plan.put_right if len(linked) == 1 and not _was_for_another(act.session, lesson_id) else ""
    for case_id in linked:
        case = record.lock(act.session, case_id)
        for participant in letters.participants(act, case):
            _tell(act, plan, case, participant, put_right)


def tell_at_last(act: Act, case: Case, informed: KeepInformed) -> bool:
    """Tell them what is intended, if that waited for our answer to their complaint; false where they know it."""
    if _was_told(act.session, informed):
        return False
    if awaits_answer(act.session, case, act.now):
        informed.next_at = _tomorrow(act)
        act.session.add(informed)
        return True
    informed.next_at = None
    lessons = select(LessonCase.lesson_id).where(LessonCase.case_id == case.id).order_by(col(LessonCase.id))
    for lesson_id in act.session.exec(lessons).all():
        tell(act, lesson_id)
    return True


def known_now(session: Session, case_id: int, now: datetime, language: str = "en") -> list[changes.Change]:
    """What becomes of a complaint, as its person may know it now: what we intend is told after what we decided."""
    if awaits_answer(session, session.get_one(Case, case_id), now):
        return []
    return changes.of_case(session, case_id, london(now), language)


def awaits_answer(session: Session, case: Case, now: datetime) -> bool:
    """Whether they have not had any answer of ours yet: what we intend must not reach them before what we decided."""
    return case.state == "open" and not record.standing_of(session, case, now).answered


def tell_soon(act: Act, lesson_id: int) -> None:
    """A plan has ended: those for whom all has ended hear at once what changed because of them.

    Or it came back, as when an improvement did not last: updates go on, though the last one had been written.
    """
    rows = select(KeepInformed).join(LessonCase, col(LessonCase.case_id) == KeepInformed.case_id)
    for informed in act.session.exec(rows.where(LessonCase.lesson_id == lesson_id)).all():
        if not changes.has_ended(act.session, informed.case_id):
            _go_on(act, informed)
        elif informed.stopped_at is None:
            informed.next_at = act.now
            act.session.add(informed)


def choose(act: Act, participant: Participant, channel: str, every_weeks: int | None = None) -> KeepInformed:
    """Keep how someone wishes to be kept informed; `none` stops it. Raises ValueError for what can't be chosen.

    By email, chat or post: one that is known and safe. Without `every_weeks` the rhythm stays as it was.
    """
    if channel not in choices(participant) or (every_weeks or RHYTHMS[0]) not in RHYTHMS:
        raise ValueError("this way or rhythm can't be chosen")
    case = record.lock(act.session, participant.case_id)
    informed = _row(act, participant)
    informed.channel, informed.answered_at = channel, act.now
    informed.every_weeks = every_weeks or informed.every_weeks
    informed.stopped_at = act.now if channel == "none" else None
    informed.next_at = None if channel == "none" else _first(act, informed)
    data = {"participant": participant.id, "channel": channel, "weeks": informed.every_weeks}
    record.note(act, case, "informed.chosen", data=data)
    act.session.add(informed)
    return informed


def stop(act: Act, informed: KeepInformed) -> None:
    """No more updates; letters on the complaint itself come as before. Stopping twice changes nothing."""
    case = record.lock(act.session, informed.case_id)
    act.session.refresh(informed)
    if informed.stopped_at is not None:
        return
    informed.stopped_at, informed.next_at = act.now, None
    record.note(act, case, "informed.stopped", data={"participant": informed.participant_id})
    act.session.add(informed)


def is_over(session: Session, informed: KeepInformed) -> bool:
    """Whether they were told what changed in the end: nothing more comes, unless something is taken up again."""
    query = select(UpdateSent.kind).where(UpdateSent.participant_id == informed.participant_id)
    last = session.exec(query.order_by(col(UpdateSent.id).desc()).limit(1)).first()
    return last == "changed" and changes.has_ended(session, informed.case_id)


def choices(participant: Participant) -> Sequence[str]:
    """How this person can be kept informed: by each way that is known and safe, and not at all."""
    return [*dict.fromkeys(kind_of(way) for way in ways_to(participant)), "none"]


def of(session: Session, participant_id: int | None) -> KeepInformed | None:
    """What someone chose; None for who was never asked."""
    return session.exec(select(KeepInformed).where(KeepInformed.participant_id == participant_id)).first()


def find(session: Session, secret: str) -> KeepInformed | None:
    """Whose choices are behind this link; None for one that is wrong."""
    return session.exec(select(KeepInformed).where(KeepInformed.stop_hash == digest(secret))).first()


def link(office: Office, informed: KeepInformed) -> Link:
    """The page of someone's choices; `/stop` behind it stops by one click. A secret whose key is gone is renewed."""
    found = secret_of(office.keyring, informed)
    if found is None:
        found = office.keyring.sign("updates", str(informed.participant_id))
        informed.stop_hash = digest(found)
    return Link(office.link(f"/updates/{found}"))


def secret_of(keyring: Keyring, informed: KeepInformed) -> str | None:
    """The secret of that page, whichever key made it; None when that key has been taken away."""
    made = keyring.signatures("updates", str(informed.participant_id))
    return next((one for one in made if digest(one) == informed.stop_hash), None)


def as_complainant(act: Act) -> Act:
    """What a person does on their own page is their act."""
    return Act(act.session, act.office, COMPLAINANT, act.now)


def after(informed: KeepInformed, now: datetime) -> datetime:
    """When the next update is due: a whole number of rhythms after the last date, on a morning ahead."""
    weeks = timedelta(weeks=informed.every_weeks or UNASKED)
    day = london(informed.next_at or now)
    while morning(day) <= now:
        day += weeks
    return morning(day)


def _tell(act: Act, plan: ActionPlan, case: Case, participant: Participant, put_right: str) -> None:
    key = f"intended:{plan.id}:{participant.id}"
    informed = _row(act, participant)
    if act.session.exec(select(UpdateSent.id).where(UpdateSent.key == key)).first() is not None:
        _go_on(act, informed)
        return
    if informed.channel == "none" or informed.stopped_at is not None:
        return  # they said that they don't want to hear of it
    if awaits_answer(act.session, case, act.now):
        informed.next_at = _tomorrow(act)
        act.session.add(informed)
        return
    intended = changes.of_case(act.session, case.id or 0, london(act.now), case.language)
    facts = {
        "intended": [one.as_fact for one in intended],
        "put_right": put_right,
        "updates_link": str(link(act.office, informed)),
        "ways": list(changes.words(case.language)["way"].values()),
    }
    write_to(act, case, participant, "intended", facts, chosen_way(informed, participant))
    remember(act, case, participant, "intended", key, changes.told_of(intended))
    informed.asked_at = informed.asked_at or act.now
    _go_on(act, informed)
    note(act, plan.lesson_id, "person.told", data={"case": case.reference})


def _tomorrow(act: Act) -> datetime:
    return morning(london(act.now) + timedelta(days=1))


def _was_for_another(session: Session, lesson_id: int) -> bool:
    """Whether a complaint was taken away since the plan was last described: its words may be about that one."""
    names = ("plan.changed", "lesson.case_unlinked")
    query = select(LearningEvent.name).where(LearningEvent.lesson_id == lesson_id, col(LearningEvent.name).in_(names))
    return session.exec(query.order_by(col(LearningEvent.id).desc())).first() == "lesson.case_unlinked"


def _go_on(act: Act, informed: KeepInformed) -> None:
    """Updates come from now on, unless they were stopped; those that come already keep their day."""
    if informed.stopped_at is None and informed.next_at is None:
        informed.next_at = _next(act, informed)
        act.session.add(informed)


def _first(act: Act, informed: KeepInformed) -> datetime:
    """When they hear next: on the rhythm they chose; what is intended, if they don’t know it yet, waits for none."""
    return _next(act, informed) if _was_told(act.session, informed) else _tomorrow(act)


def _was_told(session: Session, informed: KeepInformed) -> bool:
    query = select(UpdateSent.id).where(UpdateSent.participant_id == informed.participant_id).limit(1)
    return session.exec(query).first() is not None


def _next(act: Act, informed: KeepInformed) -> datetime:
    informed.next_at = None
    return after(informed, act.now)


def _row(act: Act, participant: Participant) -> KeepInformed:
    found = of(act.session, participant.id)
    if found is None:
        found = KeepInformed(participant_id=participant.id or 0, case_id=participant.case_id)
        link(act.office, found)
        act.session.add(found)
        act.session.flush()
    return found
