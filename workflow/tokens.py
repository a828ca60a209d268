"""Secrets in addresses and links: 128 bits of HMAC over what they stand for, so that none needs storing."""

import base64
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

REPLY = re.compile(r"^r-(\d+)-([a-z2-7]{26})$")
MOST_LINKS = 100  # to follow one case; a new one only after the last was stopped
BOUNCE = re.compile(r"^b-(\d+)-([a-z2-7]{26})$")


@dataclass(frozen=True)
class Keyring:
    """Secret keys, newest first: the first signs, all verify, so that a key can be changed without breaking links."""

    keys: tuple[bytes, ...]

    def sign(self, purpose: str, subject: str) -> str:
        """26 letters of base32 that only a holder of the newest key can make for this purpose and subject."""
        return _signature(self.keys[0], purpose, subject)

    def signatures(self, purpose: str, subject: str) -> list[str]:
        """What each key would sign, newest first."""
        return [_signature(key, purpose, subject) for key in self.keys]

    def verifies(self, signature: str, purpose: str, subject: str) -> bool:
        return any(hmac.compare_digest(signature, made) for made in self.signatures(purpose, subject))


def reply_address(keyring: Keyring, participant_id: int, domain: str) -> str:
    """The address a participant answers to: whoever holds it *and* writes from their own address joins the case."""
    return f"r-{participant_id}-{keyring.sign('reply', str(participant_id))}@{domain}"


def participant_of(keyring: Keyring, address: str) -> int | None:
    """The participant whom this reply address was made for; None when it is not one of ours."""
    return _subject(keyring, "reply", REPLY, address)


def bounce_address(keyring: Keyring, message_number: str, domain: str) -> str:
    """The envelope sender (VERP) of one message of ours, so that its bounce finds it."""
    return f"b-{message_number}-{keyring.sign('bounce', message_number)}@{domain}"


def message_of(keyring: Keyring, address: str) -> int | None:
    """The number of the message that bounced to this address; None when the address is forged."""
    return _subject(keyring, "bounce", BOUNCE, address)


def progress_secret(keyring: Keyring, participant_id: int) -> str:
    """The secret in a participant's first progress link, made with the newest key."""
    return keyring.sign("progress", _of_link(participant_id, 0))


def progress_secret_of(keyring: Keyring, participant_id: int, stored: str | None) -> str | None:
    """The secret whose digest is stored, whichever key made it; None when that key has been taken away."""
    return next((secret for _, secret in _progress_secrets(keyring, participant_id) if digest(secret) == stored), None)


def next_progress_secret(keyring: Keyring, participant_id: int, stored: str | None) -> str | None:
    """The secret of the link after the one whose digest is stored; None when they have had as many as there can be."""
    made = _progress_secrets(keyring, participant_id)
    last = next((number for number, secret in made if digest(secret) == stored), -1)
    return keyring.sign("progress", _of_link(participant_id, last + 1)) if last + 1 < MOST_LINKS else None


def _progress_secrets(keyring: Keyring, participant_id: int) -> Iterator[tuple[int, str]]:
    """Each secret that a participant's links can have had, with the number of the link, the first before the others."""
    for number in range(MOST_LINKS):
        for secret in keyring.signatures("progress", _of_link(participant_id, number)):
            yield number, secret


def _of_link(participant_id: int, number: int) -> str:
    return f"{participant_id}.{number}" if number else str(participant_id)


def digest(secret: str) -> str:
    """How a secret is stored: SHA-256 in hex."""
    return sha256(secret.encode()).hexdigest()


def _subject(keyring: Keyring, purpose: str, form: re.Pattern[str], address: str) -> int | None:
    found = form.match(address.split("@")[0].lower())
    if found is None or not keyring.verifies(found[2], purpose, found[1]):
        return None
    return int(found[1])


def _signature(key: bytes, purpose: str, subject: str) -> str:
    made = hmac.new(key, f"{purpose}\0{subject}".encode(), sha256).digest()[:16]
    return base64.b32encode(made).decode().rstrip("=").lower()
