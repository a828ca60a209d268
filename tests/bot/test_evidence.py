"""What is sent with a complaint, and what is changed after it was said: files are evidence, edits new versions."""

from datetime import timedelta

import pytest
from sqlmodel import select

from storage.database import reading
from storage.tables import Attachment, Blob, Case, Contact
from tests.bot.someone import Someone, sent


def cases(jo: Someone) -> list[Case]:
    with reading(jo.town.engine) as session:
        return list(session.exec(select(Case)))


def files(jo: Someone, reference: str) -> list[tuple[str, bytes]]:
    with reading(jo.town.engine) as session:
        case = jo.town.case(session, reference)
        query = select(Attachment.name, Blob.content).join(Blob, Attachment.blob_sha256 == Blob.sha256)  # type: ignore[arg-type]  # a column's comparison
        query = query.join(Contact, Attachment.contact_id == Contact.id).where(Contact.case_id == case.id)  # type: ignore[arg-type]  # a column's comparison
        return list(session.exec(query.order_by(Attachment.id)).all())  # type: ignore[arg-type]  # a column


def test_a_photo_a_document_and_a_voice_note_become_evidence(jo: Someone) -> None:
    jo.command("complain")
    assert "Files so far: 1" in jo.send("damp.jpg", text="There is damp.")
    jo.say("In May")
    jo.send("letter.pdf", type="application/pdf")
    for answer in ("repairs", "me", "A repair", "Jo", "here in this chat", "all ways are safe", "skip"):
        jo.say(answer)
    jo.send("voice.ogg", type="audio/ogg")
    assert jo.buttons()[0] == "That is all"
    jo.tap("That is all")
    jo.tap("Send my complaint")

    reference = cases(jo)[0].reference
    assert files(jo, reference) == [
        ("damp.jpg", b"the bytes of damp.jpg"),
        ("letter.pdf", b"the bytes of letter.pdf"),
        ("voice.ogg", b"the bytes of voice.ogg"),
    ]
    assert "There is damp." in jo.town.look(reference).summary


def test_a_voice_message_can_say_what_happened(jo: Someone) -> None:
    jo.command("complain")

    words = jo.send("voice.ogg", type="audio/ogg")

    assert "When did it happen?" in words


def test_a_file_that_is_too_large_is_told_and_noted_and_the_complaint_goes_on(jo: Someone) -> None:
    words = jo.say(trouble="too_large")

    assert "at most 20 MB" in words
    assert "https://redress.example/" in words
    assert "What happened?" in words
    assert jo.conversation().answers["problems"]


def test_where_we_wait_for_an_addition_a_file_that_is_too_large_is_told_and_nothing_is_said_to_be_added(
    jo: Someone,
) -> None:
    reference = sent(jo)
    jo.command("add")

    words = jo.say(trouble="too_large")
    assert jo.buttons() == ["Never mind"]
    later = jo.say("I can show you the film.")

    assert "at most 20 MB" in words
    assert "I have added" not in words
    assert "I have added this" in later
    assert len(jo.town.all(Contact, reference)) == 2


@pytest.mark.parametrize(
    ("trouble", "words"), [("too_large", "at most 20 MB"), ("not_fetched", "I could not fetch that file")]
)
def test_words_under_a_file_that_we_could_not_get_are_added_and_staff_know_of_the_file(
    jo: Someone, trouble: str, words: str
) -> None:
    reference = sent(jo)

    said = jo.say("The gate has fallen down.", trouble=trouble)

    assert words in said
    assert "I have added this" in said
    [_, added] = jo.town.all(Contact, reference)
    assert added.text == "The gate has fallen down."
    assert added.reading["problems"][0].startswith("A file")


def test_words_of_danger_under_such_a_file_are_heard_and_the_file_is_told_of(jo: Someone) -> None:
    said = jo.say("I want to kill myself.", trouble="too_large")

    assert said.startswith("If you or someone else is in danger now")
    assert "at most 20 MB" in said
    [case] = cases(jo)
    assert jo.town.all(Contact, case.reference)[0].reading["problems"] == ["A file was too large to be sent by chat."]


def test_a_changed_message_is_a_new_version_of_that_answer(jo: Someone) -> None:
    jo.command("complain")
    jo.say("The gate is brocken.", id="m7")

    words = jo.say("The gate is broken.", replaces="m7")

    assert "I have changed your answer: What happened." in words
    assert "When did it happen?" in words
    assert jo.conversation().answers["what"] == "The gate is broken."


def test_a_changed_message_takes_nothing_from_others_in_the_same_answer(jo: Someone) -> None:
    jo.command("complain")
    jo.does_unheard("The gate is brocken.", id="m7")
    jo.say("And nobody answers the telephone.", at=jo.town.now - timedelta(seconds=1))

    jo.say("The gate is broken.", replaces="m7")

    told = jo.conversation().answers["what"]
    assert "nobody answers the telephone" in told
    assert told.endswith("The gate is broken.")


def test_a_message_changed_after_it_was_sent_is_added_and_the_old_one_kept(jo: Someone) -> None:
    jo.command("complain")
    jo.say("The gate is broken since May.", id="m7")
    for answer in ("In May", "repairs", "me", "A repair", "Jo", "here in this chat", "all ways are safe", "skip"):
        jo.say(answer)
    jo.tap("Nothing to add")
    jo.tap("Send my complaint")
    reference = cases(jo)[0].reference

    jo.say("The gate is broken since June.", replaces="m7")

    texts = [contact.text for contact in jo.town.all(Contact, reference)]
    assert len(texts) == 2
    assert "since May" in texts[0]
    assert texts[1].endswith("The gate is broken since June.")
