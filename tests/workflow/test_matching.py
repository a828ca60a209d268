"""Which case a contact belongs to: a token and the person's own address join; everything less waits."""

import pytest

from workflow.matching import MOST_NUMBER, Clues, Held, Joins, Opens, match, message_number_in, reference_in

OURS = "complaints.example"


def test_a_reply_token_with_the_persons_own_address_joins() -> None:
    clues = Clues("jo@citizen.example", token_of=7, participant_email="jo@citizen.example")

    assert match(clues) == Joins(7)


def test_capitals_in_an_address_do_not_matter() -> None:
    assert match(Clues("Jo@Citizen.example", token_of=7, participant_email="jo@citizen.example")) == Joins(7)


def test_a_reply_token_from_another_address_is_held_beside_the_case() -> None:
    held = match(Clues("sam@citizen.example", token_of=7, participant_email="jo@citizen.example"))

    assert isinstance(held, Held)
    assert (held.participant_id, held.because) == (7, "It came through the reply address, but from another sender.")


def test_a_person_without_an_address_is_joined_by_nobody() -> None:
    assert isinstance(match(Clues("", token_of=7, participant_email="")), Held)


def test_a_token_tells_more_than_a_reference() -> None:
    clues = Clues("jo@citizen.example", 7, "jo@citizen.example", answers_message=9, reference="RD-BBBB-CCCC")

    assert match(clues) == Joins(7)


@pytest.mark.parametrize(
    ("clues", "where"),
    [
        (Clues("a@b.example", bounce_of=12), (None, 12)),
        (Clues("a@b.example", answers_message=12), (None, 12)),
        (Clues("a@b.example", reference="RD-BBBB-CCCC"), ("RD-BBBB-CCCC", None)),
    ],
)
def test_a_reference_or_message_id_alone_is_held(clues: Clues, where: tuple[str | None, int | None]) -> None:
    held = match(clues)

    assert isinstance(held, Held)
    assert (held.reference, held.message_number) == where
    assert held.because


def test_what_names_no_case_opens_one() -> None:
    assert match(Clues("jo@citizen.example")) == Opens()


@pytest.mark.parametrize("subject", ["Re: RD-BBBB-CCCC", "about rd-bbbb-cccc please", "[RD-BBBB-CCCC]"])
def test_a_reference_is_found_in_a_subject(subject: str) -> None:
    assert reference_in(subject) == "RD-BBBB-CCCC"


@pytest.mark.parametrize("subject", ["", "RD-BBBB", "RD-BBBB-CCCCC", "RD-AEIO-CCCC", "XRD-BBBB-CCCC"])
def test_what_only_looks_like_a_reference_is_none(subject: str) -> None:
    assert reference_in(subject) is None


def test_the_latest_message_of_ours_that_is_named_counts() -> None:
    ids = [f"<{number}.{'a' * 26}@{OURS}>" for number in (1, 2)]

    assert message_number_in([*ids, "<3@elsewhere.example>"], OURS) == 2


@pytest.mark.parametrize("number", [1, 10**18, MOST_NUMBER])
def test_every_number_that_a_message_of_ours_can_have_is_known_again(number: int) -> None:
    assert message_number_in([f"<{number}.{'a' * 26}@{OURS}>"], OURS) == number


def test_a_number_that_none_of_our_messages_can_have_is_not_looked_for() -> None:
    assert message_number_in([f"<{MOST_NUMBER + 1}.{'a' * 26}@{OURS}>"], OURS) is None


def test_a_message_id_of_another_domain_is_not_ours() -> None:
    assert message_number_in([f"<1.{'a' * 26}@complaints.example.evil>"], OURS) is None
