"""A mail is read: who wrote, what they say, and what hangs on it."""

import hashlib
from datetime import UTC, datetime

import pytest

from mailroom.reading import part as part_of
from mailroom.reading import read
from tests.mailroom.mails import mail, part, parts, posted
from workflow.contact import Kind


def test_an_ordinary_mail_is_read_in_full() -> None:
    reading = read(posted("person-outlook"))

    assert reading.kind is Kind.PERSON
    assert (reading.sender_name, reading.sender_address) == ("Jo Bloggs", "jo@home.example")
    assert reading.subject == "RE: Your complaint REF-4K7P"
    assert reading.date == datetime(2026, 3, 3, 9, 15, tzinfo=UTC)
    assert reading.message_id == "<person-outlook@mail.example>"
    assert reading.in_reply_to == "<abc@borough.example>"
    assert reading.references == ("<first@borough.example>", "<abc@borough.example>")
    assert "has the boiler been repaired?" in reading.text
    assert reading.reply == "No, the boiler is still broken and my mother is 84.\n\nJo"
    assert reading.problems == ()


def test_plain_text_is_preferred_to_the_web_version() -> None:
    reading = read(parts(part("Plain words here"), part("<b>Plain words here</b>", "text/html"), kind="alternative"))

    assert reading.text == "Plain words here"
    assert reading.attachments == ()


def test_a_mail_in_html_only_is_read_as_text() -> None:
    reading = read(posted("person-iphone-html-only"))

    assert "The lift has been out since Monday." in reading.text
    assert "> Which lift do you mean?" in reading.text
    assert reading.reply == "The lift has been out since Monday.\n\nInes"


def test_a_blank_plain_part_gives_way_to_the_web_version() -> None:
    reading = read(parts(part(" \r\n"), part("<p>The lift is out.</p>", "text/html"), kind="alternative"))

    assert reading.text.strip() == "The lift is out."


def test_two_versions_that_differ_are_pointed_out() -> None:
    plain = part("Everything is fine, thank you for the quick and friendly repair")
    web = part("<p>Nothing works, nobody came, children freezing since Thursday evening</p>", "text/html")

    reading = read(parts(plain, web, kind="alternative"))

    assert reading.text.startswith("Everything is fine")
    assert any("two versions differ" in problem for problem in reading.problems)


def test_two_short_versions_with_no_word_in_common_are_pointed_out_and_alike_ones_are_not() -> None:
    web = part("<p>Please <b>call</b> me tomorrow</p>", "text/html")

    differing = read(parts(part("Everything is fine"), web, kind="alternative"))
    alike = read(parts(part("Please call me tomorrow"), web, kind="alternative"))

    assert any("two versions differ" in problem for problem in differing.problems)
    assert alike.problems == ()


def test_scripts_and_styles_are_no_text() -> None:
    page = "<style>p{color:red}</style><script>alert(1)</script><p>Words</p><form><input value=x></form>"

    assert read(mail(page, more="Content-Type: text/html")).text.strip() == "Words"


def test_an_unclosed_comment_hides_nothing_from_the_handler() -> None:
    reading = read(mail("<p>Seen</p><!-- <p>and swallowed</p>", more="Content-Type: text/html"))

    assert "and swallowed" in reading.text
    assert any("not closed" in problem for problem in reading.problems)


def test_an_attachment_is_a_view_into_the_raw_mail() -> None:
    raw = parts(
        part("See the photo"),
        part(
            "UEhPVE8=",
            'image/jpeg; name="damp.jpg"',
            "Content-Transfer-Encoding: base64\nContent-Disposition: attachment",
        ),
    )

    (photo,) = read(raw).attachments

    assert (photo.name, photo.type, photo.size, photo.part) == ("damp.jpg", "image/jpeg", 5, 1)
    assert photo.sha256 == hashlib.sha256(b"PHOTO").hexdigest()
    assert part_of(raw, 1) == b"PHOTO"


@pytest.mark.parametrize("index", [-1, 2])
def test_there_is_no_part_beyond_the_last(index: int) -> None:
    with pytest.raises(IndexError):
        part_of(parts(part("one"), part("two")), index)


def test_an_attached_mail_stays_whole_and_its_headers_decide_nothing() -> None:
    inner = "From: council@borough.example\r\nMessage-ID: <secret-token@borough.example>\r\n\r\nAn old letter"

    reading = read(parts(part("Please see"), part(inner, "message/rfc822")))

    assert reading.message_id is None
    assert reading.text == "Please see"
    assert [file.type for file in reading.attachments] == ["message/rfc822"]


def test_a_mail_with_attachments_only_has_an_empty_text() -> None:
    reading = read(parts(part("x", "application/pdf; name=a.pdf")))

    assert reading.kind is Kind.PERSON
    assert (reading.text, len(reading.attachments)) == ("", 1)


def test_words_without_any_headers_are_all_text() -> None:
    assert read(b"Hello\nNote: nobody came\nand it is cold").text == "Hello\nNote: nobody came\nand it is cold"


def test_a_body_without_a_blank_line_before_it_is_found() -> None:
    assert read(b"From: jo@home.example\nNobody came\nNote: again").text == "Nobody came\nNote: again"


def test_a_broken_line_between_headers_is_noted_and_passed_over() -> None:
    reading = read(b"From: jo@home.example\nbroken line\nSubject: Bins\n\nNobody came")

    assert (reading.subject, reading.text) == ("Bins", "Nobody came")
    assert any("line among the headers" in problem for problem in reading.problems)


def test_a_mail_from_an_mbox_file_loses_only_its_first_line() -> None:
    assert read(b"From jo@home.example Tue Mar  3 09:15:00 2026\nSubject: Bins\n\nNobody came").subject == "Bins"


def test_an_empty_mail_is_still_a_mail() -> None:
    assert read(b"").kind is Kind.PERSON


def test_calendar_and_card_are_kept_as_attachments() -> None:
    reading = read(parts(part("Come"), part("BEGIN:VCALENDAR", "text/calendar"), part("BEGIN:VCARD", "text/vcard")))

    assert [file.type for file in reading.attachments] == ["text/calendar", "text/vcard"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        (r"C:\temp\x.doc", "x.doc"),
        ("\u200b.htaccess", "[U+200B].htaccess"),
        ("invoice\u202efdp.exe", "invoice[U+202E]fdp.exe"),
        ("report.", "report"),
        ("", "unnamed-0.pdf"),
        ("long" * 1250 + ".pdf", "long" * 28 + "lon" + "….pdf"),
    ],
)
def test_a_file_name_is_a_label_and_never_a_path(given: str, shown: str) -> None:
    (file,) = read(parts(part("x", f'application/pdf; name="{given}"'))).attachments

    assert file.name == shown
    assert len(file.name) <= 120


def test_a_hundred_attachments_of_one_name_are_all_kept() -> None:
    reading = read(parts(*[part("", "application/pdf; name=same.pdf") for _ in range(100)]))

    assert len(reading.attachments) == 100
    assert {file.size for file in reading.attachments} == {0}


def test_damaged_base64_is_decoded_as_far_as_it_goes_and_marked() -> None:
    raw = parts(part("x"), part("UEhPVE8=UEhPV!", "image/png; name=a.png", "Content-Transfer-Encoding: base64"))

    reading = read(raw)

    assert part_of(raw, 1).startswith(b"PHOTO")
    assert reading.attachments[0].size >= 5


def test_base64_that_breaks_off_is_marked() -> None:
    reading = read(parts(part("x"), part("UEhPVE8sU", "image/png; name=a.png", "Content-Transfer-Encoding: base64")))

    assert reading.attachments[0].size == 6
    assert any("damaged" in problem for problem in reading.problems)


def test_a_long_name_in_pieces_is_put_together() -> None:
    pieces = "application/pdf; name*0*=utf-8''caf%C3%A9%20; name*1=menu.pdf"

    assert read(parts(part("x", pieces))).attachments[0].name == "café menu.pdf"


def test_uuencoded_text_stays_text() -> None:
    reading = read(mail("begin 644 ../../etc/passwd\n#0V%T\n`\nend\n"))

    assert "begin 644" in reading.text
    assert reading.attachments == ()


@pytest.mark.parametrize(
    "mail_of",
    [
        posted("person-encrypted"),
        mail("-----BEGIN PGP MESSAGE-----\n\nabc"),
        parts(part("Version: 1", "application/pgp-encrypted"), part("x", "application/octet-stream"), kind="encrypted"),
    ],
)
def test_encrypted_mail_opens_a_case_and_says_so(mail_of: bytes) -> None:
    reading = read(mail_of)

    assert reading.kind is Kind.PERSON
    assert "encrypted, cannot be read" in reading.problems


@pytest.mark.parametrize("year", [1970, 2099])
def test_the_date_in_the_header_is_shown_whatever_it_says(year: int) -> None:
    reading = read(mail(more=f"Date: Thu, 1 Jan {year} 00:00:00 +0000"))

    assert reading.date == datetime(year, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("date", ["yesterday", "32 Foo 2026", "Tue, 3 Mar 99999 00:00:00 +9999"])
def test_a_date_that_cannot_be_read_is_left_out_and_noted(date: str) -> None:
    reading = read(mail(more=f"Date: {date}"))

    assert reading.date is None
    assert "the date in the message cannot be read" in reading.problems


@pytest.mark.parametrize(
    ("subject", "read_as"),
    [
        ("=?utf-8?q?D=C5=B5r?= =?utf-8?b?IHBvZXRo?=", "Dŵr poeth"),
        ("=?utf-8?b?4pi=?= =?utf-8?b?gA==?=", "☀"),
        ("=?iso-8859-1?q?na=EFve?= words", "naïve words"),
        ("Tax \u202e bill", "Tax [U+202E] bill"),
    ],
)
def test_a_subject_is_read_as_it_was_meant(subject: str, read_as: str) -> None:
    assert read(mail(subject=subject)).subject == read_as
