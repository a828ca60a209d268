"""Reads strangers' mail in children of limited memory and time, so that no mail can harm the keeper of cases."""

import contextlib
import json
import os
import queue
import socket
import subprocess
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from mailroom import frames
from workflow.contact import Kind, Reading

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 1.0
WALL_SECONDS = 10.0
MAILS_PER_CHILD = 1_000

NOT_READ = "this message could not be read automatically within its limits of time and memory; see the original"


class ReadingFailed(Exception):
    """The child died of this mail, or took too long. Trying again does not help."""


class Reader:
    """A pool of long-lived children, safe to share between threads. `ours`: the right-hand sides of our Message-IDs."""

    def __init__(
        self,
        *,
        children: int = 1,
        ours: Collection[str] = (),
        cpu_seconds: float = CPU_SECONDS,
        wall_seconds: float = WALL_SECONDS,
        memory_bytes: int = MEMORY_BYTES,
        mails_per_child: int = MAILS_PER_CHILD,
    ) -> None:
        self._ours = list(ours)
        self._mails_per_child = mails_per_child
        self._free: queue.LifoQueue[_Child] = queue.LifoQueue()
        self._children = [_Child(cpu_seconds, wall_seconds, memory_bytes) for _ in range(children)]
        for child in self._children:
            self._free.put(child)

    def read(self, raw: bytes, *, envelope_sender: str | None = None) -> Reading:
        """Read a mail; where that fails, what its headers say, marked unreadable. No mail makes it raise."""
        asked = {"envelope_sender": envelope_sender, "ours": self._ours}
        for want in ("read", "outline"):
            with contextlib.suppress(ReadingFailed, ValueError, TypeError, KeyError):
                return self._problem_added(frames.to_reading(self._ask(raw, want=want, **asked)), want)
        return Reading(Kind.UNREADABLE, sender_address=envelope_sender or "", problems=(NOT_READ,))

    def part(self, raw: bytes, index: int) -> bytes:
        """The decoded bytes of one attachment. IndexError where there is none; ReadingFailed where it cannot be had."""
        return self._ask(raw, want="part", index=index)

    def close(self) -> None:
        """End the children. The reader can be used again: the next mail starts a new one."""
        for child in self._children:
            child.end()

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, raw: bytes, **request: Any) -> bytes:
        with self._a_child() as child:
            if child.answered >= self._mails_per_child:
                child.end()
            status, octets = child.ask(json.dumps(request).encode(), raw)
        if status == b"none":
            raise IndexError(request["index"])
        return octets

    @contextlib.contextmanager
    def _a_child(self) -> "Iterator[_Child]":
        child = self._free.get()
        try:
            yield child
        finally:
            self._free.put(child)

    def _problem_added(self, reading: Reading, want: str) -> Reading:
        if want == "read":
            return reading
        problems = (NOT_READ, *reading.problems[1:])  # the outline's own first problem says less
        return Reading(**vars(reading) | {"problems": problems})


class _Child:
    """One process, started when first needed and again after it died."""

    def __init__(self, cpu_seconds: float, wall_seconds: float, memory_bytes: int) -> None:
        self.settings = json.dumps({"cpu_seconds": cpu_seconds, "memory": memory_bytes})
        self.wall_seconds = wall_seconds
        self.answered = 0
        self.process: subprocess.Popen[bytes] | None = None
        self.channel: socket.socket | None = None

    def ask(self, request: bytes, raw: bytes) -> tuple[bytes, bytes]:
        """The child's status and answer; ReadingFailed where it gives none in time."""
        channel = self.channel or self._begin()
        try:
            frames.send(channel, request, raw)
            answer = frames.receive(channel), frames.receive(channel)
        except (OSError, EOFError) as death:
            self.end()
            raise ReadingFailed from death
        self.answered += 1
        return answer

    def end(self) -> None:
        """Kill the child; it holds nothing that is not in the raw mail."""
        if self.channel:
            self.channel.close()
        if self.process:
            self.process.kill()
            self.process.wait()
        self.channel = self.process = None
        self.answered = 0

    def _begin(self) -> socket.socket:
        """Start a child that knows nothing of ours: no settings, no secrets, no files, only where the code lies."""
        ours, theirs = socket.socketpair()
        root = str(Path(__file__).parent.parent)
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no words of a stranger
                [sys.executable, "-P", "-m", "mailroom.inside", self.settings],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={"PYTHONPATH": os.pathsep.join([root, *filter(None, sys.path)]), "PYTHONUTF8": "1"},
            )
        ours.settimeout(self.wall_seconds)
        self.channel = ours
        return ours
