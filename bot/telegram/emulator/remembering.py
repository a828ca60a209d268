"""What an emulator remembers when it is started anew: chats, their files, and updates that nobody has confirmed."""

import itertools
import json
from base64 import b64decode, b64encode
from dataclasses import asdict
from pathlib import Path

from bot.telegram.emulator.world import Json, Kept, Room, World


def keep(world: World, path: Path) -> None:
    """Write it down, readable by the owner alone."""
    files = {id_: asdict(kept) | {"content": b64encode(kept.content).decode()} for id_, kept in world.files.items()}
    known: Json = {
        "rooms": [asdict(room) for room in world.rooms.values()],
        "files": files,
        "updates": world.updates,
        "next_update": world.next_update,
        "next_number": next(world.numbers),
    }
    path.touch(mode=0o600)
    path.write_text(json.dumps(known), encoding="utf-8")


def recall(world: World, path: Path) -> None:
    """Know what was written down, if anything was; numbers go on where they ended."""
    if not path.exists():
        return
    known = json.loads(path.read_text(encoding="utf-8"))
    world.rooms = {room["id"]: Room(**room) for room in known["rooms"]}
    world.moments = {message["message_id"]: 0.0 for room in world.rooms.values() for message in room.messages}
    world.files = {id_: Kept(**{**kept, "content": b64decode(kept["content"])}) for id_, kept in known["files"].items()}
    world.updates = known["updates"]
    world.next_update = max(world.next_update, known["next_update"])
    world.numbers = itertools.count(max(next(world.numbers), known["next_number"]))
