"""Relays that are away, drop the line, or can't be trusted: nothing is lost, nothing is said in the open."""

import asyncio
import socket
import ssl
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from mailroom.relay import relay
from mailroom.sender import EmailSender, Never, NotNow, send_due
from mailroom.sink import HANG_UP
from storage.tables import Message
from tests.servers.certificate import a_certificate
from tests.servers.mail_sink import Post, with_post
from tests.workflow.office import ANN, MINUTE, NOW, OFFICE, all_of, message, owed
from workflow.outbox import UNREACHED


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_certificate(tmp_path_factory.mktemp("tls"))


def tls_of(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


def a_message(address: str = ANN) -> Message:
    return Message(key="k", number=7, kind="reminder", address=address, subject="S", text="T\n", message_id="<7@us>",
                   sender="care@council.example", envelope_sender="b-7@us.example", created_at=NOW,
                   send_after=NOW)  # fmt: skip


def nobody_listens() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


async def deliver(post: Post, address: str = ANN) -> NotNow | Never | None:
    """What comes of one mail; None for yes."""
    try:
        await post.sender.deliver(a_message(address))
    except (NotNow, Never) as no:
        return no
    return None


def test_without_a_relay_a_round_tries_one_mail_and_leaves_the_others_as_they_are(engine: Engine) -> None:
    first, second = owed(engine, "k1", at=NOW - MINUTE), owed(engine, "k2")
    sender = EmailSender(f"smtp://127.0.0.1:{nobody_listens()}", timeout=5)

    count = asyncio.run(send_due(engine, OFFICE, sender, lambda: NOW, lease_name="w"))

    assert count == 0
    assert (message(engine, first).tries, message(engine, second).tries) == (1, 0)
    assert (message(engine, first).last_error or "").startswith(UNREACHED)
    assert sender.trouble == message(engine, first).last_error
    assert message(engine, second).lease is None


def test_when_the_relay_is_back_what_waited_for_it_leaves_at_once(engine: Engine) -> None:
    first = owed(engine, "k1", at=NOW - MINUTE)
    away = EmailSender(f"smtp://127.0.0.1:{nobody_listens()}", timeout=5)
    asyncio.run(send_due(engine, OFFICE, away, lambda: NOW, lease_name="w"))
    owed(engine, "k2", "bob@example.org")

    async def send(post: Post) -> int:
        return await post.send(engine, NOW + timedelta(seconds=1))

    assert message(engine, first).send_after > NOW + timedelta(seconds=1)
    assert with_post(send) == 2


def test_a_line_that_breaks_at_the_recipient_ends_the_round_but_counts_against_nobody_else(engine: Engine) -> None:
    owed(engine, "k1", "drop@example.org", at=NOW - MINUTE)
    owed(engine, "k2")
    answers = {"drop@example.org": HANG_UP}

    async def send(post: Post) -> tuple[int, int]:
        return await post.send(engine), await post.send(engine)

    assert with_post(send, answers=lambda _sender, recipient, _count: answers.get(recipient)) == (0, 1)
    assert [one.tries for one in all_of(engine, Message)] == [1, 0]
    assert not any(one.possibly_twice for one in all_of(engine, Message))


def test_a_relay_that_says_421_in_mid_session_is_left_alone_until_the_next_round(engine: Engine) -> None:
    owed(engine, "k1", at=NOW - MINUTE)
    owed(engine, "k2", "bob@example.org")

    def answers(_sender: str, recipient: str, count: int) -> str | None:
        return "421 4.3.2 Going down" if recipient == ANN and count == 1 else None

    async def send(post: Post) -> tuple[int, int, int]:
        return await post.send(engine), await post.send(engine), post.sink.connections

    assert with_post(send, answers=answers) == (0, 1, 2)


def test_when_the_yes_is_lost_the_second_copy_is_the_same_mail_and_the_record_says_possibly_twice(
    engine: Engine,
) -> None:
    mail = owed(engine)

    async def send(post: Post) -> list[bytes]:
        await post.send(engine)
        await post.send(engine, NOW + 5 * MINUTE)
        return [kept.raw for kept in post.sink.mails]

    copies = with_post(send, verdict=lambda kept: HANG_UP if kept.number == 1 else None)

    assert len(copies) == 2
    assert copies[0] == copies[1]
    assert message(engine, mail).possibly_twice
    assert message(engine, mail).sent_at == NOW + 5 * MINUTE


def test_a_kept_connection_that_the_relay_closed_meanwhile_costs_no_try() -> None:
    async def go(post: Post) -> tuple[object, object, int]:
        first = await deliver(post)
        for session in list(post.sink._sessions):
            session.hang_up()
        return first, await deliver(post), post.sink.connections

    assert with_post(go) == (None, None, 2)


@pytest.mark.parametrize(
    ("reply", "kind", "is_relay"),
    [
        ("451 4.7.1 Greylisted", NotNow, False),
        ("452 4.2.2 Mailbox full", NotNow, False),
        ("421 4.3.2 Busy", NotNow, True),
        ("503 5.5.1 Out of step", NotNow, False),
        ("550 5.1.1 Unknown", Never, None),
        ("553 5.1.3 Bad address", Never, None),
        (HANG_UP, NotNow, True),
    ],
)
def test_what_the_relay_says_to_a_recipient_decides_whether_we_try_again(
    reply: str, kind: type, is_relay: bool | None
) -> None:
    no = with_post(deliver, answers=lambda _sender, _recipient, _count: reply)

    assert type(no) is kind
    assert getattr(no, "is_relay", None) == is_relay


@pytest.mark.parametrize(
    ("reply", "kind"), [("554 5.7.1 Spam", Never), ("552 5.3.4 Too big", Never), ("451 Later", NotNow)]
)
def test_what_the_relay_says_to_the_whole_mail_decides_whether_we_try_again(reply: str, kind: type) -> None:
    no = with_post(deliver, verdict=lambda _mail: reply)

    assert type(no) is kind
    assert not getattr(no, "may_have_left", False)


def test_after_a_refusal_the_same_connection_takes_the_next_mail() -> None:
    async def go(post: Post) -> tuple[type, object, int]:
        return type(await deliver(post, "no@example.org")), await deliver(post), post.sink.connections

    def answers(_sender: str, recipient: str, _count: int) -> str | None:
        return "550 No" if recipient.startswith("no@") else None

    assert with_post(go, answers=answers) == (Never, None, 1)


def test_an_address_outside_ascii_needs_a_relay_that_takes_it() -> None:
    no = with_post(lambda post: deliver(post, "jürgen@example.org"), extensions=())

    assert isinstance(no, Never)
    assert "SMTPUTF8" in no.reason


def test_an_address_outside_ascii_goes_out_where_the_relay_takes_it() -> None:
    async def go(post: Post) -> tuple[object, str, bytes]:
        no = await deliver(post, "jürgen@bücher.example")
        return no, post.sink.mails[0].recipients[0], post.sink.mails[0].raw

    no, recipient, raw = with_post(go)

    assert no is None
    assert recipient == "jürgen@xn--bcher-kva.example"
    assert "To: jürgen@xn--bcher-kva.example\r\n".encode() in raw


def test_lines_that_begin_with_dots_arrive_as_they_were_written() -> None:
    async def go(post: Post) -> bytes:
        written = a_message()
        written.text = ".\n..\n.hidden\nend\n"
        await post.sender.deliver(written)
        return post.sink.mails[0].raw

    raw = with_post(go)

    assert b"=2E\r\n..\r\n.hidden\r\nend\r\n" in raw or b"\r\n.\r\n..\r\n.hidden\r\nend\r\n" in raw


def test_tls_is_demanded_and_nothing_is_said_without_it() -> None:
    no = with_post(deliver, options="?starttls=require")

    assert isinstance(no, NotNow)
    assert no.is_relay


def test_a_certificate_that_nobody_vouches_for_stops_the_mail(certificate: Path) -> None:
    async def go(post: Post) -> tuple[object, int]:
        return await deliver(post), len(post.sink.mails)

    no, kept = with_post(go, options="?starttls=require", tls=tls_of(certificate))

    assert isinstance(no, NotNow)
    assert no.is_relay
    assert kept == 0


@pytest.mark.parametrize(("scheme", "options", "at_once"), [("smtp", "?starttls=require", False), ("smtps", "", True)])
def test_mail_goes_out_encrypted_to_a_relay_that_can_be_trusted(
    scheme: str, options: str, at_once: bool, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    settings = {"tls": tls_of(certificate), "tls_at_once": at_once}

    assert with_post(deliver, scheme=scheme, options=options, **settings) is None


def test_a_relay_that_does_not_let_us_in_is_our_trouble_not_the_mail_s() -> None:
    async def go(post: Post) -> NotNow:
        stranger = EmailSender(f"smtp://us:secret@localhost:{post.sink.address[1]}", hostname="us.example", timeout=5)
        with pytest.raises(NotNow) as no:
            await stranger.deliver(a_message())
        assert stranger.trouble == no.value.reason
        return no.value

    no = with_post(go)

    assert no.is_relay
    assert "secret" not in no.reason


def test_tls_is_demanded_of_every_relay_but_one_on_this_machine() -> None:
    assert relay("smtp://mail.example").tls == "starttls"
    assert relay("smtp://127.0.0.1:25").tls == "none"
    assert relay("smtp://mail.example:25?starttls=no").tls == "none"
    assert relay("smtps://mail.example").tls == "at once"


def test_a_relay_s_url_holds_user_password_and_port() -> None:
    found = relay("smtps://us%40council:p%3Ass@mail.example")

    assert (found.user, found.password, found.host, found.port) == ("us@council", "p:ss", "mail.example", 465)
    assert "p:ss" not in repr(found)


@pytest.mark.parametrize(
    "url",
    ["http://mail.example", "smtp://", "smtp://h/path", "smtp://h?starttls=maybe", "smtp://h?x=1",
     "smtp://user:secret@mail.example?starttls=no"],
)  # fmt: skip
def test_a_relay_s_url_that_is_wrong_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError) as refusal:
        relay(url)

    assert "secret" not in str(refusal.value)


def test_a_relay_that_never_answers_is_given_up_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it lets us in, and that is all
        sender = EmailSender(f"smtp://127.0.0.1:{silent.getsockname()[1]}", timeout=0.2)

        with pytest.raises(NotNow) as no:
            asyncio.run(sender.deliver(a_message()))

    assert no.value.is_relay
