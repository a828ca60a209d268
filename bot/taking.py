"""Keeping an answer of the complaint that is being told: tidied, checked, or refused in words that say what to do."""

from bot.questions import Asking, same_words, typed_choice
from bot.talk import Talk
from bot.ways import REACH_VALUES, none_left, reach_by
from workflow.answers import NotAnAnswer, validate
from workflow.questionnaire import Question


def take(talk: Talk, question: Question, given: object) -> bool:
    """Keep an answer; false, with what to do, when it can't be taken."""
    there = talk.conversation
    if question.id == "email" and reach_by(talk, str(given)):
        _ask_again_what_is_safe(talk)
        return True
    try:
        kept = validate(question, given)
        if question.id == "avoid" and none_left(there, {**there.answers, "avoid": kept}):
            raise NotAnAnswer(question.error("none_left"))
    except NotAnAnswer as error:
        talk.paragraphs.append(str(error))
        return False
    reach = {"reach": "email"} if question.id == "email" else {}
    there.answers = {**there.answers, question.id: kept, **reach}
    _ask_again_what_is_safe(talk)
    talk.remember(f"q{there.round} {question.id}")
    return True


def add_to(talk: Talk, asking: Asking, id_: str, text: str) -> bool:
    """More words for an answer that was given already; false, with what to do, when they can't be taken."""
    known = talk.conversation.answers.get(id_, "")
    return take(talk, asking.questions_by_id[id_], f"{known}\n\n{text}".strip())


def from_words(talk: Talk, question: Question, text: str) -> object:
    """What was typed, as the question takes it: the value of a choice, a way to be reached, or the words."""
    if question.kind == "choice":
        return typed_choice(question, text) or ""
    if question.kind == "choices":
        found = [typed_choice(question, part) for part in text.replace(",", "\n").splitlines() if part.strip()]
        return [one or "?" for one in found]
    if question.id == "email":
        words = talk.words("reach")
        return next((f"@{way}" for way in REACH_VALUES if same_words(text, words[way])), text)
    return text


def _ask_again_what_is_safe(talk: Talk) -> None:
    """Someone who changed how to be reached may have no safe way left."""
    there = talk.conversation
    if "avoid" in there.answers and none_left(there, there.answers):
        there.answers = {key: one for key, one in there.answers.items() if key not in ("avoid", "ticked")}
