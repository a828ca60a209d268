"""Opening a case: every contact from a person opens one at once, with the clock running from its receipt."""

import secrets
from collections.abc import Mapping
from typing import Any

from sqlmodel import col, select

from storage import numbers, search
from storage.tables import Case, Contact, Organisation, Participant, Service
from workflow import bodies, receipt, tasks, triage
from workflow import procedure as procedures
from workflow.clocks import evaluate
from workflow.contact import Kind, Reading
from workflow.happenings import Happening
from workflow.matching import REFERENCE_LETTERS
from workflow.office import Act
from workflow.projection import project_case, project_new
from workflow.record import calendar_of, note
from workflow.tokens import digest, message_of, progress_secret
from workflow.tongue import language_of

AVOIDABLE = ("email", "telephone", "post")


def open_case(act: Act, contact: Contact, reading: Reading) -> Case:
    """Open a case from a contact: participant, first event, deadlines, safety flag and receipt.

    Nothing is written yet: the cases of a whole batch go to the database together, with the next query or commit.
    """
    with act.session.no_autoflush:  # it is all new, so that nothing that is read could depend on what is written
        return _open(act, contact, reading)


def _open(act: Act, contact: Contact, reading: Reading) -> Case:
    service, is_sure = _service(act, contact, reading.answers)
    rule = procedures.load(_procedure(act, contact, service))
    case = Case(
        id=numbers.take(act.session, Case),
        reference=new_reference(),
        organisation_id=service.organisation_id,
        service_id=_known(service.id),
        procedure=rule.id,
        procedure_hash=rule.hash,
        channel=contact.channel,
        language=language_of(reading),
        received_at=contact.received_at,
        summary=_first_words(reading),
        outcomes_sought=str(reading.answers.get("outcome_wanted") or ""),
    )
    data = {"contact": contact.id, "channel": contact.channel}
    received = Happening("complaint.received", contact.received_at, data)
    standing = evaluate(rule, [received], calendar_of(act.session, case), act.now)
    project_case(case, standing)
    act.session.add(case)
    contact.case_id, contact.standing, contact.processed_at = case.id, "filed", act.now
    note(act, case, received.name, at=received.at, data=data)
    participant = _add_participant(act, case, contact, reading)
    project_new(act.session, case, standing, act.now)
    words = [case.reference, participant.name, participant.email, reading.subject, reading.text]
    search.begin(act.session, _known(case.id), " ".join(words))
    triage.flag_if_at_risk(act, case, f"{reading.subject}\n{reading.text}")
    _ask_a_person(act, case, contact, reading, is_sure)
    if not _is_from_nobody(act, contact) and not contact.envelope.get("is_told"):  # in the conversation it came from
        receipt.send(act, case, contact, participant, standing)
    return case


def new_reference() -> str:
    """A reference that can't be guessed from another: eight random signs without vowels or look-alikes."""
    signs = [secrets.choice(REFERENCE_LETTERS) for _ in range(8)]
    return f"RD-{''.join(signs[:4])}-{''.join(signs[4:])}"


def _ask_a_person(act: Act, case: Case, contact: Contact, reading: Reading, is_sure: bool) -> None:
    """What the program can't tell by itself."""
    if not is_sure:
        words = "It did not say which service it is about. Read it, and say which service it belongs to."
        tasks.add(act, case, "triage", f"triage:{case.id}", words, {"contact": contact.id})
    if reading.kind is Kind.UNREADABLE:
        words = "What came in could not be read. Open the original, and write down what the person says."
        tasks.add(act, case, "unreadable", f"unreadable:{contact.id}", words, {"contact": contact.id})


def _is_from_nobody(act: Act, contact: Contact) -> bool:
    """Mail with a null return path, or to an address of ours that only takes bounces, is never answered."""
    return contact.envelope.get("mail_from") == "" or message_of(act.office.keyring, contact.recipient) is not None


def _service(act: Act, contact: Contact, answers: Mapping[str, Any]) -> tuple[Service, bool]:
    """The service the person named, else the address's own, else the organisation's first; and whether that is sure."""
    named = str(answers.get("service") or "")
    if named and (service := act.session.exec(select(Service).where(Service.slug == named)).first()):
        return service, True
    address = bodies.address(act.session, contact.recipient)
    if address and address.service_id:
        return bodies.service(act.session, address.service_id), True
    organisation_id = address.organisation_id if address else _organisation_id(act, contact.recipient)
    query = select(Service).where(Service.organisation_id == organisation_id).order_by(col(Service.id)).limit(2)
    services = act.session.exec(query).all()
    return services[0], len(services) == 1


def _procedure(act: Act, contact: Contact, service: Service) -> str:
    """The procedure of the address that it came to, where that has one of its own; else the service's."""
    address = bodies.address(act.session, contact.recipient)
    return address.procedure if address and address.procedure else service.procedure


def _organisation_id(act: Act, slug: str) -> int:
    organisation = act.session.exec(select(Organisation).where(Organisation.slug == slug)).first()
    organisation = (
        organisation
        or act.session.exec(
            select(Organisation)
            .join(Service, col(Service.organisation_id) == Organisation.id)
            .order_by(col(Organisation.id))
            .limit(1)
        ).one()
    )
    return _known(organisation.id)


def _add_participant(act: Act, case: Case, contact: Contact, reading: Reading) -> Participant:
    """The person who wrote. Who they say they are is a claim: nobody is merged with anybody."""
    answers = reading.answers
    chat = contact.envelope.get("chat")  # by which they can be reached too
    messenger = contact.channel if chat else ""
    number = numbers.take(act.session, Participant)
    participant = Participant(
        id=number,
        case_id=_known(case.id),
        role="representative" if answers.get("about") == "someone_else" else "complainant",
        name=str(answers.get("name") or reading.sender_name)[:200],
        email=str(answers.get("email") or reading.sender_address).lower()[:320],
        telephone=str(answers.get("telephone") or ""),
        postal_address=str(answers.get("postal_address") or ""),
        chat=chat,
        prefers=str(answers.get("prefers") or (messenger if messenger and not answers.get("email") else "email")),
        avoid=[channel for channel in answers.get("avoid") or [] if channel in (*AVOIDABLE, messenger)],
        communication_needs="\n".join(
            str(answers.get(key) or "") for key in ("communication_needs", "safe_note")
        ).strip(),
        acts_for=str(answers.get("about_name") or ""),
        authority=str(answers.get("authority") or ""),
        progress_hash=digest(progress_secret(act.office.keyring, number)),
    )
    act.session.add(participant)
    return participant


def _first_words(reading: Reading) -> str:
    words = " ".join((reading.reply or reading.text or reading.subject).split())
    return words if len(words) <= 200 else words[:199].rsplit(" ", 1)[0] + "…"


def _known(id_: int | None) -> int:
    assert id_ is not None
    return id_
