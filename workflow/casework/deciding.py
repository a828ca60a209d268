"""Deciding a head of complaint: the outcome, its reasons, and the remedy."""

import re

from storage.tables import Case, Head
from workflow.casework.coding import ask_what_was_learnt
from workflow.casework.lettering import id_of
from workflow.casework.situation import Situation, situation
from workflow.casework.verb import Field, Given, Refused, Verb, needed, row_id, text
from workflow.decisions import write_decision
from workflow.office import Act

REMEDIES = (
    ("apology", "An apology"),
    ("explanation", "An explanation"),
    ("put_right", "What was wrong is put right"),
    ("payment", "A payment"),
    ("review", "A decision is looked at again"),
    ("change", "A change, so that it does not happen to others"),
    ("other", "Something else"),
    ("none", "None"),
)


def decide(act: Act, case: Case, given: Given) -> None:
    """Decide one head of complaint, with reasons and remedy."""
    now_there = situation(act.session, case, act.now)
    head = _head(case, now_there, given)
    outcome = needed(given, "outcome", "your decision")
    if outcome not in dict(_outcomes(now_there)):
        raise Refused(f"Decision must be one of {', '.join(dict(_outcomes(now_there)))}", "outcome")
    head.outcome, head.reasons = outcome, needed(given, "reasons", "your reasons")
    head.remedy, head.stage, head.decided_at = text(given, "remedy"), now_there.stage.id, act.now
    _set_remedy(head, given)
    act.session.add(head)
    act.session.flush()
    write_decision(act, case, head)
    ask_what_was_learnt(act, case, outcome, now_there)


def _set_remedy(head: Head, given: Given) -> None:
    """What sort of remedy it is, and how much money, so that remedies can be counted."""
    kind, pounds = text(given, "remedy_kind"), text(given, "remedy_pounds").replace(",", "").lstrip("£")
    if kind and kind not in dict(REMEDIES):
        raise Refused(f"Remedy must be one of {', '.join(dict(REMEDIES))}", "remedy_kind")
    if pounds and re.fullmatch(r"\d{1,6}(\.\d\d)?", pounds, re.ASCII) is None:
        raise Refused("The amount must be pounds, or pounds and pence, such as 250 or 99.50", "remedy_pounds")
    head.remedy_kind = kind or None
    head.remedy_pence = round(float(pounds) * 100) if pounds else None


def _head(case: Case, now_there: Situation, given: Given) -> Head:
    wanted = text(given, "head")
    if not wanted and len(now_there.heads) == 1:
        return now_there.heads[0]
    for number, head in enumerate(now_there.heads, 1):
        if wanted in (str(head.id), f"{number}", head.text):
            return head
    if row_id(wanted) is not None or not wanted:
        raise Refused("Say which head of complaint: its number, or the words of a new one", "head")
    return Head(case_id=id_of(case), text=wanted)


def _outcomes(now_there: Situation) -> tuple[tuple[str, str], ...]:
    ids = (str(one["id"]) for one in now_there.procedure.outcomes)
    return tuple((id_, id_.replace("_", " ").capitalize()) for id_ in ids)


def _may_decide(now_there: Situation) -> str | None:
    if not now_there.is_open or (not now_there.heads and not now_there.case.definition):
        return "Acknowledge the complaint first, so that its heads are defined."
    return None


def _decide_fields(_act: Act, now_there: Situation) -> tuple[Field, ...]:
    heads = tuple((str(head.id), head.text) for head in now_there.heads)
    return (
        Field("head", "Head of complaint", "choice", options=heads),
        Field("outcome", "Decision", "choice", options=_outcomes(now_there)),
        Field("reasons", "Reasons: what should have happened, and what did", "long_text"),
        Field("remedy", "Remedy: what will be done, by whom, by when", "long_text", required=False),
        Field("remedy_kind", "The main remedy", "choice", required=False, options=REMEDIES),
        Field("remedy_pounds", "Amount in pounds, if money is paid", required=False, hint="Such as 250 or 99.50"),
    )


DECIDE = Verb(
    "decide",
    "Decide",
    "Decide one head of complaint. Where fault is found, a task asks what was learnt.",
    decide,
    _decide_fields,
    _may_decide,
    events=("head.decided",),
)
