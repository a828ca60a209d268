"""What the public's pages need from the rest of the house; handed in by app."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from storage.journal import Journal
from workflow.office import Office


@dataclass(frozen=True)
class WebDoor:
    """`file_now` files the contact at once, in this thread: the case's reference, or None when that must wait."""

    engine: Engine
    journal: Journal
    clock: Callable[[], datetime]
    office: Office
    file_now: Callable[[int], str | None]
