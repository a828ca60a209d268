"""Other insight: entered once, told from nobody who may not know it, and kept when thanks are filed as such."""

from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from learning.beyond import insight
from learning.beyond.insight import Seen, Told
from storage.database import reading, writing
from storage.tables import Contact, Insight
from tests.town import Town, town
from workflow import outside

DAY = date(2025, 12, 1)


@pytest.fixture
def the_town(engine: Engine) -> Town:
    return town(engine)


def told(kind: str = "compliment", **changed: object) -> Told:
    return Told(**{"kind": kind, "on_day": DAY, "organisation_id": 2, "service_id": 3, "text": "Thank you", **changed})  # type: ignore[arg-type]  # the tests' own values


def enter(there: Town, *all_told: Told) -> list[bool]:
    with writing(there.engine) as session:
        return [insight.enter(there.act(session), one) is not None for one in all_told]


def kept(there: Town) -> list[Insight]:
    with reading(there.engine) as session:
        return list(session.exec(select(Insight)))


def seen(there: Town, who: Seen) -> list[str]:
    with reading(there.engine) as session:
        return [row.kind for row in insight.listed(session, who)]


@pytest.mark.requirement("R067", "R068", "R069", "R070", "R071", "R072", "R073")
@pytest.mark.parametrize("kind", insight.KINDS)
def test_every_kind_of_insight_is_kept_with_who_entered_it_and_when(the_town: Town, kind: str) -> None:
    enter(the_town, told(kind, how_many=3, pence=125_000 if kind == "claim" else None))

    row = kept(the_town)[0]
    assert (row.kind, row.how_many, row.text) == (kind, 3, "Thank you")
    assert row.entered_at == the_town.now


def test_the_same_thing_told_twice_is_kept_once(the_town: Town) -> None:
    assert enter(the_town, told(key="a"), told(key="a"), told(key="b")) == [True, False, True]


@pytest.mark.requirement("R072", "R073")
def test_what_whistleblowers_and_grievances_say_is_seen_by_leaders_alone(the_town: Town) -> None:
    enter(the_town, told("whistleblowing"), told("grievance"), told("claim"))

    handler, leader = Seen([2], [3]), Seen([2], [3], leads=True)

    assert seen(the_town, handler) == ["claim"]
    assert seen(the_town, leader) == ["claim", "grievance", "whistleblowing"]
    with Session(the_town.engine) as session:
        assert [row.kind for row in insight.summed(session, handler, DAY, DAY)] == ["claim"]


def test_nobody_sees_what_is_of_another_service_or_organisation(the_town: Town) -> None:
    enter(the_town, told(organisation_id=1, service_id=1), told(organisation_id=1, service_id=None))

    assert seen(the_town, Seen([2], [3])) == []
    assert len(seen(the_town, Seen([1], []))) == 1


@pytest.mark.requirement("R074")
def test_all_kinds_are_summed_over_a_time_of_which_both_ends_count(the_town: Town) -> None:
    enter(
        the_town,
        told("claim", pence=10_000, on_day=date(2025, 10, 1)),
        told("claim", pence=2_550, on_day=date(2025, 12, 31)),
        told("compliment", how_many=14),
        told("compliment", on_day=date(2026, 1, 1)),
    )

    with reading(the_town.engine) as session:
        sums = insight.summed(session, Seen([2], [3]), date(2025, 10, 1), date(2025, 12, 31))

    assert [(one.kind, one.how_many, one.pence) for one in sums] == [("compliment", 14, 0), ("claim", 2, 12_550)]


@pytest.mark.requirement("R067")
@pytest.mark.parametrize("channel", ["email", "web"])
def test_thanks_by_any_channel_filed_as_a_compliment_become_insight(the_town: Town, channel: str) -> None:
    words = "Thank you, the carer was kind."
    reference = the_town.mail(words) if channel == "email" else the_town.form(words)

    the_town.do(reference, "refile", kind="compliment", because="These are thanks.")

    row = kept(the_town)[0]
    assert (row.kind, row.text, row.source, row.on_day) == ("compliment", words, channel, date(2025, 12, 18))
    with reading(the_town.engine) as session:
        assert session.get_one(Contact, row.contact_id).case_id == the_town.case(session, reference).id


def test_undoing_that_takes_the_compliment_away_again(the_town: Town) -> None:
    reference = the_town.mail("Thank you for nothing.")
    the_town.do(reference, "refile", kind="compliment", because="Thanks.")

    the_town.do(reference, "reopen", because="They did not mean it kindly.")

    assert kept(the_town) == []


def test_what_is_entered_after_one_was_taken_back_has_a_story_of_its_own(the_town: Town) -> None:
    reference = the_town.mail("Thank you for nothing.")
    the_town.do(reference, "refile", kind="compliment", because="Thanks.")
    the_town.do(reference, "reopen", because="They did not mean it kindly.")

    enter(the_town, told("claim"))

    number = kept(the_town)[0].id
    with reading(the_town.engine) as session:
        story = outside.happened(session, outside.INSIGHT, [number])[number or 0]
    assert [one.name for one in story] == ["insight.entered"]


def test_what_is_filed_as_anything_else_is_no_insight(the_town: Town) -> None:
    the_town.do(the_town.mail("When are you open?"), "refile", kind="enquiry", because="A question.")

    assert kept(the_town) == []


def test_filing_again_as_a_compliment_after_undoing_keeps_one(the_town: Town) -> None:
    reference = the_town.mail("Thank you.")

    for _ in range(2):
        the_town.do(reference, "refile", kind="compliment", because="Thanks.")
        the_town.do(reference, "reopen", because="Let me look again.")
    the_town.do(reference, "refile", kind="compliment", because="Thanks.")

    assert len(kept(the_town)) == 1
