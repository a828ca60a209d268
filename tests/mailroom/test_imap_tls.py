"""Reading a mailbox over real TLS, on a real Dovecot with a certificate made for the test."""

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from mailroom import imap_connection
from storage.journal import Journal
from tests.ports import free_port
from tests.servers.certificate import a_certificate
from tests.servers.dovecot import PASSWORD, Dovecot, missing
from tests.servers.mailbox import Mailbox, a_mail
from tests.servers.stored import mails

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "-")
TLS = """
ssl=yes
ssl_cert=<{file}
ssl_key=<{file}
service imap-login {{
  inet_listener imaps {{
    port={port}
    ssl=yes
  }}
}}
"""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def port() -> int:
    """Where Dovecot speaks TLS from the first byte."""
    return free_port()


@pytest.fixture(scope="module")
def dovecot(certificate: Path, port: int) -> Iterator[Dovecot]:
    server = Dovecot(TLS.format(file=certificate, port=port))
    yield server
    server.stop()


@pytest.fixture
def mailbox(dovecot: Dovecot, engine: Engine) -> Iterator[Mailbox]:
    with Journal(engine) as journal:
        yield Mailbox(dovecot, engine, journal, dovecot.a_user())


def test_mail_comes_in_over_tls(
    mailbox: Mailbox, engine: Engine, port: int, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    mailbox.add(a_mail())

    assert mailbox.receiver(url=_url(mailbox.user, port)).poll() == 1

    assert mails(engine) == [a_mail()]


def test_a_certificate_nobody_vouches_for_ends_it_before_the_password(mailbox: Mailbox, port: int) -> None:
    with pytest.raises(ssl.SSLCertVerificationError) as refused:
        mailbox.receiver(url=_url(mailbox.user, port)).poll()

    assert imap_connection.in_words(refused.value) == "The mail server's certificate was not accepted"


def test_a_certificate_of_another_host_is_refused(
    mailbox: Mailbox, port: int, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    with pytest.raises(ssl.SSLCertVerificationError):
        mailbox.receiver(url=_url(mailbox.user, port, host="127.0.0.1")).poll()


def test_a_server_in_the_open_is_asked_for_tls_before_the_password(
    mailbox: Mailbox, engine: Engine, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setattr(imap_connection, "_is_loopback", lambda _host: False)
    mailbox.add(a_mail())
    in_the_open = mailbox.server.url(mailbox.user).replace("127.0.0.1", "localhost")

    assert mailbox.receiver(url=in_the_open).poll() == 1

    assert mails(engine) == [a_mail()]


def test_the_port_for_tls_says_nothing_in_the_open(dovecot: Dovecot, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(b"a LOGIN user secret\r\n")
        assert not line.recv(100).startswith(b"* OK")


def _url(user: str, port: int, *, host: str = "localhost") -> str:
    return f"imaps://{user}:{PASSWORD}@{host}:{port}/INBOX"
