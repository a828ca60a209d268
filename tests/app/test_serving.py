"""`redress serve` in a process of its own: mail in, a case, a receipt out, and a clean stop."""

import json
import signal
import smtplib
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes

import pytest

from tests.app.redress import REDRESS, Redress
from tests.ports import free_port
from tests.servers.sink_thread import running_sink


@contextmanager
def serving(redress: Redress) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [REDRESS, "serve"],
        env=redress.environment,
        cwd=redress.home,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(lambda: health(redress) is not None)
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def wait_for(found: Callable[[], object]) -> None:
    for _ in range(600):
        if found():
            return
        time.sleep(0.1)
    pytest.fail("it did not happen within a minute")


def health(redress: Redress) -> object:
    try:
        with urllib.request.urlopen(f"http://{redress.settings['REDRESS_WEB_LISTEN']}/health", timeout=5) as answer:
            return json.load(answer)
    except OSError:
        return None


def test_a_mail_becomes_a_case_and_its_receipt_goes_out(redress: Redress) -> None:
    redress.set_up()
    with running_sink() as sink:
        web, smtp = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
        redress.settings |= {
            "REDRESS_WEB_LISTEN": web,
            "REDRESS_SMTP_LISTEN": smtp,
            "REDRESS_SMTP_RELAY": f"smtp://127.0.0.1:{sink.address[1]}",
            "REDRESS_MAIL_DOMAIN": "mail.homes.example",
        }
        with serving(redress) as process:
            with smtplib.SMTP(smtp) as client:
                mail = "From: Jo <jo@citizen.example>\r\nMessage-ID: <1@citizen.example>\r\n\r\nThe wall is damp.\r\n"
                client.sendmail("jo@citizen.example", ["repairs@homes.example"], mail)
            wait_for(lambda: sink.mails)
            receipt = message_from_bytes(sink.mails[0].raw)
            found = redress.json("status")
            process.send_signal(signal.SIGTERM)
            process.wait(30)

    reference = redress.json("case", "list")[0]["reference"]
    assert receipt["To"] == "jo@citizen.example"
    assert reference in receipt["Subject"]
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert sink.mails[0].mail_from.startswith("b-")
    assert "damp" not in sink.mails[0].raw.decode().lower()
    assert found["contacts"]["filed"] == 1
    assert found["channels"]["smtp"]["on"]
    assert found["channels"]["smtp"]["last_ok"]
    assert found["channels"]["web"]["last_ok"]
    assert process.returncode == 0


def test_a_port_that_is_taken_is_named_with_its_setting(redress: Redress) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        redress.settings["REDRESS_SMTP_LISTEN"] = f"127.0.0.1:{taken.getsockname()[1]}"
        redress.settings["REDRESS_WEB_LISTEN"] = f"127.0.0.1:{free_port()}"

        assert "REDRESS_SMTP_LISTEN" in redress.refuses("serve")


def test_mail_for_others_is_refused(redress: Redress) -> None:
    redress.set_up()
    redress("address", "add", "r-estates@mail.homes.example", "--organisation", "homes")
    redress.settings |= {
        "REDRESS_MAIL_DOMAIN": "mail.homes.example",
        "REDRESS_WEB_LISTEN": f"127.0.0.1:{free_port()}",
        "REDRESS_SMTP_LISTEN": f"127.0.0.1:{free_port()}",
    }
    with serving(redress), smtplib.SMTP(redress.settings["REDRESS_SMTP_LISTEN"]) as client:
        client.ehlo()
        client.mail("jo@citizen.example")

        assert client.rcpt("somebody@elsewhere.example")[0] == 550
        assert client.rcpt("unknown@homes.example")[0] == 550
        assert client.rcpt("b-1-aaaaaaaaaaaaaaaaaaaaaaaaaa@mail.homes.example")[0] == 550
        assert client.rcpt("repairs@homes.example")[0] == 250
        assert client.rcpt("r-estates@mail.homes.example")[0] == 250
