"""Mails made to break a reader (cases 30 to 39): the case opens all the same, within a second and 512 MB."""

import base64
from collections.abc import Iterator

import pytest

from mailroom.child import Reader
from tests.mailroom.mails import mail, nested, part, parts
from workflow.contact import Kind, Reading


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """Children with the limits of real life."""
    with Reader() as reader:
        yield reader


def is_read(reading: Reading) -> bool:
    return reading.kind is Kind.PERSON


def has_noted(reading: Reading, words: str) -> bool:
    return any(words in problem for problem in reading.problems)


def test_a_subject_of_273_kilobytes_is_cut(reader: Reader) -> None:
    word = "=?utf-8?b?" + base64.b64encode(b"complaint about the bins").decode() + "?="

    reading = reader.read(mail(subject="\r\n ".join([word] * 5_400)))

    assert is_read(reading)
    assert len(reading.subject) == 998
    assert reading.subject.endswith("[cut]")
    assert has_noted(reading, "subject is longer")


@pytest.mark.parametrize("sign", ['"', "(", ":", "<", ",", "\\", "@"])
def test_a_sender_of_20_000_signs_is_no_trap(reader: Reader, sign: str) -> None:
    reading = reader.read(mail(sender=sign * 20_000 + " <jo@home.example>"), envelope_sender="jo@home.example")

    assert is_read(reading)
    assert reading.text == "Hello"


@pytest.mark.parametrize(
    ("headers", "message_id"),
    [("Message-ID: <", "<"), ("Message-ID: <[abc@microsoft.com]>", "<[abc@microsoft.com]>"), ("Message-ID:", None)],
)
def test_a_broken_message_id_is_shown_as_it_stands(reader: Reader, headers: str, message_id: str | None) -> None:
    reading = reader.read(mail(more=headers))

    assert is_read(reading)
    assert reading.message_id == message_id


def test_20_000_receivers_are_noted(reader: Reader) -> None:
    reading = reader.read(mail(more="To: " + ", ".join(f"u{n}@home.example" for n in range(20_000))))

    assert is_read(reading)
    assert has_noted(reading, "more than 200 receivers")


@pytest.mark.parametrize("depth", [51, 500, 2_000])
def test_of_parts_nested_too_deep_the_first_text_is_shown(reader: Reader, depth: int) -> None:
    reading = reader.read(nested(depth))

    assert is_read(reading)
    assert has_noted(reading, "too deep")
    assert reading.text == "the innermost words"


def test_parts_nested_too_deep_without_a_text_are_left_to_the_original(reader: Reader) -> None:
    reading = reader.read(nested(500).replace(b"text/plain", b"image/png") + b"--y\r\n" * 60_000)

    assert is_read(reading)
    assert has_noted(reading, "too deep")
    assert reading.text == ""


def test_parts_nested_49_deep_are_read(reader: Reader) -> None:
    assert reader.read(nested(49)).text == "the innermost words"


def test_100_000_headers_are_cut_and_counted(reader: Reader) -> None:
    reading = reader.read(mail(more="\n".join(f"X-{n}: y" for n in range(100_000))))

    assert is_read(reading)
    assert reading.sender_address == "jo@home.example"
    assert has_noted(reading, "more than 1,000 headers")
    assert reading.text == "Hello"


def test_10_000_parts_are_cut_and_counted(reader: Reader) -> None:
    reading = reader.read(parts(*[part("x", "application/pdf") for _ in range(10_000)]))

    assert is_read(reading)
    assert len(reading.attachments) == 1_000
    assert has_noted(reading, "more than 1,000 parts")


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 50_000 + "deep",
        "<style" * 200_000,
        "<p " * 60_000,
        "<!-- " * 200_000,
        "<table><tr><td>" * 200 + "deep",
        "&amp" * 49_000,
        "<blockquote>a:</blockquote>" * 7_000,
    ],
    ids=lambda page: str(page)[:20],
)
def test_a_page_made_to_stall_a_parser_is_read(reader: Reader, page: str) -> None:
    assert is_read(reader.read(mail(page, more="Content-Type: text/html")))


@pytest.mark.parametrize(
    "text",
    [
        "On 1 May 2020 a@b.example\n" * 100_000,
        "> x\n" * 300_000,
        "1: \n" * 300_000,
        " " * 2_000_000,
        "From: x\n\n" * 200_000,
    ],
    ids=lambda text: str(text)[:20],
)
def test_a_text_made_to_stall_the_cutting_of_quotations_is_read(reader: Reader, text: str) -> None:
    assert is_read(reader.read(mail(text)))


def test_a_boundary_that_never_comes_hides_no_words(reader: Reader) -> None:
    reading = reader.read(mail("The roof is gone", more="Content-Type: multipart/mixed; boundary=nowhere"))

    assert reading.text == "The roof is gone"
    assert has_noted(reading, "not closed")


def test_three_million_false_boundaries_are_text(reader: Reader) -> None:
    reading = reader.read(mail("--no\n" * 3_000_000, more="Content-Type: multipart/mixed; boundary=cut"))

    assert is_read(reading)
    assert has_noted(reading, "longer than 2 MB")


def test_bytes_without_any_sense_open_a_case(reader: Reader) -> None:
    assert is_read(reader.read(bytes(range(256)) * 4_000))
