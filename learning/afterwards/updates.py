"""Updates to the people of a case, on their own rhythm, until all that was promised has come to its end."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from learning.afterwards import changes, informed
from learning.afterwards.changes import Change
from learning.afterwards.writing_to import chosen_way, remember, write_to
from storage.tables import Case, KeepInformed, Participant, UpdateSent
from workflow import record
from workflow.office import Act
from workflow.working_days import london


def due(act: Act, most: int | None = None) -> list[int]:
    """Ids of those to whom an update is due, the longest due first; reads no others."""
    query = select(KeepInformed.id).where(*_is_due(act.now)).order_by(col(KeepInformed.next_at), col(KeepInformed.id))
    return [id_ for id_ in act.session.exec(query.limit(most)) if id_]


def send(act: Act, informed_id: int) -> bool:
    """Write one update, owe it, and set the day of the next. False, and nothing, if another has it or did it."""
    case_id = act.session.exec(select(KeepInformed.case_id).where(KeepInformed.id == informed_id)).first()
    case = record.lock_if_free(act.session, case_id)
    query = select(KeepInformed).where(KeepInformed.id == informed_id, *_is_due(act.now))
    whose = act.session.exec(query.execution_options(populate_existing=True)).first()
    if case is None or whose is None or whose.next_at is None:
        return False
    if informed.tell_at_last(act, case, whose):
        return True
    participant = act.session.get_one(Participant, whose.participant_id)
    before = last_told(act.session, participant.id)
    found = changes.of_case(act.session, case.id or 0, london(act.now), case.language, before)
    is_over = changes.has_ended(act.session, case.id or 0)
    if found and not (is_over and _knows_the_end(act.session, participant.id, found, before)):
        key = f"update:{participant.id}:{whose.next_at.isoformat()}"
        kind = "changed" if is_over else "update"
        _write(act, case, participant, whose, kind, _facts(found, before))
        remember(act, case, participant, kind, key, changes.told_of(found))
    whose.next_at = informed.after(whose, act.now) if found and not is_over else None
    act.session.add(whose)
    return True


def last_told(session: Session, participant_id: int | None) -> dict[str, Any]:
    """What someone was told last of each action; empty before the first letter."""
    query = select(UpdateSent.facts).where(UpdateSent.participant_id == participant_id)
    told: dict[str, Any] = {}
    for facts in session.exec(query.order_by(col(UpdateSent.id))).all():
        told |= facts.get("actions", {})
    return told


def _knows_the_end(
    session: Session, participant_id: int | None, found: Sequence[Change], before: Mapping[str, Any]
) -> bool:
    """Whether they were told what changed in the end, and nothing of it is different now."""
    query = select(UpdateSent.kind).where(UpdateSent.participant_id == participant_id)
    last = session.exec(query.order_by(col(UpdateSent.id).desc())).first()
    return last == "changed" and not _news(found, before)


def _news(found: Sequence[Change], before: Mapping[str, Any]) -> list[Change]:
    return [one for one in found if before.get(str(one.action_id), {}).get("mark") != one.mark]


def _is_due(now: datetime) -> tuple[Any, ...]:
    return col(KeepInformed.stopped_at).is_(None), col(KeepInformed.next_at) <= now


def _facts(found: Sequence[Change], before: Mapping[str, Any]) -> dict[str, Any]:
    """What is done, late and to come. What was told as done in an earlier letter is named only."""
    news = _news(found, before)
    ended = [one for one in found if one.part in ("done", "dropped")]
    return {
        "is_news": bool(news),
        "done": [one.as_fact for one in found if one.part == "done" and (one in news or changes.is_awaited(one))],
        "late": [one.as_fact for one in found if one.part == "late"],
        "coming": [one.as_fact for one in found if one.part in ("coming", "again")],
        "dropped": [one.as_fact for one in found if one.part == "dropped" and one in news],
        "earlier": [one.what for one in ended if one not in news and not changes.is_awaited(one)],
        "all_done": [one.as_fact for one in found if one.part == "done"],
        "all_dropped": [one.as_fact for one in found if one.part == "dropped"],
    }


def _write(
    act: Act, case: Case, participant: Participant, whose: KeepInformed, kind: str, facts: Mapping[str, Any]
) -> None:
    rhythm = changes.words(case.language)["rhythm"][str(whose.every_weeks or informed.UNASKED)]
    more = {
        "updates_link": str(informed.link(act.office, whose)),
        "rhythm": rhythm,
        "has_asked": bool(whose.answered_at),
    }
    write_to(act, case, participant, kind, {**facts, **more}, chosen_way(whose, participant))
