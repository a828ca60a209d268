"""The digest as leaders get it: what stands first, in words that a phone and Outlook show, and never a name."""

import re
from base64 import b64encode
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine

from learning.leading import digest, reviews
from learning.leading.digest import Digest
from learning.leading.reviews import Decision
from mailroom.wire import as_bytes
from storage.database import writing
from storage.tables import Feed, FeedItem, Involvement, Message, Participant, Publication
from templates.writing import Written
from tests.browser import axe, browser, picture, sticks_out
from tests.learning.quarter import Quarter, quarter
from tests.town import at, town
from workflow.office import Actor

__all__ = ["browser"]
LINK = "https://redress.example"


@pytest.fixture
def homes(engine: Engine) -> Quarter:
    """The housing association on 14 October 2026."""
    return quarter(town(engine, "2026-10-14"))


def told(homes: Quarter, period: str = "2026Q2") -> Digest:
    with homes.asking(period) as ask:
        return digest.gather(ask)


def written(homes: Quarter, period: str = "2026Q2") -> Written:
    found = told(homes, period)
    return digest.write(found, LINK, digest.pictures(found))


def decide(homes: Quarter, **given: object) -> None:
    olu = homes.olu
    with writing(homes.town.engine) as session:
        act = homes.town.act(session, Actor(olu.name, olu.id, olu.role))
        facts = {
            "question": "Delay",
            "decision": "More planners.",
            "owner_id": olu.id,
            "due": date(2026, 11, 2),
            **given,
        }
        reviews.take(act, homes.scope(session), "2026Q2", Decision(**facts))  # type: ignore[arg-type]  # a decision's own fields


@pytest.mark.requirement("R226", "R309")
def test_what_changed_because_of_complaints_stands_first_with_its_proof(homes: Quarter) -> None:
    cases = tuple(homes.complaints(2, "2026-04-06"))
    homes.action("Repairs are booked in one call", "embedded", cases=cases, evidence="312 of 320 were.",
                 embedded_at=datetime(2026, 9, 1, tzinfo=UTC))  # fmt: skip

    text = written(homes).text

    assert text.index("WHAT CHANGED") < text.index("WHAT NEEDS YOUR DECISION") < text.index("WHAT IS LATE")
    assert "Repairs are booked in one call\n  Proof: 312 of 320 were." in text
    assert "(2 complaints)" in text


def test_an_action_done_before_the_quarter_is_not_told_again(homes: Quarter) -> None:
    homes.action("Old", "embedded", embedded_at=datetime(2026, 6, 1, tzinfo=UTC))

    assert told(homes).first.changed == []


@pytest.mark.parametrize(("state", "columns", "key"), [
    ("failed", {}, "action-1"),
    ("in_progress", {"next_due": datetime(2026, 9, 1, tzinfo=UTC)}, "action-1"),
])  # fmt: skip
def test_what_failed_and_what_is_a_month_late_needs_a_decision(
    homes: Quarter, state: str, columns: dict[str, Any], key: str
) -> None:
    homes.action("Train everyone", state, **columns)

    assert key in [one.key for one in told(homes).first.questions]


@pytest.mark.requirement("R050", "R303")
def test_the_subjects_that_rose_most_are_asked_about_with_the_complaints_behind_them(homes: Quarter) -> None:
    homes.complaints(2, "2026-05-04", subject="delay")
    homes.complaints(6, "2026-08-03", subject="delay")
    homes.complaints(4, "2026-08-03", subject="conduct")

    found = told(homes)

    assert found.risen == [("delay", 6, 2, 0)]
    assert found.first.questions[0].path == "/desk/leader/2026Q2/cases/received/subject/delay"


@pytest.mark.requirement("R016")
def test_a_decision_comes_back_in_the_next_digest_until_it_is_done_and_once_with_its_outcome(homes: Quarter) -> None:
    decide(homes)
    homes.town.now = at("2027-01-20")
    open_one = written(homes, "2026Q3").text
    with writing(homes.town.engine) as session:
        row = reviews.locked(session, 1, None)
        assert row is not None
        reviews.finish(homes.town.act(session), row, "Delay fell by a third.")
    homes.town.now = at("2027-04-20")
    told_once, no_more = written(homes, "2026Q4").text, written(homes, "2027Q1").text

    assert "Due 2 November 2026, LATE." in open_one
    assert "Done: Delay fell by a third." in told_once
    assert "No decision is open." in no_more


def test_an_empty_quarter_says_so(homes: Quarter) -> None:
    homes.complaint("2026-04-06")

    assert "No complaint was received or closed in this period." in written(homes).text
    assert "No complaint was received or closed in this period." in written(homes).html


def test_an_action_not_begun_makes_no_empty_first_screen_of_a_busy_quarter(homes: Quarter) -> None:
    homes.complaint("2026-07-06")

    assert "No complaint was received" not in written(homes).text


def test_a_story_is_told_only_while_its_consent_stands(homes: Quarter) -> None:
    case = homes.complaint("2026-04-06")
    homes.action("Book in one call", "embedded", cases=(case,))
    person = Participant(case_id=case.id or 0, name="Jo Bloggs")
    homes.keep(person)
    consent = Involvement(participant_id=person.id or 0, lesson_id=1, way="story", consent_at=at("2026-07-06"))
    texts = {"en": {"title": "One call", "you_said": "I called six times.", "we_did": "One call is enough."}}
    published = Publication(lesson_id=1, organisation_id=homes.homes, slug="one-call", written_by_id=homes.olu.id or 0,
                            texts=texts, written_at=at("2026-07-06"), published_at=at("2026-08-03"),
                            story_of_id=case.id)  # fmt: skip
    homes.keep(consent, published)
    with_consent = written(homes).text
    consent.withdrawn_at = at("2026-09-01")
    homes.keep(consent)

    assert "They said: I called six times." in with_consent
    assert "I called six times." not in written(homes).text


def test_what_others_learnt_on_our_subjects_stands_beside_ours(homes: Quarter) -> None:
    homes.complaint("2026-07-06", subject="delay")
    feed = Feed(url="https://next.example/feed", name="Next Door Homes", added_at=at("2026-01-05"))
    homes.keep(feed)
    for subject, title in (("delay", "Repairs planned by street"), ("charges", "Bills explained")):
        homes.keep(FeedItem(feed_id=feed.id or 0, guid=title, title=title, subject=subject, at=at("2026-08-03"),
                            url=f"https://next.example/{subject}"))  # fmt: skip

    text = written(homes).text

    assert "- Repairs planned by street (Next Door Homes, 3 August 2026; Delay, or nothing done)" in text
    assert "Bills explained" not in text


def test_nobody_is_named_in_a_digest(homes: Quarter) -> None:
    case = homes.complaint("2026-07-06", summary="Jo Bloggs of 4 Mill Lane writes")
    homes.keep(Participant(case_id=case.id or 0, name="Jo Bloggs", email="jo@citizen.example"))

    mail = written(homes)

    assert not re.search(r"Bloggs|Mill Lane|citizen\.example|RD-", mail.text + mail.html + mail.subject)


def test_the_mail_carries_its_pictures_inside_each_with_words_in_its_place(homes: Quarter) -> None:
    homes.complaints(6, "2026-08-03", subject="delay")
    found = told(homes)
    drawn = digest.pictures(found)
    mail = digest.write(found, LINK, drawn)
    kept = {"pictures": [{"name": one.name, "png": b64encode(one.png).decode()} for one in drawn]}
    raw = as_bytes(Message(key="k", number=7, kind="digest", address="olu@town.example", subject=mail.subject,
                           text=mail.text, html=mail.html, extra=kept, sender="no-reply@town.example",
                           message_id="<7@town.example>", created_at=homes.town.now,
                           send_after=homes.town.now))  # fmt: skip

    read = message_from_bytes(raw, policy=default)
    images = [part for part in read.walk() if part.get_content_maintype() == "image"]
    shown = {part["Content-ID"].strip("<>"): part.get_content() for part in images}
    html = read.get_body(("html",))
    assert html is not None
    asked_for = set(re.findall(r'src="cid:([^"]+)"', html.get_content()))
    assert asked_for == set(shown) == {"received@redress", "subjects@redress"}
    assert all(png.startswith(b"\x89PNG") for png in shown.values())
    assert (
        'alt="Complaints by subject, in this period and the one before. Delay, or nothing done: 6 now, 0 before."'
        in mail.html
    )
    assert "Jul to Sep 2026: 6" in mail.html  # as people say it, not 2026Q2
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    body = read.get_body(("plain",))
    assert body is not None
    assert "WHAT CHANGED BECAUSE OF COMPLAINTS" in body.get_content()


def test_it_is_made_for_outlook_tables_and_styles_on_each_element_and_nothing_fetched(homes: Quarter) -> None:
    homes.complaints(6, "2026-08-03", subject="delay")

    html = written(homes).html

    assert not re.search(r"<style|<link|<script|@import|@font-face|float:|display:\s*(flex|grid)|position:", html)
    assert not re.search(r'src="(?!cid:)', html)


@pytest.mark.parametrize(("width", "name"), [(360, "phone"), (1000, "desktop")])
def test_a_browser_shows_it_at_every_width_and_axe_finds_nothing(
    homes: Quarter, browser: Browser, tmp_path: Path, width: int, name: str
) -> None:
    for subject in ("delay", "communication", "property"):
        homes.complaints(6, "2026-08-03", subject=subject, severity=4, due="2026-08-10")
    homes.complaint("2026-08-03", closed="2026-08-20", heads=(("upheld", "payment", 25_000),))
    homes.action("Train everyone who answers the telephone", "failed")
    found = told(homes)
    drawn = digest.pictures(found)
    html = digest.write(found, LINK, drawn).html
    for one in drawn:
        (tmp_path / f"{one.name}.png").write_bytes(one.png)
        html = html.replace(f"cid:{one.name}@redress", f"{one.name}.png")
    (tmp_path / "digest.html").write_text(html, encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 800})

    page.goto(f"file://{tmp_path}/digest.html")
    picture(page, f"digest-{name}")

    assert sticks_out(page) == 0
    assert [one for one in axe(page) if not one.startswith(("region:", "landmark-one-main:"))] == []  # mails have none
    page.close()
