"""How a case ends, and how what was done too soon is taken back."""

from collections.abc import Callable

from sqlmodel import col, select

from storage.tables import Case, Letter, Message
from templates.dates import with_weekday
from templates.grounds import grounds
from workflow import compliments, letters, outbox, tasks
from workflow.casework.coding import LEARNT
from workflow.casework.lettering import known
from workflow.casework.situation import Situation, situation
from workflow.casework.verb import Field, Given, May, Refused, Verb, day, needed, row_id, text, yes_or_no
from workflow.checklist import filled
from workflow.office import Act
from workflow.record import bring_up_to_date, note, write_down
from workflow.working_days import london

REFUSAL = ("reasons", "right_to_ask_ombudsman")  # of a letter that refuses, where the procedure does not say


def withdraw(act: Act, case: Case, given: Given) -> None:
    """Close the case because the person no longer wants to go on; ask whether they are still dissatisfied."""
    still = yes_or_no(given, "still_dissatisfied", "whether they are still dissatisfied")
    write_down(act, case, "complaint.withdrawn", because=text(given, "because"), data={"still_dissatisfied": still})
    facts = {"withdrawn_on": with_weekday(act.now, case.language), "still_dissatisfied": still}
    letters.issue(act, case, "withdrawal", facts=facts)


def refuse(act: Act, case: Case, given: Given) -> None:
    """Decline to deal with the complaint, on one of the procedure's grounds, with reasons."""
    now_there = situation(act.session, case, act.now)
    ground = needed(given, "ground", "the ground")
    if ground not in dict(_grounds(now_there)):
        raise Refused(f"Ground must be one of {', '.join(dict(_grounds(now_there)))}", "ground")
    reasons = needed(given, "reasons", "your reasons")
    wanted = now_there.procedure.raw.get("on_exclusion", {}).get("must_contain", REFUSAL)
    items = filled(tuple(wanted), {"reasons": reasons}, known(now_there), case.language)
    write_down(act, case, "complaint.refused", because=reasons, data={"ground": ground})
    letters.issue(act, case, "refusal", items=items)


def close(act: Act, case: Case, given: Given) -> None:
    """Close an answered case when nothing is left to do; the person can still ask for the next stage."""
    write_down(act, case, "complaint.closed", because=text(given, "because"))


def reopen(act: Act, case: Case, given: Given) -> None:
    """Put the case back to where it was before it was closed, refused, withdrawn or re-filed."""
    write_down(act, case, "complaint.reopened", because=needed(given, "because", "why"))
    compliments.undo(act, case)
    case.kind = "complaint"


def recall_letter(act: Act, case: Case, given: Given) -> None:
    """Take back a letter that has not left yet."""
    letter = _letter(act, case, needed(given, "letter", "which letter"))
    if letter.relayed_at or not outbox.recall(act.session, letter.id or 0, act.now):
        raise Refused("It is too late: the letter has left", "letter")
    letter.recalled_at = act.now
    _posting_done(act, case, letter)
    note(act, case, "letter.recalled", data={"letter": letter.id, "kind": letter.kind})


def record_posting(act: Act, case: Case, given: Given) -> None:
    """Say on which day a printed letter was posted or handed over: that is when it counts as sent."""
    letter = _letter(act, case, needed(given, "letter", "which letter"))
    posted = day(given, "on") or london(act.now)
    if posted > london(act.now):
        raise Refused("The day of posting must be today or earlier", "on")
    if posted < london(letter.approved_at or letter.drafted_at):
        raise Refused("It can't have been posted before it was written", "on")
    at = max(situation(act.session, case, act.now).on_day(posted, act.now), letter.approved_at or letter.drafted_at)
    query = select(Message).where(
        Message.letter_id == letter.id, Message.channel == "post", col(Message.closed_at).is_(None)
    )
    for message in act.session.exec(query).all():
        outbox.sent(message, at)
        letters.relayed(act, message, at)
    note(act, case, "letter.posted", at=at, data={"letter": letter.id})
    _posting_done(act, case, letter)


def finish_task(act: Act, case: Case, given: Given) -> None:
    """Say that a task has been done, and how."""
    wanted = needed(given, "task", "which task")
    how = needed(given, "because", "what you did")
    for task in situation(act.session, case, act.now).tasks:
        if str(task.id) == wanted and task.kind == LEARNT:
            raise Refused("Write a lesson, link this case to one, or say why nothing new was learnt", "task")
        if str(task.id) == wanted:
            task.done_at = act.now
            act.session.add(task)
            note(act, case, "task.done", because=how, data={"task": task.kind})
            bring_up_to_date(act.session, case, act.now)  # a mail taken for a request may have been thanks
            return
    raise Refused("There is no such open task on this case", "task")


def _posting_done(act: Act, case: Case, letter: Letter) -> None:
    for task in tasks.of_case(act, case, "post"):
        if task.data.get("letter") == letter.id:
            task.done_at = act.now
            act.session.add(task)


def _letter(act: Act, case: Case, wanted: str) -> Letter:
    number = row_id(wanted)
    letter = act.session.get(Letter, number) if number is not None else None
    if letter is None or letter.case_id != case.id:
        raise Refused("There is no such letter on this case", "letter")
    return letter


def _grounds(now_there: Situation) -> tuple[tuple[str, str], ...]:
    return tuple(
        (ground, grounds().get(ground, ground.replace("_", " ").capitalize()))
        for ground in (str(one["id"]) for one in now_there.procedure.exclusions)
    )


def _recallable(now_there: Situation) -> tuple[tuple[str, str], ...]:
    return _letters(now_there, lambda one: not (one.relayed_at or one.recalled_at or one.not_served_at))


def _to_post(now_there: Situation) -> tuple[tuple[str, str], ...]:
    waiting = {task.data.get("letter") for task in now_there.tasks if task.kind == "post"}
    return _letters(now_there, lambda one: one.id in waiting)


def _letters(now_there: Situation, wanted: Callable[[Letter], bool]) -> tuple[tuple[str, str], ...]:
    return tuple((str(one.id), one.kind.replace("_", " ").capitalize()) for one in now_there.letters if wanted(one))


def _may(event: str, why_not: str) -> May:
    return lambda now_there: None if now_there.may_move(event) else why_not


def _may_refuse(now_there: Situation) -> str | None:
    if not _grounds(now_there):
        return "This procedure names no ground for refusing a complaint."
    return (
        None
        if now_there.may_move("complaint.refused")
        else "Only an open case that has not been answered can be refused."
    )


_BECAUSE = Field("because", "Why", "long_text")

ENDING = (
    Verb("withdraw", "Withdraw", "Close the case because the person no longer wants to go on.", withdraw,
         lambda _a, _s: (Field("because", "What they said", "long_text", required=False),
                         Field("still_dissatisfied", "Are they still dissatisfied?", "yes_no")),
         _may("complaint.withdrawn", "Only an open case that has not been answered can be withdrawn."),
         events=("complaint.withdrawn", "letter.sent"), letters=("withdrawal",)),
    Verb("refuse", "Refuse", "Decline to deal with the complaint, on one of the procedure's grounds.", refuse,
         lambda _a, s: (Field("ground", "Ground", "choice", options=_grounds(s)),
                        Field("reasons", "Reasons", "long_text", hint="These go into the letter")),
         _may_refuse, roles=("manager", "leader", "administrator"),
         events=("complaint.refused", "letter.sent"), letters=("refusal",)),
    Verb("close", "Close", "Close an answered case when nothing is left to do.", close,
         lambda _a, _s: (Field("because", "Note", required=False),),
         _may("complaint.closed", "Only an answered case can be closed."), events=("complaint.closed",)),
    Verb("reopen", "Reopen", "Put the case back to where it was.", reopen, lambda _a, _s: (_BECAUSE,),
         _may("complaint.reopened", "The case is open."), events=("complaint.reopened",)),
    Verb("recall_letter", "Take back a letter", "Take back a letter that has not left yet.", recall_letter,
         lambda _a, s: (Field("letter", "Letter", "choice", options=_recallable(s)),),
         lambda s: None if _recallable(s) else "No letter is waiting to leave.", events=("letter.recalled",)),
    Verb("record_posting", "Record posting", "Say on which day a letter was posted or handed over.", record_posting,
         lambda _a, s: (Field("letter", "Letter", "choice", options=_to_post(s)),
                        Field("on", "Posted on", "date", required=False, hint="Today if left empty")),
         lambda s: None if _to_post(s) else "No letter is waiting to be posted.",
         events=("letter.posted", "the letter's own event")),
    Verb("finish_task", "Finish a task", "Say that a task has been done, and how.", finish_task,
         lambda _a, s: (Field("task", "Task", "choice", options=tuple((str(t.id), t.text) for t in s.tasks)),
                        Field("because", "What you did", "long_text")),
         lambda s: None if s.tasks else "There is no open task.", events=("task.done",)),
)  # fmt: skip
