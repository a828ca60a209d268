"""The bytes of uploaded files: deleted with the draft that named them, kept while anything else does."""

from hashlib import sha256

import httpx2

from storage.database import writing
from tests.web.town import Town
from tests.web.visitor import HOME, answer, send, visitor
from web import drafts
from web.site import UPLOADS_AN_HOUR

PHOTO = b"a photo of the damp wall"


def upload(client: httpx2.Client, content: bytes = PHOTO) -> httpx2.Response:
    return client.post(f"{HOME}/files", files={"files": ("wall.jpg", content)})


def test_discarding_deletes_the_bytes_of_the_files(the_town: Town) -> None:
    with visitor(the_town) as client:
        upload(client)
        assert the_town.blobs() == [PHOTO]

        client.post(f"{HOME}/discard")

        assert the_town.blobs() == []


def test_taking_one_file_away_deletes_its_bytes_and_no_others(the_town: Town) -> None:
    with visitor(the_town) as client:
        upload(client)
        upload(client, b"a letter")

        client.post(f"{HOME}/files", data={"remove": sha256(PHOTO).hexdigest()})

        assert the_town.blobs() == [b"a letter"]


def test_forgetting_old_drafts_deletes_their_files_but_not_those_of_younger_ones(the_town: Town) -> None:
    with visitor(the_town) as old, visitor(the_town) as young:
        upload(old, b"only of the old one")
        upload(old)
        the_town.later(hours=20)
        upload(young)
        the_town.later(hours=5)

        with writing(the_town.engine) as session:
            drafts.forget_old(session, the_town.now)

        assert the_town.blobs() == [PHOTO]


def test_the_file_of_a_complaint_stays_when_another_draft_with_the_same_is_discarded(the_town: Town) -> None:
    with visitor(the_town) as client, visitor(the_town) as other:
        upload(client)
        answer(client)
        send(client)
        upload(other)

        other.post(f"{HOME}/discard")

        assert PHOTO in the_town.blobs()


def test_the_file_of_a_complaint_that_waits_to_be_filed_stays_too(the_town: Town) -> None:
    the_town.is_filing = False
    with visitor(the_town) as client, visitor(the_town) as other:
        upload(client)
        answer(client)
        send(client)
        upload(other)

        other.post(f"{HOME}/discard")

        assert PHOTO in the_town.blobs()


def test_one_address_can_not_fill_the_disk_with_uploads(the_town: Town) -> None:
    with visitor(the_town) as client:
        answers = [upload(client, b"").status_code for _ in range(5)]
        taken = [upload(client).status_code for _ in range(UPLOADS_AN_HOUR + 1)]

    assert 429 not in answers
    assert taken[-1] == 429
