"""Taking turns at writing to SQLite: its own waiting sleeps ever longer, and who writes on and on keeps others out."""

import sqlite3
import threading
import time
from typing import Any

TURN_SECONDS = 20  # then SQLite itself says whether the database is locked
ASK_AGAIN_SECONDS = 0.001  # between two transactions of another process there is little more


class TurnTaking(sqlite3.Connection):
    """A connection that gives its turn back as soon as its transaction has ended, however it ended."""

    def __init__(self, *args: Any, turn: threading.Lock, **options: Any) -> None:
        super().__init__(*args, **options)
        self._turn = turn
        self._has_it = False
        self._waits = int(options.get("timeout", 0) * 1000)  # milliseconds, of a reader
        self._is_patient = True

    def take_turn(self) -> bool:
        """Wait until no other connection writes, of this process or another, and begin; false when it can't be."""
        ends_at = time.monotonic() + TURN_SECONDS  # in all: whoever waits for a page must hear before a proxy gives up
        self._has_it = self._turn.acquire(timeout=TURN_SECONDS)
        self.wait_for_others(False)
        while (came_of_it := self._begin()) == sqlite3.SQLITE_BUSY and time.monotonic() < ends_at:
            time.sleep(ASK_AGAIN_SECONDS)
        return came_of_it == sqlite3.SQLITE_OK

    def _begin(self) -> int:
        """Begin to write, without waiting for anybody; SQLite's code for what came of it."""
        try:
            self.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF  # busy is busy, of whatever kind
        return sqlite3.SQLITE_OK

    def wait_for_others(self, is_patient: bool) -> None:
        """Whether SQLite itself waits where something is locked: for a reader it does, and a writer asks again.

        Told only when it changes: at each statement other threads run, and this one waits for its turn to go on.
        """
        if is_patient != self._is_patient:
            self.execute(f"PRAGMA busy_timeout={self._waits if is_patient else 0}")
            self._is_patient = is_patient

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
