"""Making sense of a typed line: a command, the number or the words of a button, a file, or just words."""

import base64
import json
import mimetypes
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.said import File, Said
from storage.tables import ChatUpdate

FILE = "/file "  # and the path of what is to be sent


def raw_line(line: str) -> dict[str, Any]:
    """A line as it is kept; the bytes of a file that it names with it, since the file may be gone when it is read."""
    if not line.startswith(FILE):
        return {"line": line}
    path = Path(line.removeprefix(FILE).strip())
    try:
        content = path.read_bytes()
    except OSError:
        return {"line": line, "file": None}
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return {"line": line, "file": {"name": path.name, "type": kind, "content": base64.b64encode(content).decode()}}


def read(update: ChatUpdate) -> Said:
    """What was said. A number that stands for a button is that button."""
    raw = json.loads(update.raw)
    line, chat = str(raw["line"]).strip(), str(raw["chat"])
    said = Said("terminal", chat, update.received_at, id=str(update.update_id), name=chat, language=raw["language"])
    if "file" in raw:
        return _with_file(said, raw["file"])
    if line.startswith("/"):
        command, _, text = line[1:].partition(" ")
        return replace(said, command=command, text=text.strip())
    tapped = _button(line, raw["buttons"])
    return replace(said, tapped=tapped) if tapped else replace(said, text=line)


def _button(line: str, buttons: list[dict[str, str]]) -> str:
    if line.isdigit() and 0 < int(line) <= len(buttons):
        return buttons[int(line) - 1]["value"]
    return next((one["value"] for one in buttons if one["text"].casefold() == line.casefold()), "")


def _with_file(said: Said, file: dict[str, str] | None) -> Said:
    """A file that could not be opened is said to be not understood."""
    if file is None:
        return replace(said, trouble="not_understood")
    return replace(said, files=(File(file["name"], file["type"], base64.b64decode(file["content"])),))
