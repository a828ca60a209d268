"""The sink takes mail from any client, keeps it as it was sent, and can play a bounce."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiosmtplib import SMTP, SMTPException

from mailroom.reading import read
from mailroom.sink import HANG_UP, Mail, Sink, kept_in
from mailroom.sink_bounces import bounce_for
from tests.workflow.office import NOW
from workflow.contact import Bounce, Kind

RAW = b"Subject: Hello\r\n\r\n.dot\r\n..\r\n\r\nbye\r\n"


def talk(client: Callable[[SMTP, Sink], Awaitable[object]], **settings: Any) -> Sink:
    """Let an SMTP client talk to a sink."""

    async def run() -> Sink:
        sink = Sink(**settings)
        await sink.start()
        async with SMTP(hostname="127.0.0.1", port=sink.address[1], start_tls=False, timeout=5) as smtp:
            await client(smtp, sink)
        await sink.stop()
        return sink

    return asyncio.run(run())


async def send_one(smtp: SMTP, _sink: Sink) -> None:
    await smtp.sendmail("ann@example.org", ["bob@example.org", "cy@example.org"], RAW)


async def send_two(smtp: SMTP, sink: Sink) -> None:
    await send_one(smtp, sink)
    await send_one(smtp, sink)


def test_a_mail_is_kept_byte_for_byte_with_its_envelope() -> None:
    sink = talk(send_one)

    assert sink.mails == [Mail(1, "ann@example.org", ("bob@example.org", "cy@example.org"), RAW)]


def test_mails_are_files_that_another_process_can_read(tmp_path: Path) -> None:
    sink = talk(send_two, folder=tmp_path)

    assert kept_in(tmp_path) == sink.mails
    assert (tmp_path / "000002.eml").read_bytes() == RAW
    index = [json.loads(line) for line in (tmp_path / "index.jsonl").read_text().splitlines()]
    assert index[1] == {
        "number": 2,
        "mail_from": "ann@example.org",
        "recipients": ["bob@example.org", "cy@example.org"],
    }


def test_a_sink_started_again_goes_on_after_what_it_has(tmp_path: Path) -> None:
    talk(send_one, folder=tmp_path)
    again = talk(send_one, folder=tmp_path)

    assert [mail.number for mail in again.mails] == [1, 2]


def test_an_empty_folder_holds_no_mails(tmp_path: Path) -> None:
    assert kept_in(tmp_path) == []


def test_it_refuses_whom_it_is_told_to_and_counts_how_often_it_was_asked() -> None:
    asked: list[tuple[str, int]] = []

    def answers(_sender: str, recipient: str, count: int) -> str | None:
        asked.append((recipient, count))
        return "550 5.1.1 No" if recipient.startswith("bob") else None

    sink = talk(send_two, answers=answers)

    assert [mail.recipients for mail in sink.mails] == [("cy@example.org",)] * 2
    assert asked[0::2] == [("bob@example.org", 1), ("bob@example.org", 2)]


def test_a_mail_whose_yes_is_lost_is_kept_and_one_that_is_refused_is_not() -> None:
    async def send(smtp: SMTP, sink: Sink) -> None:
        with pytest.raises(SMTPException):
            await send_one(smtp, sink)

    assert len(talk(send, verdict=lambda _mail: HANG_UP).mails) == 1
    assert len(talk(send, verdict=lambda _mail: "554 5.7.1 No").mails) == 0


def test_it_answers_a_command_out_of_turn_and_goes_on() -> None:
    async def go(smtp: SMTP, sink: Sink) -> None:
        await smtp.ehlo()
        assert (await smtp.execute_command(b"RCPT", b"TO:<bob@example.org>")).code == 503
        assert (await smtp.execute_command(b"DATA")).code == 503
        assert (await smtp.execute_command(b"NONSENSE")).code == 503
        await send_one(smtp, sink)

    assert len(talk(go).mails) == 1


@pytest.mark.parametrize(("status", "permanent"), [("5.1.1", True), ("4.2.2", False)])
def test_the_bounce_it_plays_is_read_as_one(status: str, permanent: bool) -> None:
    mail = Mail(3, "b-7-secret@mail.council.example", ("bob@example.org",), RAW)

    reading = read(bounce_for(mail, NOW, status=status))

    assert reading.kind is Kind.BOUNCE
    assert reading.bounce == Bounce(("bob@example.org",), permanent, status)
