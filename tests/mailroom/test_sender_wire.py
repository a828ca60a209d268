"""The bytes of a mail of ours: read back by Python's own parser, and the same each time."""

import email
import email.policy
import re
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailroom.wire import as_bytes
from storage.tables import Message
from tests.workflow.office import ANN, NOW

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=200)
LINE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cf"]), max_size=90)


def mail(**changes: Any) -> Message:
    facts: dict[str, Any] = {
        "key": "k", "number": 0xABC, "kind": "reminder", "is_automatic": True, "address": ANN, "subject": "A reminder",
        "text": "Some words.\n", "sender": "care@council.example", "sender_name": "Anytown Council",
        "envelope_sender": "b-1-x@mail.council.example", "message_id": "<1.x@mail.council.example>",
        "created_at": NOW, "send_after": NOW,
    }  # fmt: skip
    return Message(**{**facts, **changes})


def read(message: Message) -> EmailMessage:
    found = email.message_from_bytes(as_bytes(message), policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


def test_a_mail_has_the_headers_that_its_row_fixed() -> None:
    found = read(mail(reply_to="r-1-x@mail.council.example", in_reply_to="<q@x>", references="<p@x> <q@x>"))

    assert found["From"] == "Anytown Council <care@council.example>"
    assert found["To"] == ANN
    assert found["Subject"] == "A reminder"
    assert found["Message-ID"] == "<1.x@mail.council.example>"
    assert found["Date"].datetime == NOW
    assert found["Reply-To"] == "r-1-x@mail.council.example"
    assert found["In-Reply-To"] == "<q@x>"
    assert found["References"] == "<p@x> <q@x>"
    assert found["X-Redress-Instance"] == "mail.council.example"


def test_the_bytes_of_a_second_copy_are_the_same_whenever_it_is_sent() -> None:
    first = as_bytes(mail())
    second = mail(send_after=NOW + timedelta(days=1), tries=3, possibly_twice=True, lease="w")

    assert as_bytes(second) == first


@pytest.mark.parametrize(
    ("changes", "submitted", "suppress"),
    [
        ({"kind": "receipt", "in_reply_to": "<q@x>"}, "auto-replied", "All"),
        ({"kind": "receipt"}, "auto-generated", "All"),
        ({"kind": "reminder"}, "auto-generated", "All"),
        ({"kind": "response", "is_automatic": False, "in_reply_to": "<q@x>"}, None, None),
    ],
)
def test_automatic_mail_says_so_and_a_person_s_letter_does_not(
    changes: dict[str, Any], submitted: str | None, suppress: str | None
) -> None:
    found = read(mail(**changes))

    assert found["Auto-Submitted"] == submitted
    assert found["X-Auto-Response-Suppress"] == suppress


def test_text_and_html_are_alternatives_and_the_language_is_said() -> None:
    html = '<!doctype html>\n<html lang="cy"><body>Ŵy</body></html>\n'
    found = read(mail(text="Ŵy = da\n", html=html))

    assert found.get_content_type() == "multipart/alternative"
    assert part(found, "plain") == "Ŵy = da\n"
    assert part(found, "html") == html
    assert found["Content-Language"] == "cy"


def test_a_long_welsh_subject_and_name_come_back_whole() -> None:
    subject, name = "Eich cyfeirnod: " + "ŵŷâ " * 40 + "diwedd", 'Cyngor "Ynys Môn"'

    found = read(mail(subject=subject, sender_name=name))

    assert found["Subject"] == subject
    assert found["From"].addresses[0].display_name == name


def test_a_subject_that_looks_encoded_appears_literally() -> None:
    assert read(mail(subject="=?utf-8?b?SGk=?="))["Subject"] == "=?utf-8?b?SGk=?="


def test_template_signs_in_someone_s_words_appear_literally() -> None:
    assert part(read(mail(text="{{7*7}} {% x %} ${y}\n")), "plain") == "{{7*7}} {% x %} ${y}\n\n"


@pytest.mark.parametrize(
    "field", ["subject", "sender_name", "sender", "address", "reply_to", "message_id", "in_reply_to", "references"]
)
@pytest.mark.parametrize("sign", ["\r\n", "\n", "\r", "\0"])
def test_a_line_break_in_any_header_is_refused(field: str, sign: str) -> None:
    with pytest.raises(ValueError, match="control character"):
        as_bytes(mail(**{field: f"<a{sign}Bcc: everyone@example.org"}))


@pytest.mark.parametrize(
    "address", ["", "ann", "@example.org", "ann@", "a b@example.org", "a@b@c.org", "<ann@example.org>"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        as_bytes(mail(address=address))


def test_what_others_call_a_message_id_does_not_stop_our_answer() -> None:
    found = read(mail(in_reply_to="not an id", references=f"<ok@x> <{'é' * 9}@x> <{'a' * 2000}@x>"))

    assert found["In-Reply-To"] is None
    assert found["References"] == "<ok@x>"


def test_a_text_in_another_script_is_sent_as_base64() -> None:
    raw = as_bytes(mail(text="شکایت " * 100))

    assert b"Content-Transfer-Encoding: base64" in raw


@settings(max_examples=25, deadline=None)
@given(text=TEXT, html=TEXT, subject=LINE, name=LINE)
def test_any_words_come_back_as_written_and_no_line_is_too_long(text: str, html: str, subject: str, name: str) -> None:
    raw = as_bytes(mail(text=text + "\n", html=html + "\n", subject=subject, sender_name=name))
    found = email.message_from_bytes(raw, policy=email.policy.default)

    assert isinstance(found, EmailMessage)
    assert part(found, "plain") == text + "\n"
    assert part(found, "html") == html + "\n"
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))
    assert not re.search(rb"[^\r]\n|\r[^\n]", raw)
    assert raw.isascii()
