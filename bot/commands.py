"""The commands of the menu: /complain, /status, /add, /withdraw, /updates, /language, /help, /stop."""

from collections.abc import Callable, Mapping

from bot import adding, informing, status, telling
from bot.files import let_go_of_aside
from bot.services import bodies
from bot.talk import Talk
from bot.telling_questions import asking_of, is_telling, repeat

MENU = ("complain", "status", "add", "withdraw", "updates", "language", "help", "stop")


def answer(talk: Talk) -> bool:
    """A command, or a button that stands for one; an unknown one gets the list."""
    name = talk.said.command or talk.said.tapped.removeprefix("/") * talk.said.tapped.startswith("/")
    if not name:
        return False
    if name != "status":  # asking where it is takes nobody off their way
        let_go_of_aside(talk)
    COMMANDS.get(name, _help)(talk)
    if is_telling(talk.conversation) and name in ("status", "language", "help"):
        repeat(talk, asking_of(talk))
    return True


def _complain(talk: Talk) -> None:
    if not is_telling(talk.conversation):
        telling.start(talk, talk.said.text if talk.said.command else "")
        return
    talk.say("start.already")
    talk.offer(talk.button("move.on", f"n{talk.conversation.round} on"))
    talk.offer(talk.button("move.delete", f"n{talk.conversation.round} delete"))


def _start(talk: Talk) -> None:
    """What Telegram sends when somebody opens a chat with us."""
    if is_telling(talk.conversation):
        _complain(talk)
        return
    talk.say("free.welcome", bodies=bodies(talk.act.session))
    readers = talk.words("who_reads")
    talk.paragraphs.append(readers.get(talk.said.channel, readers["other"]))
    talk.offer(talk.button("free.complain", "/complain"))
    talk.offer(talk.button("free.status", "/status"))


def _help(talk: Talk) -> None:
    talk.say("help.text", form=talk.act.office.link("/"))
    menu = talk.words("menu")
    talk.paragraphs.append("\n".join(f"/{name}: {menu[name]}" for name in MENU))
    if not is_telling(talk.conversation):
        talk.offer(talk.button("free.complain", "/complain"))
        talk.offer(talk.button("free.status", "/status"))


def _status(talk: Talk) -> None:
    status.show(talk)
    if informing.stopped(talk):
        talk.say("updates.stopped_before")
        talk.offer(talk.button("updates.back", "x back"))


COMMANDS: Mapping[str, Callable[[Talk], None]] = {
    "complain": _complain,
    "status": _status,
    "add": lambda talk: adding.ask_what(talk, talk.said.text if talk.said.command else ""),
    "withdraw": adding.ask_to_withdraw,
    "updates": informing.ask_how,
    "language": informing.ask_language,
    "help": _help,
    "stop": informing.stop,
    "start": _start,
}
