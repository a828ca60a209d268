"""A file that a person sends: as a document, a photo, a voice note or a video."""

from typing import Any

from aiohttp import web
from multidict import MultiMapping

from bot.telegram.emulator.world import Json, World


def message_of(world: World, form: MultiMapping[Any]) -> Json:
    """The message's part that tells of the file. Fields: file, as, caption, album, size (claimed, in bytes)."""
    field = form["file"]
    assert isinstance(field, web.FileField)
    size = int(form["size"]) if "size" in form else None
    file_id = world.keep(field.filename, field.content_type, field.file.read(), size)
    told: Json = {"caption": form.get("caption") or None, "media_group_id": form.get("album") or None}
    return told | _DESCRIBED[form.get("as", "document")](world, file_id)


def _document(world: World, file_id: str) -> Json:
    return {"document": _file(world, file_id) | {"file_name": world.files[file_id].name, **_type(world, file_id)}}


def _photo(world: World, file_id: str) -> Json:
    """Telegram makes several sizes of a photo, the largest last."""
    large = _file(world, file_id) | {"width": 1280, "height": 960}
    small_id = world.keep("small.jpg", "image/jpeg", b"small")
    small = _file(world, small_id) | {"width": 90, "height": 67}
    return {"photo": [small, large]}


def _voice(world: World, file_id: str) -> Json:
    return {"voice": _file(world, file_id) | {"duration": 4, **_type(world, file_id)}}


def _video(world: World, file_id: str) -> Json:
    return {"video": _file(world, file_id) | {"duration": 4, "width": 640, "height": 480, **_type(world, file_id)}}


def _file(world: World, file_id: str) -> Json:
    return {"file_id": file_id, "file_unique_id": f"u-{file_id}", "file_size": world.files[file_id].size}


def _type(world: World, file_id: str) -> Json:
    return {"mime_type": world.files[file_id].type}


_DESCRIBED = {"document": _document, "photo": _photo, "voice": _voice, "video": _video}
