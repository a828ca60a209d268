"""Handling what was received: one update after the other in each chat, and none that fails stops the rest."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlmodel import Session

from bot import conversation, danger
from bot.quarantine import put_aside
from bot.telegram import reading, whole
from bot.telegram.asking import Asking
from bot.telegram.door import TelegramDoor
from bot.telegram.reading import Heard, Tapped
from storage import chat
from storage.database import writing
from storage.tables import ChatUpdate
from workflow.office import SYSTEM, Act

log = logging.getLogger("redress.telegram")

LOOK_SECONDS = 1.0  # how often we look without being told that there is something
WARN_SECONDS = 3.0  # words of danger wait no longer for the files that came with them
AT_ONCE = 4  # updates in one commit: more save little, and whoever comes first waits for the last
UNREACHED = (OperationalError, InterfaceError)


@dataclass(frozen=True)
class Pending:
    """Something with files, or the first of an album: its chat waits until it is whole."""

    id: int
    chat: str
    heard: Heard


class Handling:
    """Answers what waits until it is cancelled."""

    def __init__(
        self,
        door: TelegramDoor,
        asking: Asking,
        *,
        is_owed: Callable[[], None],
        tapped: Callable[[Tapped], Coroutine[Any, Any, None]],
    ) -> None:
        """`is_owed` is called when there may be something to send; `tapped` shows that a button was pressed."""
        self._door, self._asking, self._is_owed, self._tapped = door, asking, is_owed, tapped
        self._news = asyncio.Event()
        self._in_hand: set[str] = set()  # chats whose files are being fetched
        self._tasks: set[asyncio.Task[None]] = set()

    def look(self) -> None:
        """There is something new."""
        self._news.set()

    async def run(self) -> None:
        """For ever."""
        while True:
            self._news.clear()
            try:
                did = await asyncio.shield(asyncio.to_thread(self.handle_some))
            except SQLAlchemyError as error:
                log.warning("updates could not be handled now: %s", type(error).__name__)
                did = []
            self._go_on(did)
            if not did:
                await _until(self._news, LOOK_SECONDS)

    def handle_some(self) -> list[Heard | Pending]:
        """Answer what can be answered at once, some in one commit; what was done, and what needs its files first."""
        done: list[Heard | Pending] = []
        with writing(self._door.engine) as session:
            for update in chat.waiting(session, self._door.clock(), AT_ONCE, bot=self._door.bot, besides=self._in_hand):
                done.append(self._handle(session, update))
                session.flush()
        return done

    def _handle(self, session: Session, update: ChatUpdate) -> Heard | Pending:
        heard = Heard(None)
        try:
            with session.begin_nested():
                heard = reading.read(update)
                if heard.files or heard.album:
                    return Pending(update.id or 0, update.chat, heard)
                is_forgotten = self._answer(session, heard)
                chat.handled(update, self._door.clock(), is_forgotten=is_forgotten)
        except UNREACHED:
            raise  # the database is at fault, not this update: all of it is tried again
        except Exception as error:  # noqa: BLE001 - whatever it is, the others are to be answered
            self._failed(session, update, error)
        return heard

    def _answer(self, session: Session, heard: Heard) -> bool:
        """Whether what was said is to be forgotten."""
        if heard.said is None:
            return False
        return conversation.answer(Act(session, self._door.office, SYSTEM, self._door.clock()), heard.said)

    def _failed(self, session: Session, update: ChatUpdate, error: Exception) -> None:
        log.error("update %s could not be handled: %s", update.id, type(error).__name__)
        now = self._door.clock()
        chat.failed(update, now, error)
        session.add(update)
        if update.given_up_at is not None:
            put_aside(Act(session, self._door.office, SYSTEM, now), update)

    def _go_on(self, did: list[Heard | Pending]) -> None:
        """What need not be waited for: buttons that show that they were pressed, files, and the sender."""
        for one in did:
            if isinstance(one, Pending):
                self._in_hand.add(one.chat)
                self._start(self._when_whole(one))
            elif one.tapped is not None:
                self._start(self._tapped(one.tapped))
        if did:
            self._is_owed()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _when_whole(self, pending: Pending) -> None:
        """Gather an album, fetch the files, then answer; the chat's later messages wait meanwhile."""
        try:
            ids, heard = await self._gathered(pending)
            await asyncio.shield(asyncio.to_thread(self._answer_whole, ids, heard))
        except SQLAlchemyError as error:
            log.warning("an update with files could not be handled now: %s", type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)
        except Exception as error:  # noqa: BLE001 - counted as a try, or its chat would wait for it for ever
            await asyncio.shield(asyncio.to_thread(self._could_not_make_whole, pending.id, error))
        finally:
            self._in_hand.discard(pending.chat)
            self._is_owed()
            self.look()

    async def _gathered(self, pending: Pending) -> tuple[Sequence[int], Heard]:
        """Where that takes long, words of danger that came with it do not wait for it."""
        one = whole.gathered(self._door, self._asking, pending.id, pending.chat, pending.heard)
        fetching = asyncio.ensure_future(one)
        try:
            await asyncio.wait({fetching}, timeout=WARN_SECONDS)
            if not fetching.done() and await asyncio.to_thread(self._warn, pending.heard):
                self._is_owed()
            return await fetching
        finally:
            fetching.cancel()

    def _warn(self, heard: Heard) -> bool:
        with writing(self._door.engine) as session:
            act = Act(session, self._door.office, SYSTEM, self._door.clock())
            return heard.said is not None and danger.warn(act, heard.said)

    def _answer_whole(self, ids: Sequence[int], heard: Heard) -> None:
        with writing(self._door.engine) as session:
            parts = chat.still_waiting(session, ids)
            if len(parts) < len(ids):
                return  # another worker has answered it meanwhile, or whoever began it anew before it was stopped
            try:
                with session.begin_nested():
                    self._answer(session, heard)
                    for part in parts:
                        chat.handled(part, self._door.clock())
            except UNREACHED:
                raise
            except Exception as error:  # noqa: BLE001 - tried again like any other
                self._failed(session, parts[0], error)

    def _could_not_make_whole(self, id_: int, error: Exception) -> None:
        with writing(self._door.engine) as session:
            for update in chat.still_waiting(session, [id_]):
                self._failed(session, update, error)


async def _until(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
