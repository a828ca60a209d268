"""The SMTP receiver hears everything in order, however it comes, and asks no more than it must."""

import pytest
from sqlalchemy import Engine

from mailroom.smtp_known import Known
from tests.servers.smtp_receiver import OURS, running
from tests.servers.stored import mails

MAIL = b"From: Ann <ann@example.org>\r\nSubject: Damp\r\n\r\nThe wall is wet.\r\n"
ENVELOPE = b"MAIL FROM:<ann@example.org>\r\nRCPT TO:<complaints@council.example>\r\nDATA\r\n"


def test_all_that_is_sent_ahead_is_answered_in_order(engine: Engine) -> None:
    with running(engine) as receiver, receiver.talk() as client:
        client.send(b"EHLO client.example\r\n" + (ENVELOPE + MAIL + b".\r\n") * 2 + b"NOOP\r\nQUIT\r\n")
        replies = [client.reply()[:9] for _ in range(12)]
        assert client.is_closed()

    assert replies[2:] == ["250 2.1.0", "250 2.1.5", "354 End d", "250 2.0.0"] * 2 + ["250 OK", "221 2.0.0"]
    assert mails(engine) == [MAIL]


def test_what_comes_byte_by_byte_is_the_same(engine: Engine) -> None:
    with running(engine) as receiver, receiver.talk().hello() as client:
        for byte in ENVELOPE + MAIL + b".\r\n":
            client.send(bytes([byte]))
        replies = [client.reply()[:3] for _ in range(4)]

    assert replies == ["250", "250", "354", "250"]
    assert mails(engine) == [MAIL]


def test_commands_after_a_mail_wait_for_its_answer(engine: Engine) -> None:
    with running(engine) as receiver, receiver.talk().hello() as client:
        client.send(ENVELOPE + MAIL + b".\r\nRSET\r\nDATA\r\n")
        replies = [client.reply() for _ in range(6)]

    assert replies[3].startswith("250 2.0.0 Accepted as ")
    assert [reply[:3] for reply in replies[4:]] == ["250", "503"]


def test_commands_that_come_together_are_answered_in_their_order_the_last_words_too(engine: Engine) -> None:
    with running(engine) as receiver, receiver.talk().hello() as client:
        client.send(b"MAIL FROM:<ann@example.org>\r\nVRFY ann\r\nRCPT TO:<complaints@council.example>\r\nQUIT\r\n")
        replies = [client.reply()[:3] for _ in range(4)]

    assert replies == ["250", "252", "250", "221"]


def test_a_sender_that_pipelines_to_nobody_of_ours_gets_no_go_ahead_and_can_go_on(engine: Engine) -> None:
    with running(engine) as receiver, receiver.talk().hello() as client:
        client.send(ENVELOPE.replace(b"complaints", b"nobody"))
        refused = [client.reply()[:9] for _ in range(3)]
        client.send(b"RSET\r\n" + ENVELOPE)
        taken = [client.reply()[:9] for _ in range(4)]

    assert refused == ["250 2.1.0", "550 5.1.1", "503 5.5.1"]
    assert taken == ["250 OK", "250 2.1.0", "250 2.1.5", "354 End d"]


@pytest.mark.parametrize("line", [b"MAIL FROM:<ann@example.org>\r\n", b"mail from:<ann@example.org> size=10\r\n",
                                  b"MAIL FROM: <ann@example.org>\r\n", b"MAIL FROM:<> BODY=8BITMIME\r\n",
                                  b'MAIL FROM:<"ann b"@example.org>\r\n'])  # fmt: skip
def test_plain_and_unusual_ways_to_name_a_sender_are_answered_alike(engine: Engine, line: bytes) -> None:
    with running(engine) as receiver, receiver.talk().hello() as client:
        client.send(line)
        assert client.reply() == "250 2.1.0 OK"
        client.send(line)
        assert client.reply().startswith("503 ")
        assert client.say("RSET").startswith("250 ")
        client.send(line)
        assert client.reply() == "250 2.1.0 OK"


def test_whose_address_it_is_is_asked_once_in_a_while(engine: Engine) -> None:
    asked: list[str] = []

    def is_ours(address: str) -> bool:
        asked.append(address)
        return address in OURS

    with running(engine, is_ours=is_ours) as receiver, receiver.talk().hello() as client:
        for number in range(3):
            assert client.mail(MAIL + b"%d\r\n" % number, "Complaints@council.example").startswith("250 ")
        client.say("MAIL FROM:<ann@example.org>")
        for _ in range(2):
            assert client.say("RCPT TO:<nobody@council.example>").startswith("550 ")

    assert asked == ["complaints@council.example", "nobody@council.example", "nobody@council.example"]


def test_an_address_is_known_for_a_few_seconds_only() -> None:
    for_ever, not_at_all = Known(60), Known(0)

    for_ever.add("a@council.example")
    not_at_all.add("a@council.example")

    assert "a@council.example" in for_ever
    assert "b@council.example" not in for_ever
    assert "a@council.example" not in not_at_all


def test_a_fault_of_ours_at_a_plain_command_is_a_try_again(engine: Engine) -> None:
    def free_bytes() -> int:
        raise OSError("/secret/place")

    with running(engine, free_bytes=free_bytes) as receiver, receiver.talk().hello() as client:
        reply = client.say("MAIL FROM:<ann@example.org>")
        assert client.say("NOOP").startswith("250 ")

    assert reply.startswith("451 4.3.0 ")
    assert "secret" not in reply
