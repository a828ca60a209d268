"""Search: by reference, by name, by words; nothing of it stands in an address."""

import pytest

from desk.finding import as_reference
from tests.desk.office import Desk


@pytest.fixture
def reference(the_desk: Desk) -> str:
    return the_desk.town.mail("The gate at Café Lumière is broken.", sender="jo.bloggs@citizen.example") or ""


@pytest.mark.parametrize("words", ["gate broken", "Bloggs", "jo bloggs", "cafe", "lumi", "jo.bloggs@citizen.example"])
def test_a_case_is_found_by_name_address_and_words(the_desk: Desk, reference: str, words: str) -> None:
    the_desk.town.mail("The lift.", sender="al@other.example", headers="Sender: al@other.example\r\n")

    page = the_desk.as_("hana").post("/desk/search", data={"words": words}).text

    assert reference in page


def test_a_reference_leads_straight_to_its_case(the_desk: Desk, reference: str) -> None:
    client = the_desk.as_("hana")

    answers = [client.post("/desk/search", data={"words": words}) for words in (reference, f" {reference.lower()} ")]

    assert [answer.headers["location"] for answer in answers] == [f"/desk/cases/{reference}"] * 2


def test_a_reference_as_it_is_read_out_leads_to_its_case_too(the_desk: Desk, reference: str) -> None:
    client = the_desk.as_("hana")
    bare = reference.replace("-", "")

    answers = [
        client.post("/desk/search", data={"words": said}) for said in (bare, bare[2:].lower(), f"{bare[:6]} {bare[6:]}")
    ]

    assert [answer.headers.get("location") for answer in answers] == [f"/desk/cases/{reference}"] * 3


def test_words_that_no_case_holds_find_nothing(the_desk: Desk, reference: str) -> None:
    page = the_desk.as_("hana").post("/desk/search", data={"words": "gate hippopotamus"}).text

    assert "Nothing found" in page
    assert reference not in page


@pytest.mark.parametrize("words", ['"', "*", "a OR b", "NEAR(", "'; DROP TABLE cases; --", "& | !", "%", "😀"])
def test_signs_of_the_search_language_are_only_words(the_desk: Desk, reference: str, words: str) -> None:
    assert the_desk.as_("hana").post("/desk/search", data={"words": words}).status_code == 200


def test_an_empty_search_is_asked_again(the_desk: Desk) -> None:
    answer = the_desk.as_("hana").post("/desk/search", data={"words": " "})

    assert answer.status_code == 422
    assert "Enter a reference, a name or other words" in answer.text


def test_the_form_sends_its_words_in_the_body_and_not_in_the_address(the_desk: Desk) -> None:
    page = the_desk.as_("hana").get("/desk/search", params={"words": "Bloggs"}).text

    assert '<form method="post" action="/desk/search"' in page
    assert "Bloggs" not in page


@pytest.mark.parametrize("words", ["RDBC2345", "rd-rdbc-2345", "RD RDBC 2345"])
def test_a_reference_whose_own_signs_begin_like_all_references_is_known_too(words: str) -> None:
    assert as_reference(words) == "RD-RDBC-2345"
