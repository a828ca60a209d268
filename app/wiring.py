"""Which channels there are: one visible table. A new channel is its folder and one line here."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from storage.tables import Contact
from workflow.contact import Reading
from workflow.told import read as told

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from app.house import House
    from app.settings import Settings

Read = Callable[[bytes, Contact], Reading]

IRREGULAR = "irregular line ends: parts of this message may be made to look like other messages"


@dataclass(frozen=True)
class Served:
    """A channel that runs: how it is started and stopped, and the pages that it needs, such as one for a webhook."""

    start: Callable[[], Awaitable[None]]
    stop: Callable[[], Awaitable[None]]
    pages: "Sequence[BaseRoute]" = ()


@dataclass(frozen=True)
class Channel:
    """A way to reach us, or to be reached, as `redress status` names it."""

    name: str
    is_on: "Callable[[Settings], bool]"
    reads: "Mapping[str, Callable[[House], Read]]" = field(default_factory=dict)  # a contact's channel -> its bytes
    serve: "Callable[[House], Served] | None" = None
    may_be_slow: bool = False  # to start: pages and mail are up before it is begun
    is_chat: bool = False  # what it brings are updates of a messenger


def readers(house: "House") -> Mapping[str, Read]:
    """Every kind of contact, and how its raw bytes become words."""
    return {name: read(house) for channel in CHANNELS for name, read in channel.reads.items()}


def _email(house: "House") -> Read:
    def read(raw: bytes, contact: Contact) -> Reading:
        found = house.reader.read(raw, envelope_sender=contact.envelope.get("mail_from"))
        if contact.envelope.get("irregular_line_ends"):
            return replace(found, problems=(*found.problems, IRREGULAR))
        return found

    return read


def _answers(_house: "House") -> Read:
    return lambda raw, _contact: told(raw)


def _smtp(house: "House") -> Served:
    from app.mail import served_smtp

    return served_smtp(house)


def _imap(house: "House") -> Served:
    from app.mailbox import served_imap

    return served_imap(house)


def _telegram(house: "House") -> Served:
    from app.telegram import telegram_channel, webhook_page

    channel = telegram_channel(house)
    pages = [webhook_page(house, channel)] if house.settings.telegram_webhook else []
    return Served(partial(asyncio.to_thread, channel.start), partial(asyncio.to_thread, channel.stop), pages)


def _always(_settings: "Settings") -> bool:
    return True


CHANNELS = (
    Channel("web", _always, {"web": _answers}),
    Channel("smtp", lambda settings: bool(settings.smtp_listen), {"email": _email}, _smtp),
    Channel("imap", lambda settings: bool(settings.imap_url), serve=_imap, may_be_slow=True),
    Channel("relay", lambda settings: bool(settings.smtp_relay)),
    Channel("post", _always, {"post": _answers, "telephone": _answers, "in_person": _answers}),
    Channel("terminal", _always, {"terminal": _answers}, is_chat=True),
    Channel("telegram", lambda settings: bool(settings.telegram_token_file), {"telegram": _answers}, _telegram,
            may_be_slow=True, is_chat=True),
)  # fmt: skip
