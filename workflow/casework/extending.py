"""Giving a clock longer, as far as its procedure allows, and telling the person why."""

from storage.tables import Case, Letter
from templates.dates import with_weekday
from workflow import letters
from workflow.casework.lettering import DATES, known
from workflow.casework.situation import Situation, situation
from workflow.casework.verb import Field, Given, Refused, Verb, day, needed, text, whole_number, yes
from workflow.checklist import filled
from workflow.office import Act
from workflow.record import standing_of, write_down
from workflow.standing import ClockStanding
from workflow.working_days import london


def extend(act: Act, case: Case, given: Given) -> None:
    """Give a clock longer, as far as its procedure allows, and tell the person why."""
    now_there = situation(act.session, case, act.now)
    clock = _clock_to_extend(now_there, text(given, "clock"))
    reason = needed(given, "reason", "why more time is needed")
    data: dict[str, object] = {"clock": clock.id, "reason": reason, "agreed": _agreements(act, given)}
    days, until = whole_number(given, "days"), day(given, "to")
    if until is None and days is None:
        raise Refused("Enter how many days, or the new date", "days")
    data |= {"to": until.isoformat()} if until else {"days": days}
    if text(given, "good_reason"):
        data["good_reason"] = text(given, "good_reason")
    write_down(act, case, "clock.extended", because=reason, data=data)
    _tell(act, case, now_there, clock, reason)


def _tell(act: Act, case: Case, before: Situation, clock: ClockStanding, reason: str) -> None:
    after = standing_of(act.session, case, act.now)
    moved = after.clock(clock.id)
    if moved.due is None or moved.due == clock.due:
        # It stands in the record, but the rule does not let it count: nobody may be told a date that is not one.
        raise Refused(next(reversed(after.problems), "The procedure does not allow this extension"), "days")
    write_down(act, case, "clock.promised", data={"clock": clock.id, "date": moved.due.isoformat()})
    rule = before.procedure.clock(clock.id).extensions[0]
    wanted = rule.must_contain or ("new_date", "reason", "ombudsman_contact")
    words = known(before) | {"{new_date}": with_weekday(moved.due, case.language), "reason": reason}
    items = filled(wanted, {}, words, case.language)
    facts = {"old_date": with_weekday(clock.keep_by, case.language) if clock.keep_by else ""}
    letters.issue(act, case, "extension_notice", items=items, facts=facts, procedure_letter=rule.letter)


def _clock_to_extend(now_there: Situation, wanted: str) -> ClockStanding:
    """The clock that was named, else the one of the present stage."""
    if any(_tells_a_date(letter) for letter in now_there.letters):
        # Else one letter would tell a date that the other has already changed.
        raise Refused(
            "A letter that tells the person a date has not left yet. Extend once it has, or take it back first"
        )
    for clock in _extendable(now_there):
        if clock.id == wanted or (not wanted and clock.stage == now_there.stage.id):
            return clock
    raise Refused("No clock that is running can be extended under this procedure", "clock")


def _tells_a_date(letter: Letter) -> bool:
    """Whether a letter with a date in it is still on its way, by email or by post."""
    if letter.relayed_at or letter.recalled_at or letter.not_served_at:
        return False
    return bool(letter.facts.get("promises")) or any(item["id"] in DATES for item in letter.facts.get("items", ()))


def _extendable(now_there: Situation) -> list[ClockStanding]:
    return [c for c in now_there.standing.clocks if c.is_owed and now_there.procedure.clock(c.id).extensions]


def _agreements(act: Act, given: Given) -> list[dict[str, str]]:
    """Who agreed: the person, if the handler says so; and a manager who extends has agreed by doing it."""
    today = london(act.now).isoformat()
    agreed = [{"role": "complainant", "on": today}] if yes(given, "complainant_agrees") else []
    if act.by.role in ("manager", "leader", "administrator"):
        agreed.append({"role": "complaints_manager", "on": today})
    return agreed


def _may_extend(now_there: Situation) -> str | None:
    try:
        _clock_to_extend(now_there, "")
    except Refused as refused:
        return str(refused)
    return None


def _named(now_there: Situation, clock: ClockStanding) -> str:
    due = clock.keep_by or clock.due
    return now_there.procedure.clock(clock.id).title + (f", due {with_weekday(due)}" if due else "")


def _extend_fields(_act: Act, now_there: Situation) -> tuple[Field, ...]:
    clocks = tuple((c.id, _named(now_there, c)) for c in _extendable(now_there))
    return (
        Field("clock", "Which date", "choice", required=False, options=clocks, value=clocks[0][0] if clocks else ""),
        Field("days", "How many days longer", "number", required=False,
              hint="Working days where the rule counts those"),
        Field("to", "Or until which date", "date", required=False),
        Field("reason", "Why more time is needed", "long_text", hint="This goes into the letter"),
        Field("complainant_agrees", "Has the person agreed?", "yes_no", required=False),
        Field("good_reason", "If it goes past the usual limit: the good reason", required=False),
    )  # fmt: skip


EXTENDING = (
    Verb("extend", "Extend", "Give a date longer, as far as the procedure allows.", extend, _extend_fields, _may_extend,
         events=("clock.extended", "clock.promised", "letter.sent"), letters=("extension_notice",)),
)  # fmt: skip
