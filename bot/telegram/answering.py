"""Answering: what waits is handled, and what is owed is sent, each telling the other. Loads aiogram."""

import asyncio

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import ClientDecodeError, TelegramAPIError

from bot.telegram.asking import Asking
from bot.telegram.door import TelegramDoor
from bot.telegram.going_on import go_on
from bot.telegram.handling import Handling
from bot.telegram.pace import Pace
from bot.telegram.reading import Tapped
from bot.telegram.sender import Sender

SECONDS = 10


class Answering:
    """Handles and sends until it is cancelled."""

    def __init__(self, door: TelegramDoor, asking: Asking) -> None:
        self._door = door
        session = AiohttpSession(api=TelegramAPIServer.from_base(door.api.rstrip("/")))
        self._bot = Bot(door.token, session=session)
        self.sender = Sender(door, self._bot, Pace(door.overall, door.in_a_chat))
        self.handling = Handling(door, asking, is_owed=self.sender.look, tapped=self._show_pressed)

    def look(self) -> None:
        """There is something new."""
        self.handling.look()
        self.sender.look()

    async def run(self) -> None:
        """For ever."""
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(go_on("handling", self.handling.run, self._door.report))
                both.create_task(go_on("sending", self.sender.run, self._door.report))
        finally:
            await self.close()

    async def close(self) -> None:
        await self._bot.session.close()

    async def _show_pressed(self, tapped: Tapped) -> None:
        """The button stops turning, and the choice stands in its message in place of the buttons.

        Nothing is lost where that fails: it is shown, not said.
        """
        try:
            await self._bot.answer_callback_query(tapped.query, request_timeout=SECONDS)
            if tapped.words:
                await self._bot.edit_message_text(
                    tapped.words, chat_id=tapped.chat, message_id=tapped.message, request_timeout=SECONDS
                )
        except (TelegramAPIError, ClientDecodeError):
            return
