"""The limited child: it may die of a mail; we do not, and the next mail is read."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mailroom.child import Reader, ReadingFailed
from mailroom.reading import read
from tests.mailroom.mails import POST, mail, part, parts, posted
from workflow.contact import Kind


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """One child with the limits of real life."""
    with Reader(ours=["mail.borough.example"]) as reader:
        yield reader


def a_slow_mail() -> bytes:
    """Honest in form, but more work than a tenth of a second allows."""
    return mail("On 1 May 2020 a@b.example\n" * 60_000, subject="Damp", more="Message-ID: <damp@home.example>")


def process_of(reader: Reader) -> int:
    """The number of the one child's process."""
    process = reader._children[0].process
    assert process is not None
    return process.pid


@pytest.mark.parametrize("file", sorted(POST.glob("*.eml")), ids=lambda file: file.stem)
def test_the_child_reads_as_we_would(reader: Reader, file: Path) -> None:
    assert reader.read(file.read_bytes()) == read(file.read_bytes())


def test_the_child_is_told_what_is_ours_and_who_sent_it(reader: Reader) -> None:
    ours = f"Message-ID: <1.{'a' * 26}@mail.borough.example>"

    assert "our own mail came back" in reader.read(mail(more=ours)).rules
    assert reader.read(mail(), envelope_sender="").kind is Kind.AUTO_REPLY


def test_an_attachment_is_decoded_in_the_child(reader: Reader) -> None:
    raw = parts(part("x"), part("UEhPVE8=", "image/png", "Content-Transfer-Encoding: base64"))

    assert reader.part(raw, 1) == b"PHOTO"
    with pytest.raises(IndexError):
        reader.part(raw, 2)


def test_a_mail_that_takes_too_long_still_says_who_wrote_and_about_what() -> None:
    with Reader(cpu_seconds=0.1) as reader:
        reading = reader.read(a_slow_mail())

        assert reading.kind is Kind.UNREADABLE
        assert (reading.sender_address, reading.subject) == ("jo@home.example", "Damp")
        assert reading.message_id == "<damp@home.example>"
        assert reading.problems[0].startswith("this message could not be read automatically")
        assert reader.read(mail()).kind is Kind.PERSON


def test_a_child_that_does_not_answer_is_given_up() -> None:
    with Reader(wall_seconds=0.01) as reader:
        with pytest.raises(ReadingFailed):
            reader.part(mail("x" * 30_000_000), 0)

        assert reader.read(a_slow_mail()).kind is Kind.UNREADABLE


def test_a_mail_too_large_for_the_childs_memory_is_unreadable_and_harms_nobody() -> None:
    with Reader(memory_bytes=120 * 1024 * 1024) as reader:
        assert reader.read(mail("x" * 60_000_000)).kind is Kind.UNREADABLE
        assert reader.read(mail()).kind is Kind.PERSON


def test_a_child_that_was_killed_is_replaced(reader: Reader) -> None:
    reader.read(mail())
    os.kill(process_of(reader), 9)

    assert reader.read(mail()).sender_address == "jo@home.example"
    assert reader.read(mail()).kind is Kind.PERSON


def test_a_child_retires_after_its_share_of_mails() -> None:
    with Reader(mails_per_child=2) as reader:
        reader.read(mail())
        first = process_of(reader)
        reader.read(mail())
        reader.read(mail())

        assert process_of(reader) != first


def test_threads_share_the_children_without_mixing_up_mails() -> None:
    with Reader(children=2) as reader, ThreadPoolExecutor(8) as pool:
        subjects = list(pool.map(lambda n: reader.read(mail(subject=str(n))).subject, range(100)))

    assert subjects == [str(n) for n in range(100)]


def test_the_child_knows_none_of_our_settings(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDRESS_DATABASE_URL", "postgresql://secret")
    reader.close()
    reader.read(mail())

    environment = Path(f"/proc/{process_of(reader)}/environ").read_bytes()

    assert b"PYTHONPATH" in environment
    assert b"secret" not in environment


def test_closing_leaves_no_child_behind() -> None:
    reader = Reader()
    reader.read(mail())
    child = process_of(reader)

    reader.close()

    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_the_child_imports_neither_the_database_nor_the_web(reader: Reader) -> None:
    reader.read(posted("bounce-exchange"))

    mapped = Path(f"/proc/{process_of(reader)}/maps").read_text()

    assert "sqlalchemy" not in mapped
    assert "pydantic_core" not in mapped
