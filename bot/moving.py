"""Buttons of the complaint that is being told: an answer chosen, or a move: skip, back, keep, that is all, send."""

from bot import sending
from bot.questions import Asking, chosen_by, may_skip, same_words
from bot.taking import take
from bot.talk import Talk
from bot.telling_questions import CONFIRM, ask, go_on, repeat
from workflow.questionnaire import Question

TYPED = ("skip", "back", "later", "done", "keep", "on")  # buttons whose words somebody may type
TYPED_AT_THE_END = ("send", "change", "delete", "later")
NONE = {"files": "nothing", "avoid": "none"}  # a question -> what its button says that means: none


def tapped_answer(talk: Talk, asking: Asking, id_: str) -> None:
    question = asking.find(id_)
    if question is None:
        talk.say("trouble.old_button")
        repeat(talk, asking)
        return
    value = talk.said.tapped.partition("=")[2]
    if question.kind == "choices":
        _toggle(talk, asking, question, chosen_by(question, talk.conversation.round, talk.said.tapped))
        return
    given = value if id_ in ("email", "name") else chosen_by(question, talk.conversation.round, talk.said.tapped)
    if id_ == "name":
        given = talk.conversation.name
    if take(talk, question, given):
        go_on(talk, asking)
    else:
        ask(talk, asking, question)


def _toggle(talk: Talk, asking: Asking, question: Question, value: str | None) -> None:
    """Tick one of several, or take its tick away; it is an answer once they say that it is all."""
    there = talk.conversation
    ticked = list(there.answers.get("ticked") or [])
    if value is not None:
        ticked = [one for one in ticked if one != value] if value in ticked else [*ticked, value]
    there.answers = {**there.answers, "ticked": ticked}
    ask(talk, asking, question)


def move(talk: Talk, asking: Asking, verb: str, id_: str) -> None:
    """A button that moves: skip, back, done, keep, later, on, change, send, delete."""
    there = talk.conversation
    question = asking.find(id_)
    if verb == "skip" and question and may_skip(question):
        take(talk, question, [] if question.kind == "choices" else "")
        go_on(talk, asking)
    elif verb == "done" and question:
        _done(talk, asking, question)
    elif verb == "back":
        before = asking.before(there.answers, id_)
        ask(talk, asking, before) if before else repeat(talk, asking)
    elif verb == "keep":
        go_on(talk, asking)
    elif verb in sending.MOVES:
        sending.MOVES[verb](talk, asking)
    else:
        repeat(talk, asking)


def _done(talk: Talk, asking: Asking, question: Question) -> None:
    """That is all: of the ways that are not safe, or of what they send with it."""
    there = talk.conversation
    if question.id == "files":
        there.answers = {**there.answers, "files": "done"}
    elif not take(talk, question, there.answers.get("ticked") or []):
        ask(talk, asking, question)
        return
    go_on(talk, asking)


def typed_move(talk: Talk, asking: Asking, text: str) -> bool:
    """Somebody who types what a button says means the button."""
    there = talk.conversation
    words = talk.words("move")
    verbs = TYPED_AT_THE_END if there.question == CONFIRM else TYPED
    verb = next((verb for verb in verbs if same_words(text, words[verb])), None)
    if verb == "keep" and there.question not in there.answers:
        verb = None  # nothing to keep: these may be their own words
    if verb is None and there.question in NONE and same_words(text, words[NONE[there.question]]):
        verb = "done"
    if verb is None:
        return False
    move(talk, asking, verb, there.question)
    return True
