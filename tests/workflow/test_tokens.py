"""Secrets in addresses and links: made by us alone, checked without being stored, outliving a change of keys."""

import pytest

from workflow.tokens import (
    Keyring,
    bounce_address,
    digest,
    message_of,
    next_progress_secret,
    participant_of,
    progress_secret,
    progress_secret_of,
    reply_address,
)

OLD, NEW = b"the old key, long enough for this", b"the new key, long enough for this"
RING = Keyring((OLD,))


def test_a_reply_address_finds_its_participant() -> None:
    address = reply_address(RING, 42, "complaints.example")

    assert address.endswith("@complaints.example")
    assert participant_of(RING, address) == 42


def test_a_bounce_address_finds_its_message() -> None:
    assert message_of(RING, bounce_address(RING, "123456789", "complaints.example")) == 123456789


def test_mail_programs_may_change_the_case_of_an_address() -> None:
    assert participant_of(RING, reply_address(RING, 42, "complaints.example").upper()) == 42


def test_a_token_is_good_for_one_participant_and_one_purpose() -> None:
    signature = reply_address(RING, 42, "x").split("@")[0].rsplit("-", 1)[1]

    assert participant_of(RING, f"r-43-{signature}@x") is None
    assert message_of(RING, f"b-42-{signature}@x") is None


@pytest.mark.parametrize("address", ["", "r-42@x", "r-42-short@x", "complaints@x", f"r--1-{'a' * 26}@x"])
def test_what_is_no_token_finds_nobody(address: str) -> None:
    assert participant_of(RING, address) is None


def test_a_changed_key_breaks_no_address_that_is_out_there() -> None:
    address = reply_address(RING, 42, "x")

    assert participant_of(Keyring((NEW, OLD)), address) == 42
    assert participant_of(Keyring((NEW,)), address) is None


def test_the_newest_key_signs() -> None:
    assert reply_address(Keyring((NEW, OLD)), 42, "x") == reply_address(Keyring((NEW,)), 42, "x")


def test_the_link_that_a_person_has_is_found_again_after_a_key_was_changed() -> None:
    stored = digest(progress_secret(Keyring((OLD,)), 42))

    assert progress_secret_of(Keyring((NEW, OLD)), 42, stored) == progress_secret(Keyring((OLD,)), 42)
    assert progress_secret_of(Keyring((NEW,)), 42, stored) is None


def test_each_new_link_of_a_person_is_another_and_is_found_again() -> None:
    secrets = [progress_secret(RING, 42)]

    for _ in range(3):
        secrets.append(next_progress_secret(RING, 42, digest(secrets[-1])) or "")

    assert len(set(secrets)) == 4
    assert [progress_secret_of(RING, 42, digest(secret)) for secret in secrets] == secrets


def test_a_secret_has_128_bits_and_is_stored_as_a_hash() -> None:
    secret = progress_secret(RING, 42)

    assert len(secret) == 26
    assert len(digest(secret)) == 64
    assert secret not in digest(secret)
