"""How soon the bot answers many at once, and how soon pages and mail are up beside it. `python -m tests.bench.chat`."""

import argparse
import json
import os
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.telegram.emulator.people import People
from bot.telegram.emulator.running import TOKEN, Running, running
from storage.database import connect, writing
from storage.migrate import migrate
from tests.figures.chat_campaign import TURNS
from tests.ports import free_port
from tests.town_people import settle

THINKING = 1.2  # seconds between an answer and the next turn: nobody is quicker than Telegram lets us answer
REDRESS = Path(sys.executable).with_name("redress")


def main() -> None:
    """Measure, and print a table or JSON."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=20, help="conversations at once")
    options.add_argument("--rounds", type=int, default=2, help="complaints of each")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, running(lambda: 1_804_000_000) as emulator:
        found = measure(Path(folder), emulator, given.people, given.rounds)
    if given.json:
        sys.stdout.write(json.dumps(found) + "\n")
        return
    for name, value in found.items():
        sys.stdout.write(f"{name.replace('_', ' '):<44}{value:>10}\n")


def measure(folder: Path, emulator: Running, people: int, rounds: int) -> dict[str, Any]:
    """Milliseconds from a message to the bot's answer, as the messenger sees both; seconds from start to being up."""
    process, seconds = _serve(folder, emulator)
    try:
        _answers(emulator.people, 1, _said(emulator.people, 1, "/start"), 60)  # aiogram is loaded by then
        waits: list[float] = []
        threads = [
            threading.Thread(target=lambda chat=chat: waits.extend(_complain(emulator.people, chat, rounds)))
            for chat in range(100, 100 + people)
        ]
        _all(threads)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cut = statistics.quantiles(waits, n=100)
    return {
        "conversations_at_once": people,
        "answers": len(waits),
        "answer_p50_ms": round(cut[49] * 1000),
        "answer_p95_ms": round(cut[94] * 1000),
        "answer_p99_ms": round(cut[98] * 1000),
        "processor_ms_in_all_for_each": round((used.ru_utime + used.ru_stime) / len(waits) * 1000, 1),
        "seconds_until_pages_and_mail_are_up": round(seconds, 2),
    }


def _serve(folder: Path, emulator: Running) -> tuple["subprocess.Popen[bytes]", float]:
    """`redress serve`, set up before; and how long its pages and its mail took to be up."""
    web, smtp = free_port(), free_port()
    token = folder / "token"
    token.touch(mode=0o600)
    token.write_text(TOKEN)
    settings = {
        "REDRESS_HOME": str(folder),
        "REDRESS_WEB_LISTEN": f"127.0.0.1:{web}",
        "REDRESS_SMTP_LISTEN": f"127.0.0.1:{smtp}",
        "REDRESS_TELEGRAM_TOKEN_FILE": str(token),
        "REDRESS_TELEGRAM_API": emulator.url,
    }
    _set_up(folder)
    began = time.monotonic()
    process = subprocess.Popen([REDRESS, "serve"], env=os.environ | settings, cwd=folder, stderr=subprocess.DEVNULL)
    _until(lambda: _mail_is_up(smtp))
    _until(lambda: _pages_are_up(web))
    return process, time.monotonic() - began


def _set_up(folder: Path) -> None:
    engine = connect(f"sqlite:///{folder / 'redress.db'}")
    migrate(engine)
    with writing(engine) as session:
        settle(session)
    engine.dispose()


def _all(threads: list[threading.Thread]) -> None:
    for number, thread in enumerate(threads):
        thread.start()
        time.sleep(THINKING / len(threads) if number else 0)  # not all in step
    for thread in threads:
        thread.join()


def _complain(people: People, chat: int, rounds: int) -> list[float]:
    """The whole of some complaints; how long each answer took, in seconds."""
    waits: list[float] = []
    for turn, _ in TURNS * rounds:
        waits.append(_answers(people, chat, _said(people, chat, turn), 60))
        time.sleep(THINKING)
    return waits


def _said(people: People, chat: int, turn: str) -> dict[str, Any]:
    """What they did, with the time; a turn that names a button presses the one that carries it."""
    before = people.history(chat)
    newest = before[-1].id if before else 0
    if not turn.startswith("="):
        return {"after": newest, **people.say(chat, turn)}
    action = turn[1:].partition(" ")[2]
    rows = [row for line in before for row in line.raw.get("reply_markup", {}).get("inline_keyboard", ())]
    found = [one["text"] for row in rows for one in row if one["callback_data"].endswith(action)]
    return {"after": newest, **people.tap(chat, found[-1])}


def _answers(people: People, chat: int, said: dict[str, Any], seconds: float) -> float:
    line = people.answer(chat, max(said["after"], said.get("message_id", 0)), wait=min(seconds, 30))
    return float(line.at - said["at"])


def _mail_is_up(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        return line.recv(3) == b"220"
    return False


def _pages_are_up(port: int) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
        return bool(answer.status == 200)
    return False


def _until(found: Callable[[], bool]) -> None:
    ends = time.monotonic() + 60
    while not found():
        if time.monotonic() > ends:
            raise TimeoutError("it is not up after a minute")
        time.sleep(0.02)


if __name__ == "__main__":
    main()
