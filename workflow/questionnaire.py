"""What we ask someone who complains, in what order and when: one definition for the web form and for chat."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from templates import words

Kind = Literal["text", "long_text", "date_or_words", "choice", "choices", "files", "email", "telephone", "consent"]
Answers = Mapping[str, Any]
WAYS = {"email": "email", "telephone": "telephone", "post": "postal_address"}  # a channel -> the answer that opens it


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen."""

    value: str
    text: str
    hint: str = ""


def _always(_answers: Answers) -> bool:
    return True


@dataclass(frozen=True)
class Question:
    """One thing we ask. Those with the same `page` stand together on the web; chat asks each by itself."""

    id: str
    kind: Kind
    page: str
    words: Mapping[str, Any]
    required: bool = False
    longest: int = 200  # characters
    options: tuple[Option, ...] = ()
    when: Callable[[Answers], bool] = field(default=_always, repr=False)

    @property
    def title(self) -> str:
        return str(self.words["title"])

    @property
    def short(self) -> str:
        return str(self.words.get("short", self.title))

    @property
    def hint(self) -> str:
        return str(self.words.get("hint", ""))

    def error(self, which: str, **facts: Any) -> str:
        """What to tell someone whose answer can't be taken, in words that say what to do."""
        return str(self.words[which]).format(short=self.short, longest=self.longest, **facts)


def questions(services: Sequence[Option], language: str = "en") -> tuple[Question, ...]:
    """Every question for an organisation with these services, in order."""
    said = words.questionnaire(language)

    def ask(id: str, kind: Kind, page: str = "", **rules: Any) -> Question:  # noqa: A002 - the field's own word
        rules.setdefault("options", _options(said[id]))
        return Question(id, kind, page or id, {**said["error"], **said[id]}, **rules)

    return (
        ask("service", "choice", options=tuple(services), required=True, when=lambda _answers: len(services) > 1),
        ask("about", "choice", required=True),
        ask("about_name", "text", "person", required=True, when=_is_for_someone_else),
        ask("authority", "text", "person", required=True, longest=500, when=_is_for_someone_else),
        ask("what", "long_text", required=True, longest=50_000),
        ask("when", "date_or_words", required=True, longest=500),
        ask("outcome_wanted", "long_text", longest=10_000),
        ask("files", "files"),
        ask("name", "text", required=True),
        ask("email", "email", "contact", longest=254),
        ask("telephone", "telephone", "contact", longest=50),
        ask("postal_address", "long_text", "contact", longest=500),
        ask("avoid", "choices", "safe-contact"),
        ask("safe_note", "long_text", "safe-contact", longest=2_000),
        ask("prefers", "choice", required=True, when=lambda answers: len(ways_open(answers)) > 1),
        ask("communication_needs", "long_text", longest=2_000),
        ask("consent", "consent", required=True),
    )


def equality_questions(language: str = "en") -> Mapping[str, tuple[str, tuple[Option, ...]]]:
    """The voluntary questions asked afterwards, kept apart from any case: id -> title and options."""
    said = words.questionnaire(language)["equality"]
    return {name: (table["title"], _options(table)) for name, table in said.items()}


def asked(every: Sequence[Question], answers: Answers) -> list[Question]:
    """The questions that these answers lead to; which way someone prefers is asked of the ways still open."""
    return [_narrowed(question, answers) for question in every if question.when(answers)]


def _narrowed(question: Question, answers: Answers) -> Question:
    if question.id != "prefers":
        return question
    return replace(question, options=tuple(way for way in question.options if way.value in ways_open(answers)))


def next_question(every: Sequence[Question], answers: Answers) -> Question | None:
    """The first question that has no answer yet; None when all are answered. An empty answer is an answer."""
    return next((question for question in asked(every, answers) if question.id not in answers), None)


def ways_open(answers: Answers) -> list[str]:
    """The channels by which the person can be reached and has not ruled out."""
    avoided = answers.get("avoid", ())
    return [channel for channel, key in WAYS.items() if answers.get(key) and channel not in avoided]


def consistent(answers: Answers) -> dict[str, Any]:
    """The answers without a choice of ways that no longer fits how the person can be reached: it is asked again."""
    stale = {"avoid", "prefers"} if not ways_open(answers) else set()
    if answers.get("prefers") not in ways_open(answers):
        stale.add("prefers")
    return {key: answer for key, answer in answers.items() if key not in stale}


def complete(
    every: Sequence[Question], services: Sequence[Option], answers: Answers, language: str = "en"
) -> dict[str, Any]:
    """The answers as they are sent: without those no longer asked, and with those that need no question."""
    kept = {question.id: answers[question.id] for question in asked(every, answers) if question.id in answers}
    if len(services) == 1:
        kept["service"] = services[0].value
    if len(ways_open(kept)) == 1:
        kept["prefers"] = ways_open(kept)[0]
    return {**kept, "language": language}


def summary(every: Sequence[Question], answers: Answers) -> list[tuple[Question, str]]:
    """Each question with its answer in words, in order; files are shown by whoever holds them."""
    return [(question, in_words(question, answers.get(question.id))) for question in asked(every, answers)]


def in_words(question: Question, answer: Any) -> str:
    """An answer as a person would read it."""
    named = {option.value: option.text for option in question.options}
    if question.kind == "consent":
        return next(iter(named.values())) if answer else ""
    if question.kind == "choices":
        return ", ".join(named.get(value, value) for value in answer or ())
    return named.get(str(answer), str(answer)) if answer else ""


def _is_for_someone_else(answers: Answers) -> bool:
    return answers.get("about") == "someone_else"


def _options(table: Mapping[str, Any]) -> tuple[Option, ...]:
    hints = table.get("hints", {})
    return tuple(Option(value, text, hints.get(value, "")) for value, text in table.get("options", {}).items())
