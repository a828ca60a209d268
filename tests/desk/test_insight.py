"""Other insight and published learning at the desk: entered, seen by whom it may be, written, checked and published."""

from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, Page
from sqlmodel import Session, select

from learning.public import feeds
from learning.public.feed_text import Item
from learning.public.fetching import Fetched
from storage.database import writing
from storage.tables import Insight, Involvement, Publication
from tests.browser import DESKTOP, PHONE
from tests.desk.office import Desk, fields_of
from tests.desk.test_in_a_browser import check, sit_down
from tests.learning.lessons import TEXTS, a_lesson, out

TOLD = {
    "kind": "claim", "date-day": "1", "date-month": "12", "date-year": "2025", "where": "service:repairs",
    "subject": "property", "text": "A fall on ice.", "how_many": "1", "pounds": "1,250.50", "source": "Insurer",
}  # fmt: skip
PRESS = {"organisation": "homes", "kind": "press", "name": "Town News", "email": "news@press.example", "language": "en"}


def kept(the_desk: Desk) -> list[Insight]:
    with Session(the_desk.engine) as session:
        return list(session.exec(select(Insight)))


def step(client: httpx2.Client, lesson: int, name: str, **fields: str) -> httpx2.Response:
    address = f"/desk/lessons/{lesson}/public/do/{name}"
    return client.post(address, data={**fields_of(client.get(address).text), **fields})


@pytest.mark.requirement("R068", "R074")
def test_a_claim_is_entered_and_stands_beside_complaints(the_desk: Desk) -> None:
    client = the_desk.as_("mina")
    the_desk.town.mail("The lift is broken.")

    answer = client.post("/desk/insight/new", data=TOLD)
    page = client.get("/desk/insight").text

    assert answer.status_code == 303
    assert (kept(the_desk)[0].pence, kept(the_desk)[0].entered_by_id) == (125_050, the_desk.staff("mina"))
    for words in ("A fall on ice.", "£1,250.50", "Complaints received", "From: Insurer.", "Homes, buildings"):
        assert words in page


def test_what_is_wrong_with_a_form_is_told_and_nothing_is_kept(the_desk: Desk) -> None:
    answer = the_desk.as_("mina").post("/desk/insight/new", data={**TOLD, "pounds": "lots"})

    assert answer.status_code == 422
    assert "Write the amount in pounds" in answer.text
    assert "A fall on ice." in answer.text
    assert kept(the_desk) == []


@pytest.mark.requirement("R072", "R073")
@pytest.mark.parametrize("kind", ["grievance", "whistleblowing"])
def test_grievances_and_whistleblowing_are_entered_and_seen_by_leaders_alone(the_desk: Desk, kind: str) -> None:
    leader, manager = the_desk.as_("lena"), the_desk.as_("mina")
    told = {**TOLD, "kind": kind, "pounds": "", "text": "They hide the log.", "where": "service:care"}

    refused = manager.post("/desk/insight/new", data=told)
    entered = leader.post("/desk/insight/new", data=told)

    assert (refused.status_code, entered.status_code) == (422, 303)
    assert "They hide the log." in leader.get(f"/desk/insight?kind={kind}").text
    for name in ("mina", "hana", "ada"):
        assert "They hide the log." not in the_desk.as_(name).get(f"/desk/insight?kind={kind}").text


def test_nobody_enters_insight_about_a_service_that_is_not_theirs(the_desk: Desk) -> None:
    the_desk.hire("olga", "handler", "care")

    assert the_desk.as_("olga").post("/desk/insight/new", data=TOLD).status_code == 422


@pytest.mark.requirement("R117")
def test_a_lesson_is_written_checked_by_another_and_published(the_desk: Desk) -> None:
    lesson = a_lesson(the_desk.town)
    mina, lena = the_desk.as_("mina"), the_desk.as_("lena")
    answers = [
        step(mina, lesson, "write", **TEXTS).status_code,
        step(mina, lesson, "check").status_code,  # her own
        step(lena, lesson, "check").status_code,
        step(mina, lesson, "publish").status_code,
    ]

    assert answers == [303, 422, 303, 303]
    assert "See it as the public does" in mina.get(f"/desk/lessons/{lesson}/public").text


def test_whoever_publishes_a_story_says_that_its_person_has_seen_the_words(the_desk: Desk) -> None:
    reference = the_desk.town.mail("The lift is broken.")
    lesson = a_lesson(the_desk.town, reference)
    person = the_desk.town.person(reference)
    the_desk.town.change(Involvement(participant_id=person.id or 0, lesson_id=lesson, way="story",
                                     consent_at=the_desk.town.now))  # fmt: skip
    mina, lena = the_desk.as_("mina"), the_desk.as_("lena")
    step(mina, lesson, "write", **TEXTS, story_of=str(person.case_id))
    step(lena, lesson, "check")

    answers = [step(mina, lesson, "publish", shown=said) for said in ("", "no", "yes")]

    assert [one.status_code for one in answers] == [422, 422, 303]
    assert "Show them these words first" in answers[1].text
    assert f"It tells the story of {reference}" in mina.get(f"/desk/lessons/{lesson}/public").text


def test_a_name_in_it_is_told_at_its_field(the_desk: Desk) -> None:
    lesson = a_lesson(the_desk.town, the_desk.town.mail("The lift is broken."))

    answer = step(the_desk.as_("mina"), lesson, "write", **{**TEXTS, "you_said_en": "Jo Bloggs waited."})

    assert answer.status_code == 422
    assert "It names “Jo Bloggs”" in answer.text
    assert 'href="#you_said_en"' in answer.text


def test_the_second_of_two_people_is_told_and_loses_nothing(the_desk: Desk) -> None:
    lesson = a_lesson(the_desk.town)
    mina, ravi = the_desk.as_("mina"), the_desk.as_("ravi")
    address = f"/desk/lessons/{lesson}/public/do/write"
    shown = fields_of(ravi.get(address).text)
    step(mina, lesson, "write", **TEXTS)

    answer = ravi.post(address, data={**shown, **TEXTS, "title_en": "My own words"})

    assert answer.status_code == 409
    assert "My own words" in answer.text
    with Session(the_desk.engine) as session:
        assert session.exec(select(Publication)).one().texts["en"]["title"] == TEXTS["title_en"]


def test_the_text_of_a_lesson_out_of_sight_is_not_there(the_desk: Desk) -> None:
    lesson = out(the_desk.town)
    the_desk.hire("olga", "manager", "care")
    olga = the_desk.as_("olga")

    assert olga.get(f"/desk/lessons/{lesson}/public").status_code == 404
    assert olga.get(f"/desk/lessons/{lesson}/public/do/withdraw").status_code == 404
    assert TEXTS["title_en"] not in olga.get("/desk/published").text


@pytest.mark.requirement("R122")
def test_stakeholders_are_kept_as_a_list_and_it_shows_who_was_told(the_desk: Desk) -> None:
    mina = the_desk.as_("mina")

    added = mina.post("/desk/stakeholders/new", data=PRESS)
    lesson = out(the_desk.town)

    assert added.headers["location"] == "/desk/stakeholders"
    assert "news@press.example" in mina.get("/desk/stakeholders").text
    assert "news@press.example: on its way" in mina.get(f"/desk/lessons/{lesson}/public").text


def test_handlers_add_neither_stakeholders_nor_feeds(the_desk: Desk) -> None:
    hana = the_desk.as_("hana")
    feed = {"name": "Ombudsman", "url": "https://o.example/atom"}

    assert hana.post("/desk/stakeholders/new", data=PRESS).status_code == 403
    assert hana.post("/desk/feeds/new", data=feed).status_code == 403
    assert hana.post("/desk/feeds/1/stop").status_code == 403


def test_a_feed_is_followed_and_stopped(the_desk: Desk) -> None:
    mina = the_desk.as_("mina")

    mina.post("/desk/feeds/new", data={"name": "Ombudsman & Co", "url": "https://o.example/atom"})
    followed = mina.get("/desk/feeds").text
    mina.post("/desk/feeds/1/stop")

    assert "Ombudsman &amp; Co" in followed
    assert "Stopped" in mina.get("/desk/feeds").text


@pytest.mark.requirement("R339")
def test_what_others_published_can_be_read_at_the_desk(the_desk: Desk) -> None:
    mina = the_desk.as_("mina")
    mina.post("/desk/feeds/new", data={"name": "Ombudsman", "url": "https://o.example/atom"})
    item = Item("1", "Damp & mould", "Nobody looked.", "https://o.example/1", the_desk.town.now)
    with writing(the_desk.engine) as session:
        feeds.keep(the_desk.town.act(session), 1, Fetched(b""), [item])

    page = mina.get("/desk/feeds").text

    assert 'href="https://o.example/1">Damp &amp; mould</a>' in page
    assert "Homes, buildings and equipment" in page


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser, the_desk: Desk) -> Iterator[Page]:
    context = browser.new_context(viewport=request.param, base_url=the_desk.url)
    yield context.new_page()
    context.close()


def test_each_of_these_pages_keeps_the_rules_of_accessibility(the_desk: Desk, page: Page) -> None:
    size = "phone" if page.viewport_size == PHONE else "desktop"
    client = the_desk.as_("lena")
    for told in (TOLD, {**TOLD, "kind": "compliment", "pounds": "", "how_many": "14", "text": "Cards of thanks"}):
        client.post("/desk/insight/new", data=told)
    client.post("/desk/stakeholders/new", data=PRESS)
    client.post("/desk/feeds/new", data={"name": "Ombudsman", "url": "https://o.example/atom"})
    lesson = out(the_desk.town, title_cy="Gwaith trwsio", you_said_cy="Bu’n rhaid aros.", we_did_cy="Ni all neb.")
    new = a_lesson(the_desk.town)
    public = f"/desk/lessons/{lesson}/public"
    pages = {
        "insight": "/desk/insight?done=yes", "insight-new": "/desk/insight/new", "published": "/desk/published",
        "publication": public, "publication-none": f"/desk/lessons/{new}/public", "withdraw": f"{public}/do/withdraw",
        "publication-write": f"/desk/lessons/{new}/public/do/write", "stakeholders": "/desk/stakeholders",
        "stakeholder-new": "/desk/stakeholders/new", "feeds": "/desk/feeds", "feed-new": "/desk/feeds/new",
    }  # fmt: skip

    sit_down(the_desk, page, "lena")
    wrong = []
    for name, address in pages.items():
        page.goto(address)
        wrong += check(page, f"{size}-{name}")
    page.goto("/desk/insight/new")
    page.click("main button")
    wrong += check(page, f"{size}-insight-errors")

    assert wrong == []


def test_who_entered_added_or_followed_what_and_when_is_its_history(the_desk: Desk) -> None:
    mina = the_desk.as_("mina")
    mina.post("/desk/insight/new", data=TOLD)
    mina.post("/desk/stakeholders/new", data=PRESS)
    mina.post("/desk/feeds/new", data={"name": "Next Door", "url": "https://next.example/feed"})
    mina.post("/desk/feeds/1/stop")

    insight, stakeholders, feeds_ = (mina.get(f"/desk/{page}").text for page in ("insight", "stakeholders", "feeds"))

    for page, words in ((insight, "Entered"), (stakeholders, "Put on the list"), (feeds_, "Followed, as Next Door")):
        assert "History<span" in page
        assert f"<li>{words}<br>" in page
        assert "18 December 2025, 9:00am, Mina" in page
    assert feeds_.index("Followed no more") < feeds_.index("Followed, as Next Door")


def test_thanks_filed_from_a_case_say_so_in_their_history(the_desk: Desk) -> None:
    reference = the_desk.town.mail("Thank you for the quick repair.")
    the_desk.town.do(reference, "refile", by="mina@town.example", kind="compliment", because="It is thanks")

    page = the_desk.as_("mina").get("/desk/insight").text

    assert f"Case {reference} was filed as thanks or praise" in page
