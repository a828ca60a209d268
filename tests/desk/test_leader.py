"""The leader's page: the digest's figures as they stand, the cases behind them, decisions and what became of them."""

from collections.abc import Iterator
from datetime import date

import httpx2
import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine
from sqlmodel import select

from storage.database import reading
from storage.tables import Message, Review, ReviewEvent, Staff
from tests.browser import DESKTOP, PHONE, axe, picture, sticks_out
from tests.desk.office import COOKIE, Desk, desk, fields_of
from tests.learning.quarter import Quarter, quarter

QUARTER = "/desk/leader/2026Q2"


@pytest.fixture
def there(engine: Engine) -> Iterator[Desk]:
    """The desk on 14 October 2026."""
    with desk(engine, "2026-10-14") as found:
        yield found


@pytest.fixture
def homes(there: Desk) -> Quarter:
    """Its housing association, with a leader named Olu."""
    return quarter(there.town)


def decided(client: httpx2.Client, address: str, **fields: str) -> httpx2.Response:
    """Open the form at an address, fill it in and send it; a date is given as day, month and year."""
    page = client.get(address)
    assert page.status_code == 200, page.text
    return client.post(address, data={**fields_of(page.text), **fields})


DUE = {"due-day": "1", "due-month": "12", "due-year": "2026"}


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


@pytest.mark.requirement("R015", "R016", "R092")
def test_a_decision_is_recorded_with_its_owner_and_date_and_its_owner_is_told(there: Desk, homes: Quarter) -> None:
    homes.complaints(6, "2026-07-06", subject="delay")
    client, mina = (
        there.as_("olu"),
        Staff(organisation_id=homes.homes, email="mo@town.example", name="Mo", role="manager"),
    )
    homes.keep(mina)

    sent = decided(client, f"{QUARTER}/decide/subject-delay", question="Why so much delay?",
                   decision="Two more planners from November.", owner=str(mina.id), **DUE)  # fmt: skip

    assert sent.status_code == 303
    with reading(there.engine) as session:
        kept = session.exec(select(Review)).one()
        event = session.exec(select(ReviewEvent)).one()
        told = session.exec(select(Message).where(Message.kind == "review")).one()
    assert (kept.decision, kept.owner_id, kept.due) == ("Two more planners from November.", mina.id, date(2026, 12, 1))
    assert (event.name, event.by) == ("review.taken", "Olu Ade")
    assert (told.address, kept.decision in told.text) == ("mo@town.example", True)


def test_a_decision_answers_the_question_so_that_it_is_not_asked_again(there: Desk, homes: Quarter) -> None:
    homes.complaints(6, "2026-07-06", subject="delay")
    client = there.as_("olu")
    form = client.get(f"{QUARTER}/decide/subject-delay").text
    question = form.split("<textarea")[1].split(">")[1].split("<")[0].strip()

    decided(client, f"{QUARTER}/decide/subject-delay", question=question, decision="More planners.",
            owner=str(homes.olu.id), **DUE)  # fmt: skip
    page = client.get(QUARTER).text

    assert "decide/subject-delay" not in page
    assert "More planners." in page


@pytest.mark.parametrize(("left_out", "said"), [
    ("question", "Enter what you decide about"),
    ("decision", "Enter your decision"),
    ("owner", "who sees to it"),
])  # fmt: skip
def test_a_decision_that_lacks_something_says_what(there: Desk, homes: Quarter, left_out: str, said: str) -> None:
    whole = {"question": "Delay", "decision": "More planners.", "owner": str(homes.olu.id), **DUE}

    page = decided(there.as_("olu"), f"{QUARTER}/decide/own", **(whole | {left_out: ""}))

    assert page.status_code == 422
    assert said.lower() in page.text.lower()


def test_a_date_that_has_gone_by_is_refused_and_nothing_typed_is_lost(there: Desk, homes: Quarter) -> None:
    past = {"due-day": "1", "due-month": "9", "due-year": "2026"}

    page = decided(there.as_("olu"), f"{QUARTER}/decide/own", question="Delay", decision="More planners.",
                   owner=str(homes.olu.id), **past)  # fmt: skip

    assert page.status_code == 422
    assert "Enter a date that is today or later" in page.text
    assert "More planners." in page.text


def test_only_a_leader_takes_a_decision(there: Desk) -> None:
    assert there.as_("mina").get(f"{QUARTER}/decide/own").status_code == 409


@pytest.mark.requirement("R016", "R371")
def test_a_decision_ends_with_what_became_of_it(there: Desk, homes: Quarter) -> None:
    client = there.as_("olu")
    decided(
        client, f"{QUARTER}/decide/own", question="Delay", decision="More planners.", owner=str(homes.olu.id), **DUE
    )
    later = {"due-day": "8", "due-month": "12", "due-year": "2026"}

    moved = decided(client, "/desk/reviews/1/move", because="They start a week later.", **later)
    done = decided(client, "/desk/reviews/1/finish", outcome="Delay fell by a third.")
    page = client.get("/desk/reviews/1").text

    assert (moved.status_code, done.status_code) == (303, 303)
    assert "They start a week later." in page
    assert "Delay fell by a third." in page
    assert "/desk/reviews/1/finish" not in page


def test_the_second_of_two_people_at_one_decision_is_told(there: Desk, homes: Quarter) -> None:
    client = there.as_("olu")
    decided(
        client, f"{QUARTER}/decide/own", question="Delay", decision="More planners.", owner=str(homes.olu.id), **DUE
    )
    seen = fields_of(client.get("/desk/reviews/1/finish").text)
    decided(client, "/desk/reviews/1/finish", outcome="Delay fell by a third.")

    page = client.post("/desk/reviews/1/finish", data={**seen, "outcome": "Nothing became of it."})

    assert page.status_code == 422
    assert "Someone else changed this decision" in page.text


def test_its_owner_may_say_what_became_of_a_decision_and_others_don_t_see_it(there: Desk, homes: Quarter) -> None:
    decided(there.as_("olu"), f"{QUARTER}/decide/own", question="Delay", decision="More planners.",
            owner=str(homes.olu.id), **DUE)  # fmt: skip
    there.hire("vic", "handler", "repairs", organisation="homes")
    with reading(there.engine) as session:
        vic = session.exec(select(Staff).where(Staff.email == "vic@town.example")).one()
        row = session.exec(select(Review)).one()
    unseen = there.as_("vic").get("/desk/reviews/1").status_code
    row.owner_id = vic.id or 0
    homes.keep(row)

    assert (unseen, there.as_("vic").get("/desk/reviews/1").status_code) == (404, 200)


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
