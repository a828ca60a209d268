"""The languages in which the public is written to, and the letters that only staff get, which are in English."""

LANGUAGES = ("en", "cy")
OWN_NAME = {"en": "English", "cy": "Cymraeg"}
# Letters to staff. Every other folder of templates/letters goes to the public, in every language: a test checks.
TO_STAFF = (
    "action_escalation",
    "action_given",
    "action_reminder",
    "colleague_closed",
    "colleague_told",
    "escalation",
    "lesson_told",
    "recommendation_escalation",
    "recommendation_reminder",
    "reminder",
    "review",
    "review_escalation",
    "review_reminder",
    "safety_alarm",
    "sign_in",
    "urgent",
)


def spoken(language: object) -> str:
    """This language if we have it, else English."""
    return str(language) if language in LANGUAGES else "en"


def other(language: str) -> str:
    """The language that someone who was written to in this one may prefer."""
    return next(each for each in LANGUAGES if each != language)
