"""The next stage: asked for, accepted or refused; panels and their findings; and the way to the ombudsman."""

from datetime import datetime

from storage.tables import Case, CaseRole, Task
from templates.dates import with_weekday
from templates.words import titled
from templates.writing import phrases
from workflow import letters, tasks
from workflow.asked import REQUEST
from workflow.casework.lettering import id_of, item_fields, items_of, known, letter_due, why_no_letter
from workflow.casework.reaching import end_roles
from workflow.casework.situation import Situation, situation
from workflow.casework.verb import Field, Given, Refused, Verb, day, needed, text, yes_or_no
from workflow.checklist import filled, signpost_item
from workflow.office import Act
from workflow.record import bring_up_to_date, note, write_down
from workflow.working_days import london


def request_stage(act: Act, case: Case, given: Given) -> None:
    """Write down that the person is not satisfied: a proposal until it is accepted, dated by its arrival."""
    now_there = situation(act.session, case, act.now)
    event = _next_request(now_there)
    if event is None:
        raise Refused("No next stage is open: the stage has not been answered, or it was the last one")
    arrived, answered = day(given, "arrived"), now_there.answered_at
    if arrived and arrived > london(act.now):
        raise Refused("The day on which it reached us must be today or earlier", "arrived")
    if arrived and answered and arrived < london(answered):
        raise Refused(f"They can't have asked before {with_weekday(answered)}, when the answer left", "arrived")
    propose(act, case, event, now_there.on_day(arrived, act.now), text(given, "because"))


def propose(act: Act, case: Case, event: str, at: datetime, why: str = "") -> Task:
    """Put a request for the next stage into the worklist."""
    stage = event.partition(".")[0]
    key = f"stage_request:{case.id}:{event}:{at:%Y%m%dT%H%M}"
    data = {"event": event, "at": at.isoformat()}
    note(act, case, "stage.asked_for", at=at, because=why, data={"stage": stage})
    words = "The person is not satisfied. Accept their request for the next stage, or refuse it with reasons."
    task = tasks.add(act, case, REQUEST, key, words, data)
    bring_up_to_date(act.session, case, act.now)
    return task


def accept_request(act: Act, case: Case, given: Given) -> None:
    """Open the next stage. Its clocks run from the day on which the person asked."""
    task = _requested(act, case)
    asked = datetime.fromisoformat(task.data["at"])
    write_down(act, case, task.data["event"], at=asked, because=text(given, "because"))
    tasks.finish(act, case, "stage_request")
    case.handler_id = None  # somebody who has not dealt with it before
    end_roles(act, case, role="handler")
    after = situation(act.session, case, act.now)
    facts = {
        "requested_on": with_weekday(asked, case.language),
        "stage": titled(after.stage.title, case.language),
        "comes": _what_comes(after),
    }
    letters.issue(act, case, "next_stage", facts=facts)


def _what_comes(after: Situation) -> str:
    """What the person hears first at their new stage, and by when; empty where no clock says."""
    first = next((clock for clock in after.standing.clocks if clock.stage == after.stage.id and clock.keep_by), None)
    if first is None or first.keep_by is None:
        return ""
    said = phrases(after.case.language)["progress"]
    sentence = said.get(first.id.rpartition(".")[2], said["other"])
    return sentence.format(day=with_weekday(first.keep_by, after.case.language))


def refuse_request(act: Act, case: Case, given: Given) -> None:
    """Refuse the next stage, with reasons and the way to the ombudsman."""
    now_there = situation(act.session, case, act.now)
    task = _requested(act, case)
    reasons = needed(given, "reasons", "your reasons")
    tasks.finish(act, case, REQUEST)
    write_down(act, case, "request.refused", because=reasons)
    items = filled(("reasons", "right_to_ask_ombudsman"), {"reasons": reasons}, known(now_there), case.language)
    asked = with_weekday(datetime.fromisoformat(task.data["at"]), case.language)
    letters.issue(act, case, "request_refused", items=items, facts={"requested_on": asked})


def hold_panel(act: Act, case: Case, given: Given) -> None:
    """Record that the review panel met, and who sat on it; its composition must be what the procedure asks."""
    now_there = situation(act.session, case, act.now)
    event = f"{now_there.stage.id}.panel_held"
    chair = needed(given, "chair", "who chaired the panel")
    members = [name.strip() for name in text(given, "members").replace(";", "\n").splitlines() if name.strip()]
    independent = [name.strip() for name in text(given, "independent").replace(";", "\n").splitlines() if name.strip()]
    _check_panel(now_there, chair, members, independent)
    held = day(given, "on")
    if held and held > london(act.now):
        raise Refused("The day of the panel must be today or earlier", "on")
    for name in (chair, *members):
        role = "panel_chair" if name == chair else "panel_member"
        act.session.add(
            CaseRole(case_id=id_of(case), role=role, name=name, independent=name in independent, since=act.now)
        )
    write_down(act, case, event, at=now_there.on_day(held, act.now), data={"members": len(members) + 1})


def report_findings(act: Act, case: Case, given: Given) -> None:
    """Send the panel's findings and recommendations to the person."""
    now_there = situation(act.session, case, act.now)
    rule = letter_due(now_there, "findings_sent")
    items = items_of(now_there, rule, given)
    recommends = yes_or_no(given, "has_recommendations", "whether the panel recommends anything")
    data = {"has_recommendations": recommends, **{item.id: True for item in items}}
    facts = {"held_on": _held_on(act, now_there)}
    letters.issue(
        act, case, "findings", items=items, facts=facts, procedure_letter=rule.id, on_relayed=rule.on, event_data=data
    )


def signpost(act: Act, case: Case, given: Given) -> None:
    """Tell the person who can look at it next, and record that it was done."""
    now_there = situation(act.session, case, act.now)
    reason = text(given, "reason")
    items = filled((signpost_item(now_there.procedure, now_there.standing),), {}, known(now_there), case.language)
    write_down(act, case, "complaint.signposted", because=reason, data={"reason": reason} if reason else {})
    letters.issue(act, case, "signpost", items=items)


def next_request(now_there: Situation) -> str | None:
    """The event that would open the next stage now, such as s2.requested."""
    return _next_request(now_there)


def _next_request(now_there: Situation) -> str | None:
    return next((move for move in now_there.standing.moves if move.endswith(".requested")), None)


def _requested(act: Act, case: Case) -> Task:
    waiting = tasks.of_case(act, case, "stage_request")
    if not waiting:
        raise Refused("Nobody has asked for the next stage. Record the request first")
    return waiting[0]


def _check_panel(now_there: Situation, chair: str, members: list[str], independent: list[str]) -> None:
    rule = now_there.stage.panel
    size = int(rule.get("size", 0))
    if size and len(members) + 1 != size:
        raise Refused(
            f"The panel must have {size} members, its chair among them; you named {len(members) + 1}", "members"
        )
    if rule.get("chair") == "independent" and chair not in independent:
        raise Refused("The chair of the panel must be independent", "chair")
    others = [name for name in members if name in independent]
    if len(others) < int(rule.get("independent_others_min", 0)):
        raise Refused(f"At least {rule['independent_others_min']} other member must be independent", "independent")
    barred = {role.name for role in now_there.roles if role.role in rule.get("excludes", []) and role.name}
    for name in (chair, *members):
        if name in barred:
            raise Refused(f"{name} may not sit on the panel: they dealt with the complaint before", "members")


def _held_on(act: Act, now_there: Situation) -> str:
    clock = next((c for c in now_there.standing.clocks if c.id.endswith("panel_held") and c.met_at), None)
    return with_weekday(clock.met_at if clock and clock.met_at else act.now, now_there.case.language)


def _may_request(now_there: Situation) -> str | None:
    if _next_request(now_there) is None:
        return "The stage has not been answered yet, or there is no further stage."
    return "They have asked already." if now_there.task("stage_request") else None


def _is_requested(now_there: Situation) -> str | None:
    return None if now_there.task("stage_request") else "Nobody has asked for the next stage."


def _may_hold(now_there: Situation) -> str | None:
    event = f"{now_there.stage.id}.panel_held"
    clock = next((c for c in now_there.standing.clocks if event in now_there.procedure.clock(c.id).stop), None)
    if not now_there.may_move(event) or clock is None:
        return "This stage has no panel."
    return "The panel has met." if clock.met_at else None


def _may_report(now_there: Situation) -> str | None:
    rule = now_there.letter_on("findings_sent")
    if rule is not None and _may_hold(now_there) is None:
        return "The panel has not met yet."
    return why_no_letter(now_there, "This stage has no findings to send, or they have been sent.", "findings_sent")


def _may_signpost(now_there: Situation) -> str | None:
    if now_there.may_move("complaint.signposted"):
        return None
    return "The procedure does not lead to the ombudsman from here yet."


ESCALATING = (
    Verb("request_stage", "Record a request for the next stage", "Write down that the person is not satisfied.",
         request_stage,
         lambda _a, _s: (Field("because", "What they said, if anything", "long_text", required=False,
                               hint="They do not have to give reasons"),
                         Field("arrived", "When it reached us", "date", required=False, hint="Today if left empty")),
         _may_request, events=("stage.asked_for",)),
    Verb("accept_request", "Open the next stage", "Accept the request; the clocks run from the day they asked.",
         accept_request, lambda _a, _s: (Field("because", "Note", required=False),), _is_requested,
         events=("{stage}.requested", "letter.sent"), letters=("next_stage",)),
    Verb("refuse_request", "Refuse the next stage", "Refuse the request, with reasons.", refuse_request,
         lambda _a, _s: (Field("reasons", "Reasons", "long_text", hint="These go into the letter"),), _is_requested,
         roles=("manager", "leader", "administrator"), events=("request.refused", "letter.sent"),
         letters=("request_refused",)),
    Verb("hold_panel", "Record the panel's meeting", "Say when the review panel met, and who sat on it.", hold_panel,
         lambda _a, _s: (Field("on", "On which day", "date", required=False, hint="Today if left empty"),
                         Field("chair", "Who chaired it"),
                         Field("members", "The other members, one on each line", "long_text"),
                         Field("independent", "Who of them is independent, one on each line", "long_text")),
         _may_hold, events=("{stage}.panel_held",)),
    Verb("report_findings", "Send the panel's findings", "Send findings and recommendations to the person.",
         report_findings,
         lambda _a, s: (*item_fields(s, s.letter_on("findings_sent")),
                         Field("has_recommendations", "Does the panel recommend anything?", "yes_no")),
         _may_report, events=("{stage}.findings_sent",), letters=("findings",)),
    Verb("signpost", "Signpost to the ombudsman", "Tell the person who can look at it next.", signpost,
         lambda _a, _s: (Field("reason", "Reason, if they go there before our stages end", required=False),),
         _may_signpost, events=("complaint.signposted", "letter.sent"), letters=("signpost",)),
)  # fmt: skip
