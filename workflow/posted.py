"""What someone posted in a form, the public's or the staff's: fields with their values, and files with safe names."""

import re
from dataclasses import dataclass, field

from workflow.answers import tidy

MOST_FILES = 10
LARGEST_FILE = 10 * 1024 * 1024  # bytes


@dataclass(frozen=True)
class Upload:
    """A file as the person chose it: its name is a label, never a path; its type is a claim."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True)
class Form:
    """The fields posted, each with all its values, and the files."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    uploads: list[Upload] = field(default_factory=list)
    too_large: list[str] = field(default_factory=list)  # names of files over the limit, which were not kept
    empty: list[str] = field(default_factory=list)  # names of files without content

    def one(self, name: str) -> str:
        return (self.fields.get(name) or [""])[0]

    def all(self, name: str) -> list[str]:
        return self.fields.get(name, [])

    def wants(self, filename: str, size: int) -> bool:
        """Whether to take this file; one that is too large or empty is noted by its name, to be told."""
        if size > LARGEST_FILE or not size:
            (self.empty if not size else self.too_large).append(_name(filename))
            return False
        return True

    def take(self, filename: str, said: str | None, content: bytes) -> None:
        """Keep a file under a safe name, with the type that the browser said."""
        self.uploads.append(Upload(_name(filename), media_type(said or ""), content))


def _name(filename: str) -> str:
    return label(filename) or "file"


def label(filename: str) -> str:
    """A file's name as it may be shown: the last part, without what could hide or turn its ending."""
    last = re.split(r"[/\\]", tidy(filename))[-1]
    return re.sub(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\n\t]", "", last).strip()[-120:]


def media_type(said: str) -> str:
    """The type that the browser said, when it looks like one; it is a claim."""
    plain = said.split(";")[0].strip().lower()
    return plain if re.fullmatch(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,80}", plain) else "application/octet-stream"
