"""The journal: durable before yes, once only, whoever else fails."""

import asyncio
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, event, text
from sqlmodel import select

from storage import journal as journal_module
from storage.database import connect, reading
from storage.journal import Arrival, Journal, NotStored
from storage.tables import Blob
from tests.servers.stored import contacts, mails

NOW = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)


def a_mail(raw: bytes = b"Subject: damp\r\n\r\nStill damp.\r\n", recipient: str = "a@council.example") -> Arrival:
    return Arrival("email", recipient, raw, NOW, {"mail_from": "ann@example.org"})


def test_an_arrival_is_stored_whole_and_waits(engine: Engine) -> None:
    with Journal(engine) as journal:
        stored = journal.write(a_mail())

    (contact,) = contacts(engine)
    assert stored.is_new
    assert (contact.id, contact.key) == (stored.contact_id, stored.key)
    assert (contact.channel, contact.recipient, contact.received_at) == ("email", "a@council.example", NOW)
    assert (contact.standing, contact.processed_at) == ("waiting", None)
    assert contact.envelope == {"mail_from": "ann@example.org"}
    assert mails(engine) == [b"Subject: damp\r\n\r\nStill damp.\r\n"]


def test_every_byte_comes_back_as_it_came(engine: Engine) -> None:
    raw = bytes(range(256)) * 40

    with Journal(engine) as journal:
        journal.write(a_mail(raw))

    assert mails(engine) == [raw]
    assert contacts(engine)[0].raw_sha256 == sha256(raw).hexdigest()


def test_the_same_arrival_again_is_the_same_contact(engine: Engine) -> None:
    with Journal(engine) as journal:
        first = journal.write(a_mail())
        again = journal.write(replace(a_mail(), received_at=NOW + timedelta(hours=4)))

    assert again == replace(first, is_new=False)
    assert contacts(engine)[0].received_at == NOW


def test_twins_in_one_commit_are_one_contact(engine: Engine) -> None:
    with Journal(engine) as journal:
        stored = journal.write_all([a_mail(), a_mail(b"other"), a_mail()])

    assert [each.is_new for each in stored] == [True, True, False]
    assert stored[0].contact_id == stored[2].contact_id
    assert len(contacts(engine)) == 2


def test_one_mail_to_two_of_us_is_two_contacts_and_one_blob(engine: Engine) -> None:
    with Journal(engine) as journal:
        journal.write_all([a_mail(), a_mail(recipient="b@council.example")])

    with reading(engine) as session:
        assert len(session.exec(select(Blob)).all()) == 1
    assert len(contacts(engine)) == 2


def test_keys_tell_apart_what_joins_to_the_same_letters() -> None:
    keys = {
        Arrival("email", "ab", b"c", NOW).key,
        Arrival("email", "a", b"bc", NOW).key,
        Arrival("emaila", "b", b"c", NOW).key,
        Arrival("email", "ab", b"", NOW, token="c").key,
        Arrival("email", "a", b"c", NOW, token="b").key,
    }

    assert len(keys) == 5


def test_the_key_does_not_hang_on_time_or_envelope() -> None:
    later = Arrival("email", "a@council.example", a_mail().raw, NOW + timedelta(days=9), {"peer": "192.0.2.1"})

    assert later.key == a_mail().key


def test_a_form_sent_twice_with_its_token_is_one_contact_and_with_a_new_token_two(engine: Engine) -> None:
    form = Arrival("web", "the-council", b'{"what":"damp"}', NOW, token="t1")

    with Journal(engine) as journal:
        stored = journal.write_all([form, form, replace(form, token="t2")])

    assert [each.is_new for each in stored] == [True, False, True]


def test_files_of_a_form_are_stored_with_it(engine: Engine) -> None:
    form = Arrival("web", "the-council", b"{}", NOW, token="t1", files=(b"photo", b"letter", b"photo"))

    with Journal(engine) as journal:
        journal.write(form)

    with reading(engine) as session:
        blobs = {blob.sha256: blob.content for blob in session.exec(select(Blob))}
    assert blobs == {sha256(each).hexdigest(): each for each in (b"{}", b"photo", b"letter")}


def test_one_bad_arrival_does_not_fail_its_neighbours(engine: Engine) -> None:
    naive = replace(a_mail(b"bad"), received_at=datetime(2027, 3, 1, 9, 30))  # a time without zone is refused

    with Journal(engine) as journal:
        with pytest.raises(NotStored):
            journal.write_all([a_mail(b"1"), naive, a_mail(b"2")])
        journal.write(a_mail(b"3"))

    assert mails(engine) == [b"1", b"2", b"3"]


def test_what_went_wrong_is_told_without_the_words_of_the_mail(engine: Engine) -> None:
    naive = Arrival("email", "ann@council.example", b"secret", datetime(2027, 3, 1), {"mail_from": "ann@example.org"})

    with Journal(engine) as journal, pytest.raises(NotStored) as failure:
        journal.write(naive)

    assert "ann@" not in str(failure.value)
    assert "secret" not in str(failure.value)


def test_a_time_in_another_zone_is_the_same_instant(engine: Engine) -> None:
    in_cest = NOW.astimezone(timezone(timedelta(hours=2)))

    with Journal(engine) as journal:
        journal.write(replace(a_mail(), received_at=in_cest))

    assert contacts(engine)[0].received_at == NOW


def test_a_caller_that_is_cancelled_does_not_cancel_the_commit(engine: Engine) -> None:
    async def hang_up_at_once(journal: Journal) -> None:
        task = asyncio.create_task(journal.store(a_mail()))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with Journal(engine) as journal:
        asyncio.run(hang_up_at_once(journal))

    assert len(contacts(engine)) == 1


def test_many_who_wait_share_a_commit(engine: Engine) -> None:
    commits: list[Any] = []
    event.listen(engine, "commit", commits.append)

    with Journal(engine) as journal:
        journal.write_all([a_mail(str(number).encode()) for number in range(100)])

    assert len(contacts(engine)) == 100
    assert len(commits) <= 10


def test_a_batch_has_an_end(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "MOST_TOGETHER", 10)
    commits: list[Any] = []
    event.listen(engine, "commit", commits.append)

    with Journal(engine) as journal:
        journal.write_all([a_mail(str(number).encode()) for number in range(100)])

    assert len(commits) >= 10


def test_closing_finishes_what_waits_and_takes_no_more(engine: Engine) -> None:
    journal = Journal(engine)
    journal.start()
    writers = [threading.Thread(target=journal.write, args=(a_mail(bytes([number])),)) for number in range(20)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    journal.close()

    with pytest.raises(NotStored, match="closed"):
        journal.write(a_mail(b"late"))
    assert len(contacts(engine)) == 20


def test_a_journal_that_was_not_started_takes_nothing(engine: Engine) -> None:
    with pytest.raises(NotStored):
        Journal(engine).write(a_mail())


def test_without_its_tables_it_says_no_and_goes_on_when_they_are_back(engine: Engine) -> None:
    with Journal(engine) as journal:
        _rename(engine, "contact", "elsewhere")
        with pytest.raises(NotStored):
            journal.write(a_mail())
        _rename(engine, "elsewhere", "contact")
        stored = journal.write(a_mail())

    assert stored.is_new
    assert len(contacts(engine)) == 1


@pytest.mark.only_on("postgresql")  # a file does not hang up
def test_a_connection_lost_after_the_commit_finds_its_own_row(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    commit, lost = engine.dialect.do_commit, list[Any]()

    def commit_and_hang_up(connection: Any) -> None:
        commit(connection)
        if not lost:
            lost.append(connection)
            connection.dbapi_connection.close()
            raise psycopg.OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(engine.dialect, "do_commit", commit_and_hang_up)
    with Journal(engine) as journal:
        stored = journal.write(a_mail())

    assert lost
    assert [contact.id for contact in contacts(engine)] == [stored.contact_id]


@pytest.mark.only_on("postgresql")
def test_a_server_that_drops_us_right_after_the_commit_loses_and_doubles_nothing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, dropped = engine.dialect.do_commit, list[int]()

    def commit_and_be_dropped(connection: Any) -> None:
        commit(connection)
        if not dropped:
            dropped.append(connection.dbapi_connection.info.backend_pid)
            _terminate(engine, dropped[0])
            connection.dbapi_connection.execute("SELECT 1")  # the driver's own error, from a line that is truly dead

    monkeypatch.setattr(engine.dialect, "do_commit", commit_and_be_dropped)
    with Journal(engine) as journal:
        stored = journal.write_all([a_mail(b"1"), a_mail(b"2")])
        later = journal.write(a_mail(b"3"))

    assert dropped
    assert [contact.id for contact in contacts(engine)] == [*(each.contact_id for each in stored), later.contact_id]
    assert mails(engine) == [b"1", b"2", b"3"]


@pytest.mark.only_on("sqlite")  # only SQLite can be told how large it may grow
def test_a_full_disk_is_told_apart_and_gets_over(database_url: str) -> None:
    engine = connect(database_url, pool_size=1)
    _allow_pages(engine, 10)

    with Journal(engine) as journal:
        with pytest.raises(NotStored) as failure:
            journal.write(a_mail(b"x" * 1_000_000))
        _allow_pages(engine, 1_000_000)
        stored = journal.write(a_mail(b"x" * 1_000_000))
    engine.dispose()

    assert failure.value.disk_full
    assert stored.is_new


def _terminate(engine: Engine, pid: int) -> None:
    with psycopg.connect(engine.url.set(drivername="postgresql").render_as_string(hide_password=False)) as another:
        another.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def _allow_pages(engine: Engine, most: int) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count={most}")


def _rename(engine: Engine, old: str, new: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))
