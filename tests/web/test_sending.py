"""Sending once, however often the button is pressed; and losing nothing when we fail."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.web.town import Town
from tests.web.visitor import HOME, answer, hidden, reference, send, visitor


def test_a_double_click_makes_one_complaint_and_both_see_its_reference(the_town: Town) -> None:
    with visitor(the_town) as client, ThreadPoolExecutor(2) as both:
        answer(client)
        fields = hidden(client.get(f"{HOME}/check"))

        sent = list(both.map(lambda _: client.post(f"{HOME}/send", data=fields), range(2)))

        (case,) = the_town.cases()
        assert [reference(client, each) for each in sent] == [case.reference, case.reference]


def test_sending_again_from_a_second_tab_shows_the_first_reference(the_town: Town) -> None:
    with visitor(the_town) as client:
        answer(client)
        second_tab = hidden(client.get(f"{HOME}/check"))
        first = reference(client, send(client))

        again = client.post(f"{HOME}/send", data=second_tab)

        assert reference(client, again) == first
        assert len(the_town.cases()) == 1


def test_an_answer_typed_in_a_tab_left_open_is_shown_and_not_lost_silently(the_town: Town) -> None:
    with visitor(the_town) as client:
        answer(client)
        left_open = hidden(client.get(f"{HOME}/what"))
        send(client)

        late = client.post(f"{HOME}/what", data={**left_open, "what": "And the door too"})

        assert late.status_code == 409
        assert "You have already sent this complaint" in late.text
        assert "And the door too" in late.text


def test_a_second_complaint_may_follow_the_first_in_the_same_browser(the_town: Town) -> None:
    with visitor(the_town) as client:
        answer(client)
        first = reference(client, send(client))

        answer(client)
        second = reference(client, send(client))

        assert {first, second} == {case.reference for case in the_town.cases()}
        assert first != second


def test_what_was_sent_is_forgotten_by_the_draft(the_town: Town) -> None:
    with visitor(the_town) as client:
        answer(client)

        send(client)

        assert "lift" not in str(the_town.drafts())


def test_a_question_not_answered_is_asked_before_sending(the_town: Town) -> None:
    with visitor(the_town) as client:
        client.post(f"{HOME}/what", data={"what": "No heat"})

        sent = client.post(f"{HOME}/send")

        assert sent.headers["location"] == f"{HOME}/service"
        assert the_town.contacts() == []


def test_a_database_failure_gives_back_every_word_typed_and_trying_again_works(the_town: Town) -> None:
    with visitor(the_town) as client:
        client.get(f"{HOME}/what")
        the_town.break_database()
        failed = client.post(f"{HOME}/what", data={"what": "There is <no> heat"})
        the_town.mend_database()

        again = client.post(f"{HOME}/what", data={"what": "There is <no> heat"})

        assert failed.status_code == 503
        assert "There is &lt;no&gt; heat" in failed.text
        assert "01632 960 001" in failed.text
        assert hidden(failed)["what"] == ["There is <no> heat"]
        assert again.status_code == 303


def test_a_database_failure_at_sending_keeps_all_answers_and_the_second_try_sends_them_once(the_town: Town) -> None:
    with visitor(the_town) as client:
        answer(client)
        fields = hidden(client.get(f"{HOME}/check"))
        the_town.break_database()
        failed = client.post(f"{HOME}/send", data=fields)
        the_town.mend_database()

        sent = client.post(f"{HOME}/send", data=hidden(failed))

        assert failed.status_code == 503
        assert "The lift has not worked for three weeks." in failed.text
        assert reference(client, sent) == the_town.cases()[0].reference
        assert len(the_town.cases()) == 1


def test_a_draft_that_we_lost_is_made_again_from_the_page(the_town: Town) -> None:
    with visitor(the_town) as client:
        answer(client, {"safe-contact": {"avoid": ["telephone"], "safe_note": "After six"}})
        fields = hidden(client.get(f"{HOME}/check"))
        the_town.lose_drafts()

        sent = client.post(f"{HOME}/send", data=fields)

        (contact,) = the_town.contacts()
        assert reference(client, sent) == the_town.cases()[0].reference
        assert contact.reading["answers"]["what"] == "The lift has not worked for three weeks."
        assert contact.reading["answers"]["avoid"] == ["telephone"]


def test_a_complaint_that_can_not_be_filed_yet_is_kept_and_the_person_told_so(the_town: Town) -> None:
    with visitor(the_town) as client:
        answer(client)
        the_town.is_filing = False

        page = client.get(send(client).headers["location"])

        (contact,) = the_town.contacts()
        assert "We have it safely" in page.text
        assert (contact.standing, contact.processed_at) == ("waiting", None)


def test_the_reference_page_is_gone_after_two_hours(the_town: Town) -> None:
    with visitor(the_town) as client:
        answer(client)
        sent = send(client).headers["location"]

        the_town.later(hours=2, minutes=1)

        assert client.get(sent).status_code == 404


def test_a_draft_is_forgotten_a_day_after_the_last_answer(the_town: Town) -> None:
    with visitor(the_town) as client:
        client.post(f"{HOME}/what", data={"what": "No heat"})

        the_town.later(hours=24)

        assert "No heat" not in client.get(f"{HOME}/what").text


def test_everything_written_can_be_deleted(the_town: Town) -> None:
    with visitor(the_town) as client:
        answer(client)

        client.post(f"{HOME}/discard")

        assert the_town.drafts() == []


@pytest.mark.parametrize("changed", ["email", "telephone", "post"])
def test_a_way_called_unsafe_reaches_the_case(the_town: Town, changed: str) -> None:
    everything = {"email": "ann@example.com", "telephone": "01632 960 123", "postal_address": "1 High Street"}
    other = next(way for way in ("email", "telephone", "post") if way != changed)
    with visitor(the_town) as client:
        answer(client, {"contact": everything, "safe-contact": {"avoid": [changed]}, "prefers": {"prefers": other}})

        send(client)

        assert the_town.people()[0].avoid == [changed]
        assert the_town.people()[0].prefers == other


def test_no_email_is_promised_for_a_second_complaint_whose_receipt_is_not_sent(the_town: Town) -> None:
    with visitor(the_town) as client:
        answer(client)
        first = client.get(send(client).headers["location"]).text

        answer(client)
        second = client.get(send(client).headers["location"]).text

        assert [message.kind for message in the_town.messages()] == ["receipt"]
        assert "We have sent an email with your reference" in first
        assert "We have sent an email with your reference" not in second
        assert "Please write your reference down" in second


def test_someone_who_left_only_a_telephone_number_hears_that_we_will_call(the_town: Town) -> None:
    with visitor(the_town) as client:
        answer(client, {"contact": {"email": "", "telephone": "01632 960 123", "postal_address": ""}})

        page = client.get(send(client).headers["location"]).text

        assert "We will call you on the telephone number you gave" in page


def test_words_changed_in_another_tab_are_shown_before_they_are_sent(the_town: Town) -> None:
    with visitor(the_town) as client:
        answer(client, {"what": {"what": "The lift.\nEvery day."}})
        first_tab = hidden(client.get(f"{HOME}/check"))
        client.post(f"{HOME}/what", data={"what": "The gate."})

        refused = client.post(f"{HOME}/send", data=first_tab)
        looked = client.get(refused.headers["location"])
        sent = client.post(f"{HOME}/send", data=hidden(looked))

        assert "Your answers were changed" in looked.text
        assert "The gate." in looked.text
        assert sent.headers["location"].startswith(f"{HOME}/sent/")
        (contact,) = the_town.contacts()
        assert contact.reading["answers"]["what"] == "The gate."


def test_line_ends_as_browsers_post_them_are_no_change(the_town: Town) -> None:
    with visitor(the_town) as client:
        answer(client, {"what": {"what": "The lift.\nEvery day."}})
        fields = hidden(client.get(f"{HOME}/check"))

        sent = client.post(f"{HOME}/send", data={**fields, "what": ["The lift.\r\nEvery day."]})

        assert sent.status_code == 303
