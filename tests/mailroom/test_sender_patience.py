"""When a mail can not leave now: how long it is tried, and what holds it back."""

from datetime import timedelta

from sqlalchemy import Engine
from sqlmodel import select

from storage.tables import Mark, Message
from tests.mailroom.test_sender import Sent, open_tasks, refuse
from tests.servers.mail_sink import Post, with_post
from tests.workflow.office import (
    MINUTE,
    NOW,
    acting,
    all_of,
    complaint,
    message,
    owed,
)
from workflow.outbox import GIVE_UP_AFTER, HELD, LEAST_TRIES


def test_a_mail_put_off_is_tried_after_1_5_15_and_60_minutes_then_hourly(engine: Engine) -> None:
    mail = owed(engine)
    waits: list[float] = []

    async def try_six_times(post: Post) -> None:
        at = NOW
        for _ in range(6):
            await post.send(engine, at)
            due = message(engine, mail).send_after
            waits.append((due - at) / MINUTE)
            assert await post.send(engine, due - timedelta(seconds=1)) == 0
            at = due

    with_post(try_six_times, **refuse("451 4.7.1 Come back later"))

    assert message(engine, mail).tries == 6
    spread = waits[0]  # up to a fifth longer, the same for each try of one message
    assert 1 <= spread < 1.2
    assert [round(wait / spread) for wait in waits] == [1, 5, 15, 60, 60, 60]


def test_a_mail_put_off_for_five_days_is_given_up_and_a_person_is_told(engine: Engine) -> None:
    case_id = complaint(engine)
    with acting(engine) as act:
        act.session.exec(select(Message)).one().tries = LEAST_TRIES

    with_post(Sent(engine, NOW + GIVE_UP_AFTER + MINUTE), **refuse("451 4.7.1 Come back later"))

    assert all_of(engine, Message, case_id=case_id)[0].given_up_at is not None
    assert "given up after 25 tries" in open_tasks(engine, "not_sent")[0].text


def test_a_mail_held_back_for_a_week_is_still_tried(engine: Engine) -> None:
    mail = owed(engine)

    with_post(Sent(engine, NOW + 2 * GIVE_UP_AFTER), **refuse("451 4.7.1 Come back later"))

    assert message(engine, mail).given_up_at is None


def test_nothing_goes_out_after_a_restore_until_the_operator_says_so(engine: Engine) -> None:
    owed(engine)
    with acting(engine) as act:
        act.session.add(Mark(name=HELD, at=NOW))

    with_post(held := Sent(engine))
    with acting(engine) as act:
        act.session.delete(act.session.get_one(Mark, HELD))
    with_post(released := Sent(engine))

    assert (held.count, released.count) == (0, 1)
