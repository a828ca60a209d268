"""The sender is a claim: it is shown as it is, and what may deceive is said."""

import pytest

from mailroom.reading import read
from tests.mailroom.mails import mail


@pytest.mark.parametrize(
    ("said", "name", "address"),
    [
        ("jo@home.example", "", "jo@home.example"),
        ('"Bloggs, Jo" <jo@home.example>', "Bloggs, Jo", "jo@home.example"),
        ("=?utf-8?q?Si=C3=A2n?= <sian@home.example>", "Siân", "sian@home.example"),
        ("jo@home.example (Jo Bloggs)", "", "jo@home.example"),
        ('"a \\"quoted\\" name" <jo@home.example>', 'a "quoted" name', "jo@home.example"),
        ("Council: jo@home.example;", "", "jo@home.example"),
    ],
)
def test_a_sender_is_read(said: str, name: str, address: str) -> None:
    reading = read(mail(sender=said))

    assert (reading.sender_name, reading.sender_address) == (name, address)
    assert reading.problems == ()


@pytest.mark.parametrize("said", ["<", "a@[", "<>", "nobody", "(" * 20_000 + " <jo@home.example>"])
def test_a_sender_that_cannot_be_read_gives_way_to_the_envelope(said: str) -> None:
    reading = read(mail(sender=said), envelope_sender="jo@home.example")

    assert reading.sender_address == "jo@home.example"
    assert any("the sender cannot be read" in problem for problem in reading.problems)


def test_a_mail_without_sender_says_so() -> None:
    reading = read(mail(sender=None))

    assert reading.sender_address == ""
    assert "the message does not say who sent it" in reading.problems


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@x.example\r\nFrom: b@y.example\r\n\r\nHello",
        b"From: a@x.example, b@y.example\r\n\r\nHello",
        b"From: Council: a@x.example, b@y.example;\r\n\r\nHello",
    ],
)
def test_with_two_senders_nobody_is_the_sender(raw: bytes) -> None:
    reading = read(raw)

    assert reading.sender_address == ""
    assert "the sender is ambiguous: a@x.example, b@y.example" in reading.problems


def test_the_sender_header_chooses_between_two_authors() -> None:
    reading = read(mail(sender="a@x.example, b@y.example", more="Sender: b@y.example"))

    assert reading.sender_address == "b@y.example"


def test_a_name_that_is_another_address_is_pointed_out() -> None:
    reading = read(mail(sender='"chief.exec@council.gov.uk" <x@evil.example>'))

    assert reading.sender_address == "x@evil.example"
    assert any("true address is x@evil.example" in problem for problem in reading.problems)


def test_a_look_alike_domain_is_shown_as_it_is_spelt() -> None:
    reading = read(mail(sender="Jo <jo@councіl.gov.uk>"))  # a Ukrainian letter

    assert reading.sender_address.startswith("jo@xn--")
    assert any("look like others" in problem for problem in reading.problems)


@pytest.mark.parametrize("name", ["Coуncil", "Ｃouncil"])
def test_a_name_of_mixed_letters_is_pointed_out(name: str) -> None:
    assert any("mixes alphabets" in problem for problem in read(mail(sender=f'"{name}" <jo@home.example>')).problems)


@pytest.mark.parametrize("name", ["Nguyễn Thị", "Оксана Ткаченко", "Małgorzata"])
def test_a_name_in_one_alphabet_a_word_is_nothing_odd(name: str) -> None:
    problems = read(mail(sender=f'"{name}" <jo@home.example>')).problems

    assert problems == ()
