"""`redress demo` as a newcomer meets it: a process of its own, the line that it prints, its mailbox, Ctrl-C."""

import re
import shlex
import signal
import smtplib
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as BrowserPage

from app.demo.visitor import Page, Visitor
from tests.app.redress import REDRESS, Redress
from tests.app.test_serving import wait_for
from tests.browser import PHONE, axe, browser, picture, sticks_out
from tests.ports import free_port

__all__ = ["browser"]


@pytest.fixture
def place(tmp_path: Path) -> Redress:
    """A place for a demo, on ports of its own, without a setting that names a database."""
    return somewhere(tmp_path)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Demo"]:
    """One that runs, for all these tests: a start takes many seconds."""
    demo = Demo(somewhere(tmp_path_factory.mktemp("demo")))
    demo.start()
    yield demo
    if demo.process.poll() is None:
        demo.process.kill()
    demo.process.wait()


def somewhere(folder: Path) -> Redress:
    ports = {f"REDRESS_{name}_LISTEN": f"127.0.0.1:{free_port()}" for name in ("WEB", "SMTP")}
    return Redress(folder, "", {"REDRESS_HOME": str(folder / "demo"), **ports})


class Demo:
    """A demo that can be stopped and started again, and what it has printed."""

    process: subprocess.Popen[bytes]

    def __init__(self, place: Redress) -> None:
        self.place = place
        self.out, self.errors = place.home / "out.txt", place.home / "errors.txt"
        self.url = f"http://{place.settings['REDRESS_WEB_LISTEN']}"

    def start(self, *words: str) -> None:
        with self.out.open("w") as out, self.errors.open("a") as errors:
            self.process = subprocess.Popen(
                [REDRESS, "demo", *words],
                env=self.place.environment,
                cwd=self.place.home,
                stdout=out,
                stderr=errors,
            )
        wait_for(lambda: "Ctrl-C" in self.out.read_text() or self.process.poll() is not None)
        assert self.process.poll() is None, self.errors.read_text()

    def stop(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        return self.process.wait(60)

    def line(self) -> str:
        """The line that sends a complaint."""
        return next(line.strip() for line in self.out.read_text().splitlines() if line.strip().startswith("python3 -c"))

    def page(self, path: str) -> Page:
        visitor = Visitor(self.url)
        page = visitor.get(path)
        visitor.close()
        return page

    def newest_mail(self, to: str) -> str:
        """The address of its page, once there is one to this mailbox."""
        row = re.compile(rf'href="(/demo/mail/\d+)">[^<]*</a></td>\s*<td[^>]*>{re.escape(to)}<')
        wait_for(lambda: row.search(self.page("/demo/mail").text))
        found = row.search(self.page("/demo/mail").text)
        assert found
        return found[1]


def test_the_printed_line_sends_a_complaint_whose_receipt_is_in_the_mailbox(demo: Demo) -> None:
    subprocess.run(demo.line(), shell=True, check=True, timeout=60)
    address = demo.newest_mail("jo.bloggs@post.example")
    mail = demo.page(address)
    framed = urllib.request.urlopen(f"{demo.url}{address}/html", timeout=30)

    assert "Your reference RD-" in mail.text
    assert re.search(rf'<a href="{demo.url}/progress/\w+"', mail.text)
    assert "We have received your complaint." in framed.read().decode()
    assert "sandbox" in framed.headers["Content-Security-Policy"]
    assert framed.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_a_handler_signs_in_by_the_link_in_the_mailbox(demo: Demo) -> None:
    browser = Visitor(demo.url)
    asked = browser.get("/desk").form("/desk/sign-in")
    browser.post(asked, {"email": "sam@homes.example"})
    mail = demo.page(demo.newest_mail("sam@homes.example")).text
    link = re.search(r'href="http://[^/]+(/desk/sign-in/[\w-]+)"', mail)
    assert link
    desk = browser.post(browser.get(link[1]).form(link[1]), {})
    browser.close()

    assert "Your link to sign in" in mail
    assert "Sam Stone" in desk.text


def test_the_link_works_from_the_mail_as_a_mail_program_shows_it(demo: Demo, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{demo.url}/desk")
    page.get_by_label("email").fill("maya@homes.example")
    page.locator("main form button").click()
    demo.newest_mail("maya@homes.example")
    page.goto(f"{demo.url}/demo/mail")
    wrong = axe(page)
    page.get_by_role("row", name="maya@homes.example").get_by_role("link", name="Your link to sign in").click()
    wrong += axe(page)
    page.frame_locator("iframe").get_by_role("link").first.click()
    page.locator("main form button").click()

    expect(page.get_by_text("Maya Mill")).to_be_visible()
    assert wrong == []
    page.context.close()


def test_the_chat_breaks_no_rule_of_axe_on_a_small_phone(demo: Demo, browser: Browser) -> None:
    page = browser.new_page(viewport=PHONE)
    say_hello(demo, page, "1")
    page.get_by_text("Send a photo or a file").click()
    wrong, wider = axe(page), sticks_out(page)
    picture(page, "demo-chat")
    page.context.close()

    assert wrong == []
    assert wider == 0


def test_a_command_beside_it_finds_it_and_links_to_its_pages(demo: Demo) -> None:
    add = ("user", "add", "new@homes.example", "New", "--organisation", "homes")
    line = next(line.strip() for line in demo.out.read_text().splitlines() if line.endswith(" case list"))
    line = line.removesuffix("case list") + shlex.join(("user", "add", "other@homes.example", *add[3:]))
    nothing_said = {name: value for name, value in demo.place.environment.items() if not name.startswith("REDRESS_")}

    with_its_settings = demo.place(*add)
    as_printed = subprocess.run(line, shell=True, env=nothing_said, capture_output=True, text=True, check=True)

    assert f"They sign in at {demo.url}/desk" in with_its_settings
    assert f"They sign in at {demo.url}/desk" in as_printed.stdout


def test_a_restore_is_refused_while_it_runs_and_another_start_too(demo: Demo) -> None:
    demo.place("backup", str(demo.place.home / "copy"))
    other = {**demo.place.settings, "REDRESS_WEB_LISTEN": f"127.0.0.1:{free_port()}"}
    second = Redress(demo.place.home, "", other).refuses("demo")
    refused = demo.place.refuses("restore", str(demo.place.home / "copy"))

    assert "running" in refused
    assert "running" in second


def test_it_stops_cleanly_and_what_was_there_stays_until_a_fresh_start(demo: Demo, browser: Browser) -> None:
    page = browser.new_page(viewport=PHONE)
    say_hello(demo, page, "3")
    with smtplib.SMTP(demo.place.settings["REDRESS_SMTP_LISTEN"], local_hostname="localhost") as smtp:
        mail = "From: jo@post.example\r\nTo: care@riverside.example\r\n\r\nNobody came.\r\n"
        smtp.sendmail("jo@post.example", "care@riverside.example", mail)
    receipt = demo.newest_mail("jo@post.example")

    interrupted = demo.stop(signal.SIGINT)
    demo.start()
    again = demo.page(receipt)
    wait_for(lambda: "Make a complaint" in demo.page("/demo/chat?as=3").text)
    page.goto(f"{demo.url}/demo/chat?as=3")
    page.get_by_role("button", name="Make a complaint", exact=True).click()
    expect(page.get_by_text("Tell us what went wrong")).to_be_visible()
    page.context.close()
    terminated = demo.stop(signal.SIGTERM)
    demo.start("--fresh")
    fresh = demo.page("/demo/mail").text

    assert (interrupted, terminated) == (0, 0)
    assert "Traceback" not in demo.errors.read_text()
    assert "RD-" in again.text
    assert "Nothing has been sent yet" in fresh


def say_hello(demo: Demo, page: BrowserPage, who: str) -> None:
    wait_for(lambda: "Your message" in demo.page("/demo/chat").text)
    page.goto(f"{demo.url}/demo/chat?as={who}")
    page.get_by_label("Your message").fill("hello")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("button", name="Make a complaint")).to_be_visible()


@pytest.mark.parametrize("name", ["REDRESS_WEB_LISTEN", "REDRESS_SMTP_LISTEN"])
def test_a_port_that_is_taken_is_one_line_that_names_the_setting(place: Redress, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place.settings[name] = f"127.0.0.1:{taken.getsockname()[1]}"

        assert name in place.refuses("demo")


def test_a_real_installation_is_never_taken_for_a_demo(place: Redress) -> None:
    place("migrate")

    assert "not a demo" in place.refuses("demo", "--fresh")
    assert (Path(place.settings["REDRESS_HOME"]) / "redress.db").exists()
