"""Raw input first: what arrives is durable here, together with its neighbours, before anybody says yes."""

import asyncio
import queue
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy import Engine

from storage.arrival import Arrival, NotStored, Stored
from storage.journal_batch import outcomes

__all__ = ["Arrival", "Journal", "NotStored", "Stored"]

MOST_TOGETHER = 200  # arrivals in one commit ...
MOST_BYTES = 64_000_000  # ... and their bytes, about
COMPANY = 12  # with fewer than this waiting, it is worth ...
GATHER_SECONDS = 0.0015  # ... to let others join first


Outcome = Stored | NotStored
A = TypeVar("A", bound="Future[Outcome] | asyncio.Future[Outcome]")


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
        return self.write_all([arrival])[0]

    def write_all(self, arrivals: Iterable[Arrival]) -> list[Stored]:
        """`write` for each, sharing commits. Raises NotStored if one failed; the others are stored all the same."""
        answers = [self._take(arrival, Future[Outcome]()) for arrival in arrivals]
        return _all_stored(answer.result() for answer in answers)

    async def store(self, arrival: Arrival) -> Stored:
        """`write` for an event loop. Cancelling the caller does not cancel the commit. Raises NotStored."""
        return (await self.store_all([arrival]))[0]

    async def store_all(self, arrivals: Iterable[Arrival]) -> list[Stored]:
        """`write_all` for an event loop."""
        loop = asyncio.get_running_loop()
        answers = [self._take(arrival, loop.create_future()) for arrival in arrivals]
        return _all_stored([await answer for answer in answers])

    def _take(self, arrival: Arrival, answer: "A") -> "A":
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
        """What waits now, others given a moment to join; and whether the journal is to end after it."""
        if self._queue.qsize() < COMPANY:
            time.sleep(GATHER_SECONDS)
        batch, size = [first], len(first.arrival.raw)
        while len(batch) < MOST_TOGETHER and size < MOST_BYTES:
            try:
                item = self._queue.get_nowait()
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
        loops: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Outcome], Outcome]]] = {}
        for item, outcome in zip(batch, settled, strict=True):
            if isinstance(item.answer, Future):
                item.answer.set_result(outcome)
            else:
                loops.setdefault(item.answer.get_loop(), []).append((item.answer, outcome))
        for loop, answers in loops.items():
            with suppress(RuntimeError):  # its loop is closed: nobody waits there any more
                loop.call_soon_threadsafe(_tell, answers)

    def _write(self, arrivals: list[Arrival]) -> list[Outcome]:
        settled = outcomes(self._engine, arrivals)
        self.broken = next((each for each in settled if isinstance(each, NotStored) and each.broken), None)
        return settled


@dataclass(frozen=True)
class _Waiting:
    arrival: Arrival
    answer: "Future[Outcome] | asyncio.Future[Outcome]"


def _tell(answers: "list[tuple[asyncio.Future[Outcome], Outcome]]") -> None:
    for answer, outcome in answers:
        if not answer.done():  # whoever was cancelled meanwhile no longer listens
            answer.set_result(outcome)


def _all_stored(settled: Iterable[Outcome]) -> list[Stored]:
    stored: list[Stored] = []
    failed: list[NotStored] = []
    for outcome in settled:
        if isinstance(outcome, Stored):
            stored.append(outcome)
        else:
            failed.append(outcome)
    if failed:
        raise failed[0]
    return stored
