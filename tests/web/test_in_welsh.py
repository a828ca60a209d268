"""The public's pages in Welsh: chosen by a link, remembered, and kept on the case as the person's language."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.web.town import Town
from tests.web.visitor import HOME, answer, send, visitor


@pytest.fixture
def client(the_town: Town) -> Iterator[httpx2.Client]:
    """Someone who has chosen Welsh."""
    with visitor(the_town) as client:
        client.get(f"{HOME}?lang=cy")
        yield client


def test_each_page_offers_the_other_language_in_that_language(the_town: Town) -> None:
    with visitor(the_town) as client:
        for path in ("/", HOME, f"{HOME}/what", "/help/privacy", "/nothing-here"):
            page = client.get(path).text

            assert '<html lang="en"' in page
            assert 'href="?lang=cy" lang="cy" hreflang="cy" rel="alternate">Cymraeg</a>' in page


def test_a_language_is_chosen_by_a_link_and_remembered(the_town: Town) -> None:
    with visitor(the_town) as client:
        chosen = client.get("/help/privacy?body=example-council&lang=cy")
        page = client.get(chosen.headers["location"])

        assert (chosen.status_code, chosen.headers["location"]) == (303, "/help/privacy?body=example-council")
        assert "HttpOnly" in chosen.headers["set-cookie"]
        assert '<html lang="cy"' in page.text
        assert "Preifatrwydd" in page.text
        assert 'lang="en" hreflang="en" rel="alternate">English</a>' in page.text
        assert '<html lang="cy"' in client.get("/nothing-here").text


@pytest.mark.parametrize("asked", ["fr", "", "../cy", "%00"])
def test_a_language_that_we_do_not_have_changes_nothing(the_town: Town, asked: str) -> None:
    with visitor(the_town) as client:
        page = client.get(f"{HOME}?lang={asked}")

        assert page.status_code == 200
        assert "set-cookie" not in page.headers


@pytest.mark.parametrize("path", ["//evil.example/", "///evil.example", "/%5C%5Cevil.example"])
def test_choosing_a_language_never_leads_to_another_site(the_town: Town, path: str) -> None:
    with visitor(the_town) as client:
        where = client.get(f"{the_town.url}{path}?lang=cy").headers["location"]

        assert where.startswith("/")
        assert not where.startswith(("//", "/\\"))


def test_a_complaint_in_welsh_is_answered_in_welsh(client: httpx2.Client, the_town: Town) -> None:
    answer(client, {"what": {"what": "Nid yw'r lifft yn gweithio."}})
    sent = client.get(send(client).headers["location"]).text

    (case,), (receipt,) = the_town.cases(), the_town.messages()
    assert case.language == "cy"
    assert "Bydd person yn cydnabod eich cwyn erbyn <strong>dydd Llun 9 Mawrth 2026</strong>." in sent
    assert receipt.subject == f"Eich cyfeirnod {case.reference}"
    assert "Erbyn dydd Llun 9 Mawrth 2026 bydd person yn ysgrifennu atoch" in receipt.text
    assert '<html lang="cy">' in (receipt.html or "")
    assert "Pryd y digwyddodd:\nSince the middle" in the_town.contacts()[0].text


def test_questions_and_what_is_wrong_with_an_answer_are_told_in_welsh(client: httpx2.Client, the_town: Town) -> None:
    refused = client.post(f"{HOME}/what", data={"what": ""})

    assert refused.status_code == 422
    assert "<title>Gwall: Beth ddigwyddodd? – Gwneud cwyn – Example Council</title>" in refused.text
    assert "Nodwch beth ddigwyddodd" in refused.text
    assert '<span class="govuk-visually-hidden">Gwall:</span>' in refused.text


def test_a_failure_of_ours_is_told_in_welsh_with_what_was_typed(client: httpx2.Client, the_town: Town) -> None:
    client.get(f"{HOME}/what")
    the_town.break_database()
    failed = client.post(f"{HOME}/what", data={"what": "Dim gwres"})
    the_town.mend_database()

    assert failed.status_code == 503
    assert "ni allem gadw hynny" in failed.text
    assert "Dim gwres" in failed.text


def test_the_link_in_a_letter_opens_the_page_in_the_language_of_the_letter(the_town: Town) -> None:
    complain_in_welsh(the_town)

    with visitor(the_town) as client:
        page = client.get(the_town.progress_path()).text

    assert '<html lang="cy"' in page
    assert "Byddwn yn ysgrifennu atoch erbyn dydd Llun 9 Mawrth 2026" in page
    assert "Cam 1" in page


def test_reading_the_page_in_english_leaves_the_language_of_the_letters(the_town: Town) -> None:
    complain_in_welsh(the_town)

    with visitor(the_town) as client:
        client.get(f"{the_town.progress_path()}?lang=en")
        page = client.get(the_town.progress_path()).text

    assert '<html lang="en"' in page
    assert "We will write to you by Monday 9 March 2026" in page
    assert "We write to you in Welsh." in page
    assert the_town.cases()[0].language == "cy"


def test_the_language_of_the_letters_is_changed_on_the_page(the_town: Town) -> None:
    complain_in_welsh(the_town)

    with visitor(the_town) as client:
        form = client.get(f"{the_town.progress_path()}/language").text
        client.post(f"{the_town.progress_path()}/language", data={"language": "en"})
        client.post(f"{the_town.progress_path()}/language", data={"language": "fr"})

    assert "Ym mha iaith y dylem ysgrifennu atoch?" in form
    assert the_town.cases()[0].language == "en"
    assert the_town.events().count("contact.changed") == 1


def test_what_someone_asks_on_their_page_is_kept_in_their_language(the_town: Town) -> None:
    complain_in_welsh(the_town)

    with visitor(the_town) as client:
        client.post(f"{the_town.progress_path()}/withdraw", data={"still_dissatisfied": "no", "why": ""})

    assert the_town.contacts()[-1].text.startswith("Rwyf am dynnu fy nghwyn yn ôl.")
    assert the_town.messages()[-1].subject.endswith(": tynnwyd yn ôl")


def complain_in_welsh(town: Town) -> None:
    with visitor(town) as client:
        client.get(f"{HOME}?lang=cy")
        answer(client)
        send(client)
