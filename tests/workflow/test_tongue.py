"""In which language someone is written to: the one they chose, or Welsh where they plainly wrote it."""

import pytest

from tests.corpora import require_corpora, rows
from workflow.contact import Reading
from workflow.tongue import is_welsh, language_of

NHS = "complaints-nhs-pxtextmining"


@pytest.mark.parametrize(
    "words",
    [
        "Mae'r gwres wedi torri ers tair wythnos ac nid oes neb wedi dod. Rwy'n gofyn i chi ei drwsio.",
        "Annwyl Syr, hoffwn wneud cwyn am y biniau. Dydyn nhw ddim wedi cael eu casglu ers pythefnos eto.",
        "Bin ddim wedi cael ei gasglu ers wythnos. Diolch",
    ],
)
def test_a_mail_in_welsh_is_known_as_welsh(words: str) -> None:
    assert is_welsh(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Cwyn",
        "The bins at Heol y Bont have not been emptied for three weeks.",
        "I live at Tŷ Mawr, Ffordd yr Orsaf. My heating is broken and nobody has come to mend it. Diolch yn fawr.",
        "Mae the man from your office chi is unhelpful, and I want somebody else to look into it eto, wedi that.",
    ],
)
def test_an_english_mail_with_welsh_names_or_greetings_is_english(words: str) -> None:
    assert not is_welsh(words)


def test_what_someone_chose_counts_more_than_how_they_write() -> None:
    welsh = "Mae'r gwres wedi torri ers tair wythnos ac nid oes neb wedi dod."

    assert language_of(Reading(text=welsh, reply=welsh, answers={"language": "en"})) == "en"
    assert language_of(Reading(text="No heat", reply="No heat", answers={"language": "cy"})) == "cy"


def test_a_language_that_we_can_not_write_is_not_kept() -> None:
    assert language_of(Reading(text="No heat", answers={"language": "../../etc"})) == "en"
    assert language_of(Reading(text="No heat", answers={"language": ["cy"]})) == "en"


def test_no_text_of_the_english_corpus_is_taken_for_welsh() -> None:
    require_corpora()

    texts = [str(row[key]) for row in rows(f"{NHS}/phase2_nhft.jsonl") for key in row]

    assert len(texts) > 500
    assert [text for text in texts if is_welsh(text)] == []
