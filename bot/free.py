"""Anything that somebody writes at any time: a new complaint, an addition, "where is my complaint?", or a greeting."""

from bot import adding, commands, status, telling
from bot.cases import Mine, mine
from bot.files import LOST, tell_trouble
from bot.meaning import MANY, Meaning, meaning
from bot.talk import Talk
from workflow.answers import tidy


def answer(talk: Talk) -> bool:
    """What it most likely is; when that is unsure, they are asked."""
    text = tidy(talk.said.text)
    if talk.said.trouble and not text and not talk.said.files:
        _trouble(talk)
        return True
    found = mine(talk)
    meant = meaning(text)
    if meant is Meaning.STATUS:
        status.show(talk)
    elif meant is Meaning.NOTHING and not talk.said.files:
        _nothing(talk, found)
    elif meant is Meaning.ANOTHER:
        telling.start(talk, text if len(text.split()) > MANY // 4 else "")
    elif adding.is_likely_an_addition(text, found):
        adding.add_now(talk, found[0], text)
    elif found or (meant is Meaning.UNSURE and not talk.said.files):
        adding.unsure(talk)
    else:
        telling.start(talk, text)
    return True


def _nothing(talk: Talk, found: list[Mine]) -> None:
    """A greeting, thanks or a thumb: who has a complaint here knows us already."""
    if not found:
        commands.COMMANDS["start"](talk)
        return
    talk.say("free.here")
    talk.offer(talk.button("free.status", "/status"))
    talk.offer(talk.button("free.complain", "/complain"))


def _trouble(talk: Talk) -> None:
    """A file that we could not get still begins a complaint: nobody is turned away for its size."""
    if talk.said.trouble in LOST and not mine(talk):
        telling.start(talk)
    else:
        tell_trouble(talk)
