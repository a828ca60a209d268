"""The people who talk with the bot, from any process: they write, press buttons, send files, block."""

import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

TIMEOUT = 60.0  # seconds


@dataclass(frozen=True)
class Line:
    """One message of a chat; `at` in seconds of the emulator's own clock."""

    id: int
    is_bot: bool
    text: str
    buttons: tuple[tuple[str, ...], ...]
    document: str  # its name
    file_id: str
    at: float
    raw: Mapping[str, Any]


class People:
    """Everybody, at one emulator."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def say(self, chat: int, text: str, **more: Any) -> dict[str, Any]:
        """Write a message; `more` is what else the Bot API would write of it, such as a location."""
        return dict(self._post(f"/people/{chat}/say", {"text": text, **more} if text else more))

    def tap(self, chat: int, button: str) -> dict[str, Any]:
        """Press the newest button with this text. Raises LookupError when there is none."""
        return dict(self._post(f"/people/{chat}/tap", {"button": button}))

    def edit(self, chat: int, text: str, message_id: int | None = None) -> dict[str, Any]:
        """Give the last message, or that one, new words."""
        return dict(self._post(f"/people/{chat}/edit", {"text": text, "message_id": message_id}))

    def send_file(
        self, chat: int, name: str, content: bytes, kind: str = "application/octet-stream", **fields: object
    ) -> dict[str, Any]:
        """Fields: as_ (document, photo, voice, video), caption, album, size (claimed, in bytes)."""
        plain = {key.rstrip("_"): str(value) for key, value in fields.items()}
        edge = secrets.token_hex(16)
        body = _multipart(edge, plain, name, content, kind)
        return dict(self._send(f"/people/{chat}/file", body, f"multipart/form-data; boundary={edge}"))

    def block(self, chat: int) -> None:
        self._post(f"/people/{chat}/be", {"blocked": True})

    def unblock(self, chat: int) -> None:
        self._post(f"/people/{chat}/be", {"blocked": False})

    def be(self, chat: int, *, name: str = "Jo", language: str = "en") -> None:
        """How the messenger calls someone, and in which language they use it."""
        self._post(f"/people/{chat}/be", {"name": name, "language": language})

    def history(self, chat: int, *, after: int = 0, wait: float = 0) -> list[Line]:
        """The messages after that one; with `wait`, once the bot has written one or the seconds are up."""
        found = self._get(f"/people/{chat}?after={after}&wait={wait}")
        return [_line(one) for one in found["messages"]]

    def answer(self, chat: int, after: int, *, wait: float = 20) -> Line:
        """The bot's first message after that one. Raises LookupError when none comes in time."""
        for line in self.history(chat, after=after, wait=wait):
            if line.is_bot:
                return line
        raise LookupError(f"the bot wrote nothing to {chat} after message {after}")

    def taps(self, chat: int) -> list[dict[str, Any]]:
        """The buttons pressed; `answered` in those that the bot has taken note of."""
        return list(self._get(f"/people/{chat}")["taps"])

    def file(self, file_id: str) -> bytes:
        with urllib.request.urlopen(f"{self._url}/people/files/{file_id}", timeout=TIMEOUT) as answer:  # noqa: S310 - our own server
            return bytes(answer.read())

    def publish(self, updates: Iterable[Mapping[str, Any]]) -> list[int]:
        """Any updates, as they are; their numbers."""
        return list(self._post("/people/updates", list(updates)))

    def trouble(self, code: int, **what: Any) -> None:
        """The next calls fail; see `troubles.Trouble` for what can be said."""
        self._post("/people/trouble", {"code": code, **what})

    def mix(self, *, on: bool = True) -> None:
        """From now on updates come out of order, and some again."""
        self._post("/people/mixing", {"on": on})

    def look(self) -> dict[str, Any]:
        """Updates not yet confirmed, calls made, menus, the webhook."""
        return dict(self._get("/people"))

    def last(self) -> tuple[dict[int, str], int]:
        """The last words of the bot in each chat, and how many updates it has not confirmed."""
        found = self._get("/people/last")
        return {int(chat): words for chat, words in found["words"].items()}, int(found["waiting"])

    def calls(self, method: str) -> list[dict[str, Any]]:
        """The calls of one method, as the bot made them."""
        return [call for call in self.look()["calls"] if call["method"] == method]

    def _get(self, path: str) -> Any:
        with urllib.request.urlopen(self._url + path, timeout=TIMEOUT) as answer:  # noqa: S310 - our own server
            return json.load(answer)

    def _post(self, path: str, what: object) -> Any:
        return self._send(path, json.dumps(what).encode(), "application/json")

    def _send(self, path: str, body: bytes, kind: str) -> Any:
        request = urllib.request.Request(self._url + path, body, {"Content-Type": kind})  # noqa: S310 - our own server
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310 - our own server
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise LookupError(error.read().decode()) from None


def _multipart(edge: str, fields: Mapping[str, str], name: str, content: bytes, kind: str) -> bytes:
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}' for key, value in fields.items()
    ]
    file = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'
    head = "".join(f"{part}\r\n" for part in parts) + file
    return head.encode() + content + f"\r\n--{edge}--\r\n".encode()


def _line(message: Mapping[str, Any]) -> Line:
    rows = message.get("reply_markup", {}).get("inline_keyboard", ())
    document = message.get("document", {})
    return Line(
        id=message["message_id"],
        is_bot=message["from"]["is_bot"],
        text=message.get("text") or message.get("caption") or "",
        buttons=tuple(tuple(button["text"] for button in row) for row in rows),
        document=document.get("file_name", ""),
        file_id=document.get("file_id", ""),
        at=message["at"],
        raw=message,
    )
