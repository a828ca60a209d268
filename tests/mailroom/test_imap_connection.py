"""Connecting to a mailbox: refused where it is not safe, given up where the server is not sane."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from imapclient import IMAPClient

from mailroom import imap_connection
from mailroom.imap_connection import MailboxUrl, Unsafe, connect, in_words, parse

HELLO = b"* OK [CAPABILITY IMAP4rev1 IDLE] ready\r\n"
CAPABILITY = b"* CAPABILITY IMAP4rev1 IDLE\r\n%s OK that is all\r\n"


def test_an_address_is_taken_apart_and_decoded() -> None:
    url = parse("imaps://complaints%40council.example:p%3Aw@mail.example:1993/Complaints%2FNew")

    assert url == MailboxUrl(True, "mail.example", 1993, "complaints@council.example", "p:w", "Complaints/New")
    assert url.address == "complaints@council.example"
    assert "p:w" not in url.name


def test_ports_and_mailbox_have_defaults() -> None:
    assert (parse("imap://u:p@h.example").port, parse("imaps://u:p@h.example/").port) == (143, 993)
    assert parse("imap://u:p@h.example").mailbox == "INBOX"
    assert parse("imap://u:p@h.example").address == "u@h.example"


@pytest.mark.parametrize("url", ["http://u:p@h/", "imap://h/INBOX", "imaps:///INBOX", ""])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="looks like imaps://"):
        parse(url)


def test_a_greeting_that_skips_the_sign_in_is_refused() -> None:
    with _a_server([b"* PREAUTH welcome\r\n"]) as url, pytest.raises(Unsafe):
        connect(url, most_bytes=1_000)


def test_away_from_loopback_a_server_without_tls_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap_connection, "_is_loopback", lambda _host: False)

    with _a_server([HELLO]) as url, pytest.raises(Unsafe, match="no TLS"):
        connect(url, most_bytes=1_000)


def test_a_server_that_does_not_speak_tls_where_it_should_is_refused() -> None:
    with _a_server([HELLO], secure=True) as url, pytest.raises(ssl.SSLError):
        connect(url, most_bytes=1_000)


def test_a_server_that_says_nothing_more_is_given_up() -> None:
    began = time.monotonic()

    with _a_server([HELLO, b""]) as url, pytest.raises(TimeoutError):
        connect(url, most_bytes=1_000, read_seconds=0.3)

    assert time.monotonic() - began < 5


def test_a_literal_of_a_gigabyte_is_not_read() -> None:
    answers = [HELLO, b"%s OK signed in\r\n", b"* 1 FETCH (BODY[] {1073741824}\r\nxxxx"]

    with _a_server(answers) as url:
        client: Any = connect(url, most_bytes=1_000, read_seconds=2)
        client._imap.state = "SELECTED"
        with pytest.raises(IMAPClient.AbortError):
            client.fetch([1], ["BODY.PEEK[]"])
        client.shutdown()


@pytest.mark.parametrize("garbage", [b"\x00\xff\xfe garbage\r\n", b"* 1 FETCH " + b"(" * 5_000 + b"\r\n"])
def test_garbage_is_an_error_and_nothing_worse(garbage: bytes) -> None:
    with _a_server([HELLO, b"%s OK signed in\r\n", garbage + b"%s OK done\r\n"]) as url:
        client: Any = connect(url, most_bytes=1_000, read_seconds=0.5)
        client._imap.state = "SELECTED"
        with pytest.raises(Exception):  # noqa: B017 (whichever: `run` catches all, drops the connection, waits)
            client.fetch([1], ["BODY.PEEK[]"])
        client.shutdown()


def test_what_went_wrong_is_said_without_the_servers_words() -> None:
    assert in_words(IMAPClient.Error("ann@example.org is over quota")) == "The mail server did not do what we asked"
    assert in_words(ConnectionRefusedError("10.0.0.9")) == "The mail server can't be reached, or hung up"
    assert in_words(RecursionError("...")) == "Failed: RecursionError"


@contextmanager
def _a_server(answers: Sequence[bytes], *, secure: bool = False) -> Iterator[MailboxUrl]:
    """Says the first answer at once and one more after each command but CAPABILITY; `%s` is that line's tag."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve, args=(listener, answers))
        thread.start()
        yield MailboxUrl(secure, "127.0.0.1", listener.getsockname()[1], "u", "p", "INBOX")
        thread.join()


def _serve(listener: socket.socket, answers: Sequence[bytes]) -> None:
    connection, _ = listener.accept()
    with connection, connection.makefile("rb") as lines:
        connection.settimeout(10)
        try:
            connection.sendall(answers[0])
            rest = iter(answers[1:])
            while line := lines.readline():
                answer = CAPABILITY if b" CAPABILITY" in line else next(rest, b"")
                connection.sendall(answer.replace(b"%s", line.partition(b" ")[0]))
        except OSError:
            pass
