"""The files of a message: which there are, what they are called, and fetching them from Telegram."""

from dataclasses import dataclass

from aiogram.types import Message

from bot.said import File
from bot.telegram.asking import Asking, NoAnswer

LARGEST = 20_000_000  # bytes: Telegram gives a bot no larger file


class NotToBeHad(Exception):
    """Telegram will never give us this file."""


@dataclass(frozen=True)
class Enclosed:
    """A file that is still with Telegram; name, type and size are claims."""

    id: str
    name: str
    type: str
    size: int

    @property
    def is_too_large(self) -> bool:
        return self.size > LARGEST


def enclosed(message: Message) -> tuple[Enclosed, ...]:
    """What the message carries: a photo in its largest size that can be had, or a file of another kind."""
    if message.photo:
        sizes = [Enclosed(one.file_id, "photo.jpg", "image/jpeg", one.file_size or 0) for one in message.photo]
        can_be_had = [one for one in sizes if not one.is_too_large]
        return ((can_be_had or sizes)[-1],)
    found = (
        (message.document, "document", "application/octet-stream"),
        (message.voice, "voice.ogg", "audio/ogg"),
        (message.audio, "audio.mp3", "audio/mpeg"),
        (message.video, "video.mp4", "video/mp4"),
        (message.video_note, "video.mp4", "video/mp4"),
    )
    return tuple(
        Enclosed(
            file.file_id,
            getattr(file, "file_name", None) or name,
            getattr(file, "mime_type", None) or kind,
            file.file_size or 0,
        )
        for file, name, kind in found
        if file is not None
    )


async def fetch(asking: Asking, wanted: Enclosed) -> File:
    """The file itself. Raises NotToBeHad, or NoAnswer when Telegram can't be reached."""
    try:
        found = await asking.ask("getFile", file_id=wanted.id)
        content = await asking.download(str(found["file_path"]), LARGEST)
    except NoAnswer as no:
        if no.code in (400, 404):
            raise NotToBeHad from no
        raise
    except (KeyError, TypeError) as error:
        raise NotToBeHad from error
    return File(wanted.name, wanted.type, content)
