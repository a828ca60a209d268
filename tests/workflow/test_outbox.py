"""The outbox: owed once, leased to one, given up late, never sent where it is not safe."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from storage.tables import Case, Mark, Message, Task
from templates import writing
from templates.languages import TO_STAFF
from tests.workflow.office import ANN, HANDLER, MINUTE, NOW, OFFICE, acting, all_of, ask, complaint, message, owed
from workflow import delivery, letters, outbox
from workflow.checklist import Item
from workflow.outbox import HELD, LEASE, To, Words
from workflow.tokens import message_of

# Every other folder of templates/letters is a letter of a case, to whoever complained.
ELSEWHERE = (*TO_STAFF, "published_learning", "survey", "survey_post")
KINDS = sorted(path.name for path in Path(writing.LETTERS).iterdir() if path.is_dir())
TO_PEOPLE = [kind for kind in KINDS if kind not in ELSEWHERE]
CHANGES = ("intended", "done", "late", "coming", "dropped", "earlier", "ways", "all_done", "all_dropped")
DAY = "Monday 2 March 2026"
FACTS = {
    "stage": "Local resolution", "comes": DAY, "requested_on": DAY, "question": "Which?", "answer_by": "",
    "held_on": DAY, "withdrawn_on": DAY, "still_dissatisfied": False, "received_on": DAY,
    "kind_in_words": "an enquiry", "old_date": DAY, "rhythm": "every month", "has_asked": True, "is_news": True,
    "updates_link": "https://redress.example/updates/abc", "put_right": "", **{part: [] for part in CHANGES},
}  # fmt: skip


def claimed(engine: Engine, lease: str, at: datetime = NOW, *, channel: str = "email") -> int | None:
    """The id of the message that a worker leases at this instant."""
    with acting(engine, at) as act:
        found = outbox.claim_next(act.session, act.now, lease, channel=channel)
        return found.id if found else None


def is_ours(engine: Engine, id_: int, lease: str) -> bool:
    with acting(engine) as act:
        return outbox.is_ours(act.session, act.session.get_one(Message, id_), lease)


def test_what_is_owed_already_is_not_owed_again(engine: Engine) -> None:
    owed(engine, "k1")

    with acting(engine) as act:
        assert outbox.owe(act, "k1", "reminder", To(ANN), Words("S", "T")) is None
    assert len(all_of(engine, Message)) == 1


def test_its_message_id_and_bounce_address_are_fixed_when_it_is_owed(engine: Engine) -> None:
    found = message(engine, owed(engine))

    assert found.message_id == outbox.message_id(OFFICE, found.number)
    assert message_of(OFFICE.keyring, found.envelope_sender) == found.number


@pytest.mark.parametrize("sign", ["\r\n", "\n", "\0"])
def test_a_line_break_in_subject_or_address_is_refused_and_nothing_is_owed(engine: Engine, sign: str) -> None:
    with pytest.raises(ValueError, match="control character"):
        owed(engine, subject=f"S{sign}Bcc: x@example.org")
    with pytest.raises(ValueError, match="control character"):
        owed(engine, to=f"ann@example.org{sign}")

    assert all_of(engine, Message) == []


def test_two_workers_never_hold_the_same_message(engine: Engine) -> None:
    mail = owed(engine)

    assert claimed(engine, "a") == mail
    assert claimed(engine, "b") is None


@pytest.mark.only_on("postgresql")  # SQLite has one writer at a time: the test above shows the same there
def test_a_message_being_claimed_is_passed_over(engine: Engine) -> None:
    first, second = owed(engine, "k1", at=NOW - MINUTE), owed(engine, "k2")

    with acting(engine) as act:
        taken = outbox.claim_next(act.session, NOW, "a")
        assert taken is not None
        assert taken.id == first
        assert claimed(engine, "b") == second


def test_a_lease_is_taken_over_after_ten_minutes_and_the_record_says_possibly_twice(engine: Engine) -> None:
    mail = owed(engine)
    claimed(engine, "dead")

    assert claimed(engine, "heir", NOW + LEASE) is None
    assert not message(engine, mail).possibly_twice
    assert claimed(engine, "heir", NOW + LEASE + timedelta(seconds=1)) == mail
    assert message(engine, mail).possibly_twice


def test_a_lease_that_was_taken_over_is_no_longer_ours(engine: Engine) -> None:
    mail = owed(engine)
    claimed(engine, "paused")
    claimed(engine, "heir", NOW + LEASE + MINUTE)

    assert not is_ours(engine, mail, "paused")
    assert is_ours(engine, mail, "heir")


def test_a_lease_that_is_over_but_taken_by_nobody_is_still_ours(engine: Engine) -> None:
    mail = owed(engine)
    claimed(engine, "slow")

    assert is_ours(engine, mail, "slow")


def test_nothing_is_claimed_while_outgoing_mail_is_held(engine: Engine) -> None:
    owed(engine)
    with acting(engine) as act:
        act.session.add(Mark(name=HELD, at=NOW))

    assert claimed(engine, "a") is None


def test_each_channel_claims_its_own(engine: Engine) -> None:
    with acting(engine) as act:
        outbox.owe(act, "k1", "question", To("1 High Street\nAnytown", "post"), Words("S", "T"))

    assert claimed(engine, "a") is None
    assert claimed(engine, "a", channel="post") is not None


def test_only_what_waits_for_the_relay_is_hurried_when_it_is_back(engine: Engine) -> None:
    away, grey = owed(engine, "k1"), owed(engine, "k2", "bob@example.org")
    with acting(engine) as act:
        outbox.not_now(act.session.get_one(Message, away), NOW, f"{outbox.UNREACHED}SMTPConnectError at connect")
        outbox.not_now(act.session.get_one(Message, grey), NOW, "451 Greylisted")

    with acting(engine) as act:
        assert outbox.hurry(act.session, NOW) == 1

    assert message(engine, away).send_after == NOW
    assert message(engine, grey).send_after > NOW


def test_a_message_that_may_have_left_can_not_be_taken_back(engine: Engine) -> None:
    question = ask(engine, complaint(engine))
    with acting(engine) as act:
        found = next(one for one in act.session.exec(select(Message)) if one.letter_id == question)
        delivery.waits(act, found, "the line broke", may_have_left=True)

    with acting(engine) as act:
        assert not outbox.recall(act.session, question, NOW)


def issue(engine: Engine, case_id: int, kind: str) -> None:
    with acting(engine, NOW, HANDLER) as act:
        items = (Item("reasons", "Reasons", "Because."),)
        letters.issue(act, act.session.get_one(Case, case_id), kind, items=items, facts=FACTS)


@pytest.mark.parametrize("kind", TO_PEOPLE)
def test_no_letter_is_mailed_to_someone_for_whom_email_is_not_safe(engine: Engine, kind: str) -> None:
    case_id = complaint(engine, avoid=["email"])  # with this, its receipt would be owed too

    if kind != "receipt":
        issue(engine, case_id, kind)

    assert all_of(engine, Message) == []
    assert len(all_of(engine, Task, kind="no_safe_way")) == (0 if kind == "receipt" else 1)


@pytest.mark.parametrize("kind", [kind for kind in TO_PEOPLE if kind != "receipt"])
def test_a_letter_takes_the_way_that_is_safe(engine: Engine, kind: str) -> None:
    case_id = complaint(engine, avoid=["email"], postal_address="1 High Street\nAnytown")

    issue(engine, case_id, kind)

    assert [(one.channel, one.address) for one in all_of(engine, Message)] == [("post", "1 High Street\nAnytown")]
    assert len(all_of(engine, Task, kind="post")) == 1


@pytest.mark.parametrize("kind", TO_PEOPLE)
def test_a_letter_goes_by_email_where_post_is_not_safe(engine: Engine, kind: str) -> None:
    case_id = complaint(engine, avoid=["post"], postal_address="1 High Street", prefers="post")

    if kind != "receipt":
        issue(engine, case_id, kind)

    assert {one.channel for one in all_of(engine, Message, kind=kind)} == {"email"}


@pytest.mark.parametrize("kind", TO_PEOPLE)
def test_a_choice_made_after_a_letter_was_owed_still_stops_it(engine: Engine, kind: str) -> None:
    case_id = complaint(engine)
    if kind != "receipt":
        issue(engine, case_id, kind)
    with acting(engine) as act:
        letters.participants(act, act.session.get_one(Case, case_id))[0].avoid = ["email"]

    with acting(engine, NOW + 2 * MINUTE) as act:
        assert delivery.claim_next(act, "a") is None

    assert all(one.given_up_at for one in all_of(engine, Message))
