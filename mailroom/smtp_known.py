"""Addresses found to be ours a moment ago, so that not every mail has to ask the database."""

import time

SECONDS = 5  # that mail to an address taken away may still be accepted
MOST = 1_000


class Known:
    """Remembers, for a few seconds, which addresses are ours; never which are not."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._until: dict[str, float] = {}

    def add(self, address: str) -> None:
        """It was just found to be ours."""
        if address not in self:
            if len(self._until) >= MOST:
                self._until.clear()
            self._until[address] = time.monotonic() + self._seconds

    def __contains__(self, address: str) -> bool:
        return self._until.get(address, 0) > time.monotonic()
