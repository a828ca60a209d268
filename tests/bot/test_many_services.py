"""A body with more services than a message can have buttons: they are found by what somebody types."""

import pytest
from sqlmodel import select

from storage.database import writing
from storage.tables import Service
from tests.bot.someone import Someone

NAMES = ("Housing benefit", "Council tax", "Parking permits", "Parking fines", "Bins and recycling")


@pytest.fixture
def asked_jo(jo: Someone) -> Someone:
    """Jo is asked which of 125 services it is about."""
    with writing(jo.town.engine) as session:
        first = session.exec(select(Service)).first()
        assert first is not None
        for number in range(1, 26):
            for name in NAMES:
                slug = f"{name.lower().replace(' ', '-')}-{number}"
                session.add(Service(organisation_id=first.organisation_id, slug=slug, name=f"{name} {number}",
                                    procedure=first.procedure))  # fmt: skip
    jo.command("complain")
    jo.say("My bins were not emptied.")
    jo.say("Yesterday")
    return jo


def test_no_list_of_all_is_shown_and_they_are_asked_to_type_its_name(asked_jo: Someone) -> None:
    assert "Type its name, or a part of it." in asked_jo.heard[-1].text
    assert len(asked_jo.buttons()) < 5


def test_what_several_have_in_their_names_leads_to_their_buttons(asked_jo: Someone) -> None:
    asked_jo.say("parking fines")
    named = asked_jo.buttons()
    words = asked_jo.tap("Parking fines 7, Town Council")

    assert len([one for one in named if one.startswith("Parking fines")]) == 25
    assert "Type its name" not in words
    assert asked_jo.conversation().answers["service"] == "parking-fines-7"


def test_what_one_alone_has_in_its_name_is_that_one(asked_jo: Someone) -> None:
    asked_jo.say("benefit 25")

    assert asked_jo.conversation().answers["service"] == "housing-benefit-25"


@pytest.mark.parametrize("typed", ["7", "ax", "swimming pool", "in"])
def test_what_fits_none_or_hardly_any_is_asked_again(asked_jo: Someone, typed: str) -> None:
    words = asked_jo.say(typed)

    assert "service" not in asked_jo.conversation().answers
    assert "Type its name, or a part of it." in words
