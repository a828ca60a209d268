"""Raw input first: what arrives is durable here, together with its neighbours, before anybody says yes."""

import asyncio
import queue
import threading
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from sqlalchemy import Engine

from storage.arrival import Arrival, NotStored, Stored
from storage.journal_batch import outcomes

__all__ = ["Arrival", "Journal", "NotStored", "Stored"]

MOST_TOGETHER = 200  # arrivals in one commit ...
MOST_BYTES = 64_000_000  # ... and their bytes, about
GATHER_SECONDS = 0.002  # wait this long for company; while it keeps coming ...
GATHER_ROUNDS = 10  # ... as many times at most


class Journal:
    """One thread that takes the arrivals that wait, commits them together, then answers each of them."""

    def __init__(self, engine: Engine) -> None:
        self.broken: NotStored | None = None  # set when the disk failed: the process has to start again
        self._engine = engine
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)
        self._door = threading.Lock()
        self._is_open = False

    def start(self) -> None:
        """Begin to take arrivals."""
        self._is_open = True
        self._thread.start()

    def close(self) -> None:
        """Take no more; return when all that waited is answered."""
        with self._door:
            was_open, self._is_open = self._is_open, False
        if was_open:
            self._queue.put(None)
            self._thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, arrival: Arrival) -> Stored:
        """Store it and wait until it is durable. Raises NotStored. For threads, never for an event loop."""
        return self._take(arrival).result()

    def write_all(self, arrivals: Iterable[Arrival]) -> list[Stored]:
        """`write` for each, sharing commits. Raises NotStored if one failed; the others are stored all the same."""
        answers = [self._take(arrival) for arrival in arrivals]
        return [answer.result() for answer in answers]

    async def store(self, arrival: Arrival) -> Stored:
        """`write` for an event loop. Cancelling the caller does not cancel the commit. Raises NotStored."""
        return await asyncio.shield(asyncio.wrap_future(self._take(arrival)))

    def _take(self, arrival: Arrival) -> "Future[Stored]":
        answer: Future[Stored] = Future()
        answer.set_running_or_notify_cancel()  # from here on nobody can cancel it
        with self._door:
            if not self._is_open:
                raise NotStored("the journal is closed")
            self._queue.put(_Waiting(arrival, answer))
        return answer

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, is_last = self._gather(first)
            self._settle(batch)
            if is_last:
                return

    def _gather(self, first: "_Waiting") -> "tuple[list[_Waiting], bool]":
        """What waits now and what joins it in time; and whether the journal is to end after it."""
        batch, size, rounds = [first], len(first.arrival.raw), 0
        while len(batch) < MOST_TOGETHER and size < MOST_BYTES and rounds < GATHER_ROUNDS:
            rounds += self._queue.empty()
            try:
                item = self._queue.get(timeout=GATHER_SECONDS)
            except queue.Empty:
                break
            if item is None:
                return batch, True
            batch.append(item)
            size += len(item.arrival.raw)
        return batch, False

    def _settle(self, batch: "list[_Waiting]") -> None:
        # After a failed fsync nobody knows what is on the disk, so nothing is written any more.
        settled = [self.broken] * len(batch) if self.broken else self._write([item.arrival for item in batch])
        for item, outcome in zip(batch, settled, strict=True):
            if isinstance(outcome, Stored):
                item.answer.set_result(outcome)
            else:
                item.answer.set_exception(outcome)

    def _write(self, arrivals: list[Arrival]) -> list[Stored | NotStored]:
        settled = outcomes(self._engine, arrivals)
        self.broken = next((each for each in settled if isinstance(each, NotStored) and each.broken), None)
        return settled


@dataclass(frozen=True)
class _Waiting:
    arrival: Arrival
    answer: "Future[Stored]"
