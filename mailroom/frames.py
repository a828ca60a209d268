"""How we and the limited child talk: length-prefixed frames of plain bytes and JSON, nothing that could run."""

import json
import socket
import struct
from dataclasses import asdict
from datetime import datetime
from typing import Any

from workflow.contact import Attachment, Bounce, Kind, Reading

MOST_BYTES = 256 * 1024 * 1024
_LENGTH = struct.Struct("!I")


def send(channel: socket.socket, *pieces: bytes) -> None:
    """One frame for each piece, in one write."""
    channel.sendall(b"".join(_LENGTH.pack(len(piece)) + piece for piece in pieces))


def receive(channel: socket.socket) -> bytes:
    """The next frame. EOFError where the other side is gone, OSError where it takes too long."""
    (length,) = _LENGTH.unpack(_exactly(channel, _LENGTH.size))
    if length > MOST_BYTES:
        raise EOFError("a frame longer than any we send")
    return _exactly(channel, length)


def _exactly(channel: socket.socket, length: int) -> bytes:
    octets = bytearray()
    while len(octets) < length:
        piece = channel.recv(min(length - len(octets), 1 << 20))
        if not piece:
            raise EOFError
        octets += piece
    return bytes(octets)


def from_reading(reading: Reading) -> bytes:
    """A Reading as JSON; letters that UTF-8 cannot carry become question marks."""
    said = {name: value for name, value in vars(reading).items() if value}
    said["date"] = reading.date.isoformat() if reading.date else None
    said["attachments"] = [asdict(attachment) for attachment in reading.attachments]
    said["bounce"] = asdict(reading.bounce) if reading.bounce else None
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")


def to_reading(octets: bytes) -> Reading:
    """ValueError, TypeError or KeyError where these bytes are no Reading: the child is not to be trusted."""
    said: dict[str, Any] = json.loads(octets)
    said["kind"] = Kind(said["kind"])
    said["date"] = datetime.fromisoformat(said["date"]) if said["date"] else None
    said["attachments"] = tuple(Attachment(**attachment) for attachment in said["attachments"])
    for name in ("references", "rules", "problems"):
        said[name] = tuple(said.get(name, ()))
    if said["bounce"]:
        said["bounce"] = Bounce(**said["bounce"] | {"recipients": tuple(said["bounce"]["recipients"])})
    return Reading(**said)
