"""The SMTP receiver and its limits: of size, of time, of sessions, of patience."""

import resource
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from tests.servers.smtp_receiver import SETTINGS, Running, running
from tests.servers.smtp_talk import Talk
from tests.servers.stored import contacts, mails

MAIL = b"From: Ann <ann@example.org>\r\nSubject: Damp\r\n\r\nThe wall is wet.\r\n"
SMALL = replace(SETTINGS, most_bytes=1_000_000, form_url="https://council.example/complain")


@pytest.fixture
def receiver(engine: Engine) -> Iterator[Running]:
    with running(engine) as server:
        yield server


@pytest.fixture
def client(receiver: Running) -> Iterator[Talk]:
    with receiver.talk().hello() as talk:
        yield talk


def test_the_recipient_after_the_hundredth_waits_for_the_next_mail(engine: Engine) -> None:
    with running(engine, is_ours=lambda _address: True) as receiver, receiver.talk().hello() as client:
        client.say("MAIL FROM:<ann@example.org>")
        replies = [client.say(f"RCPT TO:<c{number}@council.example>")[:9] for number in range(500)]

    assert replies == ["250 2.1.5"] * 100 + ["452 4.5.3"] * 400


def test_an_announced_size_that_is_too_large_is_refused_with_another_way(engine: Engine) -> None:
    with running(engine, SMALL) as receiver, receiver.talk().hello() as client:
        reply = client.say("MAIL FROM:<ann@example.org> SIZE=1000001")
        fits = client.say("MAIL FROM:<ann@example.org> SIZE=1000000")

    assert reply.startswith("552 5.3.4 ")
    assert "1000000" in reply
    assert "https://council.example/complain" in reply
    assert fits.startswith("250 ")


def test_a_mail_that_grows_too_large_is_read_to_its_end_then_refused(engine: Engine) -> None:
    with running(engine, SMALL) as receiver, receiver.talk().hello() as client:
        assert client.mail(b"x" * 70 + b"\r\n" + b"y" * 1_000_000 + b"\r\n").startswith("552 5.3.4 ")
        assert client.mail(MAIL).startswith("250 ")

    assert mails(engine) == [MAIL]


def test_a_mail_of_exactly_the_limit_is_taken(engine: Engine) -> None:
    with running(engine, SMALL) as receiver, receiver.talk().hello() as client:
        assert client.mail(b"x" * 999_998 + b"\r\n").startswith("250 ")
        assert client.mail(b"x" * 999_999 + b"\r\n").startswith("552 5.3.4 ")


def test_a_stream_past_twice_the_limit_is_cut_off(engine: Engine) -> None:
    with running(engine, SMALL) as receiver, receiver.talk().hello() as client:
        client.begin()
        _pour(client, b"y" * 70 + b"\r\n", 5_000_000)
        assert client.reply().startswith("421 4.3.4 ")

    assert contacts(engine) == []


def test_endless_data_without_a_line_end_is_cut_off_at_the_limit_and_held_by_nobody(engine: Engine) -> None:
    with running(engine, SMALL) as receiver, receiver.talk().hello() as client:
        client.begin()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        _pour(client, b"x" * 65_536, 50_000_000)
        assert client.reply().startswith("421 4.3.4 ")
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before

    assert grown < 8 * 1024  # KiB


def test_an_endless_line_after_the_headers_is_held_by_nobody_either(engine: Engine) -> None:
    with running(engine, replace(SETTINGS, most_bytes=25_000_000)) as receiver, receiver.talk().hello() as client:
        client.begin()
        client.send(b"From: Ann <ann@example.org>\r\n\r\n")
        tracemalloc.start()
        _pour(client, b"x" * 65_536, 60_000_000)
        assert client.reply().startswith("421 4.3.4 ")
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert most < 8_000_000


def test_a_line_of_a_megabyte_is_taken_and_one_of_five_is_refused_with_another_way(engine: Engine) -> None:
    with running(engine, replace(SMALL, most_bytes=25_000_000)) as receiver, receiver.talk().hello() as client:
        assert client.mail(MAIL + b"x" * 1_000_000 + b"\r\n").startswith("250 ")
        assert client.mail(MAIL + b"y" * 5_000_000 + b"\r\n").endswith("; please use https://council.example/complain")
        assert client.mail(MAIL).startswith("250 ")

    assert [len(mail) for mail in mails(engine)] == [len(MAIL) + 1_000_002, len(MAIL)]


def test_a_mail_of_empty_lines_only_does_not_go_on_for_ever(client: Talk) -> None:
    client.begin()
    _pour(client, b"\r\n" * 1_000, 100_000)

    assert client.reply().startswith("421 4.3.4 ")


def test_a_mail_that_drips_is_given_up_at_the_budget(engine: Engine) -> None:
    with running(engine, replace(SETTINGS, data_seconds=0.5)) as receiver, receiver.talk().hello() as client:
        client.begin()
        for _ in range(8):
            client.send(b"x")
            time.sleep(0.05)
        assert client.reply().startswith("421 4.4.2 ")

    assert contacts(engine) == []


def test_a_session_has_an_end_however_busy(engine: Engine) -> None:
    with running(engine, replace(SETTINGS, session_seconds=0.5)) as receiver, receiver.talk().hello() as client:
        ends_by = time.monotonic() + 10
        while (reply := client.say("NOOP")).startswith("250") and time.monotonic() < ends_by:
            time.sleep(0.05)

    assert reply.startswith("421 4.4.2 ")


def test_a_client_that_says_nothing_is_sent_away(engine: Engine) -> None:
    with running(engine, replace(SETTINGS, command_seconds=0.2)) as receiver, receiver.talk() as client:
        assert client.reply().startswith("220 ")
        assert client.reply().startswith("421 4.4.2 ")


def test_the_21st_session_of_one_peer_waits_until_another_ends(receiver: Running) -> None:
    with ExitStack() as sessions:
        inside = [sessions.enter_context(receiver.talk()).hello() for _ in range(20)]
        with receiver.talk() as outside:
            assert outside.reply() == "421 4.7.0 Too many connections, please try again later"
            assert outside.is_closed()
        inside.pop().say("QUIT")
        time.sleep(0.1)
        sessions.enter_context(receiver.talk()).hello()


def test_others_are_served_while_one_peer_has_all_its_sessions(receiver: Running, engine: Engine) -> None:
    with ExitStack() as sessions:
        for _ in range(20):
            sessions.enter_context(receiver.talk()).hello()
        with Talk(receiver.receiver.address, source="127.0.0.2") as other:
            assert other.hello().mail(MAIL).startswith("250 ")

    assert contacts(engine)[0].envelope["peer"] == "127.0.0.2"


def test_there_is_a_limit_to_all_sessions_together(engine: Engine) -> None:
    with running(engine, replace(SETTINGS, most_sessions=2)) as receiver, ExitStack() as sessions:
        for number in (2, 3):
            sessions.enter_context(Talk(receiver.receiver.address, source=f"127.0.0.{number}")).hello()
        with Talk(receiver.receiver.address, source="127.0.0.4") as third:
            assert third.reply().startswith("421 4.7.0 ")


@pytest.mark.parametrize("command", ["EHLO client.example", "NOOP", "RSET"])
def test_a_client_that_only_chats_is_sent_away(client: Talk, command: str) -> None:
    replies = [client.say(command) for _ in range(100)]

    assert replies[50].startswith("250")
    assert replies[-1].startswith("421 ")


def test_a_busy_mail_server_may_go_on_for_long(client: Talk, engine: Engine) -> None:
    for number in range(150):
        assert client.mail(MAIL + b"%d\r\n" % number).startswith("250 ")

    assert len(contacts(engine)) == 150


def _pour(client: Talk, drop: bytes, most: int) -> None:
    """Send until the other end has had enough."""
    try:
        for _ in range(most // len(drop)):
            client.send(drop)
    except ConnectionError:
        pass
