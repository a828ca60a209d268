"""docs/casework.md says what the code does."""

from app.casework_page import PAGE, page
from workflow.casework import VERBS


def test_the_page_about_casework_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_verb_is_on_the_page_with_its_fields_and_events() -> None:
    made = page()

    assert [name for name in VERBS if f"### {name}\n" not in made] == []
    assert "`still_dissatisfied` (yes no): Are they still dissatisfied?" in made
    assert "| `clock.extended`, `clock.promised`, `letter.sent` | `extension_notice` |" in made


def test_every_letter_that_a_verb_owes_is_told_by_one_of_its_events() -> None:
    silent = [verb.name for verb in VERBS.values() if verb.letters and not verb.events]

    assert silent == []
