"""What ombudsmen did, on the page of a case and on its forms, in a real browser: no rule of axe broken."""

from playwright.sync_api import Browser

from tests.browser import PHONE
from tests.desk.office import Desk
from tests.desk.test_in_a_browser import check, sit_down
from tests.desk.test_ombudsman import recommend


def test_the_pages_about_an_ombudsman_keep_the_rules_of_accessibility_on_a_telephone(
    the_desk: Desk, browser: Browser
) -> None:
    case = the_desk.town.mail("There is damp.") or ""
    recommend(the_desk.as_("mina"), case)
    the_desk.later(days=60)
    context = browser.new_context(viewport=PHONE, base_url=the_desk.url)
    page = context.new_page()
    forms = ("take_up", "recommend", "move_date", "comply", "decline", "correct")
    addresses = [f"/desk/cases/{case}", *(f"/desk/cases/{case}/ombudsman/{name}" for name in forms)]

    sit_down(the_desk, page, "mina")
    wrong = []
    for address in addresses:
        answer = page.goto(address)
        wrong += [] if answer and answer.status == 200 else [f"{address}: failed"]
        wrong += check(page, f"ombudsman-{address.rpartition('/')[2]}")
    context.close()

    assert wrong == []
