"""Sending what is owed by Telegram: at once when something is, in order within a chat, many chats side by side."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from sqlalchemy import update
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlmodel import col, select

from bot.telegram import holder
from bot.telegram.door import CHANNEL, TelegramDoor
from bot.telegram.pace import Pace
from bot.telegram.unwritten import Unwritten
from bot.telegram.verdicts import Verdict, verdict
from bot.telegram.writing import LEFT, write
from storage.database import writing
from storage.tables import Message
from workflow import delivery, outbox
from workflow.office import SYSTEM, Act

log = logging.getLogger("redress.outbox")

MOST = 30  # messages in hand: what may leave in a second
LOOK_SECONDS = 1.0  # how often we look without being told that something is owed
AWAY_SECONDS = 5.0  # between tries while Telegram can't be reached
STOP_SECONDS = 10.0


@dataclass(frozen=True)
class Tried:
    """A message that we held under its lease, and why Telegram did not take it: yes is no verdict."""

    message: Message
    verdict: Verdict | None


class Sender:
    """Sends until it is cancelled, then finishes what it has in hand."""

    def __init__(self, door: TelegramDoor, bot: Bot, pace: Pace) -> None:
        self._door, self._bot, self._pace = door, bot, pace
        self._news = asyncio.Event()
        self._in_hand: set[asyncio.Task[None]] = set()
        self._tried: deque[Tried] = deque()
        self._unwritten = Unwritten()
        self._away_until = 0.0
        self._some_may_wait = True  # for Telegram to be reached again: perhaps since before we began

    def look(self) -> None:
        """There may be something to send."""
        self._news.set()

    async def run(self) -> None:
        """For ever."""
        await asyncio.to_thread(self._take_over)
        try:
            while True:
                self._news.clear()
                sent = await self.send_some()
                if not sent and not self._tried:
                    await _until(self._news, LOOK_SECONDS)
        finally:
            await self.finish()

    async def send_some(self) -> int:
        """Write down what came of the last ones and begin to send others; how many were begun."""
        try:
            claimed = await asyncio.shield(self._settle_and_claim())
        except SQLAlchemyError as error:
            log.warning("the outbox could not be written, trying again: %s", type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)
            return 0
        for message in claimed:
            task = asyncio.create_task(self._send(message))
            self._in_hand.add(task)
            task.add_done_callback(self._in_hand.discard)
        return len(claimed)

    async def finish(self) -> None:
        """Let what is under way end, and write down what came of each."""
        ends = time.monotonic() + STOP_SECONDS
        while (self._in_hand or self._tried) and (left := ends - time.monotonic()) > 0:
            if not self._tried:
                await asyncio.wait(self._in_hand, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            try:
                await asyncio.shield(self._settle_and_claim(most=0))
            except SQLAlchemyError as error:  # in the end their leases run out
                log.warning("what came of %s messages could not be written: %s", len(self._tried), type(error).__name__)
                await asyncio.sleep(LOOK_SECONDS)

    async def _send(self, message: Message) -> None:
        try:
            await write(self._bot, self._pace, self._unwritten, message, lambda parts: self._part_left(message, parts))
        except (TelegramAPIError, ClientDecodeError) as error:
            self._tried.append(Tried(message, verdict(error)))
        except Exception as error:  # noqa: BLE001 - such as buttons that aiogram refuses to write: trying again won't help
            log.error("message %s could not be written: %s", message.number, type(error).__name__)
            self._tried.append(Tried(message, Verdict(type(error).__name__, is_for_good=True)))
        else:
            self._tried.append(Tried(message, None))
        self.look()

    async def _part_left(self, message: Message, parts: int) -> None:
        """Remembered at once, so that whoever tries again, and be it another process, goes on after it."""
        message.extra = {**(message.extra or {}), LEFT: parts}
        try:
            await asyncio.shield(asyncio.to_thread(self._remember, message))
        except SQLAlchemyError as error:  # the rest follows all the same, and it is written down with what came of it
            log.warning("which part of a message has left could not be written: %s", type(error).__name__)
        self._unwritten.written([message.id])

    def _remember(self, message: Message) -> None:
        with writing(self._door.engine) as session:
            ours = update(Message).where(col(Message.id) == message.id, col(Message.lease) == message.lease)
            session.execute(ours.values(extra=message.extra))

    async def _settle_and_claim(self, most: int = MOST) -> list[Message]:
        settled, claimed = await asyncio.to_thread(self._in_one_commit, most)
        self._unwritten.written([one.message.id for one in settled])
        return claimed

    def _in_one_commit(self, most: int) -> tuple[list[Tried], list[Message]]:
        tried: list[Tried] = []
        try:
            with writing(self._door.engine) as session:
                session.connection()  # waits for our turn to write: what comes back meanwhile is settled with the rest
                tried += _all_of(self._tried)
                act = Act(session, self._door.office, SYSTEM, self._door.clock())
                return tried, self._settled_and_claimed(act, tried, most)
        except BaseException:  # whatever it was: what came of them is not written down yet
            self._tried.extendleft(reversed(tried))
            raise

    def _settled_and_claimed(self, act: Act, tried: Sequence[Tried], most: int) -> list[Message]:
        in_order = sorted(tried, key=lambda each: each.message.case_id or 0)  # every act locks cases in this one
        for one in in_order:
            _settle(act, one)
        room = self._room(tried, most)
        if self._some_may_wait and any(one.verdict is None for one in tried):
            outbox.hurry(act.session, act.now, channel=CHANNEL)
            self._some_may_wait = False
        return delivery.claim(act, [holder.lease() for _ in range(room)], channel=CHANNEL)

    def _room(self, tried: Sequence[Tried], most: int) -> int:
        """How many more we may take in hand: while Telegram is away, one now and then to see whether it is back."""
        for one in tried:
            self._some_may_wait = self._some_may_wait or one.verdict is not None
            self._away_until = time.monotonic() + AWAY_SECONDS if one.verdict and one.verdict.is_away else 0.0
        if self._away_until:
            return int(most > 0 and time.monotonic() >= self._away_until and not self._in_hand)
        return most - len(self._in_hand)

    def _take_over(self) -> None:
        """What a process of this machine had in hand when it died is ours now; any other's lease runs out by itself."""
        with writing(self._door.engine) as session:
            leased = select(col(Message.lease)).where(Message.channel == CHANNEL, col(Message.closed_at).is_(None))
            leased = leased.where(col(Message.leased_until).is_not(None))
            dead = [lease for lease in session.exec(leased) if lease and holder.is_dead(lease)]
            session.execute(update(Message).where(col(Message.lease).in_(dead)).values(leased_until=None))


def _all_of(tried: deque[Tried]) -> Iterator[Tried]:
    """One after the other: others come meanwhile."""
    while tried:
        yield tried.popleft()


def _settle(act: Act, tried: Tried) -> None:
    """Write down what came of a message, unless another worker took it over meanwhile."""
    try:
        with act.session.begin_nested():
            message, lease = delivery.settle(act, tried.message), tried.message.lease or ""
            if outbox.is_ours(act.session, message, lease):
                message.extra = tried.message.extra  # how many of its parts have left
                _write_down(act, message, tried.verdict)
            else:
                log.warning("message %s was taken over; its result is not written twice", message.number)
    except (OperationalError, InterfaceError):
        raise  # the database is at fault: all of it is tried again
    except Exception as error:  # noqa: BLE001 - its lease runs out, then it is tried again; the others go on
        log.error("what came of message %s could not be written: %s", tried.message.number, type(error).__name__)


def _write_down(act: Act, message: Message, verdict: Verdict | None) -> None:
    if verdict is None:
        delivery.left(act, message)
    elif verdict.is_for_good:
        delivery.failed(act, message, verdict.reason)
    else:
        after = timedelta(seconds=verdict.after) if verdict.after else None
        delivery.waits(act, message, verdict.reason, may_have_left=verdict.may_have_left, after=after)


async def _until(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
