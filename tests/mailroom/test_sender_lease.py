"""Several workers, some of which die or fall asleep: nothing is missed, and a second copy is owned up to."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import Engine

from mailroom.sender import Tried, _settle
from storage.tables import Event, Message
from tests.servers.mail_sink import posting
from tests.workflow.office import MINUTE, NOW, acknowledge, acting, all_of, complaint, letter_message, message, owed
from workflow import delivery
from workflow.outbox import LEASE


def leased(engine: Engine, worker: str, at: datetime = NOW) -> Message:
    """What a worker that then dies, or falls asleep, has in hand."""
    with acting(engine, at) as act:
        found = delivery.claim_next(act, worker)
        assert found is not None
        return found


def test_the_mail_of_a_worker_that_died_is_sent_after_ten_minutes_with_the_same_message_id(engine: Engine) -> None:
    mail = owed(engine)

    async def die_and_be_replaced() -> list[bytes]:
        async with posting() as post:
            await post.sender.deliver(leased(engine, "dead"))  # the relay said yes, and we died before our commit
            assert await post.send(engine, NOW + LEASE - MINUTE) == 0
            assert await post.send(engine, NOW + LEASE + MINUTE) == 1
            return [kept.raw for kept in post.sink.mails]

    copies = asyncio.run(die_and_be_replaced())

    assert len(copies) == 2
    assert copies[0] == copies[1]
    assert message(engine, mail).possibly_twice


def test_a_worker_that_slept_does_not_write_over_the_result_of_the_one_that_took_over(engine: Engine) -> None:
    sent = acknowledge(engine, complaint(engine, avoid=[]))
    due = NOW + 2 * MINUTE
    receipt = leased(engine, "other", due)  # owed earlier, so claimed first
    asleep = leased(engine, "asleep", due)

    async def take_over() -> None:
        async with posting() as post:
            await post.send(engine, due + LEASE + MINUTE)

    asyncio.run(take_over())
    woken = due + LEASE + timedelta(hours=1)
    with acting(engine, woken) as act:
        is_written = _settle(act, Tried(asleep, None))

    assert receipt.kind == "receipt"
    assert not is_written
    assert letter_message(engine, sent).sent_at == due + LEASE + MINUTE
    assert [event.at for event in all_of(engine, Event, name="s1.acknowledged")] == [due + LEASE + MINUTE]


def test_two_workers_at_once_send_each_mail_once(engine: Engine) -> None:
    for number in range(20):
        owed(engine, f"k{number}", f"p{number}@example.org")

    async def both() -> tuple[int, list[str]]:
        async with posting() as one, posting() as other:
            counts = await asyncio.gather(one.send(engine, worker="a"), other.send(engine, worker="b"))
            return sum(counts), [mail.recipients[0] for mail in [*one.sink.mails, *other.sink.mails]]

    count, recipients = asyncio.run(both())

    assert count == 20
    assert sorted(recipients) == sorted(f"p{number}@example.org" for number in range(20))
