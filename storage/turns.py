"""Taking turns at writing to SQLite within one process: SQLite's own waiting sleeps, and knows no order."""

import sqlite3
import threading
from typing import Any

TURN_SECONDS = 20  # then SQLite itself says whether the database is locked


class TurnTaking(sqlite3.Connection):
    """A connection that gives its turn back as soon as its transaction has ended, however it ended."""

    def __init__(self, *args: Any, turn: threading.Lock, **options: Any) -> None:
        super().__init__(*args, **options)
        self._turn = turn
        self._has_it = False

    def take_turn(self) -> None:
        """Wait until no other connection of this process writes."""
        self._has_it = self._turn.acquire(timeout=TURN_SECONDS)

    def give_back(self) -> None:
        """Let the next one write."""
        if self._has_it:
            self._has_it = False
            self._turn.release()

    def commit(self) -> None:
        """Commit; the turn ends when that is on the disk."""
        try:
            super().commit()
        finally:
            self.give_back()

    def rollback(self) -> None:
        """Roll back."""
        try:
            super().rollback()
        finally:
            self.give_back()

    def close(self) -> None:
        """Close; what was not committed is rolled back."""
        try:
            super().close()
        finally:
            self.give_back()
