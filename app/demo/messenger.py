"""The messenger of the story: the emulated Telegram, and our channel that speaks with it as it would in earnest."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

from sqlmodel import Session, col, select

from app.clock import SimulatedClock
from app.demo.chats import Chats
from app.house import House
from app.telegram import telegram_door
from bot.telegram.channel import Channel
from bot.telegram.emulator.running import Running, running
from storage.database import reading
from storage.tables import ChatUpdate, Message

LOOK_EVERY = 0.01  # seconds of real time
PATIENCE = 60.0


def emulated(clock: SimulatedClock) -> AbstractContextManager[Running]:
    """A Bot API of our own with one bot, whose clock is the story's."""
    return running(lambda: int(clock().timestamp()))


class Messenger:
    """Our channel, running."""

    def __init__(self, house: House, emulator: Running) -> None:
        self._house = house
        door = replace(telegram_door(house), overall=0.0, in_a_chat=0.0)  # a day of the story lasts less than a second
        self._channel = Channel(door)
        self._people = emulator.people
        self.chats = Chats(emulator.people, self.hear)

    def start(self) -> None:
        self._channel.start()

    def stop(self) -> None:
        self._channel.stop()

    def hear(self) -> None:
        """Wait until everything said has reached us and been answered. Raises TimeoutError."""
        _until(lambda: self._people.last()[1] == 0)
        self.settle()

    def settle(self) -> None:
        """Wait until everything that reached us has been answered, and everything due has left. Raises TimeoutError."""
        _until(self._is_at_rest)

    def _is_at_rest(self) -> bool:
        with reading(self._house.engine) as session:
            is_busy = _is_unheard(session) or self._is_owed(session)
        if is_busy:
            self._channel.look()
        return not is_busy

    def _is_owed(self, session: Session) -> bool:
        due = select(Message.id).where(
            Message.channel == "telegram", col(Message.closed_at).is_(None), Message.send_after <= self._house.clock()
        )
        return session.exec(due.limit(1)).first() is not None


def _is_unheard(session: Session) -> bool:
    waiting = select(ChatUpdate.id).where(col(ChatUpdate.handled_at).is_(None), col(ChatUpdate.given_up_at).is_(None))
    return session.exec(waiting.limit(1)).first() is not None


def _until(reached: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not reached():
        if time.monotonic() - began > PATIENCE:
            raise TimeoutError("the chat channel does not come to an end with what it has to do")
        time.sleep(LOOK_EVERY)
