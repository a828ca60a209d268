"""What people are told before and after they complain: how, what then and by when, other ways, help, no reprisals."""

import pytest

from tests.web.town import Town
from tests.web.visitor import HOME, answer, send, visitor


@pytest.mark.requirement("R205", "R291", "R297")
def test_the_start_page_says_what_happens_and_by_when_for_each_service(the_town: Town) -> None:
    with visitor(the_town) as client:
        page = client.get(HOME).text

    assert "a person acknowledges your complaint within 3 working days" in page
    assert "we answer you in writing within 6 months" in page
    assert "a person acknowledges your complaint within 5 working days" in page
    assert "we answer you in writing within 10 working days of acknowledging it" in page


@pytest.mark.requirement("R291", "R330")
def test_the_start_page_offers_telephone_email_and_letter(the_town: Town) -> None:
    with visitor(the_town) as client:
        page = client.get(HOME).text

    assert all(way in page for way in ("01632 960 001", "complaints@example.org", "Town Hall"))


@pytest.mark.requirement("R208")
def test_the_start_page_says_that_complaining_will_not_harm_anyone(the_town: Town) -> None:
    with visitor(the_town) as client:
        assert "it will not harm your care, your home or the service you get" in client.get(HOME).text


@pytest.mark.requirement("R293")
def test_the_start_page_tells_of_help_and_advocacy(the_town: Town) -> None:
    with visitor(the_town) as client:
        assert "An independent advocate can help you to complain" in client.get(HOME).text


@pytest.mark.requirement("R207", "R298", "R300")
def test_after_sending_people_are_told_what_comes_next_and_what_if_they_stay_unhappy(the_town: Town) -> None:
    with visitor(the_town) as client:
        answer(client)
        page = client.get(send(client).headers["location"]).text

    assert "by <strong>Monday 9 March 2026</strong>" in page
    assert "We expect to answer you by <strong>" in page
    assert "If you are not happy with our answer, we will tell you what you can do next" in page
    assert "See how far we are, or add something" in page


def test_someone_who_must_not_be_emailed_is_told_that_no_email_comes(the_town: Town) -> None:
    both = {"email": "ann@example.com", "telephone": "01632 960 123", "postal_address": ""}
    with visitor(the_town) as client:
        answer(client, {"contact": both, "safe-contact": {"avoid": ["email"]}})
        page = client.get(send(client).headers["location"]).text

    assert "We will not email you" in page
    assert "We will write to the postal address you gave" not in page
    assert the_town.messages() == []


def test_someone_reached_by_post_is_told_so(the_town: Town) -> None:
    both = {"email": "ann@example.com", "telephone": "", "postal_address": "2 High Street"}
    with visitor(the_town) as client:
        answer(client, {"contact": both, "safe-contact": {"avoid": ["email"]}})
        page = client.get(send(client).headers["location"]).text

    assert "We will not email you. We will write to the postal address you gave." in page


def test_numbers_can_be_rung_and_the_first_page_has_its_name_once(the_town: Town) -> None:
    with visitor(the_town) as client:
        page = client.get(HOME).text

    assert 'href="tel:116123">116 123</a>' in page
    assert page.partition("</title>")[0].count("Make a complaint") == 1


def test_pages_before_and_after_say_whom_to_call_in_an_emergency_and_that_nobody_watches(the_town: Town) -> None:
    with visitor(the_town) as client:
        before = client.get(HOME).text
        answer(client, {"what": {"what": "I want to end my life"}})
        after = client.get(send(client).headers["location"]).text

    for page in (before, after):
        assert all(number in page for number in ("999", "111", "116 123", "Nobody watches these pages round the clock"))
    assert the_town.cases()[0].urgent_at == the_town.now
