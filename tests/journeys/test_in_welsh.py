"""A tenant who writes in Welsh hears from us in Welsh to the end, until they ask for English."""

import re

import pytest
from sqlalchemy import Engine

from storage.database import reading
from storage.tables import Event, Message
from tests.town import Town, at, town
from workflow import progress
from workflow.casework import Refused

WELSH_MAIL = "Mae'r boeler yn swnllyd bob nos ers wythnos ac nid oes neb wedi dod i'w drwsio. Diolch."
# Words that an English sentence of ours can't do without; what handlers wrote, and the offer of English, are taken off.
ENGLISH = re.compile(r"\b(the|your|you|will|with|this|have|about|tell|working days|on)\b")
OFFER = "If you would like our letters in English, please tell us."


@pytest.fixture
def here(engine: Engine) -> Town:
    return town(engine, "2025-12-18")


def test_every_letter_of_two_stages_is_in_welsh(here: Town) -> None:
    reference = here.mail(WELSH_MAIL)
    sent = here.send()
    assert here.look(reference).language == "cy"
    here.do(reference, "assign", to="hana@town.example")
    here.now = at("2025-12-22")
    here.do(reference, "acknowledge", complaint_definition="Boeler swnllyd", outcomes_sought="Tawelwch",
            responsible_and_not_responsible="Ni biau'r boeler.")  # fmt: skip
    sent += here.send()
    here.do(reference, "extend", days="10", reason="Mae'r gwneuthurwr yn anfon rhywun.")
    here.do(reference, "ask", question="Ers pryd?", answer_by="2026-01-05")
    sent += here.send()
    here.now = at("2026-01-20")
    here.do(reference, "decide", outcome="partly_upheld", reasons="Mae'n hymian.", remedy="Pwmp newydd.")
    here.do(reference, "respond", outstanding_actions="Y pwmp.")
    sent += here.send()
    here.now = at("2026-03-25")
    here.reply(reference, "Nid oes pwmp newydd.")
    here.do(reference, "accept_request", by="mina@town.example")
    sent += here.send()
    here.do(reference, "withdraw", still_dissatisfied="yes")
    sent += here.send()

    letters = [one for one in sent if one.participant_id is not None]
    assert [one.kind for one in letters] == [
        "receipt", "acknowledgement", "extension_notice", "question", "response", "next_stage", "withdrawal",
    ]  # fmt: skip
    for one in letters:
        assert one.subject.startswith(f"Eich cyfeirnod {reference}")
        assert '<html lang="cy">' in (one.html or "")
        assert ENGLISH.findall(one.text.replace(OFFER, "").replace("Housing Ombudsman", "")) == []
    assert "dydd Iau 8 Ionawr 2026" in letters[1].text
    assert "yng Ngham 1" in letters[1].text
    assert "Byddwn nawr yn eich ateb erbyn dydd Iau 22 Ionawr 2026." in letters[2].text
    assert "Rydym yn cytuno â rhan ohono" in letters[4].text
    assert "“Cam 2 (ymateb terfynol)”" in letters[4].text
    assert "yng Ngham 2" in letters[5].text


def test_who_asks_for_english_gets_english_from_then_on(here: Town) -> None:
    reference = here.mail(WELSH_MAIL)
    here.do(reference, "change_contact", language="en", because="she asked for it by telephone")

    here.do(reference, "ask", question="Since when?")

    assert here.all(Message, reference)[-1].subject == f"Your reference {reference}: we need your help"
    event = next(one for one in here.all(Event, reference) if one.name == "contact.changed")
    assert event.data["changed"] == ["language"]
    with pytest.raises(Refused, match="en, cy"):
        here.do(reference, "change_contact", language="fr", because="a slip")


def test_their_page_is_in_welsh_and_shows_what_they_wrote_as_they_wrote_it(here: Town) -> None:
    reference = here.mail(WELSH_MAIL)
    here.do(reference, "ask", question="Ers pryd?")
    here.send()

    with reading(here.engine) as session:
        seen = progress.progress_of(session, here.person(reference), here.now)
        in_english = progress.progress_of(session, here.person(reference), here.now, "en")

    assert (seen.language, seen.letters_language, seen.stage_title) == ("cy", "cy", "Cam 1")
    assert seen.next_text.startswith("Byddwn yn ysgrifennu atoch erbyn dydd Llun 29 Rhagfyr 2025")
    assert [told.title for told in seen.story] == ["Neges gennych chi", "Cwestiwn i chi"]
    assert seen.story[0].text.strip() == WELSH_MAIL
    assert [told.title for told in in_english.story] == ["Message from you", "A question for you"]
    assert (in_english.language, in_english.story[1].language) == ("en", "cy")


def test_staff_are_written_to_in_english_about_a_welsh_case(here: Town) -> None:
    here.put_on_duty("mina")
    reference = here.mail(f"{WELSH_MAIL} I want to end my life.")

    alarm = next(one for one in here.all(Message, reference) if one.staff_id is not None)

    assert alarm.subject == f"Urgent: {reference}"
    assert "Gymraeg" not in alarm.text
