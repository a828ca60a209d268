"""Letters come out right, or nearly, whatever charset a mail claims."""

import pytest

from mailroom.reading import read
from tests.mailroom.mails import mail, posted

NOTE = "part of the text was not in the character set it claims, and some letters may be wrong"


def test_windows_letters_in_mail_that_claims_latin_1_are_right() -> None:
    reading = read(posted("person-windows-1252"))

    assert reading.text == "You charged me £120 – “by mistake” – and I am naïve no more."
    assert reading.sender_name == "Chloé Dubois"
    assert reading.problems == ()


def test_without_a_charset_pounds_are_pounds() -> None:
    assert read(mail(b"I paid \xa3120")).text == "I paid £120"


def test_utf_8_with_a_spoilt_letter_is_still_utf_8() -> None:
    reading = read(mail("Dŵr a thŷ a thân".encode() + b"\xff", more="Content-Type: text/plain; charset=utf-8"))

    assert reading.text == "Dŵr a thŷ a thân\ufffd"
    assert NOTE in reading.problems


@pytest.mark.parametrize("charset", ["klingon", "zlib", "undefined", "rot13", "idna", "x" * 500, "utf-16"])
def test_a_charset_that_is_none_gives_readable_text_with_a_note(charset: str) -> None:
    reading = read(mail(b"caf\xe9 closed", more=f"Content-Type: text/plain; charset={charset}"))

    assert reading.text == "café closed"
    assert NOTE in reading.problems


def test_a_nul_is_shown_and_noted() -> None:
    reading = read(mail(b"be\x00fore"))

    assert reading.text == "be\ufffdfore"
    assert NOTE in reading.problems


def test_no_half_letters_reach_the_database() -> None:
    reading = read(mail(b"+2D0- lone", more="Content-Type: text/plain; charset=utf-7"))

    reading.text.encode("utf-8")
    assert "lone" in reading.text


@pytest.mark.parametrize(
    ("charset", "codec", "words"),
    [
        ("gb2312", "gb18030", "投诉镕"),
        ("ks_c_5601-1987", "cp949", "민원"),
        ("iso-2022-jp", "iso-2022-jp", "苦情"),
        ("koi8-r", "koi8-r", "жалоба"),
    ],
)
def test_mail_in_other_alphabets_is_read(charset: str, codec: str, words: str) -> None:
    reading = read(mail(words.encode(codec), more=f"Content-Type: text/plain; charset={charset}"))

    assert reading.text == words
    assert reading.problems == ()
