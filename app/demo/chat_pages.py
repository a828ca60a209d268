"""/demo/chat: a page to hold the conversation on, as someone with a phone would; nothing leaves the machine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from asgi_cross_origin_protection import CrossOriginProtection
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.telegram.emulator.people import Line
from bot.telegram.emulator.running import Running
from templates.environments import pages

ANSWERED_WITHIN = 3.0  # seconds that a page waits for the bot, where no script looks for its answer
MOST = 25_000_000  # bytes of a file
LONGEST = 4096  # characters of one message


@dataclass(frozen=True)
class Person:
    """Someone whose phone the page stands for."""

    chat: int
    name: str
    language: str
    about: str


PEOPLE = (
    Person(1, "Jo", "en", "Jo, who uses Telegram in English"),
    Person(2, "Gwen", "cy", "Gwen, who uses it in Welsh"),
    Person(3, "Sam", "en", "Sam, who uses it in English"),
)


def chat_pages(emulator: Running, public_url: str) -> Sequence[BaseRoute]:
    """The routes of the demonstration's phone."""
    chats = Chats(emulator)
    ours = "/".join(public_url.split("/")[:3])
    guards = [Middleware(CrossOriginProtection, allowed_origins=[ours])]
    return [
        Route("/demo/chat", chats.look, methods=["GET"]),
        Route("/demo/chat/messages", chats.messages, methods=["GET"]),
        Route("/demo/chat/files/{file_id}", chats.file, methods=["GET"]),
        *(
            Route(f"/demo/chat/{name}", doing, methods=["POST"], middleware=guards)
            for name, doing in (("say", chats.say), ("tap", chats.tap), ("send", chats.send), ("edit", chats.edit))
        ),
    ]


class Chats:
    """What the page shows, and what can be done on it."""

    def __init__(self, emulator: Running) -> None:
        self._emulator, self._people = emulator, emulator.people

    def look(self, request: Request) -> Response:
        """The chat so far."""
        if not self._emulator.is_up:
            return _show("chat_starting")
        person = _person(request.query_params.get("as"))
        lines = self._people.history(person.chat)
        problem = "There is no such button any more." if request.query_params.get("problem") else ""
        mine = next((line for line in reversed(lines) if not line.is_bot and line.text), None)
        return _show("chat", person=person, people=PEOPLE, lines=lines, mine=mine, problem=problem)

    def messages(self, request: Request) -> Response:
        """The messages alone, for the script that looks for new ones; nothing where there are none."""
        person = _person(request.query_params.get("as"))
        lines = self._people.history(person.chat)
        newest = request.query_params.get("newest", "")
        if _newest(lines) == newest:
            return Response(status_code=204)
        return _show("chat_messages", person=person, lines=lines)

    def file(self, request: Request) -> Response:
        """A document that the bot sent: shown in a sandbox, for nothing from outside is served as ours."""
        content = self._people.file(request.path_params["file_id"])
        policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        return HTMLResponse(content, headers={"Content-Security-Policy": policy})

    async def say(self, request: Request) -> Response:
        return await self._do(
            request, lambda chat, form: [self._people.say(chat, part) for part in _parts(_text(form))]
        )

    async def edit(self, request: Request) -> Response:
        return await self._do(request, lambda chat, form: self._people.edit(chat, _text(form)))

    async def tap(self, request: Request) -> Response:
        return await self._do(request, lambda chat, form: self._people.tap(chat, str(form.get("button", ""))))

    async def send(self, request: Request) -> Response:
        async with request.form(max_part_size=MOST) as form:
            sent = form.get("file")
            if isinstance(sent, UploadFile) and sent.filename:
                name, kind, content = sent.filename, sent.content_type or "", await sent.read()
                as_photo = "photo" if kind.startswith("image/") else "document"

                def send(chat: int, form: FormData) -> object:
                    return self._people.send_file(chat, name, content, kind, as_=as_photo, caption=_text(form))

                return await self._do(request, send)
        return await self._do(request, lambda _chat, _form: None)

    async def _do(self, request: Request, doing: Callable[[int, FormData], object]) -> Response:
        form = await request.form(max_part_size=MOST)
        person = _person(str(form.get("as", "")))
        went_well = await run_in_threadpool(self._and_hear, person, lambda: doing(person.chat, form))
        more = {} if went_well else {"problem": "yes"}
        return RedirectResponse(f"/demo/chat?{urlencode({'as': person.chat, **more})}#newest", 303)

    def _and_hear(self, person: Person, doing: Callable[[], object]) -> bool:
        """Do it, and wait a little for what the bot says to it."""
        lines = self._people.history(person.chat)
        if not lines:
            self._people.be(person.chat, name=person.name, language=person.language)
        try:
            doing()
        except LookupError:
            return False
        newest = self._people.history(person.chat)[-1:]
        self._people.history(person.chat, after=max(line.id for line in [*lines, *newest]), wait=ANSWERED_WITHIN)
        return True


def _person(chat: str | None) -> Person:
    return next((one for one in PEOPLE if str(one.chat) == chat), PEOPLE[0])


def _text(form: FormData) -> str:
    return str(form.get("text", "")).strip()


def _parts(text: str) -> list[str]:
    """A long text leaves a phone as several messages."""
    return [text[start : start + LONGEST] for start in range(0, len(text), LONGEST)]


def _newest(lines: Sequence[Line]) -> str:
    return f"{len(lines)}-{sum(len(line.text) for line in lines)}"


def _show(name: str, **facts: Any) -> Response:
    facts |= {"newest": _newest(facts.get("lines", ()))}
    return HTMLResponse(pages().get_template(f"demo/{name}.html").render(**facts))
