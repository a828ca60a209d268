"""What we asked besides the complaint that is being told: which case, what to add, a reference, a code, an address."""

import re
from collections.abc import Callable, Mapping

from bot import adding, commands, informing, linking, telling
from bot.files import let_go_of_aside
from bot.meaning import is_asking_for_status
from bot.questions import same_words
from bot.talk import Talk
from bot.telling_questions import is_telling

WORDS_OF_A_SENTENCE = 5


def answer_tap(talk: Talk) -> bool:
    """A button of ours that belongs to no complaint being told."""
    if not talk.said.tapped:
        return False
    kind, _, rest = talk.said.tapped.partition(" ")
    verb, _, about = rest.partition(" ")
    do = TAPS.get(verb) if kind == "x" else None
    if do is None:
        talk.say("trouble.old_button")
    else:
        do(talk, about)
    return True


def answer(talk: Talk) -> bool:
    """What they wrote after such a question."""
    do = ANSWERS.get(talk.conversation.aside)
    if do is None:
        return False
    if same_words(talk.said.text, talk.words("move")["stop"]):
        _stop(talk, "")
    elif _is_about_something_else(talk):
        let_go_of_aside(talk)
        return False
    else:
        do(talk)
    return True


def _is_about_something_else(talk: Talk) -> bool:
    """A file, a sentence or "where is my complaint?" where we asked for an address, a reference or a code.

    It is heard for what it is: nobody has to answer us first before they may say that they are not satisfied.
    """
    there, said = talk.conversation, talk.said
    if there.aside not in ("reference", "code", "address"):
        return False
    if said.files or is_asking_for_status(said.text):
        return True
    is_long = len(said.text.split()) >= WORDS_OF_A_SENTENCE
    return is_long and there.holding.get("way") != "post" and not re.search(r"[@\d]", said.text)


def _stop(talk: Talk, _about: str) -> None:
    """Never mind: back to the complaint that is being told, if there is one."""
    let_go_of_aside(talk)
    talk.say("free.stopped")


def _keep(talk: Talk, _about: str) -> None:
    talk.say("withdraw.kept")


def _begin(talk: Talk, _about: str) -> None:
    """The button below the greeting."""
    commands.complain(talk, is_greeted=True)


def _new(talk: Talk, _about: str) -> None:
    """What they wrote is a complaint of its own."""
    if is_telling(talk.conversation):
        commands.already(talk)
        return
    holding = talk.conversation.holding
    telling.start(talk, str(holding.get("text", "")), list(holding.get("files") or []))


TAPS: Mapping[str, Callable[[Talk, str], None]] = {
    "add": adding.chosen,
    "withdraw": adding.ask_to_withdraw,
    "solved": lambda talk, person: adding.withdraw(talk, person, still_dissatisfied=False),
    "unhappy": lambda talk, person: adding.withdraw(talk, person, still_dissatisfied=True),
    "link": lambda talk, _about: linking.begin(talk),
    "by": informing.choose,
    "back": lambda talk, _about: informing.come_back(talk),
    "speak": informing.speak,
    "new": _new,
    "begin": _begin,
    "keep": _keep,
    "stop": _stop,
}
ANSWERS: Mapping[str, Callable[[Talk], None]] = {
    "add": adding.taken,
    "unsure": adding.unsure,
    "reference": linking.take_reference,
    "code": linking.take_code,
    "address": informing.take_address,
}
