"""SIGKILLs while people complain by chat, with duplicates and disorder: `python -m tests.figures.chat_campaign`."""

import argparse
import itertools
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from bot.outgoing import outgoing
from bot.telegram.emulator.people import People
from bot.telegram.emulator.running import TOKEN, Running, running
from storage.database import connect, reading, writing
from storage.migrate import migrate
from storage.tables import Case, ChatUpdate, Message, Participant
from tests.figures.chat_worker import Process
from tests.town_people import settle

FIRST = 1_000_000  # the first update's number
ALIVE = (0.05, 1.2)  # seconds from a start to the kill
PATIENCE = 60.0  # seconds without any progress: it is stuck
OVERALL = 0.001  # seconds between messages: the emulator takes more than Telegram would
# One complaint: what is typed, or with a "=" the value of the button that is pressed; and what the bot then asks.
TURNS = (
    ("/complain", "Tell us what went wrong"),
    ("The lift has not worked for three weeks.", "When did it happen?"),
    ("since 1 February 2027", "Which service"),
    ("=q1 service=repairs", "Who is this complaint for?"),
    ("=q1 about=self", "What would put it right?"),
    ("An apology, and a lift that works.", "What is your name?"),
    ("Jo Bloggs", "How should we write to you?"),
    ("jo@citizen.example", "Is there any way we should not contact you?"),
    ("=n1 done avoid", "Do you need any help"),
    ("=n1 skip communication_needs", "Do you want to add anything?"),
    ("=n1 done files", "Please check what you told us"),
    ("=n1 send", "Your reference is"),
)
TALKING = 40  # people at once
FUTURE = ({"thought_transfer": {"thoughts": ["?"]}}, {"poll": {"id": "1"}}, {"message": {"telepathy": True}})


@dataclass
class Result:
    """What came of it. `second_copies` are messages that left twice because we died before writing down the first."""

    updates: int
    chats: int
    kills: int = 0
    given: int = 0
    lost: int = 0
    doubled_updates: int = 0
    cases_missing: int = 0
    cases_doubled: int = 0
    stuck: int = 0
    second_copies: int = 0
    unmarked_copies: int = 0
    seconds: float = 0

    @property
    def is_good(self) -> bool:
        """Nothing lost, doubled or stuck, and each second copy is known as one."""
        bad = (self.lost, self.doubled_updates, self.cases_missing, self.cases_doubled, self.stuck)
        return not any(bad) and not self.unmarked_copies


class Campaign:
    """People who complain, each in a chat of their own, while the channel is killed again and again."""

    def __init__(self, folder: Path, updates: int, kills: int, seed: int) -> None:
        self.url = f"sqlite:///{folder / 'campaign.sqlite'}"
        self.result = Result(updates, updates // (len(TURNS) + 1), kills)
        self._chance = random.Random(seed)
        self._numbers: list[int] = []
        self._steps: dict[int, int] = {}  # of those who talk now: how many turns they have had

    def run(self) -> Result:
        """Let everybody complain, killing meanwhile; then count what the database and the chats hold."""
        began = time.monotonic()
        engine = connect(self.url)
        migrate(engine)
        with writing(engine) as session:
            settle(session)
        engine.dispose()
        with running(lambda: 1_804_000_000) as emulator:
            emulator.people.mix()
            process = Process(self.url, emulator.url, TOKEN, OVERALL)
            killing = threading.Thread(target=self._kill_again_and_again, args=(process,))
            killing.start()
            self._talk(emulator.people)
            killing.join()
            self._until_idle(emulator.people)
            status = process.stop()
            assert status == 0, status
            count(self.url, self.result, emulator, self._numbers)
        self.result.seconds = round(time.monotonic() - began, 1)
        return self.result

    def _kill_again_and_again(self, process: Process) -> None:
        """The process that is started last lives."""
        for _ in range(self.result.kills):
            process.start()
            time.sleep(self._chance.uniform(*ALIVE))
            process.kill()
        process.start()

    def _talk(self, people: People) -> None:
        """Each says their next turn once the last was answered, until all have sent theirs or nothing moves."""
        waiting, moved = iter(range(1, self.result.chats + 1)), time.monotonic()
        while time.monotonic() - moved < PATIENCE:
            for chat in itertools.islice(waiting, TALKING - len(self._steps)):
                self._steps[chat] = 0
                people.be(chat)
            if not self._steps:
                return
            if turns := list(self._turns(people.last()[0])):
                people.publish(turns)
                moved = time.monotonic()
            else:
                time.sleep(0.02)

    def _turns(self, words: Mapping[int, str]) -> Iterator[dict[str, Any]]:
        for chat, step in list(self._steps.items()):
            if step and TURNS[step - 1][1] not in words.get(chat, ""):
                continue  # not answered yet
            if step == len(TURNS):
                del self._steps[chat]
                continue
            yield self._numbered(_said(chat, len(self._numbers), TURNS[step][0]))
            self._steps[chat] = step + 1
            if step % len(TURNS) == 3:
                yield self._numbered(self._chance.choice(FUTURE))

    def _numbered(self, update: dict[str, Any]) -> dict[str, Any]:
        self._numbers.append(FIRST + len(self._numbers))
        return {"update_id": self._numbers[-1], **update}

    def _until_idle(self, people: People) -> None:
        """Return when nothing waits any more, or when nothing has moved for long."""
        left, moved = -1, time.monotonic()
        while time.monotonic() - moved < PATIENCE:
            now_left = people.last()[1] + waiting(self.url)
            if now_left == 0:
                return
            if now_left != left:
                left, moved = now_left, time.monotonic()
            time.sleep(0.5)


def _said(chat: int, number: int, turn: str) -> dict[str, Any]:
    sender = {"id": chat, "is_bot": False, "first_name": "Jo", "language_code": "en"}
    message: dict[str, Any] = {"message_id": number, "date": 1_804_000_000, "chat": {"id": chat, "type": "private"}}
    if turn.startswith("="):
        query = {"id": str(number), "from": sender, "chat_instance": "x", "data": turn[1:]}
        return {"callback_query": {**query, "message": {**message, "from": sender, "text": "?"}}}
    entities = [{"type": "bot_command", "offset": 0, "length": len(turn)}] if turn.startswith("/") else []
    return {"message": {**message, "from": sender, "text": turn, "entities": entities}}


def waiting(url: str) -> int:
    """How many updates are not answered yet, and how many messages have not left."""
    engine = connect(url)
    with reading(engine) as session:
        updates = select(ChatUpdate.id).where(
            col(ChatUpdate.handled_at).is_(None), col(ChatUpdate.given_up_at).is_(None)
        )
        messages = select(Message.id).where(col(Message.closed_at).is_(None), Message.channel == "telegram")
        found = len(session.exec(updates).all()) + len(session.exec(messages).all())
    engine.dispose()
    return found


def count(url: str, result: Result, emulator: Running, numbers: list[int]) -> None:
    """Compare what was sent with what the database and the chats hold."""
    engine = connect(url)
    with reading(engine) as session:
        updates = session.exec(select(ChatUpdate)).all()
        cases = Counter(session.exec(select(Participant.chat).join(Case, col(Participant.case_id) == Case.id)).all())
        messages = session.exec(select(Message).where(Message.channel == "telegram")).all()
    engine.dispose()
    kept = Counter(update.update_id for update in updates)
    result.given = len(numbers)
    result.lost = len(set(numbers) - set(kept))
    result.doubled_updates = sum(times - 1 for times in kept.values())
    result.cases_missing = result.chats - len(cases)
    result.cases_doubled = sum(times - 1 for times in cases.values())
    result.stuck = sum(not update.handled_at for update in updates) + sum(not one.sent_at for one in messages)
    calls = [call for call in emulator.people.look()["calls"] if call["method"] in ("sendMessage", "sendDocument")]
    result.second_copies = len(calls) - len(messages)
    # One message may leave three times, after two kills: what counts is that it is known to have left more than once.
    left = Counter(_named(str(call["given"]["chat_id"]), call["given"].get("text", "")) for call in calls)
    owed = Counter(_named(one.address, outgoing(one).text) for one in messages)
    known = {_named(one.address, outgoing(one).text) for one in messages if one.possibly_twice}
    result.unmarked_copies = sum((left - owed)[name] for name in left - owed if name not in known)


def _named(chat: str, words: str) -> str:
    """What a message is known by: nothing here is said twice alike in one chat, but for what left twice."""
    return f"{chat} {words}"


def main() -> None:
    """Run the whole campaign and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--updates", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="redress-chat-") as folder:
        result = Campaign(Path(folder), options.updates, options.kills, options.seed).run()
    if options.json:
        print(json.dumps(asdict(result)))
    else:
        print(f"{result.given} updates in {result.chats} chats, {result.kills} kills, {result.seconds} s")
        print(f"{result.lost} lost, {result.doubled_updates} doubled, {result.stuck} stuck")
        print(f"cases: {result.cases_missing} missing, {result.cases_doubled} doubled")
        print(f"{result.second_copies} messages left twice, {result.unmarked_copies} of them not known as such")
    sys.exit(0 if result.is_good else 1)


if __name__ == "__main__":
    main()
