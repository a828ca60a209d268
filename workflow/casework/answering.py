"""Acknowledging, asking, extending, deciding and answering: the duties of a stage."""

from collections.abc import Mapping
from datetime import date

from storage.tables import Case, Head
from templates.environments import with_weekday
from templates.writing import Written, headings
from workflow import letters
from workflow.casework.situation import ANSWERS, Situation, situation
from workflow.casework.verb import Field, Given, Refused, Verb, day, needed, text, whole_number, yes
from workflow.checklist import Item, filled, known_of, suggestions
from workflow.clocks import evaluate
from workflow.definition import Letter as LetterRule
from workflow.happenings import Happening
from workflow.office import Act
from workflow.record import calendar_of, happenings, note, standing_of, write_down
from workflow.standing import ClockStanding
from workflow.working_days import london

DEFINED = ("complaint_definition", "outcomes_sought")  # what an acknowledgement must have settled to count
DEFINES = ("complaint_definition", "understanding_of_complaint")
SEEKS = ("outcomes_sought", "expectations")


def acknowledge(act: Act, case: Case, given: Given) -> None:
    """Write to the person what we understand the complaint to be and what happens next."""
    now_there = situation(act.session, case, act.now)
    rule = _letter(now_there, "acknowledged")
    items = _items(now_there, rule, given, due=_due_after(act, case, now_there, rule, given))
    case.definition = next((item.text for item in items if item.id in DEFINES), case.definition)
    case.outcomes_sought = next((item.text for item in items if item.id in SEEKS), case.outcomes_sought)
    _split_into_heads(act, case, now_there, given)
    _promise(act, case, now_there, day(given, "promised"))
    letters.issue(
        act, case, "acknowledgement", items=items, facts={"stage": now_there.stage.title}, procedure_letter=rule.id,
        on_relayed=rule.on, event_data={item.id: True for item in items} | dict.fromkeys(DEFINED, True),
    )  # fmt: skip


def ask(act: Act, case: Case, given: Given) -> None:
    """Ask the person something. No clock stops for it: no procedure shipped here allows that."""
    question = needed(given, "question", "your question")
    answer_by = day(given, "answer_by")
    facts = {"question": question, "answer_by": with_weekday(answer_by) if answer_by else ""}
    letter = letters.issue(act, case, "question", facts=facts)
    note(act, case, "person.asked", data={"letter": letter.id})


def extend(act: Act, case: Case, given: Given) -> None:
    """Give a clock longer, as far as its procedure allows, and tell the person why."""
    now_there = situation(act.session, case, act.now)
    clock = _clock_to_extend(now_there, text(given, "clock"))
    reason = needed(given, "reason", "why more time is needed")
    data: dict[str, object] = {"clock": clock.id, "reason": reason}
    days, until = whole_number(given, "days"), day(given, "to")
    if until is None and days is None:
        raise Refused("Enter how many days, or the new date", "days")
    data |= {"to": until.isoformat()} if until else {"days": days}
    if text(given, "good_reason"):
        data["good_reason"] = text(given, "good_reason")
    data["agreed"] = _agreements(act, given)
    write_down(act, case, "clock.extended", because=reason, data=data)
    _tell_of_extension(act, case, now_there, clock, reason)


def decide(act: Act, case: Case, given: Given) -> None:
    """Decide one head of complaint, with reasons and remedy."""
    now_there = situation(act.session, case, act.now)
    head = _head(case, now_there, given)
    outcome = needed(given, "outcome", "your decision")
    known = [str(one["id"]) for one in now_there.procedure.outcomes]
    if outcome not in known:
        raise Refused(f"Decision must be one of {', '.join(known)}", "outcome")
    head.outcome, head.reasons = outcome, needed(given, "reasons", "your reasons")
    head.remedy, head.stage, head.decided_at = text(given, "remedy"), now_there.stage.id, act.now
    act.session.add(head)
    act.session.flush()
    note(act, case, "head.decided", data={"head": head.id, "outcome": outcome, "stage": now_there.stage.id})


def respond(act: Act, case: Case, given: Given) -> None:
    """Send the stage's answer, once every head of complaint is decided and the letter is complete."""
    now_there = situation(act.session, case, act.now)
    undecided = [head for head in now_there.heads if not _is_decided(now_there, head)]
    if undecided or not now_there.heads:
        raise Refused(f"Decide every head of complaint first: {len(undecided) or 'none has been'} not decided")
    rule = _letter(now_there, *ANSWERS)
    items = _items(now_there, rule, given)
    letters.issue(
        act, case, "response", items=items, procedure_letter=rule.id, on_relayed=rule.on,
        event_data={item.id: True for item in items},
    )  # fmt: skip


def preview_acknowledgement(act: Act, case: Case, given: Given) -> Written:
    now_there = situation(act.session, case, act.now)
    rule = _letter(now_there, "acknowledged")
    items = _items(now_there, rule, given, due=_due_after(act, case, now_there, rule, given))
    return letters.preview(act, case, "acknowledgement", items, {"stage": now_there.stage.title})


def preview_response(act: Act, case: Case, given: Given) -> Written:
    now_there = situation(act.session, case, act.now)
    return letters.preview(act, case, "response", _items(now_there, _letter(now_there, *ANSWERS), given), {})


def item_fields(now_there: Situation, rule: LetterRule | None, due: date | None = None) -> tuple[Field, ...]:
    """The letter's checklist as fields, filled in as far as we can."""
    if rule is None:
        return ()
    ready = suggestions(rule.must_contain, _known(now_there, due), now_there.case.language)
    return tuple(
        Field(
            item, headings().get(item, {}).get("ask", item.replace("_", " ")), "long_text", value=ready[item], item=True
        )
        for item in rule.must_contain
    )


def _letter(now_there: Situation, *steps: str) -> LetterRule:
    rule = now_there.letter_on(*steps)
    if rule is None:
        raise Refused(f"{now_there.stage.title} has no letter for this")
    if not now_there.may_move(rule.on) or now_there.on_its_way(rule.on):
        raise Refused("This letter has been approved already, or is not due at this stage")
    return rule


def _items(now_there: Situation, rule: LetterRule, given: Given, due: date | None = None) -> tuple[Item, ...]:
    words = {item: text(given, item) for item in rule.must_contain if text(given, item)}
    return filled(rule.must_contain, words, _known(now_there, due), now_there.case.language)


def _known(now_there: Situation, due: date | None) -> Mapping[str, str]:
    if due is None:
        due = _answer_due(now_there)
    heads = [head for head in now_there.heads if head.stage in (None, now_there.stage.id)]
    return known_of(
        now_there.case, now_there.procedure, now_there.standing, heads, due=due, language=now_there.case.language
    )


def _due_after(act: Act, case: Case, now_there: Situation, rule: LetterRule, given: Given) -> date | None:
    """When the answer is due once this letter has gone out today, or the earlier date promised in it."""
    promised = day(given, "promised")
    if promised is not None:
        return promised
    sent = Happening(rule.on, act.now, dict.fromkeys((*rule.must_contain, *DEFINED), True))
    so_far = happenings(act.session, case, now_there.procedure)
    after = evaluate(now_there.procedure, [*so_far, sent], calendar_of(act.session, case), act.now)
    return [clock.due for clock in after.clocks if clock.stage == now_there.stage.id][-1]


def _answer_due(now_there: Situation) -> date | None:
    """When the stage's answer is due: the last of its clocks."""
    of_stage = [clock for clock in now_there.standing.clocks if clock.stage == now_there.stage.id and clock.due]
    return (of_stage[-1].promised or of_stage[-1].due) if of_stage else None


def _promise(act: Act, case: Case, now_there: Situation, promised: date | None) -> None:
    if promised is None:
        return
    clock = [clock for clock in now_there.standing.clocks if clock.stage == now_there.stage.id][-1]
    if promised < london(act.now):
        raise Refused("The date you promise must not be past", "promised")
    write_down(act, case, "clock.promised", data={"clock": clock.id, "date": promised.isoformat()})


def _split_into_heads(act: Act, case: Case, now_there: Situation, given: Given) -> None:
    """Each line of `heads` is one head of complaint; without any, the definition is the one."""
    if now_there.heads:
        return
    lines = [line.strip(" -•\t") for line in text(given, "heads").splitlines() if line.strip(" -•\t")]
    for line in lines or [case.definition]:
        act.session.add(Head(case_id=_id(case), text=line))


def _clock_to_extend(now_there: Situation, wanted: str) -> ClockStanding:
    may = [c for c in now_there.standing.clocks if c.is_owed and now_there.procedure.clock(c.id).extensions]
    of_stage = [c for c in may if c.stage == now_there.stage.id]
    for clock in may if wanted else of_stage:
        if not wanted or clock.id == wanted:
            return clock
    raise Refused("No clock that is running can be extended under this procedure", "clock")


def _agreements(act: Act, given: Given) -> list[dict[str, str]]:
    today = london(act.now).isoformat()
    agreed = [{"role": "complainant", "on": today}] if yes(given, "complainant_agrees") else []
    if act.by.role in ("manager", "leader", "administrator"):
        agreed.append({"role": "complaints_manager", "on": today})
    return agreed


def _tell_of_extension(act: Act, case: Case, before: Situation, clock: ClockStanding, reason: str) -> None:
    after = standing_of(act.session, case, act.now)
    moved = after.clock(clock.id)
    if moved.due == clock.due:
        # It stands in the record, but the rule does not let it count: nobody may be told a date that is not one.
        raise Refused(next(reversed(after.problems), "The procedure does not allow this extension"), "days")
    rule = before.procedure.clock(clock.id).extensions[0]
    items = rule.must_contain or ("new_date", "reason", "ombudsman_contact")
    known = dict(_known(before, None)) | {"{new_date}": with_weekday(moved.due) if moved.due else "", "reason": reason}
    facts = {"old_date": with_weekday(clock.promised or clock.due) if clock.due else ""}
    letters.issue(
        act, case, "extension_notice", items=filled(items, {}, known), facts=facts, procedure_letter=rule.letter
    )


def _head(case: Case, now_there: Situation, given: Given) -> Head:
    wanted = text(given, "head")
    if not wanted and len(now_there.heads) == 1:
        return now_there.heads[0]
    for number, head in enumerate(now_there.heads, 1):
        if wanted in (str(head.id), f"{number}", head.text):
            return head
    if wanted.isdigit() or not wanted:
        raise Refused("Say which head of complaint: its number, or the words of a new one", "head")
    return Head(case_id=_id(case), text=wanted)


def _is_decided(now_there: Situation, head: Head) -> bool:
    return head.outcome is not None and head.stage == now_there.stage.id


def _may_acknowledge(now_there: Situation) -> str | None:
    return _may_send(now_there, "This stage has no acknowledgement, or it has been sent.", "acknowledged")


def _may_respond(now_there: Situation) -> str | None:
    why_not = _may_send(now_there, "No answer is due at this stage.", *ANSWERS)
    if why_not is None and (not now_there.heads or any(not _is_decided(now_there, head) for head in now_there.heads)):
        return "Decide every head of complaint first."
    return why_not


def _may_send(now_there: Situation, why_not: str, *steps: str) -> str | None:
    rule = now_there.letter_on(*steps)
    if rule is None or not now_there.may_move(rule.on):
        return why_not
    if steps == ("acknowledged",) and _already(now_there, rule.on):
        return why_not
    return "The letter has been approved and is about to go out." if now_there.on_its_way(rule.on) else None


def _already(now_there: Situation, event: str) -> bool:
    stops = [clock for clock in now_there.standing.clocks if event in now_there.procedure.clock(clock.id).stop]
    sent = any(
        letter.on_relayed == event and letter.relayed_at and not letter.not_served_at for letter in now_there.letters
    )
    return sent or any(clock.met_at for clock in stops)


def _open(now_there: Situation) -> str | None:
    return None if now_there.is_open else "The case is closed. Reopen it first."


def _may_extend(now_there: Situation) -> str | None:
    try:
        _clock_to_extend(now_there, "")
    except Refused as refused:
        return str(refused)
    return None


def _may_decide(now_there: Situation) -> str | None:
    if not now_there.is_open or (not now_there.heads and not now_there.case.definition):
        return "Acknowledge the complaint first, so that its heads are defined."
    return None


def _acknowledge_fields(act: Act, now_there: Situation) -> tuple[Field, ...]:
    rule = now_there.letter_on("acknowledged")
    due = _due_after(act, now_there.case, now_there, rule, {}) if rule and now_there.may_move(rule.on) else None
    fields = item_fields(now_there, rule, due)
    heads = Field("heads", "Heads of complaint, one on each line", "long_text", required=False,
                  hint="Each is decided on its own. Leave empty if there is only one.")  # fmt: skip
    promised = Field("promised", "Date promised for the answer", "date", required=False,
                     hint="Only if it is earlier than the rule's date, or the rule leaves it to you")  # fmt: skip
    return (*fields, heads, promised)


def _decide_fields(_act: Act, now_there: Situation) -> tuple[Field, ...]:
    heads = tuple((str(head.id), head.text) for head in now_there.heads)
    outcomes = tuple((str(o["id"]), str(o["id"]).replace("_", " ").capitalize()) for o in now_there.procedure.outcomes)
    return (
        Field("head", "Head of complaint", "choice", options=heads),
        Field("outcome", "Decision", "choice", options=outcomes),
        Field("reasons", "Reasons: what should have happened, and what did", "long_text"),
        Field("remedy", "Remedy: what will be done, by whom, by when", "long_text", required=False),
    )


def _extend_fields(_act: Act, now_there: Situation) -> tuple[Field, ...]:
    owed = [c for c in now_there.standing.clocks if c.is_owed and now_there.procedure.clock(c.id).extensions]
    clocks = tuple((c.id, f"{now_there.procedure.clock(c.id).title}, due {c.due}") for c in owed)
    return (
        Field("clock", "Which date", "choice", required=False, options=clocks, value=clocks[0][0] if clocks else ""),
        Field(
            "days", "How many days longer", "number", required=False, hint="Working days where the rule counts those"
        ),
        Field("to", "Or until which date", "date", required=False),
        Field("reason", "Why more time is needed", "long_text", hint="This goes into the letter"),
        Field("complainant_agrees", "Has the person agreed?", "yes_no", required=False),
        Field("good_reason", "If it goes past the usual limit: the good reason", required=False),
    )


def _id(case: Case) -> int:
    assert case.id is not None
    return case.id


ANSWERING = (
    Verb("acknowledge", "Acknowledge", "Write what we understand it to be, and what happens next.", acknowledge,
         _acknowledge_fields, _may_acknowledge, events=("clock.promised", "{stage}.acknowledged"),
         letters=("acknowledgement",), preview=preview_acknowledgement),
    Verb("ask", "Ask the person", "Ask the person something by letter.", ask,
         lambda _a, _s: (Field("question", "Your question", "long_text"),
                         Field("answer_by", "By when you would like an answer", "date", required=False)),
         _open, events=("person.asked", "letter.sent"), letters=("question",)),
    Verb("extend", "Extend", "Give a date longer, as far as the procedure allows.", extend, _extend_fields, _may_extend,
         events=("clock.extended", "letter.sent"), letters=("extension_notice",)),
    Verb("decide", "Decide", "Decide one head of complaint.", decide, _decide_fields, _may_decide,
         events=("head.decided",)),
    Verb("respond", "Answer", "Send the answer of this stage.", respond,
         lambda _a, s: item_fields(s, s.letter_on(*ANSWERS)), _may_respond,
         events=("{stage}.response_sent",), letters=("response",), preview=preview_response),
)  # fmt: skip
