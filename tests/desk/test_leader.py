"""The leader's page: the digest's figures as they stand, the cases behind them, decisions and what became of them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine

from storage.database import reading
from storage.tables import Organisation, Staff
from tests.browser import DESKTOP, PHONE, axe, picture, sticks_out
from tests.desk.leading import DUE, QUARTER, decided
from tests.desk.office import COOKIE, Desk, desk
from tests.learning.quarter import Quarter, quarter


@pytest.fixture
def there(engine: Engine) -> Iterator[Desk]:
    """The desk on 14 October 2026."""
    with desk(engine, "2026-10-14") as found:
        yield found


@pytest.fixture
def homes(there: Desk) -> Quarter:
    """Its housing association, with a leader named Olu."""
    return quarter(there.town)


@pytest.mark.requirement("R079", "R148")
def test_a_leader_sees_the_figures_of_a_quarter_as_they_stand(there: Desk, homes: Quarter) -> None:
    homes.complaints(3, "2026-07-06", channel="web", subject="delay")

    page = there.as_("olu").get(QUARTER).text

    assert "What complaints tell us: July to September 2026" in page
    assert f'href="{QUARTER}/cases/received/channel/web"' in page
    assert "Counts complaints received in the period." in page


def test_the_page_without_a_quarter_shows_the_running_one(there: Desk, homes: Quarter) -> None:
    homes.complaint("2026-10-05")

    page = there.as_("olu").get("/desk/leader").text

    assert "What complaints tell us: October to December 2026" in page


def test_a_number_leads_to_the_very_cases_that_it_counted(there: Desk, homes: Quarter) -> None:
    counted = homes.complaint("2026-07-06", subject="delay")
    other_subject = homes.complaint("2026-07-06", subject="conduct")
    too_late = homes.complaint("2026-10-01", subject="delay")

    page = there.as_("olu").get(f"{QUARTER}/cases/received/subject/delay").text

    assert counted.reference in page
    assert other_subject.reference not in page
    assert too_late.reference not in page


def test_more_cases_than_fit_a_page_are_reached_one_page_after_another(there: Desk, homes: Quarter) -> None:
    first, *others = homes.complaints(27, "2026-07-06")
    client = there.as_("olu")

    page = client.get(f"{QUARTER}/cases/received/all/all").text
    onward = page.split('href="?before=')[1].split('"')[0]
    last = client.get(f"{QUARTER}/cases/received/all/all?before={onward}").text

    assert others[-1].reference in page
    assert first.reference not in page
    assert first.reference in last


def test_a_leader_never_finds_a_case_about_themselves_behind_a_number(there: Desk, homes: Quarter) -> None:
    mine = homes.complaint("2026-07-06", about_staff_id=homes.olu.id)

    page = there.as_("olu").get(f"{QUARTER}/cases/received/all/all").text

    assert mine.reference not in page


def test_every_number_has_a_list_behind_it(there: Desk, homes: Quarter) -> None:
    client = there.as_("olu")
    parts = ("service/repairs", "severity/3", "severity/none", "ending/answered", "decision/upheld", "all/all")
    counts = ("received", "closed", "late-now", "acknowledged-late", "answered-late", "referred")

    found = {(count, by): client.get(f"{QUARTER}/cases/{count}/{by}").status_code for count in counts for by in parts}

    assert set(found.values()) == {200}


def test_an_address_that_names_nothing_finds_nothing(there: Desk, homes: Quarter) -> None:
    client = there.as_("olu")
    wrong = ("/desk/leader/soon", f"{QUARTER}/cases/received/severity/x", f"{QUARTER}/cases/many/all/all",
             f"{QUARTER}/cases/received/name/jo", "/desk/reviews/999")  # fmt: skip

    assert [client.get(address).status_code for address in wrong] == [404] * len(wrong)


def test_who_handles_cases_finds_no_figures(there: Desk) -> None:
    assert there.as_("hana").get("/desk/leader").status_code == 404


def test_an_administrator_sees_the_whole_house(there: Desk, homes: Quarter) -> None:
    homes.complaint("2026-07-06")

    page = there.as_("ada").get(QUARTER).text

    assert "Adult social care" in page
    assert "Repairs" in page


def test_a_forwarded_link_asks_to_sign_in_and_leads_on_to_the_same_page(there: Desk, homes: Quarter) -> None:
    page = there.browser().get(f"{QUARTER}/cases/received/subject/delay")

    assert page.status_code == 401
    assert f'name="after" value="{QUARTER}/cases/received/subject/delay"' in page.text
    assert "RD-" not in page.text


def test_each_table_has_its_definition(there: Desk, homes: Quarter) -> None:
    page = there.as_("olu").get(f"{QUARTER}/definitions").text

    assert "Early resolution: answered at the first of the several stages of its procedure." in page


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_pages_for_leaders_break_no_rule_of_accessibility(
    there: Desk, homes: Quarter, browser: Browser, size: dict[str, int]
) -> None:
    homes.complaints(6, "2026-07-06", subject="delay", severity=2)
    homes.action("Book repairs while the person is on the line", "failed")
    client = there.as_("olu")
    decided(
        client, f"{QUARTER}/decide/own", question="Delay", decision="More planners.", owner=str(homes.olu.id), **DUE
    )
    context = browser.new_context(viewport=size)  # type: ignore[arg-type]  # a ViewportSize
    context.add_cookies([{"name": COOKIE, "value": client.cookies[COOKIE], "url": there.url}])
    page = context.new_page()

    for name, address in {"leader": QUARTER, "leader-cases": f"{QUARTER}/cases/received/subject/delay",
                          "leader-definitions": f"{QUARTER}/definitions",
                          "leader-decide": f"{QUARTER}/decide/subject-delay",
                          "leader-review": "/desk/reviews/1"}.items():  # fmt: skip
        page.goto(f"{there.url}{address}")
        picture(page, f"{name}-{size['width']}")
        assert (name, axe(page), sticks_out(page)) == (name, [], 0)
    context.close()


def test_months_of_another_body_are_seen_only_where_its_digests_come_each_month(there: Desk, homes: Quarter) -> None:
    department = Organisation(slug="ministry", name="Ministry", kind="department")
    homes.keep(department)
    dee = Staff(organisation_id=department.id or 0, email="dee@town.example", name="Dee", role="leader")
    with reading(there.engine) as session:
        body = session.get_one(Organisation, homes.homes)
    body.parent_id = department.id
    homes.keep(body, dee)

    before = [there.as_("dee").get(f"/desk/leader/{period}").status_code for period in ("2026Q2", "2026-08")]
    department.digest_every = "month"
    homes.keep(department)

    assert before == [200, 404]
    assert there.as_("dee").get("/desk/leader/2026-08").status_code == 200


def test_on_a_telephone_every_column_of_the_figures_is_in_sight(there: Desk, homes: Quarter, browser: Browser) -> None:
    homes.complaints(3, "2026-07-06", due="2026-07-13", acknowledged="2026-07-20")
    client = there.as_("olu")
    context = browser.new_context(viewport={"width": 390, "height": 800})
    context.add_cookies([{"name": COOKIE, "value": client.cookies[COOKIE], "url": there.url}])
    page = context.new_page()

    page.goto(f"{there.url}{QUARTER}")
    beyond = page.evaluate("[...document.querySelectorAll('.desk-wide')].map(one => one.scrollWidth - one.clientWidth)")
    context.close()

    assert max(beyond) == 0
