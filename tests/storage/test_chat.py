"""Updates of messengers: kept once, raw, and handed out in the order of each chat, whatever one of them does."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from storage import chat
from storage.arrival import Arrival
from storage.database import reading, writing
from storage.tables import ChatUpdate, Contact

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def kept(engine: Engine, number: int, *, of: str = "1", bot: str = "telegram:7", raw: bytes = b"{}") -> bool:
    with writing(engine) as session:
        return chat.keep(session, bot, number, raw, NOW, chat=of)


def turn(engine: Engine, now: datetime = NOW, *, bot: str | None = None) -> int | None:
    """The number of the update whose turn it is."""
    with writing(engine) as session:
        update = chat.next_waiting(session, now, bot=bot)
        return update.update_id if update else None


def dealt_with(engine: Engine, *, error: Exception | None = None, now: datetime = NOW) -> None:
    with writing(engine) as session:
        update = chat.next_waiting(session, now)
        assert update is not None
        chat.failed(update, now, error) if error else chat.handled(update, now)
        session.add(update)


def test_an_update_is_kept_once_as_it_came(engine: Engine) -> None:
    assert kept(engine, 5, raw=b"\xff not even text")
    assert not kept(engine, 5, raw=b"\xff not even text")

    with reading(engine) as session:
        assert session.exec(select(ChatUpdate.raw)).all() == [b"\xff not even text"]


def test_other_bytes_with_a_number_seen_before_are_another_update_kept_once(engine: Engine) -> None:
    assert kept(engine, 5, raw=b"a complaint")
    assert kept(engine, 5, raw=b"another complaint, a quiet year later")
    assert not kept(engine, 5, raw=b"another complaint, a quiet year later")
    assert kept(engine, 5, raw=b"and a third")

    with reading(engine) as session:
        raws = session.exec(select(ChatUpdate.raw).order_by(col(ChatUpdate.id))).all()
    assert raws == [b"a complaint", b"another complaint, a quiet year later", b"and a third"]


def test_what_is_erased_leaves_only_that_it_came_and_is_not_taken_again(engine: Engine) -> None:
    kept(engine, 1, raw=b"what they told")
    kept(engine, 2, raw=b"of somebody else", of="2")
    dealt_with(engine)
    dealt_with(engine)
    kept(engine, 3, raw=b"not dealt with yet")

    with writing(engine) as session:
        chat.erase(session, "telegram", "1", NOW)

    assert not kept(engine, 1, raw=b"what they told")
    with reading(engine) as session:
        raws = session.exec(select(ChatUpdate.raw).order_by(col(ChatUpdate.id))).all()
    assert raws == [b"", b"of somebody else", b"not dealt with yet"]


def test_what_somebody_has_dealt_with_meanwhile_waits_no_more(engine: Engine) -> None:
    kept(engine, 1)
    kept(engine, 2)
    dealt_with(engine)

    with writing(engine) as session:
        assert [update.update_id for update in chat.still_waiting(session, [1, 2])] == [2]


def test_the_same_number_of_another_bot_is_another_update(engine: Engine) -> None:
    assert kept(engine, 5)
    assert kept(engine, 5, bot="telegram:8")
    assert turn(engine, bot="telegram:8") == 5


def test_numbers_may_jump_and_what_came_first_is_handled_first(engine: Engine) -> None:
    kept(engine, 900)
    kept(engine, 7)

    assert turn(engine) == 900


def test_one_that_fails_waits_and_holds_its_own_chat_only(engine: Engine) -> None:
    kept(engine, 1)
    kept(engine, 2)
    kept(engine, 3, of="2")

    dealt_with(engine, error=ValueError("with what they wrote"))

    assert turn(engine) == 3
    dealt_with(engine)
    assert turn(engine) is None
    assert turn(engine, NOW + timedelta(seconds=10)) == 1


def test_one_that_keeps_failing_is_put_aside_for_people_and_holds_nothing_any_more(engine: Engine) -> None:
    kept(engine, 1)
    kept(engine, 2)
    for tries in range(chat.TRIES):
        dealt_with(engine, error=ValueError("with what they wrote"), now=NOW + timedelta(minutes=tries))

    assert turn(engine, NOW + timedelta(days=1)) == 2
    with reading(engine) as session:
        first = session.exec(select(ChatUpdate).where(ChatUpdate.update_id == 1)).one()
    assert first.given_up_at is not None
    assert first.error == "ValueError"


def test_what_a_conversation_came_to_is_stored_with_it_or_not_at_all(engine: Engine) -> None:
    arrival = Arrival("telegram", "homes", b"{}", NOW, token="1:1", files=(b"a photo",))
    with Session(engine) as session:
        chat.keep_arrival(session, arrival)
        session.rollback()
    with reading(engine) as session:
        assert session.exec(select(Contact)).all() == []

    with writing(engine) as session:
        first, again = chat.keep_arrival(session, arrival), chat.keep_arrival(session, arrival)

    assert (first.is_new, again.is_new) == (True, False)
    assert first.contact_id == again.contact_id
