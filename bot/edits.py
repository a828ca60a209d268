"""Messages that somebody changed after sending them: the new version counts, the old one stays on record."""

from bot.adding import add_now
from bot.cases import one_of
from bot.questions import Asking
from bot.taking import add_to, from_words, take
from bot.talk import Talk
from bot.telling_questions import asking_of, go_on, is_telling
from workflow import unfinished
from workflow.questionnaire import Question

STORIES = ("what", "outcome_wanted")  # answers that people tell in several messages


def answer(talk: Talk) -> bool:
    """A changed answer is changed; what is in a case already gets the new words as an addition."""
    if not talk.said.replaces:
        return False
    kind, _, about = str(talk.conversation.said.get(talk.said.replaces, "")).partition(" ")
    if kind == "case" and (one := one_of(talk, about)):
        add_now(talk, one, talk.words("edit")["corrected"].format_map({"text": talk.said.text}))
    elif kind == f"q{talk.conversation.round}" and is_telling(talk.conversation):
        _change(talk, about)
    else:
        talk.say("edit.unknown")
    return True


def _change(talk: Talk, id_: str) -> None:
    there, asking = talk.conversation, asking_of(talk)
    question = asking.find(id_)
    if question is not None and _taken(talk, asking, question):
        talk.say("edit.changed", short=question.short)
        unfinished.changed(talk.act, there)
        talk.conversation.said = {**there.said, talk.said.replaces: f"q{there.round} {id_}"}
    go_on(talk, asking)


def _taken(talk: Talk, asking: Asking, question: Question) -> bool:
    """The new words take the place of the old; where other messages are in the answer too, they are added to it."""
    there, text = talk.conversation, talk.said.text
    of_several = list(there.said.values()).count(f"q{there.round} {question.id}") > 1
    if question.id in STORIES and of_several:
        return add_to(talk, asking, question.id, talk.words("edit")["corrected"].format_map({"text": text}))
    return take(talk, question, from_words(talk, question, text))
