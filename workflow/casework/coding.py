"""What a complaint is about, how much it weighs, what it means beyond itself; and whether it taught anything new."""

from storage.tables import Case
from workflow import tasks
from workflow.casework.situation import Situation
from workflow.casework.verb import Field, Given, Refused, Verb, needed, text
from workflow.office import Act
from workflow.outcome import is_well_founded
from workflow.record import note
from workflow.subjects import severities, subjects

LEARNT = "what_was_learnt"  # the task that a decision which finds fault makes; a lesson linked to the case ends it


def code(act: Act, case: Case, given: Given) -> None:
    """Say what the complaint is about and how much it weighs; and what it means for the service beyond this case."""
    subject = needed(given, "subject", "what it is about")
    severity = needed(given, "severity", "how much it weighs")
    if subject not in subjects():
        raise Refused(f"Subject must be one of {', '.join(subjects())}", "subject")
    if severity not in severities():
        raise Refused("Severity must be a number from 1 to 5", "severity")
    case.subject, case.severity = subject, int(severity)
    data = {"subject": subjects()[subject], "severity": severity}
    note(act, case, "case.coded", because=text(given, "wider_implications"), data=data)


def nothing_new(act: Act, case: Case, given: Given) -> None:
    """Say why a complaint that was well founded taught nothing new."""
    because = needed(given, "because", "why nothing new was learnt")
    tasks.finish(act, case, LEARNT)
    note(act, case, "learning.nothing_new", because=because)


def ask_what_was_learnt(act: Act, case: Case, outcome: str, now_there: Situation) -> None:
    """A decision that finds fault asks what was learnt, once for each case until it is answered."""
    if is_well_founded(outcome, now_there.procedure.outcomes):
        words = "What was learnt? Write a lesson, link this case to one, or say why nothing new was learnt"
        tasks.add(act, case, LEARNT, f"{LEARNT}:{case.id}", words)


CODING = (
    Verb("code", "Say what it is about", "Say what the complaint is about and how much it weighs.", code,
         lambda _a, s: (Field("subject", "Subject", "choice", options=tuple(subjects().items()),
                              value=s.case.subject or ""),
                        Field("severity", "Severity", "choice", options=tuple(severities().items()),
                              value=str(s.case.severity or "")),
                        Field("wider_implications", "What it means for the service beyond this complaint", "long_text",
                              required=False)),
         lambda _s: None, events=("case.coded",)),
    Verb("nothing_new", "Nothing new was learnt", "Say why a well-founded complaint taught nothing new.", nothing_new,
         lambda _a, _s: (Field("because", "Why", "long_text",
                               hint="For example: which lesson covers it, and why that one needs no link"),),
         lambda s: None if s.task(LEARNT) else "Nobody asks what was learnt.", events=("learning.nothing_new",)),
)  # fmt: skip
