"""A real browser for tests of pages, with the accessibility rules of axe, and pictures on request."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
PHONE: ViewportSize = {"width": 320, "height": 640}
DESKTOP: ViewportSize = {"width": 1200, "height": 900}
AXE = Axe().axe_script


@pytest.fixture(scope="module")  # not longer: while it is open, no other event loop can run in this thread
def browser() -> Iterator[Browser]:
    """Chromium as the system has it; where it is missing these tests are skipped, but not in CI."""
    if not CHROMIUM.exists() and os.environ.get("CI") != "true":
        pytest.skip(f"needs a browser at {CHROMIUM}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def axe(page: Page) -> list[str]:
    """What axe finds wrong with the page, one line for each rule broken; empty when all is well."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(found => found.violations)")
    return [f"{each['id']}: {each['help']}: {each['nodes'][0]['html']}" for each in found]


def sticks_out(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def picture(page: Page, name: str) -> None:
    """Keep a picture of the whole page in the folder REDRESS_TEST_PICTURES names, if it names one."""
    if folder := os.environ.get("REDRESS_TEST_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
