"""The questionnaire as a chat asks it: one question at a time, in its own order, none that needs no answer."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from bot.said import Button
from templates.words import chat
from workflow.questionnaire import Answers, Option, Question, questions
from workflow.questionnaire import asked as asked_by_form

# What happened comes first: people begin with it, whatever we ask.
ORDER = (
    "what", "when", "service", "about", "about_name", "authority", "outcome_wanted", "name", "email", "telephone",
    "postal_address", "avoid", "safe_note", "communication_needs", "files",
)  # fmt: skip
REACH = {"telephone": "telephone", "post": "postal_address"}  # a way -> what must be known for it
BUTTON_BYTES = 64
MOST_CHOICES = 50  # buttons of one question: Telegram takes a hundred under a message, and nobody reads so many
# Asked only of those who chose to be reached so, or who said that some way is not safe.
ONLY_WHEN: Mapping[str, Callable[[Answers], bool]] = {
    "telephone": lambda answers: answers.get("reach") == "telephone",
    "postal_address": lambda answers: answers.get("reach") == "post",
    "safe_note": lambda answers: bool(answers.get("avoid")),
}


@dataclass(frozen=True)
class Asking:
    """Every question for one chat."""

    questions: tuple[Question, ...]

    def asked(self, answers: Answers) -> list[Question]:
        """Those that these answers lead to, in our order."""
        found = {question.id: question for question in asked_by_form(self.questions, answers)}
        return [found[id_] for id_ in ORDER if id_ in found and ONLY_WHEN.get(id_, _always)(answers)]

    def next(self, answers: Answers) -> Question | None:
        """The first without an answer; None when all are answered."""
        return next((one for one in self.asked(answers) if one.id not in answers), None)

    def before(self, answers: Answers, id_: str) -> Question | None:
        """The question that was asked before this one; None for the first."""
        ids = [one.id for one in self.asked(answers)]
        at = ids.index(id_) if id_ in ids else len(ids)
        return self.find(ids[at - 1]) if at else None

    def find(self, id_: str) -> Question | None:
        return self.questions_by_id.get(id_)

    @property
    def questions_by_id(self) -> Mapping[str, Question]:
        return {one.id: one for one in self.questions}


def asking(services: Sequence[Option], language: str, channel: str) -> Asking:
    """The questions in this language for a chat by this messenger."""
    own = chat(language)["question"]
    here = Option(channel, str(chat(language)["reach"]["chat"]))
    found = (replace(one, words={**one.words, **own.get(one.id, {})}) for one in questions(services, language))
    return Asking(tuple(replace(one, options=(*one.options, here)) if one.id == "avoid" else one for one in found))


def may_skip(question: Question) -> bool:
    return not question.required and question.id not in ("email", "telephone", "postal_address", "files")


def choices(question: Question, round_: int, answers: Answers, typed: str = "") -> list[Button]:
    """A button for each answer that can be chosen; of several, those chosen already are ticked.

    Where they are too many: for those only that have in their words what somebody typed.
    """
    chosen = answers.get(question.id) or [] if question.kind == "choices" else []
    return [
        Button(f"✓ {one.text}" if one.value in chosen else one.text, value_of(question, round_, one.value))
        for one in (_near(question, typed) if has_too_many(question) else question.options)
    ]


def has_too_many(question: Question) -> bool:
    """More answers to choose from than a message can show."""
    return len(question.options) > MOST_CHOICES


def _near(question: Question, typed: str) -> list[Option]:
    plain = _plain(typed)
    near = [one for one in question.options if len(plain) > 2 and plain in _plain(one.text)]
    return near if len(near) <= MOST_CHOICES else []


def value_of(question: Question, round_: int, value: str) -> str:
    """What the button of an answer carries: the answer itself, or its hash where that is too long for a button."""
    whole = f"q{round_} {question.id}={value}"
    if len(whole.encode()) <= BUTTON_BYTES:
        return whole
    return f"q{round_} {question.id}=#{sha256(value.encode()).hexdigest()[:16]}"


def chosen_by(question: Question, round_: int, tapped: str) -> str | None:
    """The answer whose button this is."""
    return next((one.value for one in question.options if value_of(question, round_, one.value) == tapped), None)


def typed_choice(question: Question, text: str) -> str | None:
    """The answer that somebody typed in place of pressing its button: its words, their beginning, or its number."""
    plain = _plain(text)
    if plain.isdigit() and 0 < int(plain) <= len(question.options) and not has_too_many(question):
        return question.options[int(plain) - 1].value
    same = [one.value for one in question.options if _plain(one.text) == plain]
    like = [one.value for one in question.options if len(plain) > 2 and _plain(one.text).startswith(plain)]
    if has_too_many(question):
        like = [one.value for one in _near(question, text)]
    return next(iter(same or like), None) if len(same) == 1 or len(like) == 1 else None


def same_words(text: str, other: str) -> bool:
    """Whether somebody typed a button's words."""
    return _plain(text) == _plain(other)


def _plain(text: Any) -> str:
    return " ".join(re.findall(r"\w+", str(text).casefold()))


def _always(_answers: Answers) -> bool:
    return True
