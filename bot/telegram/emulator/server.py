"""The HTTP server: the bot's calls under /bot<token>/, its downloads under /file/, people's doings under /people/."""

import asyncio
import inspect
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from aiogram import methods
from aiohttp import web

from bot.telegram.emulator import calls, polling, pushing, talking
from bot.telegram.emulator.doings import people_routes
from bot.telegram.emulator.refusals import Refusal
from bot.telegram.emulator.world import Call, World

LARGEST_CALL = 60_000_000  # bytes

Method = tuple[type[methods.TelegramMethod[Any]], Callable[[World, calls.Given], Any]]

METHODS: Mapping[str, Method] = {
    "getMe": (methods.GetMe, talking.get_me),
    "getUpdates": (methods.GetUpdates, polling.get_updates),
    "sendMessage": (methods.SendMessage, talking.send_message),
    "sendDocument": (methods.SendDocument, talking.send_document),
    "sendChatAction": (methods.SendChatAction, talking.send_chat_action),
    "editMessageText": (methods.EditMessageText, talking.edit_message_text),
    "answerCallbackQuery": (methods.AnswerCallbackQuery, talking.answer_callback_query),
    "getFile": (methods.GetFile, talking.get_file),
    "setMyCommands": (methods.SetMyCommands, talking.set_my_commands),
    "getMyCommands": (methods.GetMyCommands, talking.get_my_commands),
    "setWebhook": (methods.SetWebhook, pushing.set_webhook),
    "deleteWebhook": (methods.DeleteWebhook, pushing.delete_webhook),
    "getWebhookInfo": (methods.GetWebhookInfo, pushing.get_webhook_info),
}
BY_NAME = {name.lower(): (name, *method) for name, method in METHODS.items()}  # Telegram does not mind the case


class Server:
    """One emulated Bot API with one bot."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._runner: web.AppRunner | None = None
        self._pushing: asyncio.Task[None] | None = None

    async def start(self, door: socket.socket) -> None:
        """Answer whoever comes to this socket, which listens already."""
        app = web.Application(client_max_size=LARGEST_CALL)
        app.add_routes(
            [
                web.route("*", "/bot{token}/{method}", self._answer),
                web.get("/file/bot{token}/documents/{file_id}", self._download),
                *people_routes(self.world),
            ]
        )
        # No access log: the token is part of each address.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.SockSite(self._runner, door).start()
        self._pushing = asyncio.create_task(pushing.deliver(self.world))

    async def stop(self) -> None:
        if self._pushing is not None:
            self._pushing.cancel()
            with suppress(asyncio.CancelledError):
                await self._pushing
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        try:
            result = await self._call(request)
        except Refusal as refusal:
            return _no(refusal)
        if inspect.isawaitable(result):
            result = await result
        return web.json_response({"ok": True, "result": result})

    async def _call(self, request: web.Request) -> Any:
        if request.match_info["token"] != self.world.token:
            raise Refusal(401, "Unauthorized")
        found = BY_NAME.get(request.match_info["method"].lower())
        if found is None:
            raise Refusal(404, "Not Found: method not found")
        name, kind, do = found
        given = await calls.read(request, kind)
        self.world.calls.append(Call(name, given.arguments, time.monotonic()))
        self.world.troubles.meet(name, str(given.arguments.get("chat_id", "")))
        result = do(self.world, given)
        return await result if inspect.isawaitable(result) else result

    async def _download(self, request: web.Request) -> web.Response:
        kept = self.world.files.get(request.match_info["file_id"])
        if request.match_info["token"] != self.world.token or kept is None:
            return _no(Refusal(404, "Not Found"))
        try:
            self.world.troubles.meet("download", "")
        except Refusal as refusal:
            return _no(refusal)
        return web.Response(body=kept.content, content_type="application/octet-stream")


def _no(refusal: Refusal) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.retry_after:
        body["parameters"] = {"retry_after": refusal.retry_after}
    return web.json_response(body, status=refusal.code)
