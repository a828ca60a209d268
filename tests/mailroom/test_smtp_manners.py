"""The SMTP receiver against clients that are broken, hostile or lost."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.servers.smtp_receiver import Running, running
from tests.servers.smtp_talk import Talk
from tests.servers.stored import contacts, mails

MAIL = b"From: Ann <ann@example.org>\r\nSubject: Damp\r\n\r\nThe wall is wet.\r\n"


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
    offered = {"PIPELINING", "SIZE 25000000", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "HELP"}
    assert {line[4:] for line in lines[1:]} == offered


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
