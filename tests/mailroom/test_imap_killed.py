"""A real process that reads a mailbox, killed in the middle: the next one finds everything, once."""

import signal
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from storage.journal import Journal
from tests.servers.dovecot import Dovecot, missing
from tests.servers.imap_worker import POINTS, poll
from tests.servers.mailbox import Mailbox, a_mail
from tests.servers.stored import mails

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "-")


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    server = Dovecot()
    yield server
    server.stop()


@pytest.mark.parametrize("point", POINTS)
def test_killed_anywhere_each_mail_is_stored_once_and_moved(
    dovecot: Dovecot, engine: Engine, database_url: str, point: str
) -> None:
    mailbox = Mailbox(dovecot, engine, Journal(engine), dovecot.a_user())
    raws = [a_mail("one"), a_mail("two"), a_mail("three")]
    mailbox.add(*raws)
    url = dovecot.url(mailbox.user)

    assert poll(database_url, url, dies=point) == -signal.SIGKILL
    assert mailbox.count("Processed") < 3
    assert poll(database_url, url) == 0

    assert sorted(mails(engine)) == sorted(raws)
    assert (mailbox.count("INBOX"), mailbox.count("Processed")) == (0, 3)
