"""A wrong entry of an ombudsman's work is taken back: its events stay, with who and why, and the figures follow."""

import pytest
from sqlmodel import col, select

from learning.ombudsmen.ombudsman_corrections import entries
from learning.verb import Refused
from storage.database import reading
from storage.tables import Reminder
from tests.learning.test_ombudsman import asked, case, here, matters, recommended, record, standing, told
from tests.town import Town, at

__all__ = ["case", "here", "recommended"]


def correct(here: Town, reference: str, entry: str, because: str = "It was another complaint.") -> None:
    record(here, reference, "correct", entry=entry, because=because)


def to_come(here: Town) -> int:
    """How many reminders of recommendations are still to come."""
    query = select(Reminder).where(Reminder.about == "recommendation", col(Reminder.done_at).is_(None))
    with reading(here.engine) as session:
        return len(session.exec(query).all())


def test_a_wrong_finding_is_taken_back_and_the_right_one_is_counted(here: Town, recommended: str) -> None:
    correct(here, recommended, "decided:1", "The letter says partly upheld.")
    record(here, recommended, "record_finding", matter="1", finding="partly_upheld")

    event = told(here, recommended, "ombudsman.corrected")
    assert standing(asked(here)[0]) == {"referred": 1, "partly_upheld": 1}
    assert (event.by, event.because) == ("Hana", "The letter says partly upheld.")
    assert str(event.data["what"]).endswith("on 1 June 2026: Upheld")
    assert here.events(recommended).count("ombudsman.decided") == 2


def test_why_must_be_said_and_only_what_is_there_can_be_taken_back(here: Town, recommended: str) -> None:
    with pytest.raises(Refused, match="Enter what was wrong"):
        correct(here, recommended, "decided:1", "")
    with pytest.raises(Refused, match="Select which entry"):
        correct(here, recommended, "complied:1")


def test_a_recommendation_that_was_none_is_counted_and_reminded_of_no_more(here: Town, recommended: str) -> None:
    correct(here, recommended, "made:1")

    assert standing(asked(here)[1]) == {}
    assert to_come(here) == 0
    assert "recommendation" not in here.tasks(recommended)


def test_what_is_recommended_after_one_was_taken_back_is_a_task_of_its_own(here: Town, recommended: str) -> None:
    record(here, recommended, "comply", recommendation="1", evidence="Paid.")
    correct(here, recommended, "made:1")

    record(here, recommended, "recommend", matter="1", text="Pay £300 for the delay.", due="2026-07-01")

    assert "made:1" not in [one.key for one in entries(matters(here, recommended))]
    assert here.tasks(recommended).count("recommendation") == 1


def test_what_was_not_complied_with_after_all_is_a_task_and_watched_again(here: Town, recommended: str) -> None:
    watched = to_come(here)
    record(here, recommended, "comply", recommendation="1", evidence="Paid.")

    correct(here, recommended, "complied:1", "The bank sent it back.")

    assert standing(asked(here)[1]) == {"open": 1}
    assert to_come(here) == watched
    assert here.tasks(recommended).count("recommendation") == 1


def test_a_matter_recorded_on_the_wrong_case_goes_with_all_that_was_recorded_of_it(
    here: Town, recommended: str
) -> None:
    correct(here, recommended, "taken_up:1")

    assert (standing(asked(here)[0]), standing(asked(here)[1]), to_come(here)) == ({}, {}, 0)
    assert matters(here, recommended).matters == []
    assert told(here, recommended, "recommendation.made").data["text"] == "Pay £200 for the delay."


def test_what_can_be_taken_back_is_named_in_words(here: Town, recommended: str) -> None:
    here.now = at("2026-06-15")
    record(here, recommended, "comply", recommendation="1", evidence="Paid.")

    said = [one.words for one in entries(matters(here, recommended))]

    assert said == [
        "Complied with on 15 June 2026: Pay £200 for the delay.",
        "Recommended: Pay £200 for the delay.",
        "Decided by the Parliamentary and Health Service Ombudsman on 1 June 2026: Upheld",
        "Taken up by the Parliamentary and Health Service Ombudsman on 4 May 2026, with everything recorded of it",
    ]
