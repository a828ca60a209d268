"""Reading a call of the bot: JSON or form, with files, checked against aiogram's own model of the method."""

import json
from dataclasses import dataclass
from typing import Any, get_args

from aiogram.methods import TelegramMethod
from aiohttp import web
from pydantic import ValidationError

from bot.telegram.emulator.refusals import bad


@dataclass(frozen=True)
class Upload:
    """A file that came with a call."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True)
class Given:
    """A call as read: its method's model, the arguments as they came, and the files by their names in the form."""

    model: TelegramMethod[Any]
    arguments: dict[str, Any]
    files: dict[str, Upload]

    def file(self, value: object) -> Upload | None:
        """The file that an argument names, when it came with the call."""
        return self.files.get(str(value).removeprefix("attach://"))


async def read(request: web.Request, kind: type[TelegramMethod[Any]]) -> Given:
    """Raises Refusal for a call that does not fit its method."""
    arguments, files = await _arguments(request)
    for name, upload in files.items():
        arguments.setdefault(name, f"attach://{name}" if upload else "")
    arguments = {name: _parsed(kind, name, value) for name, value in arguments.items()}
    try:
        return Given(kind.model_validate(arguments), arguments, files)
    except ValidationError as error:
        first = error.errors()[0]
        raise bad(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from None


async def _arguments(request: web.Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    arguments: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        try:
            return arguments | dict(await request.json()), {}
        except (ValueError, TypeError):
            raise bad("can't parse request JSON object") from None
    files: dict[str, Upload] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = Upload(value.filename, value.content_type, value.file.read())
        else:
            arguments[name] = value
    return arguments, files


def _parsed(kind: type[TelegramMethod[Any]], name: str, value: object) -> object:
    """A form can only carry text: an argument that is no text is JSON."""
    field = kind.model_fields.get(name)
    if field is None or not isinstance(value, str) or _takes_text(field.annotation):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _takes_text(annotation: Any) -> bool:
    return annotation is str or any(_takes_text(part) for part in get_args(annotation) if part is not annotation)
