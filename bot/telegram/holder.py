"""Who holds a message while it is being sent: one process, told from all others, so that a dead one is known."""

import os
import socket
import uuid
from functools import cache
from hashlib import sha256
from pathlib import Path

PROCESSES = Path("/proc")  # Linux; elsewhere a process that took a dead one's number passes for it
HAS_ENDED = ("Z", "X")  # states of a process that nobody has cleared away yet


def lease() -> str:
    """A name for one message in our hands, never used before."""
    return f"{_holder(os.getpid())}:{uuid.uuid4().hex}"


def is_dead(lease: str) -> bool:
    """Whether a process of this machine held it, and has ended. Of what runs elsewhere nothing can be told."""
    machine, _, rest = lease.partition(":")
    number, _, rest = rest.partition(":")
    began = rest.partition(":")[0]
    return machine == _machine() and number.isdecimal() and _began(int(number)) != began


@cache
def _holder(number: int) -> str:
    return f"{_machine()}:{number}:{_began(number)}"


@cache
def _machine() -> str:
    """This machine since it was started, and this container of it: numbers of processes are its own."""
    parts = (socket.gethostname(), _read("sys/kernel/random/boot_id"), _namespace())
    return sha256("\n".join(parts).encode()).hexdigest()[:16]


def _namespace() -> str:
    try:
        return (PROCESSES / "self/ns/pid").readlink().name
    except OSError:
        return ""


def _began(number: int) -> str:
    """When a process began, in ticks since the machine did; empty when there is none, or it has ended."""
    stat = _read(f"{number}/stat").rpartition(")")[2].split()  # its name, in brackets, may hold anything
    if stat:
        return "" if stat[0] in HAS_ENDED else stat[19]
    return "" if PROCESSES.is_dir() or not _lives(number) else "lives"


def _lives(number: int) -> bool:
    try:
        os.kill(number, 0)
    except PermissionError:
        return True  # somebody else's
    except OSError:
        return False
    return True


def _read(name: str) -> str:
    try:
        return (PROCESSES / name).read_text(errors="replace")
    except OSError:
        return ""
