"""`redress demo` as a newcomer meets it: a process of its own, the line that it prints, its mailbox, Ctrl-C."""

import re
import signal
import smtplib
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from app.demo.visitor import Page, Visitor
from tests.app.redress import REDRESS, Redress
from tests.app.test_serving import free_port, wait_for
from tests.browser import PHONE, axe, browser, picture, sticks_out

__all__ = ["browser"]


@pytest.fixture
def demo(tmp_path: Path) -> Redress:
    """A place for a demo, on ports of its own, without a setting that names a database."""
    ports = {f"REDRESS_{name}_LISTEN": f"127.0.0.1:{free_port()}" for name in ("WEB", "SMTP")}
    return Redress(tmp_path, "", {"REDRESS_HOME": str(tmp_path / "demo"), **ports})


class Running:
    """A demo that runs, and what it has printed."""

    def __init__(self, demo: Redress, *words: str) -> None:
        self.out = (demo.home / "out.txt").open("w+")
        self.errors = (demo.home / "errors.txt").open("w+")
        self.url = f"http://{demo.settings['REDRESS_WEB_LISTEN']}"
        self.process = subprocess.Popen(
            [REDRESS, "demo", *words], env=demo.environment, cwd=demo.home, stdout=self.out, stderr=self.errors
        )

    def printed(self) -> str:
        return Path(self.out.name).read_text()

    def line(self) -> str:
        """The line that sends a complaint."""
        return next(line.strip() for line in self.printed().splitlines() if line.strip().startswith("python3 -c"))

    def page(self, path: str) -> Page:
        visitor = Visitor(self.url)
        page = visitor.get(path)
        visitor.close()
        return page

    def stop(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        return self.process.wait(60)


@contextmanager
def running(demo: Redress, *words: str) -> Iterator[Running]:
    there = Running(demo, *words)
    try:
        wait_for(lambda: "Ctrl-C" in there.printed() or there.process.poll() is not None)
        assert there.process.poll() is None, Path(there.errors.name).read_text()
        yield there
    finally:
        if there.process.poll() is None:
            there.process.kill()
        there.process.wait()
        there.out.close()
        there.errors.close()


def test_the_printed_line_sends_a_complaint_whose_receipt_is_in_the_mailbox(demo: Redress) -> None:
    with running(demo) as there:
        subprocess.run(there.line(), shell=True, check=True, timeout=60)
        wait_for(lambda: "Your reference RD-" in there.page("/demo/mail").text)
        mail = there.page("/demo/mail/1")
        framed = urllib.request.urlopen(f"{there.url}/demo/mail/1/html", timeout=30)
        html = framed.read().decode()
        status = there.stop(signal.SIGINT)

    assert status == 0
    assert "Traceback" not in (demo.home / "errors.txt").read_text()
    assert "jo.bloggs@post.example" in mail.text
    assert re.search(rf'<a href="{there.url}/progress/\w+"', mail.text)
    assert "We have received your complaint." in html
    assert "sandbox" in framed.headers["Content-Security-Policy"]
    assert framed.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_a_handler_signs_in_by_the_link_in_the_mailbox_and_term_stops_it_cleanly(demo: Redress) -> None:
    with running(demo) as there:
        browser = Visitor(there.url)
        asked = browser.get("/desk").form("/desk/sign-in")
        browser.post(asked, {"email": "sam@homes.example"})
        wait_for(lambda: "Your link to sign in" in there.page("/demo/mail").text)
        link = re.search(r'href="http://[^/]+(/desk/sign-in/[\w-]+)"', there.page("/demo/mail/1").text)
        assert link
        desk = browser.post(browser.get(link[1]).form(link[1]), {})
        browser.close()
        status = there.stop(signal.SIGTERM)

    assert status == 0
    assert "Sam Stone" in desk.text


def test_the_link_works_from_the_mail_as_a_mail_program_shows_it(demo: Redress, browser: Browser) -> None:
    with running(demo) as there:
        page = browser.new_page()
        page.goto(f"{there.url}/desk")
        page.get_by_label("email").fill("maya@homes.example")
        page.locator("main form button").click()
        wait_for(lambda: "Your link to sign in" in there.page("/demo/mail").text)
        page.goto(f"{there.url}/demo/mail")
        wrong = axe(page)
        page.get_by_role("link", name="Your link to sign in").click()
        wrong += axe(page)
        page.frame_locator("iframe").get_by_role("link").first.click()
        page.locator("main form button").click()

        expect(page.get_by_text("Maya Mill")).to_be_visible()
        assert wrong == []
        page.context.close()
        there.stop(signal.SIGINT)


def test_the_chat_breaks_no_rule_of_axe_on_a_small_phone_and_is_there_again_after_a_restart(
    demo: Redress, browser: Browser
) -> None:
    page = browser.new_page(viewport=PHONE)
    with running(demo) as there:
        wait_for(lambda: "Your message" in there.page("/demo/chat").text)
        page.goto(f"{there.url}/demo/chat")
        page.get_by_label("Your message").fill("hello")
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_role("button", name="Make a complaint")).to_be_visible()
        page.get_by_text("Send a photo or a file").click()
        wrong, wider = axe(page), sticks_out(page)
        picture(page, "demo-chat")
        there.stop(signal.SIGINT)
    with running(demo) as again:
        wait_for(lambda: "Make a complaint" in again.page("/demo/chat").text)
        page.goto(f"{again.url}/demo/chat")
        page.get_by_role("button", name="Make a complaint", exact=True).click()

        expect(page.get_by_text("Tell us what went wrong")).to_be_visible()
        page.context.close()
        again.stop(signal.SIGINT)

    assert wrong == []
    assert wider == 0


def test_a_restore_is_refused_while_it_runs_and_another_start_too(demo: Redress) -> None:
    with running(demo) as there:
        demo("backup", str(demo.home / "copy"))
        other = {**demo.settings, "REDRESS_WEB_LISTEN": f"127.0.0.1:{free_port()}"}
        second = Redress(demo.home, "", other).refuses("demo")
        refused = demo.refuses("restore", str(demo.home / "copy"))
        there.stop(signal.SIGINT)

    assert "running" in refused
    assert "running" in second


def test_what_was_there_stays_until_a_fresh_start(demo: Redress) -> None:
    with running(demo) as there:
        with smtplib.SMTP(demo.settings["REDRESS_SMTP_LISTEN"], local_hostname="localhost") as smtp:
            mail = "From: jo@post.example\r\nTo: care@riverside.example\r\n\r\nNobody came.\r\n"
            smtp.sendmail("jo@post.example", "care@riverside.example", mail)
        wait_for(lambda: "RD-" in there.page("/demo/mail").text)
        there.stop(signal.SIGINT)
    with running(demo) as there:
        again = there.page("/demo/mail").text
        there.stop(signal.SIGINT)
    with running(demo, "--fresh") as there:
        fresh = there.page("/demo/mail").text
        there.stop(signal.SIGINT)

    assert "RD-" in again
    assert "Nothing has been sent yet" in fresh


@pytest.mark.parametrize("name", ["REDRESS_WEB_LISTEN", "REDRESS_SMTP_LISTEN"])
def test_a_port_that_is_taken_is_one_line_that_names_the_setting(demo: Redress, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        demo.settings[name] = f"127.0.0.1:{taken.getsockname()[1]}"

        assert name in demo.refuses("demo")


def test_a_real_installation_is_never_taken_for_a_demo(demo: Redress) -> None:
    demo("migrate")

    assert "not a demo" in demo.refuses("demo", "--fresh")
    assert (Path(demo.settings["REDRESS_HOME"]) / "redress.db").exists()
