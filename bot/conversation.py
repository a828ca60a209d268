"""The one conversation for every messenger: what someone said moves it on, and the reply is owed in the outbox."""

from collections.abc import Callable

from bot import asides, commands, danger, edits, free, survey, telling
from bot.said import Button, File, Said
from bot.talk import Talk, begin
from bot.telling_questions import asking_of, is_telling, repeat
from templates.languages import spoken
from templates.words import chat
from workflow import outbox
from workflow.office import Act
from workflow.outbox import To, Words

__all__ = ["Button", "File", "Said", "answer"]

# In this order each looks whether it is theirs to answer; the last answers everything.
STEPS: tuple[Callable[[Talk], bool], ...] = (
    danger.answer,  # words of immediate risk, whatever else is going on
    edits.answer,  # a new version of what they said before
    commands.answer,  # /status, or a button that does the same
    survey.answer,  # a button of a survey, or its words typed
    telling.answer_tap,  # a button of the complaint that is being told
    asides.answer_tap,  # any other button
    asides.answer,  # what we asked besides: a code, what to add
    telling.answer,  # the next answer of the complaint that is being told
    free.answer,  # anything at any time
)


def answer(act: Act, said: Said) -> bool:
    """In the caller's transaction: move the conversation, file what is to be filed, owe the replies in the outbox.

    Gives whether the raw update that it came in is to be erased once it is handled: a survey's answers are nobody's.
    """
    if said.trouble == "group":
        _decline(act, said)
        return False
    talk = begin(act, said)
    for step in STEPS:
        if step(talk):
            break
    if is_telling(talk.conversation) and _leaves_nothing_to_answer(talk):
        repeat(talk, asking_of(talk))
    talk.owe()
    return talk.is_forgotten


def _leaves_nothing_to_answer(talk: Talk) -> bool:
    """Something else came between: what we asked last of their complaint still stands."""
    return not talk.rows and not talk.conversation.aside and talk.conversation.stopped_at is None


def _decline(act: Act, said: Said) -> None:
    """We only talk to one person at a time: said once to each group, and no conversation begins."""
    words = chat(spoken(said.language.partition("-")[0].lower()))
    key, to = f"group:{said.channel}:{said.chat}", To(said.chat, said.channel)
    outbox.owe(act, key, "turn", to, Words(words["turn"]["subject"], words["trouble"]["group"]))
