"""The automatic receipt: reference, link, what happens next, emergency contacts; never the complaint's own words."""

from datetime import timedelta

from sqlmodel import select

from storage.tables import Case, Contact, Message, Participant
from templates.environments import with_weekday
from templates.writing import phrases, write
from workflow import bodies, letters, outbox
from workflow.office import Act
from workflow.outbox import Thread, To, Words
from workflow.standing import Standing
from workflow.ways import may_email

ONCE_IN = timedelta(hours=24)


def send(act: Act, case: Case, contact: Contact, participant: Participant, standing: Standing) -> None:
    """Put the receipt in the outbox, unless email is not safe or this address had one in the last day."""
    if not may_email(participant) or _had_one(act, participant.email):
        return
    organisation = bodies.organisation(act.session, case.organisation_id)
    facts = {
        "reference": case.reference,
        "steps": steps(standing, case.language),
        "link": letters.progress_link(act.office, participant),
        "telephone": organisation.telephone,
        "organisation": organisation.name,
    }
    written = write("receipt", facts, case.language)
    thread = Thread(contact.message_id, contact.message_id, letters.reply_to(act, participant))
    outbox.owe(
        act,
        f"receipt:{case.id}",
        "receipt",
        To(participant.email, participant_id=participant.id),
        Words(written.subject, written.text, written.html),
        case=case,
        thread=thread,
        first_time=True,
    )


def steps(standing: Standing, language: str = "en") -> list[str]:
    """What happens next and by when, for each date of the present stage."""
    words = phrases(language)["steps"]
    found = []
    for clock in standing.clocks:
        sentence = words.get(clock.id.partition(".")[2])
        if sentence and clock.stage == standing.stage and clock.due and clock.is_owed:
            found.append(sentence.format(due=with_weekday(clock.keep_by or clock.due)))
    return found


def _had_one(act: Act, address: str) -> bool:
    since = act.now - ONCE_IN
    query = select(Message.id).where(Message.address == address, Message.kind == "receipt", Message.created_at > since)
    return act.session.exec(query).first() is not None
