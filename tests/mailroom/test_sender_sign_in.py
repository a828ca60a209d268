"""Signing in to the relay, against a server that really asks."""

import asyncio

import pytest

from mailroom.sender import EmailSender, NotNow
from tests.mailroom.test_sender_relay import a_message
from tests.servers.signing_in import a_relay_that_asks_who_we_are

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # on loopback it is safe


def test_a_relay_that_asks_is_told_name_and_password_and_takes_the_mail() -> None:
    with a_relay_that_asks_who_we_are(b"care@council.example", b"p:w/d") as door:
        _deliver(f"smtp://care%40council.example:p%3Aw%2Fd@127.0.0.1:{door.port}")

    assert door.names == [b"care@council.example"]
    assert len(door.mails) == 1


@pytest.mark.parametrize("who", ["care%40council.example:wrong@", ""])
def test_a_relay_that_does_not_know_us_is_tried_again_later(who: str) -> None:
    with a_relay_that_asks_who_we_are(b"care@council.example", b"secret") as door, pytest.raises(NotNow) as no:
        _deliver(f"smtp://{who}127.0.0.1:{door.port}")

    assert no.value.is_relay
    assert "wrong" not in no.value.reason
    assert door.mails == []


def _deliver(url: str) -> None:
    async def deliver() -> None:
        sender = EmailSender(url, hostname="us.example", timeout=5)
        try:
            await sender.deliver(a_message())
        finally:
            await sender.close()

    asyncio.run(deliver())
