"""Whether an answer to a question can be taken, and if not, what to tell the person."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from email_validator import EmailNotValidError, validate_email

from workflow.questionnaire import Answers, Question, ways_open


class NotAnAnswer(Exception):
    """This can't be taken as an answer; the message tells the person what to do."""


def validate(question: Question, given: Any) -> Any:
    """The answer to keep, tidied. Raises NotAnAnswer with the words to show."""
    if question.kind == "choices":
        return _chosen(question, given)
    if question.kind == "consent":
        return _agreed(question, given)
    return _CHECKS.get(question.kind, _text)(question, tidy(str(given or "")))


def check_page(questions: Sequence[Question], answers: Answers) -> Mapping[str, str]:
    """What is wrong with these answers taken together: question id -> words. Empty when nothing is."""
    ids = {question.id: question for question in questions}
    if "email" in ids and not ways_open({**answers, "avoid": ()}):
        return {"email": ids["email"].error("no_way")}
    if "avoid" in ids and not ways_open(answers):
        return {"avoid": ids["avoid"].error("none_left")}
    return {}


def tidy(text: str) -> str:
    """Text without control characters (a NUL would not go into the database) and outer spaces; line ends as \\n."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs"))
    tidied = unicodedata.normalize("NFC", "".join(kept)).strip()
    return tidied if tidied.isascii() or any(_can_be_seen(letter) for letter in tidied) else ""


def _can_be_seen(letter: str) -> bool:
    """Zero-width signs come along with what is pasted; they shape other letters, and say nothing by themselves."""
    return not letter.isspace() and unicodedata.category(letter) not in ("Cf", "Mn", "Me")


def _text(question: Question, text: str) -> str:
    if question.required and not text:
        raise NotAnAnswer(question.error("missing"))
    if len(text) > question.longest:
        raise NotAnAnswer(question.error("too_long"))
    return text


def _choice(question: Question, value: str) -> str:
    if not value and question.required:
        raise NotAnAnswer(question.error("missing"))
    if value not in {option.value for option in question.options}:
        raise NotAnAnswer(question.error("missing" if question.required else "choose"))
    return value


def _email(question: Question, text: str) -> str:
    if not _text(question, text):
        return ""
    try:
        address = validate_email(text, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as error:
        raise NotAnAnswer(question.error("invalid")) from error
    if "." not in address.domain:
        raise NotAnAnswer(question.error("invalid"))
    return address.normalized


def _telephone(question: Question, text: str) -> str:
    """Lenient: people write extensions and words beside a number, and none of it may stop a complaint."""
    if _text(question, text) and len(re.findall(r"\d", text)) < 6:
        raise NotAnAnswer(question.error("invalid"))
    return text


def _chosen(question: Question, given: Any) -> list[str]:
    values = [given] if isinstance(given, str) else list(given or ())
    if not set(values) <= {option.value for option in question.options}:
        raise NotAnAnswer(question.error("invalid"))
    return [option.value for option in question.options if option.value in values]


def _agreed(question: Question, given: Any) -> bool:
    if not given:
        raise NotAnAnswer(question.error("missing"))
    return True


_CHECKS = {"choice": _choice, "email": _email, "telephone": _telephone}
