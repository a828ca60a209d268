"""The IMAP receiver against a real Dovecot: everything once, whatever happens in between."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from mailroom.imap_receiver import ImapReceiver
from storage.database import reading
from storage.journal import Arrival, Journal, NotStored, Stored
from storage.tables import MailboxMessage
from tests.servers.dovecot import Dovecot, missing
from tests.servers.mailbox import NOW, Mailbox, a_mail
from tests.servers.stored import contacts, mails

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "-")


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    server = Dovecot()
    yield server
    server.stop()


@pytest.fixture
def mailbox(dovecot: Dovecot, engine: Engine) -> Iterator[Mailbox]:
    with Journal(engine) as journal:
        yield Mailbox(dovecot, engine, journal, dovecot.a_user())


def test_new_mail_is_stored_byte_for_byte_and_moved_away(mailbox: Mailbox, engine: Engine) -> None:
    raws = [a_mail("one"), a_mail("two\u00e9"), b"no header at all\r\n"]
    mailbox.add(*raws)

    assert mailbox.receiver().poll() == 3

    assert mails(engine) == raws
    assert (mailbox.count("INBOX"), mailbox.count("Processed")) == (0, 3)
    assert contacts(engine)[0].received_at == NOW
    assert contacts(engine)[0].envelope["mail_from"] == "ann@example.org"


def test_an_empty_mailbox_is_no_trouble(mailbox: Mailbox, engine: Engine) -> None:
    assert mailbox.receiver().poll() == 0

    assert contacts(engine) == []


def test_a_second_poll_finds_nothing_new(mailbox: Mailbox, engine: Engine) -> None:
    mailbox.add(a_mail())
    receiver = mailbox.receiver()

    assert [receiver.poll(), receiver.poll()] == [1, 0]

    assert len(contacts(engine)) == 1


@pytest.mark.parametrize(
    ("headers", "recipient"),
    [
        (b"Delivered-To: Housing@Council.example\r\n", "housing@council.example"),
        (b"X-Original-To: housing@council.example\r\n", "housing@council.example"),
        (b"Delivered-To: someone@else.example\r\n", "complaints@council.example"),
    ],
)
def test_the_headers_tell_whose_mail_it_is(mailbox: Mailbox, engine: Engine, headers: bytes, recipient: str) -> None:
    mailbox.add(a_mail(more=headers))

    mailbox.receiver().poll()

    assert contacts(engine)[0].recipient == recipient


def test_mail_that_names_none_of_ours_belongs_to_the_mailbox(mailbox: Mailbox, engine: Engine) -> None:
    mailbox.add(b"From: ann@example.org\r\nBcc: x@y.example\r\n\r\nhello\r\n")

    mailbox.receiver(address="Complaints@council.example").poll()

    assert contacts(engine)[0].recipient == "complaints@council.example"


def test_dying_before_the_commit_leaves_the_mail_for_the_next_poll(mailbox: Mailbox, engine: Engine) -> None:
    mailbox.add(a_mail())
    closed = Journal(engine)  # never started: stores nothing

    with pytest.raises(NotStored):
        mailbox.receiver(closed).poll()
    assert (mailbox.count("INBOX"), len(contacts(engine))) == (1, 0)

    assert mailbox.receiver().poll() == 1
    assert (mailbox.count("INBOX"), len(contacts(engine))) == (0, 1)


def test_dying_between_the_commit_and_our_memory_makes_no_second_case(mailbox: Mailbox, engine: Engine) -> None:
    mailbox.add(a_mail())

    class Dies(Journal):
        def write(self, arrival: Arrival) -> Stored:
            mailbox.journal.write(arrival)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mailbox.receiver(Dies(engine)).poll()
    assert mailbox.count("INBOX") == 1

    assert mailbox.receiver().poll() == 0
    assert (mailbox.count("INBOX"), mailbox.count("Processed"), len(contacts(engine))) == (0, 1, 1)


def test_dying_before_the_move_moves_it_the_next_time(
    mailbox: Mailbox, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.add(a_mail())

    def die(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ImapReceiver, "_move", die)
        with pytest.raises(KeyboardInterrupt):
            mailbox.receiver().poll()

    assert mailbox.receiver().poll() == 0
    assert (mailbox.count("INBOX"), mailbox.count("Processed"), len(contacts(engine))) == (0, 1, 1)


def test_a_new_uidvalidity_brings_no_old_mail_back_as_new(mailbox: Mailbox, engine: Engine) -> None:
    url = mailbox.server.url(mailbox.user, mailbox="Complaints")
    with mailbox.server.client(mailbox.user) as client:
        client.create_folder("Complaints")
    mailbox.add(a_mail("one"), a_mail("two"), folder="Complaints")
    mailbox.receiver(url=url).poll()
    with mailbox.server.client(mailbox.user) as client:
        client.delete_folder("Complaints")
        time.sleep(1.1)  # Dovecot counts UIDVALIDITY in seconds
        client.create_folder("Complaints")
    mailbox.add(a_mail("three"), a_mail("two"), a_mail("one"), folder="Complaints")

    assert mailbox.receiver(url=url).poll() == 1

    assert mails(engine) == [a_mail("one"), a_mail("two"), a_mail("three")]
    assert len(_validities(engine)) == 2


def test_flags_set_by_hand_and_mail_moved_back_change_nothing(mailbox: Mailbox, engine: Engine) -> None:
    mailbox.add(a_mail("read by somebody"))
    with mailbox.server.client(mailbox.user) as client:
        client.select_folder("INBOX")
        client.add_flags([1], [b"\\Seen"])
    assert mailbox.receiver().poll() == 1
    with mailbox.server.client(mailbox.user) as client:
        client.select_folder("Processed")
        client.remove_flags([1], [b"\\Seen"])
        client.move([1], "INBOX")

    assert mailbox.receiver().poll() == 0

    assert (mailbox.count("INBOX"), len(contacts(engine))) == (0, 1)


def test_reading_does_not_mark_as_read(mailbox: Mailbox) -> None:
    mailbox.add(a_mail())

    mailbox.receiver().poll()

    with mailbox.server.client(mailbox.user) as client:
        client.select_folder("Processed", readonly=True)
        assert client.search("UNSEEN") != []


def test_a_mail_that_is_too_large_stays_and_a_case_says_so(mailbox: Mailbox, engine: Engine) -> None:
    mailbox.add(a_mail("Huge") + b"x" * 3_000, a_mail("small"))

    receiver = mailbox.receiver(most_bytes=2_000)
    assert [receiver.poll(), receiver.poll()] == [2, 0]

    large, small = contacts(engine)
    assert large.envelope["problem"] == "too large, left in mailbox"
    assert b"Subject: Huge" in mails(engine)[0]
    assert b"left in the mailbox" in mails(engine)[0]
    assert b"xxx" not in mails(engine)[0]
    assert large.recipient == small.recipient == "complaints@council.example"
    assert (mailbox.count("INBOX"), mailbox.count("Processed")) == (1, 1)


def test_a_message_that_vanishes_before_we_fetch_it_is_skipped_and_counted(mailbox: Mailbox, engine: Engine) -> None:
    mailbox.add(a_mail("one"), a_mail("two"), a_mail("three"))
    fetch = ImapReceiver._fetch

    class Slow(ImapReceiver):
        def _fetch(self, client: object, uid: int, what: str, key: bytes) -> object:
            if uid == 2 and what == "RFC822.SIZE":
                with mailbox.server.client(mailbox.user) as other:
                    other.select_folder("INBOX")
                    other.delete_messages([2])
                    other.expunge()
            return fetch(self, client, uid, what, key)

    receiver = Slow(mailbox.journal, engine, mailbox.server.url(mailbox.user), lambda: NOW, mailbox.reports.append)

    assert receiver.poll() == 2
    assert receiver.skipped == 1
    assert mails(engine) == [a_mail("one"), a_mail("three")]


def test_without_move_mail_is_copied_deleted_and_expunged(engine: Engine) -> None:
    plain = Dovecot("imap_capability = IMAP4rev1 SASL-IR LITERAL+ UIDPLUS IDLE")
    try:
        with Journal(engine) as journal:
            mailbox = Mailbox(plain, engine, journal, plain.a_user())
            mailbox.add(a_mail("one"), a_mail("two"))

            assert mailbox.receiver().poll() == 2

            assert (mailbox.count("INBOX"), mailbox.count("Processed")) == (0, 2)
    finally:
        plain.stop()


def test_running_it_takes_mail_as_it_comes_and_says_all_is_well(mailbox: Mailbox, engine: Engine) -> None:
    with _running(mailbox.receiver()):
        mailbox.add(a_mail("one"))
        _until(lambda: len(contacts(engine)) == 1)
        mailbox.add(a_mail("two"))
        _until(lambda: len(contacts(engine)) == 2)

    assert set(mailbox.reports) == {None}


def test_an_idle_that_brings_no_news_is_followed_by_a_poll_all_the_same(mailbox: Mailbox) -> None:
    with _running(mailbox.receiver(poll_seconds=0.2)):
        _until(lambda: len(mailbox.reports) >= 4)

    assert set(mailbox.reports) == {None}


def test_a_wrong_password_is_reported_and_tried_again_ever_more_slowly(mailbox: Mailbox) -> None:
    url = mailbox.server.url(mailbox.user, password="wrong")

    with _running(mailbox.receiver(url=url, back_off_seconds=(0.3, 0.6))):
        time.sleep(2.2)

    assert set(mailbox.reports) == {"The mail server did not accept the name or password"}
    assert 2 <= len(mailbox.reports) <= 5


def test_a_database_that_fails_leaves_the_mail_where_it_is(mailbox: Mailbox, engine: Engine) -> None:
    mailbox.add(a_mail())

    with _running(mailbox.receiver(Journal(engine), back_off_seconds=(0.1, 0.1))):
        _until(lambda: len(mailbox.reports) >= 2)

    assert mailbox.reports[0] == "Failed: NotStored"
    assert mailbox.count("INBOX") == 1


class _running:  # noqa: N801 (reads as a word)
    """The receiver's own thread, stopped at the end."""

    def __init__(self, receiver: ImapReceiver) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=receiver.run, args=(self._stop,))

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join(15)
        assert not self._thread.is_alive()


def _until(is_so: Callable[[], bool]) -> None:
    ends_at = time.monotonic() + 15
    while not is_so():
        assert time.monotonic() < ends_at
        time.sleep(0.05)


def _validities(engine: Engine) -> set[int]:
    with reading(engine) as session:
        return {row.uidvalidity for row in session.exec(select(MailboxMessage))}
