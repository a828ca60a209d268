"""The SMTP receiver keeps what it says yes to, and says yes only then."""

import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import Engine, event, text

from storage.journal import Arrival, NotStored, Stored
from tests.servers.smtp_receiver import NOW, OURS, SETTINGS, Running, running
from tests.servers.smtp_talk import Talk
from tests.servers.stored import contacts, mails

MAIL = b"From: Ann <ann@example.org>\r\nSubject: Damp\r\n\r\nThe wall is wet.\r\n"


@pytest.fixture
def receiver(engine: Engine) -> Iterator[Running]:
    with running(engine) as server:
        yield server


def test_a_mail_is_stored_with_its_envelope_before_the_yes(receiver: Running, engine: Engine) -> None:
    with receiver.talk().hello() as client:
        reply = client.mail(MAIL, "Complaints@Council.example")
        (contact,) = contacts(engine)

    assert reply == f"250 2.0.0 Accepted as {contact.key[:12]}"
    assert mails(engine) == [MAIL]
    assert (contact.channel, contact.recipient, contact.received_at) == ("email", "complaints@council.example", NOW)
    assert contact.envelope == {
        "mail_from": "ann@example.org",
        "rcpt_to": "Complaints@Council.example",
        "peer": "127.0.0.1",
        "helo": "client.example",
        "smtputf8": False,
    }


def test_a_mail_to_two_of_us_is_a_contact_for_each(receiver: Running, engine: Engine) -> None:
    with receiver.talk().hello() as client:
        reply = client.mail(MAIL, "complaints@council.example", "housing@council.example", "HOUSING@council.example")

    assert reply.startswith("250 2.0.0 Accepted")
    assert [each.recipient for each in contacts(engine)] == ["housing@council.example", "complaints@council.example"]


def test_the_same_mail_again_is_already_accepted(receiver: Running, engine: Engine) -> None:
    with receiver.talk().hello() as client:
        first = client.mail(MAIL)
        second = client.mail(MAIL)

    assert second == first.replace("Accepted", "Already accepted")
    assert len(contacts(engine)) == 1


def test_several_mails_come_in_one_session(receiver: Running, engine: Engine) -> None:
    with receiver.talk().hello() as client:
        for number in range(5):
            assert client.mail(MAIL + str(number).encode() + b"\r\n").startswith("250 ")
        assert client.say("QUIT") == "221 2.0.0 Bye"
        assert client.is_closed()

    assert len(contacts(engine)) == 5


def test_the_null_sender_is_accepted(receiver: Running, engine: Engine) -> None:
    with receiver.talk().hello() as client:
        assert client.mail(MAIL, sender="").startswith("250 ")

    assert contacts(engine)[0].envelope["mail_from"] == ""


@pytest.mark.parametrize("line", [b"x" * 1_500, b"y" * 1_000_000])
def test_long_lines_of_real_mail_are_taken(receiver: Running, engine: Engine, line: bytes) -> None:
    raw = MAIL + line + b"\r\nend\r\n"

    with receiver.talk().hello() as client:
        assert client.mail(raw).startswith("250 ")

    assert mails(engine) == [raw]


def test_dots_at_the_start_of_lines_come_through(receiver: Running, engine: Engine) -> None:
    with receiver.talk().hello() as client:
        assert client.mail(b"..\r\n...two\r\n\r\n..one\r\n.\x00\r\n").startswith("250 ")

    assert mails(engine) == [b".\r\n..two\r\n\r\n.one\r\n\x00\r\n"]


def test_an_empty_mail_is_kept_too(receiver: Running, engine: Engine) -> None:
    with receiver.talk().hello() as client:
        assert client.mail(b"").startswith("250 ")
        assert client.mail(b"\r\n").startswith("250 ")

    assert mails(engine) == [b"", b"\r\n"]


def test_a_mail_that_trickles_in_is_whole(receiver: Running, engine: Engine) -> None:
    raw = b"\r\n\r\nSubject: s\r\n.\r\n.\n.\r\r\nend\r\n".replace(b"\r\n.", b"\r\n..")

    with receiver.talk().hello() as client:
        client.begin()
        for position in range(len(raw)):
            client.send(raw[position : position + 1])
            time.sleep(0.002)
        client.send(b".\r\n")
        assert client.reply().startswith("250 ")

    assert mails(engine) == [raw.replace(b"\r\n..", b"\r\n.")]


def test_a_large_mail_comes_back_byte_for_byte(receiver: Running, engine: Engine) -> None:
    raw = b"Subject: photos\r\n\r\n" + b"".join(b"%070d\r\n" % number for number in range(70_000))

    with receiver.talk().hello() as client:
        assert client.mail(raw).startswith("250 ")

    assert mails(engine) == [raw]


def test_a_connection_lost_before_the_final_dot_leaves_nothing(receiver: Running, engine: Engine) -> None:
    with receiver.talk().hello() as client:
        client.begin()
        client.send(MAIL)

    with receiver.talk().hello() as client:
        assert client.mail(b"another\r\n").startswith("250 ")
    assert mails(engine) == [b"another\r\n"]


def test_a_half_close_after_the_final_dot_still_gets_its_answer(receiver: Running, engine: Engine) -> None:
    with receiver.talk().hello() as client:
        client.begin()
        client.send(MAIL + b".\r\n")
        client.socket.shutdown(socket.SHUT_WR)
        assert client.reply().startswith("250 2.0.0 Accepted")

    assert mails(engine) == [MAIL]


def test_a_client_that_hangs_up_during_the_commit_finds_its_mail_accepted(receiver: Running, engine: Engine) -> None:
    with _slow_commits(engine, 0.5):
        with receiver.talk().hello() as client:
            client.begin()
            client.send(MAIL + b".\r\n")
            time.sleep(0.1)
        time.sleep(0.8)

    with receiver.talk().hello() as client:
        assert client.mail(MAIL).startswith("250 2.0.0 Already accepted as ")
    assert len(contacts(engine)) == 1


def test_a_database_that_fails_is_a_try_again_and_the_next_mail_works(receiver: Running, engine: Engine) -> None:
    with receiver.talk().hello() as client:
        _rename(engine, "contact", "elsewhere")
        refused = client.mail(MAIL)
        _rename(engine, "elsewhere", "contact")
        accepted = client.mail(MAIL)

    assert refused[:58] == "451 4.3.0 Not possible now, please try again later (" + refused[52:58]
    assert "contact" not in refused
    assert accepted.startswith("250 2.0.0 Accepted")


def test_a_full_disk_says_so(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(_arrivals: Iterable[Arrival]) -> list[Stored]:
        raise NotStored("SQLITE_FULL", disk_full=True)

    with running(engine) as receiver, receiver.talk().hello() as client:
        monkeypatch.setattr(receiver.journal, "store_all", full)
        assert client.mail(MAIL).startswith("452 4.3.1 ")
        monkeypatch.undo()
        assert client.mail(MAIL).startswith("250 ")


def test_with_too_little_room_no_mail_is_begun(engine: Engine) -> None:
    with running(engine, free_bytes=lambda: SETTINGS.room_needed - 1) as receiver, receiver.talk().hello() as client:
        assert client.say("MAIL FROM:<ann@example.org>").startswith("452 4.3.1 ")


def test_when_nobody_knows_whose_address_it_is_the_sender_tries_again(engine: Engine) -> None:
    answers: list[bool | Exception] = [ConnectionError("ann@example.org"), True]

    def is_ours(_address: str) -> bool:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with running(engine, is_ours=is_ours) as receiver, receiver.talk().hello() as client:
        client.say("MAIL FROM:<ann@example.org>")
        refused = client.say("RCPT TO:<complaints@council.example>")
        accepted = client.say("RCPT TO:<complaints@council.example>")

    assert refused.startswith("451 4.3.0 ")
    assert "ann@" not in refused
    assert accepted.startswith("250 ")


def test_addresses_may_be_looked_up_without_holding_up_the_others(engine: Engine) -> None:
    async def is_ours(address: str) -> bool:
        return address in OURS

    with running(engine, is_ours=is_ours) as receiver, receiver.talk().hello() as client:
        assert client.mail(MAIL).startswith("250 ")


def test_stopping_finishes_the_mail_being_taken_and_sends_the_idle_away(engine: Engine) -> None:
    with running(engine) as receiver, receiver.talk().hello() as idle, receiver.talk().hello() as busy:
        busy.begin()
        address = receiver.receiver.address
        stopping = threading.Thread(target=receiver.stop)
        stopping.start()
        assert idle.reply() == "421 4.3.2 Shutting down, please try again later"
        with pytest.raises(ConnectionRefusedError):
            Talk(address)
        busy.send(MAIL + b".\r\n")
        assert busy.reply().startswith("250 2.0.0 Accepted")
        assert busy.reply().startswith("421 4.3.2 ")
        stopping.join()

    assert len(contacts(engine)) == 1


def test_stopping_does_not_wait_for_ever(engine: Engine) -> None:
    with running(engine, replace(SETTINGS, stop_seconds=0.3)) as receiver, receiver.talk().hello() as client:
        client.begin()
        receiver.stop()
        assert client.reply().startswith("421 4.3.2 ") or client.is_closed()

    assert contacts(engine) == []


@contextmanager
def _slow_commits(engine: Engine, seconds: float) -> Iterator[None]:
    """Every commit of the journal takes this much longer."""

    def wait(_connection: object) -> None:
        time.sleep(seconds)

    event.listen(engine, "commit", wait)
    yield
    event.remove(engine, "commit", wait)


def _rename(engine: Engine, old: str, new: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))
