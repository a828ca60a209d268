"""What the journal takes and what it answers: an arrival, where it is stored, or that it is not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any

SHORT = 65_536  # bytes: of what is shorter, the hash takes less time ...
HELD = 2_047  # ... than waiting for our turn again, for with more than this at once hashlib lets other threads run


class NotStored(Exception):
    """The arrival is not durable, or nobody knows whether it is: never say yes. Trying again helps.

    `disk_full`: there is no room. `broken`: the disk failed, and only a new process may write again.
    """

    def __init__(self, why: str, *, disk_full: bool = False, broken: bool = False) -> None:
        super().__init__(why)
        self.disk_full = disk_full
        self.broken = broken


@dataclass(frozen=True)
class Arrival:
    """Something that reached us by a channel for one recipient; `token` is a form's one-time token."""

    channel: str
    recipient: str
    raw: bytes
    received_at: datetime
    envelope: Mapping[str, Any] = field(default_factory=dict)
    token: str = ""
    files: tuple[bytes, ...] = ()  # stored beside the raw bytes, found again by their SHA-256

    @cached_property
    def raw_sha256(self) -> str:
        """SHA-256 of the raw bytes, in hex."""
        return _digest(self.raw)

    @cached_property
    def blobs(self) -> dict[str, bytes]:
        """The raw bytes and the files, each under its SHA-256 in hex."""
        return {self.raw_sha256: self.raw} | {_digest(file): file for file in self.files}

    @cached_property
    def key(self) -> str:
        """SHA-256 in hex over channel, recipient, token and raw bytes: the same arrival again has the same key."""
        parts = (self.channel.encode(), self.recipient.encode(), self.token.encode(), self.raw_sha256.encode())
        return sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).hexdigest()


@dataclass(frozen=True)
class Stored:
    """Where an arrival is kept. Not new: the very same one had been stored before."""

    contact_id: int
    key: str
    is_new: bool


def _digest(content: bytes) -> str:
    if len(content) > SHORT:
        return sha256(content).hexdigest()
    digest = sha256()
    for start in range(0, len(content), HELD):
        digest.update(content[start : start + HELD])
    return digest.hexdigest()
