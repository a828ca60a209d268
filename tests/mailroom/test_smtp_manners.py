"""The SMTP receiver against clients that are broken, greedy, hostile or lost."""

import resource
import time
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


@pytest.mark.parametrize(
    "end", [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r\n", b"\r.\r", b"\r\n.\r", b"\n\n.\n\n", b"\r\n\x00.\r\n"]
)
def test_only_crlf_dot_crlf_ends_a_mail(client: Talk, engine: Engine, end: bytes) -> None:
    smuggled = b"Subject: one\r\n\r\nbody" + end + b"MAIL FROM:<evil@example.org>\r\nRCPT TO:<x@y>\r\nDATA\r\nhi\r\n"

    assert client.mail(smuggled).startswith("250 ")
    assert client.say("NOOP").startswith("250 ")

    (contact,) = contacts(engine)
    assert mails(engine) == [smuggled.replace(b"\r\n.", b"\r\n")]
    assert contact.envelope["mail_from"] == "ann@example.org"
    assert contact.envelope.get("irregular_line_ends", False) == (end != b"\r\n\x00.\r\n")


def test_a_command_that_ends_with_a_bare_lf_is_not_carried_out(client: Talk) -> None:
    client.send(b"MAIL FROM:<ann@example.org>\n")

    assert client.reply().startswith("500 5.5.2 ")
    assert client.say("RCPT TO:<complaints@council.example>").startswith("503 ")


def test_mail_for_others_is_not_relayed_and_the_fifth_try_is_the_last(client: Talk) -> None:
    client.say("MAIL FROM:<ann@example.org>")

    replies = [client.say(f"RCPT TO:<someone{number}@elsewhere.example>") for number in range(5)]

    assert replies[:4] == ["550 5.7.1 Relaying denied"] * 4
    assert replies[4].startswith("421 ")
    assert client.is_closed()


def test_one_good_recipient_is_not_lost_for_the_bad_ones(client: Talk, engine: Engine) -> None:
    client.say("MAIL FROM:<ann@example.org>")
    client.say("RCPT TO:<complaints@council.example>")

    replies = [client.say(f"RCPT TO:<old{number}@council.example>") for number in range(9)]
    client.say("DATA")
    client.send(MAIL + b".\r\n")

    assert replies == ["550 5.1.1 No such mailbox here"] * 9
    assert client.reply().startswith("250 ")
    assert len(contacts(engine)) == 1


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("@a.example:complaints@council.example", "553 5.1.3"),
        ("user%evil@council.example", "553 5.1.3"),
        ('"a@evil"@council.example', "553 5.1.3"),
        ("council.example!user", "553 5.1.3"),
        ("user!evil@council.example", "553 5.1.3"),
        ("", "553 5.1.3"),
        ("complaints@council.example@evil.example", "553 5.1.3"),
        ("nobody@council.example", "550 5.1.1"),
        ("postmaster", "550 5.1.1"),
    ],
)
def test_an_address_is_taken_as_it_is_or_refused(client: Talk, address: str, code: str) -> None:
    client.say("MAIL FROM:<ann@example.org>")

    assert client.say(f"RCPT TO:<{address}>").startswith(code)


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


@pytest.mark.parametrize(
    "line",
    [b"EHLO a\x00b", b"EHLO a\x1bb", b"EHLO a\rb", b"EHLO \xff\xfe", "EHLO münchen".encode(), b"EHLO", b"EHLO a\tb"],
)
def test_a_name_that_is_no_name_is_refused(client: Talk, line: bytes) -> None:
    client.send(line + b"\r\n")

    assert client.reply()[:3] in ("500", "501")


@pytest.mark.parametrize("address", [b"a\x00@b.example", b"a\x1b[2J@b.example", b"a\rb@c.example", b"a\xff@b.example"])
def test_an_address_with_control_or_broken_characters_is_refused(client: Talk, address: bytes) -> None:
    client.send(b"MAIL FROM:<" + address + b">\r\n")

    reply = client.reply()
    assert reply[:3] in ("500", "501")
    assert reply.isprintable()


def test_nobody_is_told_who_has_a_mailbox_or_may_sign_in(client: Talk) -> None:
    said = {command: client.say(command) for command in ("VRFY complaints", "VRFY nobody", "VRFY", "EXPN staff")}

    assert {reply[:9] for command, reply in said.items() if command.startswith("VRFY")} == {"252 2.5.2"}
    assert said["VRFY complaints"] == said["VRFY nobody"]
    assert said["EXPN staff"].startswith("502 ")
    assert client.say("HELP").startswith("214 ")
    assert client.say("HELP MAIL") == client.say("HELP")
    assert client.say("AUTH PLAIN AGEAYg==").startswith("502 ")
    assert client.say("STARTTLS").startswith("502 ")
    assert "AUTH" not in client.say("EHLO client.example")


def test_sizes_and_names_are_announced(client: Talk) -> None:
    lines = client.say("EHLO client.example").split("\n")

    assert lines[0] == "250-mx.council.example"
    assert {line[4:] for line in lines[1:]} == {"SIZE 25000000", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "HELP"}


@pytest.mark.parametrize(
    "hello",
    [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"PROXY TCP4 1.2.3.4\r\n"],
)
def test_what_is_not_mail_is_cut_off_at_once(receiver: Running, hello: bytes) -> None:
    with receiver.talk() as client:
        client.reply()
        client.send(hello)
        assert client.reply() in ("", "421 4.7.0 This is a mail server")
        assert client.is_closed()


def test_the_sixth_unknown_command_is_the_last(client: Talk) -> None:
    replies = [client.say(f"XYZZY{number}") for number in range(6)]

    assert replies[:5] == ["500 5.5.2 Command not recognized"] * 5
    assert replies[5].startswith("421 ")
    assert client.is_closed()


def test_a_line_that_is_too_long_is_no_command(client: Talk) -> None:
    assert client.say("NOOP " + "x" * 2_000).startswith("500 5.5.2 ")
    assert client.say("NOOP").startswith("250 ")
    client.send(b"x" * 200_000)
    assert client.reply().startswith("500 5.5.2 ")
    assert client.is_closed()


def test_an_address_beyond_ascii_is_kept_as_it_came_and_composed(client: Talk, engine: Engine) -> None:
    decomposed = "Beschwerden@mu\u0308nchen.example"
    client.say("MAIL FROM:<jürgen@münchen.example> SMTPUTF8")
    assert client.say(f"RCPT TO:<{decomposed}>").startswith("250 ")
    client.say("DATA")
    client.send(MAIL + b".\r\n")
    assert client.reply().startswith("250 ")

    (contact,) = contacts(engine)
    assert contact.recipient == "beschwerden@münchen.example"
    assert contact.envelope["rcpt_to"] == decomposed
    assert contact.envelope["mail_from"] == "jürgen@münchen.example"
    assert contact.envelope["smtputf8"] is True


def test_commands_out_of_order_are_refused(receiver: Running) -> None:
    with receiver.talk() as client:
        client.reply()
        assert client.say("MAIL FROM:<ann@example.org>").startswith("503 ")
        client.say("HELO client.example")
        assert client.say("RCPT TO:<complaints@council.example>").startswith("503 ")
        assert client.say("DATA").startswith("503 ")
        assert client.say("MAIL FROM:<ann@example.org>").startswith("250 ")
        assert client.say("MAIL FROM:<ann@example.org>").startswith("503 ")
        assert client.say("RSET").startswith("250 ")
        assert client.say("MAIL FROM:<ann@example.org>").startswith("250 ")


def _pour(client: Talk, drop: bytes, most: int) -> None:
    """Send until the other end has had enough."""
    try:
        for _ in range(most // len(drop)):
            client.send(drop)
    except ConnectionError:
        pass
