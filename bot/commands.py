"""The commands of the menu: /complain, /status, /add, /withdraw, /updates, /language, /help, /stop."""

from collections.abc import Callable, Mapping

from bot import adding, informing, status, telling
from bot.cases import mine
from bot.files import let_go_of_aside
from bot.greeting import greet
from bot.meaning import FEW
from bot.talk import Talk
from bot.telling_questions import asking_of, is_telling, repeat
from workflow import unfinished

USE_WHAT_IS_HELD = ("complain", "add")  # the others leave it as it is, or make a complaint of it that is not sent
USE_THEIR_WORDS = ("complain", "add", "withdraw", "updates", "language", "stop")  # or must do what they say
LEAVE_IT = ("language", "help")
MENU = ("complain", "status", "add", "withdraw", "updates", "language", "help", "stop")


def answer(talk: Talk) -> bool:
    """A command, or a button that stands for one; an unknown one gets the list."""
    name = talk.said.command or talk.said.tapped.removeprefix("/") * talk.said.tapped.startswith("/")
    if not name or _is_said_in_words(talk, name):
        return False
    if name != "status":  # asking where it is takes nobody off their way
        _leave_aside(talk, name)
    COMMANDS.get(name, _unknown)(talk)
    if is_telling(talk.conversation) and name in ("status", *LEAVE_IT) and not talk.conversation.aside:
        repeat(talk, asking_of(talk))
    return True


def _is_said_in_words(talk: Talk, name: str) -> bool:
    """Words behind a command that has no use for them are heard for what they are: nobody is unheard for a slash."""
    least = telling.MOST_WORDS_OF_A_STATUS_QUESTION + 1 if name == "status" else FEW
    return name not in USE_THEIR_WORDS and len(talk.said.text.split()) >= least


def _leave_aside(talk: Talk, name: str) -> None:
    """What we asked besides is not asked any more; but nothing that they wrote is lost by that."""
    if not unfinished.is_held(talk.conversation):
        let_go_of_aside(talk)
    elif name not in (*USE_WHAT_IS_HELD, *LEAVE_IT):
        unfinished.take_up(talk.act, talk.conversation)


def complain(talk: Talk, *, is_greeted: bool = False) -> None:
    """Begins with what they wrote before, where we were still asking what that was about."""
    if not is_telling(talk.conversation):
        said = talk.said.text if talk.said.command else ""
        held = talk.conversation.holding
        words = "\n\n".join(part for part in (str(held.get("text", "")), said) if part)
        telling.start(talk, words, list(held.get("files") or []), is_greeted=is_greeted)
        return
    already(talk)


def already(talk: Talk) -> None:
    """One complaint at a time: go on with it, or delete it. What was held becomes part of it."""
    unfinished.take_up(talk.act, talk.conversation)
    talk.conversation.aside, talk.conversation.holding = "", {}
    talk.say("start.already")
    talk.offer(talk.button("move.on", f"n{talk.conversation.round} on"))
    talk.offer(talk.button("move.delete", f"n{talk.conversation.round} delete"))


def _start(talk: Talk) -> None:
    """What Telegram sends when somebody opens a chat with us."""
    if is_telling(talk.conversation):
        complain(talk)
        return
    greet(talk)
    talk.offer(talk.button("free.complain", "x begin"))
    talk.offer(talk.button("free.status", "/status"))


def _help(talk: Talk) -> None:
    talk.say("help.text", form=talk.act.office.link("/"))
    menu = talk.words("menu")
    talk.paragraphs.append("\n".join(f"/{name}: {menu[name]}" for name in MENU))
    if not is_telling(talk.conversation):
        talk.offer(talk.button("free.complain", "/complain"))
        talk.offer(talk.button("free.status", "/status"))


def _unknown(talk: Talk) -> None:
    talk.say("help.unknown")
    _help(talk)


def _status(talk: Talk) -> None:
    stopped = informing.stopped(talk)
    if mine(talk) or not stopped:
        status.show(talk)
    if stopped:
        talk.say("updates.stopped_before")
        talk.offer(talk.button("updates.back", "x back"))


COMMANDS: Mapping[str, Callable[[Talk], None]] = {
    "complain": complain,
    "status": _status,
    "add": lambda talk: adding.ask_what(talk, talk.said.text if talk.said.command else ""),
    "withdraw": adding.ask_to_withdraw,
    "updates": informing.ask_how,
    "language": informing.ask_language,
    "help": _help,
    "stop": informing.stop,
    "start": _start,
}
