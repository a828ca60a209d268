"""The pages of lessons and actions in a real browser: by keyboard, on a telephone's screen, no rule of axe broken."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import DESKTOP, PHONE
from tests.desk.office import Desk
from tests.desk.test_in_a_browser import check, sit_down
from tests.learning.academy import ACTION, act_on, agreed, do, lesson


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser, the_desk: Desk) -> Iterator[Page]:
    context = browser.new_context(viewport=request.param, base_url=the_desk.url)
    yield context.new_page()
    context.close()


def furnish(the_desk: Desk) -> dict[str, int]:
    """Lessons and actions of every sort, so that each page has something to show."""
    here = the_desk.town
    reference = here.mail("My carer did not come.", to="care@town.example")
    here.do(reference, "assign", to="hana@town.example")
    bare = lesson(here, reference, title="Letters must say who to ask")
    do(here, bare, "add_action", what="Look into the letters", starts="2026-03-02", completes="2026-02-02")
    number, late = agreed(here, reference, starts="2025-12-18", review_on="2025-12-19")
    do(here, number, "name_learner", who="service:repairs", people="everyone who books visits")
    act_on(here, late, "start")
    the_desk.later(days=5)
    act_on(here, late, "report", progress="The list is printed each evening.", review_on="2026-01-16")
    do(here, number, "add_action", given={**ACTION, "what": "Each carer says by text when a visit is over"})
    return {"bare": bare, "full": number, "late": late}


def test_every_page_of_lessons_keeps_the_rules_of_accessibility(the_desk: Desk, page: Page) -> None:
    size = "phone" if page.viewport_size == PHONE else "desktop"
    there = furnish(the_desk)
    the_desk.later(days=40)
    pages = {
        "lessons": "/desk/lessons", "actions": "/desk/actions", "lesson-new": "/desk/lessons/new",
        "lesson": f"/desk/lessons/{there['full']}?done=name_learner", "lesson-bare": f"/desk/lessons/{there['bare']}",
        "action": f"/desk/actions/{there['late']}", "action-bare": "/desk/actions/1",
        "action-add": f"/desk/lessons/{there['bare']}/do/add_action",
        "plan": f"/desk/lessons/{there['bare']}/do/set_plan",
        "agree-not-yet": f"/desk/lessons/{there['bare']}/do/agree",
        "finish": f"/desk/actions/{there['late']}/do/finish", "dates": f"/desk/actions/{there['late']}/do/change_dates",
        "worklist-actions": "/desk", "worklist-tasks": "/desk/tasks",
    }  # fmt: skip

    sit_down(the_desk, page, "mina")
    wrong = []
    for name, address in pages.items():
        answer = page.goto(address)
        wrong += [] if answer and answer.status in (200, 409) else [f"{name}: failed"]
        wrong += check(page, f"{size}-{name}")
    page.goto(f"/desk/lessons/{there['bare']}/do/add_action")
    page.get_by_role("button", name="Add an action").click()
    wrong += check(page, f"{size}-action-wrong")

    assert wrong == []
