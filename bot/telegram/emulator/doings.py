"""What people do in their chats, over HTTP, so that tests and the demonstration can be in another process."""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from aiohttp import web

from bot.telegram.emulator.files import message_of
from bot.telegram.emulator.troubles import Trouble
from bot.telegram.emulator.world import Json, Room, World

LONGEST_WAIT = 30.0  # seconds for a message to come


def people_routes(world: World) -> Iterable[web.RouteDef]:
    """The routes below /people; each answers in JSON."""
    doings = Doings(world)
    yield web.get("/people", doings.look)
    yield web.post("/people/updates", doings.updates)
    yield web.post("/people/trouble", doings.trouble)
    yield web.post("/people/mixing", doings.mixing)
    yield web.get("/people/last", doings.last)
    yield web.get("/people/files/{file_id}", doings.file)
    yield web.get("/people/{chat:-?\\d+}", doings.history)
    yield web.post("/people/{chat:-?\\d+}/say", doings.say)
    yield web.post("/people/{chat:-?\\d+}/tap", doings.tap)
    yield web.post("/people/{chat:-?\\d+}/edit", doings.edit)
    yield web.post("/people/{chat:-?\\d+}/file", doings.send_file)
    yield web.post("/people/{chat:-?\\d+}/be", doings.be)


class Doings:
    """One function for each thing that a person can do."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def look(self, _request: web.Request) -> web.Response:
        """What a test asks of the whole: updates not yet confirmed, calls made, menus, the webhook."""
        world = self._world
        calls = [asdict(call) for call in world.calls]
        webhook = {name: value for name, value in world.webhook.items() if name != "secret"}
        told = {"waiting": len(world.updates), "calls": calls, "commands": world.commands, "webhook": webhook}
        return web.json_response(told | {"chats": list(world.rooms)})

    async def last(self, _request: web.Request) -> web.Response:
        """The last words of the bot in each chat, and how many updates it has not confirmed."""
        words = {room.id: _last_words(room) for room in self._world.rooms.values()}
        return web.json_response({"words": words, "waiting": len(self._world.updates)})

    async def updates(self, request: web.Request) -> web.Response:
        """Any updates, as they are, all at once."""
        published = [self._world.publish(update) for update in await request.json()]
        return web.json_response([update["update_id"] for update in published])

    async def trouble(self, request: web.Request) -> web.Response:
        self._world.troubles.waiting.append(Trouble(**await request.json()))
        return web.json_response({})

    async def mixing(self, request: web.Request) -> web.Response:
        self._world.is_mixing = bool((await request.json())["on"])
        return web.json_response({})

    async def file(self, request: web.Request) -> web.Response:
        kept = self._world.files.get(request.match_info["file_id"])
        if kept is None:
            raise web.HTTPNotFound
        return web.Response(body=kept.content, content_type="application/octet-stream")

    async def history(self, request: web.Request) -> web.Response:
        """The messages of a chat after one; with `wait`, not before the bot has written one or the time is up."""
        room = self._room(request)
        after, ends = int(request.query.get("after", 0)), time.monotonic() + _seconds(request)
        while not any(one["message_id"] > after and one["from"]["is_bot"] for one in room.messages):
            left = ends - time.monotonic()
            if left <= 0:
                break
            with_time = asyncio.wait_for(self._world.told.wait(), left)
            await asyncio.gather(with_time, return_exceptions=True)
        newer = [one | {"at": self._world.moments[one["message_id"]]} for one in room.messages]
        return web.json_response(
            {"messages": [one for one in newer if one["message_id"] > after], "taps": room.tapped, "me": asdict(room)}
        )

    async def say(self, request: web.Request) -> web.Response:
        """A message of any kind: its text, and what else the Bot API would write of it."""
        room, what = self._room(request), dict(await request.json())
        text = what.get("text", "")
        if text.startswith("/"):
            length = len(text.split()[0])
            what.setdefault("entities", [{"type": "bot_command", "offset": 0, "length": length}])
        return self._message(room, what)

    async def send_file(self, request: web.Request) -> web.Response:
        room = self._room(request)
        return self._message(room, message_of(self._world, await request.post()))

    async def edit(self, request: web.Request) -> web.Response:
        """New words for a message of the person's, the last one unless named."""
        room, what = self._room(request), await request.json()
        theirs = [one for one in room.messages if not one["from"]["is_bot"]]
        wanted = what.get("message_id") or (theirs[-1]["message_id"] if theirs else 0)
        for message in theirs:
            if message["message_id"] == wanted:
                message |= {"text": what["text"], "edit_date": self._world.clock()}
                update = self._world.publish({"edited_message": dict(message)})
                return web.json_response({"update_id": update["update_id"], "message_id": wanted})
        raise web.HTTPNotFound(text="no such message")

    async def tap(self, request: web.Request) -> web.Response:
        """Press the newest button with this text."""
        room, wanted = self._room(request), (await request.json())["button"]
        for message in reversed(room.messages):
            for button in _buttons(message):
                if button["text"] == wanted:
                    return self._tapped(room, message, button)
        raise web.HTTPNotFound(text=f"no button is called {wanted}")

    async def be(self, request: web.Request) -> web.Response:
        """Change how the messenger calls someone, their language, or whether they block the bot."""
        room, what = self._room(request), await request.json()
        room.name, room.language = what.get("name", room.name), what.get("language", room.language)
        if "blocked" in what and what["blocked"] != room.is_blocked:
            room.is_blocked = what["blocked"]
            self._world.publish({"my_chat_member": _membership(self._world, room)})
        return web.json_response({})

    def _room(self, request: web.Request) -> Room:
        return self._world.visit(int(request.match_info["chat"]))

    def _message(self, room: Room, what: Json) -> web.Response:
        message = self._world.add(room, room.person, **what)
        update = self._world.publish({"message": dict(message)})
        told = {"update_id": update["update_id"], "message_id": message["message_id"]}
        return web.json_response(told | {"at": self._world.moments[message["message_id"]]})

    def _tapped(self, room: Room, message: Json, button: Json) -> web.Response:
        query_id = str(next(self._world.numbers))
        room.tapped.append({"id": query_id, "button": button["text"]})
        query: dict[str, Any] = {"id": query_id, "from": room.person, "chat_instance": f"instance-{room.id}"}
        update = self._world.publish(
            {"callback_query": query | {"message": dict(message), "data": button["callback_data"]}}
        )
        return web.json_response({"update_id": update["update_id"], "at": time.monotonic()})


def _last_words(room: Room) -> str:
    mine = (one for one in reversed(room.messages) if one["from"]["is_bot"])
    return str(next(mine, {}).get("text", ""))


def _buttons(message: Json) -> list[Json]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", ()) if message["from"]["is_bot"] else ()
    return [button for row in rows for button in row]


def _membership(world: World, room: Room) -> Json:
    """What Telegram tells a bot when a person blocks it, or takes it back."""
    left, there = {"user": world.me, "status": "kicked", "until_date": 0}, {"user": world.me, "status": "member"}
    old, new = (there, left) if room.is_blocked else (left, there)
    about = {"chat": room.chat, "from": room.person, "date": world.clock()}
    return about | {"old_chat_member": old, "new_chat_member": new}


def _seconds(request: web.Request) -> float:
    return min(float(request.query.get("wait", 0)), LONGEST_WAIT)
