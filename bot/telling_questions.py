"""How each question of a complaint is put in a chat: its words, its buttons, and what comes after it."""

from bot import sending
from bot.questions import Asking, asking, choices, has_too_many, may_skip
from bot.said import Button
from bot.services import options
from bot.talk import Talk
from bot.ways import REACH_VALUES
from storage.tables import Conversation
from workflow.questionnaire import Question, in_words

CONFIRM = "confirm"


def is_telling(conversation: Conversation) -> bool:
    return conversation.began_at is not None


def asking_of(talk: Talk) -> Asking:
    return asking(options(talk.act.session), talk.conversation.language, talk.conversation.channel)


def go_on(talk: Talk, every: Asking) -> None:
    """The next question without an answer; when there is none, all of it to look at."""
    question = every.next(talk.conversation.answers)
    if question is None:
        _confirm(talk, every)
    else:
        ask(talk, every, question)


def repeat(talk: Talk, every: Asking) -> None:
    """What we asked last, once more."""
    question = every.find(talk.conversation.question)
    if question is None:
        go_on(talk, every)
    else:
        ask(talk, every, question)


def ask(talk: Talk, every: Asking, question: Question) -> None:
    """Put one question, with what they answered before where they did."""
    there = talk.conversation
    there.question, there.asked_at = question.id, talk.act.now
    talk.paragraphs.append(f"{question.title}\n{question.hint}".strip())
    answer = there.answers.get(question.id)
    if answer and question.kind not in ("files", "choices"):
        talk.say("ask.so_far", answer=sending.shortened(in_words(question, answer)))
    for button in _buttons(talk, question):
        talk.offer(button)
    talk.offer(*_moves(talk, every, question))


def _confirm(talk: Talk, every: Asking) -> None:
    talk.conversation.question, talk.conversation.asked_at = CONFIRM, talk.act.now
    sending.show(talk, every)


def _buttons(talk: Talk, question: Question) -> list[Button]:
    """What can be chosen."""
    there = talk.conversation
    if question.kind == "choices":
        ticked = {**there.answers, question.id: there.answers.get("ticked")}
        done = "move.done" if there.answers.get("ticked") else "move.none"
        found = choices(question, there.round, ticked)
        return [*found, talk.button(done, f"n{there.round} done {question.id}")]
    if question.id == "email":
        return [talk.button(f"reach.{way}", f"q{there.round} email=@{way}") for way in REACH_VALUES]
    if question.id == "name" and there.name:
        return [Button(there.name, f"q{there.round} name=theirs")]
    if question.id == "files":
        done = "move.done" if there.answers.get("kept") else "move.nothing"
        return [talk.button(done, f"n{there.round} done files")]
    found = choices(question, there.round, there.answers, talk.said.text)
    if has_too_many(question) and not found:
        talk.say("ask.type_it")
    return found


def _moves(talk: Talk, every: Asking, question: Question) -> list[Button]:
    """Skip where allowed, back, and come back later."""
    there = talk.conversation
    found = []
    if question.id in there.answers and question.kind not in ("files", "choices"):
        found.append(talk.button("move.keep", f"n{there.round} keep {question.id}"))
    elif may_skip(question) and question.kind != "choices":
        found.append(talk.button("move.skip", f"n{there.round} skip {question.id}"))
    if every.before(there.answers, question.id):
        found.append(talk.button("move.back", f"n{there.round} back {question.id}"))
    return [*found, talk.button("move.later", f"n{there.round} later")]
