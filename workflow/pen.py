"""The holding pen: contacts that name a case without proof of belonging to it, until a person decides."""

from storage import search
from storage.tables import Case, Contact
from workflow import tasks, triage
from workflow.casework.verb import Refused, row_id
from workflow.office import Act
from workflow.record import note


def hold(act: Act, case: Case, contact: Contact, because: str) -> None:
    """Keep a contact beside a case: visible to staff, never to the person; nothing about the case goes out."""
    contact.case_id, contact.held_because, contact.processed_at = case.id, because, act.now
    note(act, case, "contact.held", at=contact.received_at, because=because, data={"contact": contact.id})
    tasks.add(
        act, case, "held", f"held:{contact.id}", f"Something is held for this case. {because}", {"contact": contact.id}
    )
    # Whoever wrote it, words of danger are for a person at once.
    triage.flag_if_at_risk(act, case, f"{contact.subject}\n{contact.text}")


def admit(act: Act, case: Case, wanted: str, because: str) -> None:
    """Take a held contact into the case; its sender does not become a participant by that."""
    contact = _held(act, case, wanted)
    contact.standing, contact.held_because = "filed", None
    note(act, case, "contact.joined", at=contact.received_at, because=because, data={"contact": contact.id})
    search.add_words(act.session, case.id or 0, f"{contact.subject} {contact.reply or contact.text}")
    _done(act, case, contact)


def set_aside(act: Act, case: Case, wanted: str, because: str) -> None:
    """Leave a held contact out of the case's story; it is kept, with the reason."""
    contact = _held(act, case, wanted)
    contact.standing = "filed"
    note(act, case, "contact.set_aside", because=because, data={"contact": contact.id})
    _done(act, case, contact)


def _held(act: Act, case: Case, wanted: str) -> Contact:
    number = row_id(wanted)
    contact = act.session.get(Contact, number) if number is not None else None
    if contact is None or contact.case_id != case.id or contact.held_because is None or contact.standing != "waiting":
        raise Refused("There is no such held contact on this case", "contact")
    return contact


def _done(act: Act, case: Case, contact: Contact) -> None:
    act.session.add(contact)
    for task in tasks.of_case(act, case, "held"):
        if task.data.get("contact") == contact.id:
            task.done_at = act.now
            act.session.add(task)
