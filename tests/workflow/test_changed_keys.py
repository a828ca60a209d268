"""After a key was changed: the link that a person has is the one that our letters and pages go on giving."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.town import KEYRING, Town, town
from tests.web.town import town as pages
from tests.web.visitor import answer, send, visitor
from workflow.tokens import Keyring, progress_secret

NEW = b"a newer key, of enough length for tests"
ITEMS: dict[str, Any] = {
    "complaint_definition": "Damp",
    "outcomes_sought": "A repair",
    "responsible_and_not_responsible": "All of it",
}


@pytest.fixture
def here(engine: Engine) -> Town:
    return town(engine)


@pytest.fixture
def damp(here: Town) -> str:
    reference = here.mail("There is damp in my bedroom.")
    here.send()
    assert reference
    return reference


def test_after_a_key_was_changed_a_letter_carries_the_link_that_the_person_already_has(here: Town, damp: str) -> None:
    known = progress_secret(KEYRING, here.person(damp).id or 0)
    here.office = replace(here.office, keyring=Keyring((NEW, *KEYRING.keys)))
    here.do(damp, "acknowledge", **ITEMS)

    (sent,) = here.send()

    assert f"/progress/{known}" in sent.text


def test_without_the_key_of_their_link_a_letter_carries_no_dead_one(here: Town, damp: str) -> None:
    here.office = replace(here.office, keyring=Keyring((NEW,)))
    here.do(damp, "acknowledge", **ITEMS)

    (sent,) = here.send()

    assert "/progress/" not in sent.text


def test_the_page_after_sending_gives_the_link_that_works_whichever_key_made_it(engine: Engine) -> None:
    with pages(engine, keyring=Keyring((NEW, *KEYRING.keys))) as there, visitor(there) as client:
        there.keyring = KEYRING  # whoever files has not been started anew yet
        answer(client)

        page = client.get(send(client).headers["location"])

        assert there.progress_path() in page.text
