"""What the desk needs from the rest of the house; handed in by app."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from storage.journal import Journal
from workflow.office import Office


@dataclass(frozen=True)
class DeskDoor:
    """The way in and out.

    `file_now` files a contact at once, in this thread: the case's reference, or None when that must wait.
    `part` decodes attachment number `part` of a raw mail in the limited child; it may raise anything.
    """

    engine: Engine
    journal: Journal
    clock: Callable[[], datetime]
    office: Office
    file_now: Callable[[int], str | None]
    part: Callable[[bytes, int], bytes]

    @property
    def is_secure(self) -> bool:
        return self.office.public_url.startswith("https:")
