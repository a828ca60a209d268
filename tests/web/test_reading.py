"""The raw answers become a contact like that of any channel."""

import json

import pytest

from web.reading import read

COMPLAINT = {
    "what": "No heat",
    "when": "Since May",
    "outcome_wanted": "",
    "name": "Ann Smith",
    "email": "Ann@Example.com",
    "safe_note": "Only before noon",
    "language": "en",
    "files": [],
}


def raw(said: object) -> bytes:
    return json.dumps(said).encode()


def test_a_complaint_begins_with_what_happened_and_leaves_out_what_was_not_answered() -> None:
    reading = read(raw(COMPLAINT))

    assert reading.text == "No heat\n\nWhen it happened:\nSince May"
    assert (reading.sender_name, reading.sender_address) == ("Ann Smith", "ann@example.com")
    assert not reading.kind.is_automatic


def test_how_to_reach_someone_safely_stays_out_of_what_the_link_shows() -> None:
    reading = read(raw(COMPLAINT))

    assert "Only before noon" not in reading.text + reading.reply
    assert reading.answers["safe_note"] == "Only before noon"


def test_what_is_added_is_read_as_it_was_written() -> None:
    assert read(raw({"add": "Still cold", "files": []})).text == "Still cold"


def test_a_withdrawal_says_so_even_without_reasons() -> None:
    text = read(raw({"withdraw": True, "still_dissatisfied": True, "why": ""})).text

    assert text == "I want to withdraw my complaint.\n\nI am still unhappy about what happened."


def test_asking_for_the_next_stage_keeps_the_reasons() -> None:
    assert read(raw({"next_stage": True, "why": "No answer to my point"})).text.endswith("No answer to my point")


@pytest.mark.parametrize("bytes_", [b"", b"not json", b"[]", b"\xff"])
def test_other_bytes_are_refused(bytes_: bytes) -> None:
    with pytest.raises(ValueError):
        read(bytes_)
