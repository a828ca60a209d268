"""Sending goes on where it was stopped: after the part that left, and after whoever died with a message in hand."""

import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest

from bot.telegram import holder
from storage.database import writing
from storage.tables import Message
from tests.bot.telegram.channel import ANN, Here, sent, soon

pytestmark = pytest.mark.usefixtures("two_people")
IN_PARTS = "\n\n".join(f"{number}: " + "damp wall " * 350 for number in range(3))


@pytest.mark.parametrize("trouble", [{"code": 429, "retry_after": 1}, {"code": 502, "description": "Bad Gateway"}])
def test_what_stops_a_long_text_midway_sends_no_part_of_it_twice(here: Here, trouble: dict[str, Any]) -> None:
    here.people.trouble(method="sendMessage", after=1, **trouble)
    here.owe(IN_PARTS)

    here.start()
    soon(lambda: here.all(Message)[0].tries == 1)
    here.ahead = timedelta(minutes=5)
    soon(lambda: sent(here))

    assert [words[:2] for words in here.told()] == ["0:", "1:", "2:"]


def test_another_process_goes_on_after_the_part_that_left(here: Here) -> None:
    here.people.trouble(429, method="sendMessage", after=2, retry_after=600)
    here.owe(IN_PARTS, buttons=[[{"text": "Yes", "value": "y"}]])
    here.start()
    soon(lambda: here.all(Message)[0].tries == 1)
    here.stop()

    here.ahead = timedelta(minutes=15)
    here.start()
    soon(lambda: sent(here))

    lines = here.lines()
    assert [line.text[:2] for line in lines] == ["0:", "1:", "2:"]
    assert [bool(line.buttons) for line in lines] == [False, False, True]


def test_a_part_is_known_to_have_left_before_the_next_is_tried(here: Here) -> None:
    here.owe(IN_PARTS)

    here.start()
    soon(lambda: len(here.lines()) == 2)
    known = (here.all(Message)[0].extra or {})["parts_left"]
    soon(lambda: sent(here))

    assert known >= 1


def test_what_a_dead_process_had_in_hand_is_sent_by_the_next(here: Here) -> None:
    here.owe("in hand")
    with_lease(here, of_a_dead_process())

    here.start()
    soon(lambda: sent(here))

    assert here.told() == ["in hand"]
    assert sent(here)[0].possibly_twice


def test_what_a_living_process_or_another_machine_has_in_hand_stays_in_its_hands(here: Here) -> None:
    here.owe("in a living hand")
    here.owe("in a hand elsewhere", chat=ANN)
    with_lease(here, holder.lease())
    with_lease(here, f"elsewhere:{of_a_dead_process().partition(':')[2]}", number=1)

    here.start()
    here.owe("another matter", chat=77)
    soon(lambda: here.all(Message)[2].given_up_at)  # it has begun to send

    assert here.told() == here.told(ANN) == []


def of_a_dead_process() -> str:
    """The lease of a process of this machine that has ended."""
    says = [sys.executable, "-c", "from bot.telegram import holder; print(holder.lease())"]
    return subprocess.run(says, capture_output=True, text=True, check=True).stdout.strip()


def test_who_lives_is_not_dead_and_who_died_is() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "from bot.telegram import holder; print(holder.lease(), flush=True); input()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as other:  # fmt: skip
        assert other.stdout is not None
        lease = other.stdout.readline().strip()
        before = holder.is_dead(lease)
        other.kill()
        soon(lambda: holder.is_dead(lease))  # also before anybody has asked what became of it

    assert not before
    assert holder.is_dead(lease)
    assert not holder.is_dead(holder.lease())
    assert not holder.is_dead("7:of an earlier version")


def with_lease(here: Here, lease: str, number: int = 0) -> None:
    with writing(here.town.engine) as session:
        message = session.get_one(Message, here.all(Message)[number].id)
        message.lease, message.leased_until = lease, here.now() + timedelta(minutes=10)
