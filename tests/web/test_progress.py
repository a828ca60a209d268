"""Following a complaint by its secret link, and all that can be done there."""

from collections.abc import Iterator

import httpx2
import pytest

from templates.places import Link
from templates.writing import write
from tests.web.town import Town
from tests.web.visitor import answer, hidden, send, visitor
from web.progress import letter
from workflow.checklist import Item


@pytest.fixture
def client(the_town: Town) -> Iterator[httpx2.Client]:
    """Someone who has complained."""
    with visitor(the_town) as client:
        answer(client)
        send(client)
        yield client


def test_the_page_says_where_the_complaint_is_and_what_comes_next(client: httpx2.Client, the_town: Town) -> None:
    page = client.get(the_town.progress_path())

    assert the_town.cases()[0].reference in page.text
    assert "Monday 9 March 2026" in page.text
    assert "The lift has not worked for three weeks." in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"


def test_what_is_added_with_its_file_joins_the_case_once(client: httpx2.Client, the_town: Town) -> None:
    path = f"{the_town.progress_path()}/add"
    fields = {**hidden(client.get(path)), "text": "It is still broken"}
    files = {"files": ("photo.jpg", b"a picture", "image/jpeg")}

    answers = [client.post(path, data=fields, files=files) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    page = client.get(the_town.progress_path()).text
    assert page.count("It is still broken") == 1
    assert "photo.jpg" in page
    assert len(the_town.cases()) == 1


def test_adding_nothing_is_refused_in_words(client: httpx2.Client, the_town: Town) -> None:
    refused = client.post(f"{the_town.progress_path()}/add", data={"text": "  "})

    assert refused.status_code == 422
    assert "Enter what you want to add, or choose a file" in refused.text


def test_someone_who_withdraws_is_asked_whether_they_are_still_unhappy(client: httpx2.Client, the_town: Town) -> None:
    path = f"{the_town.progress_path()}/withdraw"

    refused = client.post(path, data={"why": "My landlord asked me to"})
    withdrawn = client.post(path, data={"why": "My landlord asked me to", "still_dissatisfied": "yes"})

    assert refused.status_code == 422
    assert "My landlord asked me to" in refused.text
    assert withdrawn.status_code == 200
    assert the_town.contacts()[-1].reading["answers"]["still_dissatisfied"] is True
    assert the_town.cases()[0].outcome == "withdrawn"


def test_a_double_click_on_withdraw_shows_twice_that_it_is_done(client: httpx2.Client, the_town: Town) -> None:
    path = f"{the_town.progress_path()}/withdraw"
    fields = {**hidden(client.get(path)), "why": "It is mended", "still_dissatisfied": "no"}

    pages = [client.post(path, data=fields) for _ in range(2)]

    assert [page.status_code for page in pages] == [200, 200]
    assert pages[0].text == pages[1].text
    assert the_town.events().count("complaint.withdrawn") == 1


def test_a_double_click_on_the_next_stage_asks_once(client: httpx2.Client, the_town: Town) -> None:
    the_town.answer_stage_one()
    path = f"{the_town.progress_path()}/next-stage"
    fields = {**hidden(client.get(path)), "why": "It broke again"}

    pages = [client.post(path, data=fields) for _ in range(2)]

    assert ["You have asked for the next stage" in page.text for page in pages] == [True, True]
    assert [contact.text for contact in the_town.contacts()].count(the_town.contacts()[-1].text) == 1


def test_words_typed_before_the_link_was_stopped_are_shown_and_not_lost(client: httpx2.Client, the_town: Town) -> None:
    path = the_town.progress_path()
    client.post(f"{path}/stop")

    late = client.post(f"{path}/add", data={"text": "And the door <too>"})

    assert late.status_code == 404
    assert "And the door &lt;too&gt;" in late.text
    assert "RD-" not in late.text


def test_the_next_stage_can_not_be_asked_for_before_there_is_an_answer(client: httpx2.Client, the_town: Town) -> None:
    assert client.get(f"{the_town.progress_path()}/next-stage").status_code == 404


def test_after_an_answer_the_next_stage_is_asked_for_without_having_to_say_why(
    client: httpx2.Client, the_town: Town
) -> None:
    the_town.answer_stage_one()

    page = client.get(the_town.progress_path())
    asked = client.post(f"{the_town.progress_path()}/next-stage", data={"why": ""})

    assert "Ask for the next stage: Stage 2" in page.text
    assert "You have asked for the next stage" in asked.text
    assert the_town.contacts()[-1].standing == "filed"


def test_a_letter_is_shown_with_its_headings_and_without_its_foot() -> None:
    items = [Item("reasons", "Why", "The lift was old.\n\nThe part was late.")]
    facts = {
        "name": "Ann",
        "reference": "RD-1",
        "items": items,
        "link": Link("http://here"),
        "by_post": False,
        "by_chat": False,
    }
    written = write("response", {**facts, "telephone": "", "signature": "Hana", "organisation": "Town Homes"})

    shown = letter(written.text)

    assert [block.text for block in shown][-3:] == ["Why", "The lift was old.", "The part was late."]
    assert [block.text for block in shown if block.is_heading] == ["Why"]


def test_all_but_the_newest_message_are_folded(client: httpx2.Client, the_town: Town) -> None:
    client.post(f"{the_town.progress_path()}/add", data={"text": "It is still broken"})

    newest, _, older = client.get(the_town.progress_path()).text.partition("<details")

    assert "It is still broken" in newest
    assert "The lift has not worked for three weeks." in older


def test_every_form_leads_back_to_the_complaint(client: httpx2.Client, the_town: Town) -> None:
    path = the_town.progress_path()

    for act in ("add", "withdraw", "stop"):
        assert f'<a href="{path}" class="govuk-back-link">' in client.get(f"{path}/{act}").text


def test_a_stopped_link_looks_exactly_like_a_wrong_one(client: httpx2.Client, the_town: Town) -> None:
    path = the_town.progress_path()

    client.post(f"{path}/stop")
    stopped, wrong = client.get(path), client.get("/progress/" + "a" * 26)

    assert stopped.status_code == wrong.status_code == 404
    assert stopped.text == wrong.text
    assert dict(stopped.headers) | {"date": ""} == dict(wrong.headers) | {"date": ""}


def test_a_failing_database_loses_nothing_that_is_added(client: httpx2.Client, the_town: Town) -> None:
    path = f"{the_town.progress_path()}/add"
    the_town.break_database()

    failed = client.post(path, data={"text": "It is still broken"})
    the_town.mend_database()

    assert failed.status_code == 503
    assert "It is still broken" in failed.text


def test_guessing_links_is_slowed_down(the_town: Town) -> None:
    with visitor(the_town) as client:
        answers = [client.get(f"/progress/{number:026}").status_code for number in range(70)]

    assert answers[:60] == [404] * 60
    assert answers[60:] == [429] * 10


def test_a_link_opens_only_its_own_case(client: httpx2.Client, the_town: Town) -> None:
    first = the_town.progress_path()
    answer(client, {"what": {"what": "The heating is off"}})
    send(client)

    page = client.get(first).text

    assert "The lift" in page
    assert "The heating is off" not in page
