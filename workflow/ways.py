"""The safe way to reach a person: their own choice comes before ours, on every channel and for every letter."""

from dataclasses import dataclass

from storage.tables import Participant


@dataclass(frozen=True)
class Way:
    """One way to reach someone: email with a mailbox, or post with an address."""

    channel: str
    address: str


def way_to(participant: Participant) -> Way | None:
    """The way they prefer, or else another that they have not called unsafe; None when a person must find one."""
    for channel in dict.fromkeys((participant.prefers, "email", "post")):
        address = _addresses(participant).get(channel, "")
        if address and channel not in participant.avoid:
            return Way(channel, address)
    return None


def may_email(participant: Participant) -> bool:
    return bool(participant.email) and "email" not in participant.avoid


def _addresses(participant: Participant) -> dict[str, str]:
    return {"email": participant.email, "post": participant.postal_address}
