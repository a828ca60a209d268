"""Messages that somebody changed after sending them: the new version counts, the old one stays on record."""

from bot.adding import add_now
from bot.cases import one_of
from bot.taking import from_words, take
from bot.talk import Talk
from bot.telling_questions import asking_of, go_on, is_telling
from workflow import unfinished


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
    if question is not None and take(talk, question, from_words(talk, question, talk.said.text)):
        talk.say("edit.changed", short=question.short)
        unfinished.changed(talk.act, there)
        talk.conversation.said = {**there.said, talk.said.replaces: f"q{there.round} {id_}"}
    go_on(talk, asking)
