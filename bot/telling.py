"""A complaint being told: each thing they say is the next answer, until they have seen it all and send it."""

from typing import Any

from bot import status
from bot.files import keep_files, keep_trouble
from bot.greeting import greet
from bot.meaning import is_asking_for_status, is_only_a_greeting, is_sentence
from bot.moving import move, tapped_answer, typed_move
from bot.questions import Asking
from bot.taking import add_to, from_words, take
from bot.talk import Talk
from bot.telling_questions import ask, asking_of, go_on, is_telling, repeat
from workflow import unfinished
from workflow.answers import tidy
from workflow.questionnaire import Question

MOST_WORDS_OF_A_STATUS_QUESTION = 8


def start(talk: Talk, text: str = "", files: list[dict[str, Any]] | None = None, *, is_greeted: bool = False) -> None:
    """Begin a complaint, with what they said already; says who can read the chat, before anything is asked."""
    there = talk.conversation
    there.answers, there.question, there.aside, there.holding = {"kept": files} if files else {}, "what", "", {}
    there.stopped_at = there.reminded_at = None
    unfinished.changed(talk.act, there)
    if not is_greeted:
        greet(talk)
    talk.say("start.heard" if text or files else "start.questions")
    keep_trouble(talk)
    keep_files(talk)
    asking = asking_of(talk)
    if text:
        take(talk, asking.questions_by_id["what"], text)
    go_on(talk, asking)


def answer_tap(talk: Talk) -> bool:
    """A button of this complaint; one of an earlier complaint is known by its number and does nothing."""
    kind, _, rest = talk.said.tapped.partition(" ")
    if kind[:1] not in ("q", "n", "c") or not kind[1:].isdigit():
        return False
    if not is_telling(talk.conversation) or kind[1:] != str(talk.conversation.round):
        talk.say("trouble.old_button")
        return True
    talk.conversation.aside = ""
    unfinished.changed(talk.act, talk.conversation)
    asking = asking_of(talk)
    if kind[0] == "q":
        tapped_answer(talk, asking, rest.partition("=")[0])
    elif kind[0] == "c" and (question := asking.find(rest)):
        ask(talk, asking, question)
    else:
        verb, _, about = rest.partition(" ")
        move(talk, asking, verb, about)
    return True


def answer(talk: Talk) -> bool:
    """What they wrote or sent while they tell it."""
    if not is_telling(talk.conversation):
        return False
    unfinished.changed(talk.act, talk.conversation)
    asking = asking_of(talk)
    text = tidy(talk.said.text)
    keep_trouble(talk)
    is_voice = keep_files(talk)
    if not text and is_voice and talk.conversation.question == "what":
        text = talk.words("files")["voice_instead"]
    if not text:
        if not talk.said.trouble and not talk.said.files:
            talk.say("trouble.not_understood")
        repeat(talk, asking)
    elif is_only_a_greeting(text):
        talk.say("start.already")
        repeat(talk, asking)
    elif not typed_move(talk, asking, text) and not _asked_for_status(talk, asking, text):
        _said(talk, asking, text)
    return True


def _said(talk: Talk, asking: Asking, text: str) -> None:
    """Words: an answer to what we asked, or more of what happened; a sentence that is no answer is kept as that too."""
    there = talk.conversation
    question = asking.find(there.question)
    earlier = _said_before_we_asked(talk, asking)
    if earlier is not None:
        add_to(talk, asking, earlier.id, text)
    elif question is None or _is_of_what_happened(talk, question, text):
        if add_to(talk, asking, "what", text):
            talk.say("ask.added_to_what")
    elif not take(talk, question, from_words(talk, question, text)):
        if is_sentence(text) and add_to(talk, asking, "what", text):
            talk.say("ask.added_to_what")
        ask(talk, asking, question)
        return
    go_on(talk, asking)


def _is_of_what_happened(talk: Talk, question: Question, text: str) -> bool:
    """Words beside a photo, and those that run over into a story, are no answer to a short question: none are lost."""
    return question.id == "files" or (question.id != "what" and (bool(talk.said.files) or len(text) > question.longest))


def _said_before_we_asked(talk: Talk, asking: Asking) -> Question | None:
    """The long answer that this goes on with, when it had reached us before they could see our next question."""
    there = talk.conversation
    if there.asked_at is None or talk.said.at >= there.asked_at:
        return None
    before = asking.before(there.answers, there.question)
    return before if before and before.kind == "long_text" and there.answers.get(before.id) else None


def _asked_for_status(talk: Talk, asking: Asking, text: str) -> bool:
    if len(text.split()) > MOST_WORDS_OF_A_STATUS_QUESTION or not is_asking_for_status(text):
        return False
    status.show(talk)
    repeat(talk, asking)
    return True
