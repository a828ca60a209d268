"""By which words a reader knows what sort of mail or message it is."""

from app.demo.reading import Kept

# The first words that a mail holds say what sort it is, so that those which other sorts hold too come last.
KNOWN_BY = {
    "receipt": "We have received your complaint.",
    "acknowledgement": "Thank you for telling us what happened.",
    "question": "would like to ask you something",
    "extension_notice": "We are sorry that we need longer.",
    "response": "This is our answer.",
    "next_stage": "that you are not satisfied with our answer",
    "request_refused": "to look at your complaint again. We have decided not to.",
    "findings": "The review panel met on",
    "signpost": "This letter says who can look at your complaint next.",
    "refusal": "We have decided that we can't deal with it",
    "withdrawal": "you no longer want to go on with your complaint",
    "refiled": "We have passed what you sent us to the right people",
    "survey_reminder": "We asked you once before. We will not ask again.",
    "survey_reminder_by_chat": "There is still time to tell us how we did.",
    "survey": "How far do you agree?",
    "survey_by_chat": "How did we do with your complaint?",
    "colleague_told": "We have received a complaint that concerns your work.",
    "colleague_closed": "The complaint that concerned your work is closed.",
    "digest": "WHAT COMPLAINTS TOLD US",
    "intended": "Your complaint showed us that something has to change.",
    "update": "How often you hear from us",
    "changed": "This is the last of these letters.",
    "lesson_told": "must learn a lesson that came from complaints",
    "action_given": "You are reminded 5 working days before each of its dates",
    "action_escalation": "the person who complained is told what is late and for which reason.",
    "action_reminder": "It comes from the lesson:",
    "review": "has taken a decision on what complaints told us",
    "review_reminder": "A leader’s decision is to be seen to by",
    "review_escalation": "A leader’s decision should have been seen to by",
    "recommendation_reminder": "is to be complied with by",
    "recommendation_escalation": "was to be complied with by",
    "reminder": " is due on ",
    "escalation": "and has not been done",
    "urgent": "A person must look at it at once.",
    "chat_code": "wants to follow your complaint in a chat",
    "nudge": "You began a complaint here and have not sent it.",
    "safety_alarm": "Nobody has recorded a safety review",
}


def kind_of(mail: Kept) -> str:
    kind = next((kind for kind, words in KNOWN_BY.items() if words in mail.text), "unknown")
    return kind.removesuffix("_by_chat")
