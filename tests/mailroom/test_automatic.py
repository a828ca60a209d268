"""Machines are recognised and never answered; a person is never taken for one."""

import pytest

from mailroom.reading import read
from tests.mailroom.mails import POST, mail, posted
from workflow.contact import Bounce, Kind


@pytest.mark.parametrize("name", sorted(file.stem for file in POST.glob("*.eml")))
def test_our_own_mails_are_of_the_kind_their_names_say(name: str) -> None:
    assert read(posted(name)).kind.value == name.split("-")[0]


def test_why_a_mail_is_automatic_is_said_in_words() -> None:
    reading = read(posted("auto_reply-vacation"))

    assert reading.rules == (
        "its Auto-Submitted header says auto-replied (vacation) (RFC 3834)",
        "only automatic replies carry the header x-autoreply",
        "its Precedence header says bulk",
    )


def test_why_a_mail_is_a_persons_is_said_too() -> None:
    assert read(posted("person-outlook")).rules[0].startswith("nothing marks it as automatic")


@pytest.mark.parametrize(
    ("name", "bounce"),
    [
        ("bounce-exchange", Bounce(("jo@home.example",), permanent=True, status="5.1.10")),
        ("bounce-delayed", Bounce(("jo@home.example",), permanent=False, status="4.4.1")),
    ],
)
def test_a_bounce_says_whom_it_did_not_reach(name: str, bounce: Bounce) -> None:
    assert read(posted(name)).bounce == bounce


def test_only_a_bounce_carries_a_bounce() -> None:
    assert read(posted("auto_reply-delivery-receipt")).bounce is None


def test_an_unknown_envelope_is_no_empty_return_path() -> None:
    assert read(mail()).kind is Kind.PERSON
    assert read(mail(), envelope_sender="").kind is Kind.AUTO_REPLY


def test_the_envelope_that_was_seen_counts_more_than_a_header() -> None:
    assert read(mail(more="Return-Path: <>"), envelope_sender="jo@home.example").kind is Kind.PERSON


def test_our_own_mail_that_comes_back_is_never_answered() -> None:
    reading = read(mail(more=f"Message-ID: <1.{'a' * 26}@mail.borough.example>"), ours=["mail.borough.example"])

    assert reading.kind is Kind.AUTO_REPLY
    assert "our own mail came back" in reading.rules


def test_a_councillor_who_writes_from_our_own_domain_is_a_person() -> None:
    assert read(mail(more="Message-ID: <2b1f-33@borough.example>"), ours=["borough.example"]).kind is Kind.PERSON


def test_a_group_address_of_our_own_is_no_mailing_list() -> None:
    group = "List-Id: <complaints.borough.example>\nPrecedence: list"

    assert read(mail(more=group), ours=["borough.example"]).kind is Kind.PERSON
    assert read(mail(more=group)).kind is Kind.LIST


def test_mail_passed_on_more_than_50_times_is_going_in_circles() -> None:
    assert read(mail(more="Received: x\n" * 50)).kind is Kind.PERSON
    assert read(mail(more="Received: x\n" * 51)).kind is Kind.AUTO_REPLY


def test_mail_that_a_persons_own_rule_passed_on_is_the_persons() -> None:
    assert read(mail(more="X-MS-Exchange-Inbox-Rules-Loop: jo@home.example")).kind is Kind.PERSON


def test_auto_submitted_no_is_a_person() -> None:
    assert read(mail(more="Auto-Submitted: no")).kind is Kind.PERSON
    assert read(mail(more="Auto-Submitted: no (a person wrote this)")).kind is Kind.PERSON


@pytest.mark.parametrize(
    "subject",
    [
        "Undeliverable bins",
        "Automatic doors broken",
        "Delivery failure by your contractor",
        "Message not delivered to my flat",
        "Away in hospital and nobody cared",
        "Returned mail with my new address",
    ],
)
def test_a_subject_alone_makes_no_machine(subject: str) -> None:
    assert read(mail("Nobody answers. Write to jo@home.example", subject=subject)).kind is Kind.PERSON
