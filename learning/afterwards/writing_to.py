"""A letter to one person about what becomes of their complaint, by the way they chose for that, if it is safe."""

from collections.abc import Mapping
from typing import Any

from storage import numbers
from storage.tables import Case, KeepInformed, Letter, Participant, UpdateSent
from workflow import letters, tasks
from workflow.office import SYSTEM, Act
from workflow.ways import Way, ways_to


def write_to(
    act: Act, case: Case, participant: Participant, kind: str, facts: Mapping[str, Any], way: Way | None
) -> Letter:
    """Owe it at once; without a safe way, ask a person to find one."""
    who = act.by.name if act.by.staff_id else SYSTEM.name
    letter = Letter(
        id=numbers.take(act.session, Letter),
        case_id=case.id or 0,
        participant_id=participant.id,
        kind=kind,
        language=case.language,
        facts={"items": [], "facts": {**facts, "by_post": way is not None and way.channel == "post"}, "event_data": {}},
        drafted_at=act.now,
        drafted_by=who,
        approved_at=act.now,
        approved_by=who,
        issued_at=act.now,
    )
    act.session.add(letter)
    act.session.flush()
    if way is None:
        letter.not_served_at = act.now
        words = f"There is no safe way on record to send a letter ({kind}). Speak to the person."
        tasks.add(act, case, "no_safe_way", f"no_safe_way:{letter.id}:{participant.id}", words, {"letter": letter.id})
    else:
        letters.send_by(act, case, letter, participant, way)
    return letter


def remember(
    act: Act, case: Case, participant: Participant, kind: str, key: str, told: Mapping[str, Mapping[str, str]]
) -> None:
    """Keep what was told of each action, under a key that nothing is owed twice by."""
    row = UpdateSent(
        key=key,
        participant_id=participant.id or 0,
        case_id=case.id or 0,
        kind=kind,
        at=act.now,
        facts={"actions": told},
    )
    act.session.add(row)


def chosen_way(informed: KeepInformed, participant: Participant) -> Way | None:
    """The way they chose for updates; where that is no longer known or safe, the one they prefer for all letters."""
    safe = ways_to(participant)
    wanted = (way for way in safe if kind_of(way) == informed.channel)
    return next(wanted, None) or next(iter(safe), None)


def kind_of(way: Way) -> str:
    """email, post or chat, as people choose among them."""
    return "chat" if way.is_chat else way.channel
