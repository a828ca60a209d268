"""The safe ways to reach a person: their own choice comes before ours, on every channel and for every letter."""

from collections.abc import Mapping
from dataclasses import dataclass

from storage.tables import Participant

WRITTEN = ("email", "post")  # whatever else can carry a letter is a messenger


@dataclass(frozen=True)
class Way:
    """One way to reach someone: email with a mailbox, post with an address, or a messenger with a chat."""

    channel: str
    address: str

    @property
    def is_chat(self) -> bool:
        return is_chat(self.channel)


def is_chat(channel: str) -> bool:
    return channel not in WRITTEN


def way_to(participant: Participant, *, without: str = "") -> Way | None:
    """The way they prefer, or else another that they have not called unsafe; None when a person must find one."""
    return next((way for way in ways_to(participant) if way.channel != without), None)


def quick_way_to(participant: Participant) -> Way | None:
    """The first way by which the program alone can reach them: post needs a person."""
    return way_to(participant, without="post")


def ways_to(participant: Participant) -> list[Way]:
    """Every safe way that we know, best first."""
    addresses = _addresses(participant)
    order = dict.fromkeys((participant.prefers, "email", *addresses))
    safe = (channel for channel in order if addresses.get(channel) and channel not in participant.avoid)
    return [Way(channel, addresses[channel]) for channel in safe]


def may_email(participant: Participant) -> bool:
    return bool(participant.email) and "email" not in participant.avoid


def messenger_of(participant: Participant) -> str:
    """The messenger by which they chat with us; empty when they don't."""
    return (participant.chat or "").partition(":")[0]


def chat_name(channel: str, chat: str) -> str:
    """How a chat stands in a participant's record: `telegram:12345`."""
    return f"{channel}:{chat}"


def _addresses(participant: Participant) -> Mapping[str, str]:
    """Where each channel reaches them; a chat that no longer takes our messages is none."""
    channel, _, chat = (participant.chat or "").partition(":")
    open_chat = {channel: chat} if chat and participant.chat_closed_at is None else {}
    return {"email": participant.email, **open_chat, "post": participant.postal_address}
