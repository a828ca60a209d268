"""Whether a procedure makes sense: every stage reached and left, every clock stopped, every name known."""

import re
from collections.abc import Iterator

from workflow.definition import Clock, Procedure, Stage
from workflow.happenings import CONDITIONS, GENERAL, OF_A_STAGE
from workflow.procedure_errors import Path, wrong
from workflow.procedure_spans import span_problems

Problem = tuple[Path, str]  # where, and what is wrong with what to do
EXTRA_STAGE = re.compile(r"\b(stage\s*(0|zero|nought)|informal|pre-?stage)\b", re.IGNORECASE)


def check(procedure: Procedure, text: str, name: str) -> None:
    """ProcedureError at the first thing that does not hold together."""
    for path, what in _problems(procedure):
        raise wrong(name, text, path, what)


def _problems(procedure: Procedure) -> Iterator[Problem]:
    yield from _head_problems(procedure)
    yield from _twice(procedure)
    for place, stage in enumerate(procedure.stages):
        yield from _entry_problems(procedure, stage, ("stage", place))
        yield from _clock_problems(procedure, stage, ("stage", place))
        for number, letter in enumerate(stage.letters):
            yield from _event_problems(procedure, letter.on, ("stage", place, "letter", number, "on"))
    yield from _way_problems(procedure)
    yield from span_problems(procedure)


def _head_problems(procedure: Procedure) -> Iterator[Problem]:
    at = ("procedure",)
    if procedure.raw["schema"] != 1:
        yield ("schema",), f"schema {procedure.raw['schema']} is not known; this program reads schema 1"
    if procedure.valid_to and procedure.valid_to < procedure.valid_from:
        yield (*at, "valid_to"), "ends before valid_from; correct one of the two dates"
    if procedure.receipt_cutoff and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", procedure.receipt_cutoff):
        yield (*at, "receipt_cutoff"), "needs a time such as 17:00"
    yield from _stage_count_problems(procedure)


def _stage_count_problems(procedure: Procedure) -> Iterator[Problem]:
    if procedure.max_stages is None:
        return
    internal = [place for place, stage in enumerate(procedure.stages) if stage.is_worked]
    if len(internal) > procedure.max_stages:
        yield ("stage", internal[procedure.max_stages]), f"one stage too many: max_stages is {procedure.max_stages}"
    for place, stage in enumerate(procedure.stages):
        if stage.kind == "pre" or EXTRA_STAGE.search(f"{stage.id} {stage.title}"):
            yield ("stage", place), "max_stages allows no extra named stage such as this; remove it"


def _twice(procedure: Procedure) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, stage in enumerate(procedure.stages):
        for list_name, ids in (("clock", [c.id for c in stage.clocks]), ("letter", [x.id for x in stage.letters])):
            for number, part_id in enumerate(ids):
                if f"{list_name} {part_id}" in seen:
                    yield ("stage", place, list_name, number, "id"), f"{part_id} is used twice; rename one"
                seen.add(f"{list_name} {part_id}")
        if f"stage {stage.id}" in seen:
            yield ("stage", place, "id"), f"{stage.id} is used twice; rename one"
        seen.add(f"stage {stage.id}")


def _entry_problems(procedure: Procedure, stage: Stage, at: Path) -> Iterator[Problem]:
    stages = {each.id for each in procedure.worked_stages}
    clocks = {each.id for each in procedure.clocks}
    for way in stage.entry:
        kind, _, rest = way.partition(":")
        what, _, whom = rest.partition(":")
        known = way in ("complaint.received", "signpost:refused", "signpost:overdue", "fast_track:reason_required")
        known |= kind in ("request", "signpost") and what == "unhappy_with" and whom in stages
        known |= kind == "request" and what == "expired" and whom in clocks
        fits = (kind in ("signpost", "fast_track")) == (stage.kind == "ombudsman")
        if not known or not fits:
            yield (
                (*at, "entry"),
                (
                    f"{way!r} is no way into a stage of kind {stage.kind}; write complaint.received, "
                    "request:unhappy_with:STAGE, request:expired:CLOCK, or for an ombudsman "
                    "signpost:unhappy_with:STAGE, signpost:refused, signpost:overdue, fast_track:reason_required"
                ),
            )


def _clock_problems(procedure: Procedure, stage: Stage, at: Path) -> Iterator[Problem]:
    for number, clock in enumerate(stage.clocks):
        here = (*at, "clock", number)
        if not [name for name in clock.stop if name not in GENERAL]:
            yield here, f"{clock.id} has no stop event of its own; nothing would ever meet it: add one to stop"
        if stage.kind in ("pre", "ombudsman"):
            yield here, f"a stage of kind {stage.kind} keeps no clock of ours; move it or remove it"
        if clock.when is not None and clock.when not in CONDITIONS:
            yield (*here, "when"), f"unknown condition; known are {', '.join(CONDITIONS)}"
        if clock.expiry_opens and not _may_follow(procedure, clock):
            yield (*here, "expiry_opens"), f"no stage {clock.expiry_opens} is entered by request:expired:{clock.id}"
        for key in ("start", "stop", "resume"):
            for name in [clock.start] if key == "start" else getattr(clock, key):
                yield from _event_problems(procedure, name, (*here, key))


def _may_follow(procedure: Procedure, clock: Clock) -> bool:
    return any(s.id == clock.expiry_opens and f"request:expired:{clock.id}" in s.entry for s in procedure.stages)


def _event_problems(procedure: Procedure, name: str, at: Path) -> Iterator[Problem]:
    owner, _, verb = name.partition(".")
    if name in GENERAL or (verb in OF_A_STAGE and owner in {stage.id for stage in procedure.worked_stages}):
        return
    yield at, f"unknown event {name!r}; an event is STAGE.{{{', '.join(OF_A_STAGE)}}} or one of {', '.join(GENERAL)}"


def _way_problems(procedure: Procedure) -> Iterator[Problem]:
    """Every stage is reached from the start and leads on; the last of ours leads to an ombudsman."""
    reached = _reached(procedure)
    if not any("complaint.received" in stage.entry for stage in procedure.worked_stages):
        yield ("stage", 0), "no stage is entered by complaint.received; add it to the first stage's entry"
    for place, stage in enumerate(procedure.stages):
        if stage.kind != "pre" and stage.id not in reached:
            yield ("stage", place), f"{stage.id} can't be reached; give it an entry from an earlier stage"
        if stage.is_worked and not stage.clocks:
            yield ("stage", place), f"{stage.id} can't be left: it has no clock, so no answer ends it; add one"
        if stage.is_worked and not _next(procedure, stage):
            yield (
                ("stage", place),
                f"{stage.id} leads nowhere: let an ombudsman stage name signpost:unhappy_with:{stage.id}",
            )


def _reached(procedure: Procedure) -> set[str]:
    """Ids reached from complaint.received. A loop among other stages reaches nothing."""
    reached: set[str] = set()
    waiting = [
        s for s in procedure.stages if "complaint.received" in s.entry or "fast_track:reason_required" in s.entry
    ]
    while waiting:
        stage = waiting.pop()
        if stage.id not in reached:
            reached.add(stage.id)
            waiting += _next(procedure, stage)
    return reached


def _next(procedure: Procedure, stage: Stage) -> list[Stage]:
    ways = {f"{kind}:unhappy_with:{stage.id}" for kind in ("request", "signpost")}
    ways |= {f"request:expired:{clock.id}" for clock in stage.clocks}
    return [other for other in procedure.stages if ways & set(other.entry)]
