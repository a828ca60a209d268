"""Sending what is owed through a real relay: what arrives, what a case makes of it, what a person is told."""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from storage.tables import Case, Deadline, Event, Message, Participant, Task
from tests.servers.mail_sink import Post, posting, with_post
from tests.workflow.office import (
    ANN,
    MINUTE,
    NOW,
    acknowledge,
    acting,
    all_of,
    ask,
    complaint,
    letter,
    letter_message,
    message,
    owed,
    participant,
    withdraw,
)
from workflow import outbox

LATER = NOW + 2 * MINUTE


class Sent:
    """Sends what is due at one instant, and keeps what the sink got."""

    def __init__(self, engine: Engine, at: datetime = NOW) -> None:
        self.engine, self.at = engine, at

    async def __call__(self, post: Post) -> None:
        self.count = await post.send(self.engine, self.at)
        self.mails = post.sink.mails


def refuse(reply: str) -> dict[str, Any]:
    """The setting of a relay that says this to every recipient."""
    return {"answers": lambda _sender, _recipient, _count: reply}


def deadline(engine: Engine, case_id: int, clock: str) -> Deadline:
    return all_of(engine, Deadline, case_id=case_id, clock=clock)[0]


def open_tasks(engine: Engine, kind: str) -> list[Task]:
    return [task for task in all_of(engine, Task, kind=kind) if task.done_at is None]


def test_a_mail_that_is_owed_arrives_once(engine: Engine) -> None:
    mail = owed(engine)

    async def send_twice(post: Post) -> tuple[int, int, int]:
        return await post.send(engine), await post.send(engine), len(post.sink.mails)

    assert with_post(send_twice) == (1, 0, 1)
    assert message(engine, mail).sent_at == NOW
    assert not message(engine, mail).possibly_twice


def test_the_envelope_sender_is_the_message_s_own_address_for_bounces(engine: Engine) -> None:
    mail = owed(engine)

    with_post(sent := Sent(engine))

    assert sent.mails[0].recipients == (ANN,)
    assert sent.mails[0].mail_from == message(engine, mail).envelope_sender
    with acting(engine) as act:
        found = outbox.bounced_message(act, sent.mails[0].mail_from)
        assert found is not None
        assert found.id == mail


def test_the_oldest_leaves_first_and_not_more_than_asked_for(engine: Engine) -> None:
    owed(engine, "young", "young@example.org", at=NOW)
    owed(engine, "old", "old@example.org", at=NOW - MINUTE)

    async def send_one(post: Post) -> list[str]:
        await post.send(engine, most=1)
        return [mail.recipients[0] for mail in post.sink.mails]

    assert with_post(send_one) == ["old@example.org"]


def test_all_mails_of_a_round_go_over_one_connection(engine: Engine) -> None:
    for number in range(5):
        owed(engine, f"k{number}", f"p{number}@example.org")

    async def send(post: Post) -> tuple[int, int]:
        return await post.send(engine), post.sink.connections

    assert with_post(send) == (5, 1)


def test_a_receipt_is_in_the_thread_of_the_mail_that_it_answers(engine: Engine) -> None:
    complaint(engine)

    with_post(sent := Sent(engine))

    head = sent.mails[0].raw.partition(b"\r\n\r\n")[0].decode()
    assert "In-Reply-To: <first@example.org>" in head
    assert "References: <first@example.org>" in head
    assert "Reply-To: r-" in head
    assert "Auto-Submitted: auto-replied" in head
    assert "damp" not in sent.mails[0].raw.decode().lower()


def test_a_letter_waits_a_minute_in_which_it_can_be_taken_back(engine: Engine) -> None:
    case_id = complaint(engine, avoid=[])
    question = ask(engine, case_id)

    with_post(early := Sent(engine, NOW + timedelta(seconds=59)))
    with acting(engine, NOW + timedelta(seconds=59)) as act:
        is_back = outbox.recall(act.session, question, act.now)
    with_post(late := Sent(engine, LATER))

    assert [b"need your help" in mail.raw for mail in early.mails] == [False]  # the receipt alone
    assert is_back
    assert late.count == 0


def test_a_letter_that_has_left_can_not_be_taken_back(engine: Engine) -> None:
    question = ask(engine, complaint(engine))
    with_post(Sent(engine, LATER))

    with acting(engine, LATER) as act:
        assert not outbox.recall(act.session, question, act.now)


def test_a_letter_in_a_sender_s_hands_can_not_be_taken_back(engine: Engine) -> None:
    question = ask(engine, complaint(engine))
    with acting(engine, LATER) as act:
        while (claimed := outbox.claim_next(act.session, LATER, "busy")) and claimed.letter_id != question:
            pass

    with acting(engine, LATER) as act:
        assert not outbox.recall(act.session, question, act.now)


def test_an_acknowledgement_counts_from_when_the_relay_took_it(engine: Engine) -> None:
    case_id = complaint(engine)
    sent = acknowledge(engine, case_id)
    assert deadline(engine, case_id, "s1.acknowledge").met_at is None

    with_post(Sent(engine, LATER))

    assert letter(engine, sent).relayed_at == LATER
    assert deadline(engine, case_id, "s1.acknowledge").met_at == LATER
    assert [event.at for event in all_of(engine, Event, name="s1.acknowledged")] == [LATER]


def test_a_letter_refused_for_good_meets_no_deadline_and_a_person_is_told(engine: Engine) -> None:
    case_id = complaint(engine)
    sent = acknowledge(engine, case_id)

    with_post(Sent(engine, LATER), **refuse(f"550 5.1.1 <{ANN.upper()}> unknown here"))

    assert letter_message(engine, sent).given_up_at == LATER
    assert letter_message(engine, sent).last_error == "550 5.1.1 <the address> unknown here"
    assert deadline(engine, case_id, "s1.acknowledge").met_at is None
    assert letter(engine, sent).not_served_at == LATER
    assert "550 5.1.1" in open_tasks(engine, "not_served")[0].text


def test_a_receipt_refused_for_good_becomes_a_task_on_its_case(engine: Engine) -> None:
    case_id = complaint(engine)

    with_post(Sent(engine), **refuse("554 5.7.1 Not wanted"))

    assert [task.case_id for task in open_tasks(engine, "not_sent")] == [case_id]


def test_one_that_is_refused_does_not_stop_the_next(engine: Engine) -> None:
    owed(engine, "bad", "nobody@example.org", at=NOW - MINUTE)
    owed(engine, "later", "busy@example.org", at=NOW - MINUTE)
    owed(engine, "good", ANN)
    replies = {"nobody@example.org": "550 No", "busy@example.org": "451 Later"}

    with_post(sent := Sent(engine), answers=lambda _sender, recipient, _count: replies.get(recipient))

    assert [mail.recipients for mail in sent.mails] == [(ANN,)]


def test_a_letter_to_be_posted_is_never_mailed(engine: Engine) -> None:
    case_id = complaint(engine, avoid=["email"], postal_address="1 High Street\nAnytown")
    ask(engine, case_id)

    with_post(sent := Sent(engine, LATER))

    assert sent.count == 0
    assert [one.channel for one in all_of(engine, Message, case_id=case_id)] == ["post"]


def test_a_person_who_says_that_email_is_not_safe_gets_none_that_was_owed_before(engine: Engine) -> None:
    case_id = complaint(engine)
    question = ask(engine, case_id)
    with acting(engine) as act:
        act.session.get_one(Participant, participant(engine, case_id).id).avoid = ["email"]

    with_post(sent := Sent(engine, LATER))

    assert sent.mails == []
    assert letter(engine, question).not_served_at == LATER
    assert "not safe" in open_tasks(engine, "not_served")[0].text


def test_a_letter_that_leaves_after_the_case_has_closed_leaves_once_and_a_person_looks(engine: Engine) -> None:
    case_id = complaint(engine)
    sent = acknowledge(engine, case_id)
    withdraw(engine, case_id, NOW + MINUTE / 2)

    async def send_twice(post: Post) -> int:
        await post.send(engine, LATER)
        return await post.send(engine, LATER + timedelta(hours=1))

    again = with_post(send_twice)

    assert again == 0
    assert letter_message(engine, sent).sent_at == LATER
    assert all_of(engine, Case, id=case_id)[0].outcome == "withdrawn"
    assert all_of(engine, Event, name="s1.acknowledged") == []
    assert [task.case_id for task in open_tasks(engine, "sent_out_of_turn")] == [case_id]


def test_an_address_that_is_none_is_never_tried(engine: Engine) -> None:
    mail = owed(engine, to="ann@example.org> SIZE=1")

    with_post(sent := Sent(engine))

    assert sent.mails == []
    assert message(engine, mail).last_error == "this is not an address that mail can be sent to"


def test_no_address_and_no_word_of_a_mail_is_logged(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    owed(engine, "good")
    owed(engine, "bad", "nobody@example.org", subject="Secret subject")
    refusal = {"nobody@example.org": "550 <nobody@example.org> unknown"}

    with_post(Sent(engine), answers=lambda _sender, recipient, _count: refusal.get(recipient))

    assert "example.org" not in caplog.text
    assert "Secret" not in caplog.text


def test_a_sender_that_is_told_to_stop_finishes_the_mail_in_hand(engine: Engine) -> None:
    first, second = owed(engine, "k1", at=NOW - MINUTE), owed(engine, "k2", "bob@example.org")

    async def stop_in_the_middle() -> None:
        reached = asyncio.Event()
        async with posting(verdict=lambda _mail: reached.set()) as post:
            sending = asyncio.create_task(post.send(engine))
            await reached.wait()
            sending.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sending

    asyncio.run(stop_in_the_middle())

    assert message(engine, first).sent_at == NOW
    assert message(engine, second).sent_at is None
    assert message(engine, second).lease is None
