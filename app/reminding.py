"""Everything that a reminder may be about, in one visible table; each is claimed, written and marked the same way."""

from learning.leading.review_reminders import REVIEW
from learning.ombudsmen.recommending import RECOMMENDATION
from learning.plan.reminding import ACTION
from workflow import reminders
from workflow.office import Act
from workflow.reminders import CASES, Kinds

ABOUT: Kinds = {
    **CASES,  # the clocks of a case's procedure, and its safety
    "action": ACTION,  # the start, reviews, completion, check and audits of an action
    "recommendation": RECOMMENDATION,  # the date by which to comply with what an ombudsman recommended
    "review": REVIEW,  # the date by which a leader's decision is to be seen to
}


def remind(act: Act, reminder_id: int) -> bool:
    """Send one reminder, whatever it is about. False, and nothing, if another worker has it or did it."""
    return reminders.send(act, reminder_id, ABOUT)
