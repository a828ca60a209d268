"""Opening a case: every contact from a person opens one at once, with the clock running from its receipt."""

import secrets
from collections.abc import Mapping
from typing import Any

from sqlmodel import col, select

from storage import search
from storage.tables import Address, Case, Contact, Organisation, Participant, Service
from workflow import procedure as procedures
from workflow import receipt, triage
from workflow.contact import Kind, Reading
from workflow.matching import REFERENCE_LETTERS
from workflow.office import Act
from workflow.record import bring_up_to_date, note
from workflow.tokens import digest, progress_secret

AVOIDABLE = ("email", "telephone", "post")


def open_case(act: Act, contact: Contact, reading: Reading) -> Case:
    """Open a case from a contact: participant, first event, deadlines, safety flag and receipt."""
    service = _service(act, contact, reading.answers)
    rule = procedures.load(service.procedure)
    case = Case(
        reference=new_reference(),
        organisation_id=service.organisation_id,
        service_id=_known(service.id),
        procedure=rule.id,
        procedure_hash=rule.hash,
        channel=contact.channel,
        language=str(reading.answers.get("language") or "en"),
        received_at=contact.received_at,
        summary=_first_words(reading),
        outcomes_sought=str(reading.answers.get("outcome_wanted") or ""),
    )
    act.session.add(case)
    act.session.flush()
    participant = _add_participant(act, case, reading)
    contact.case_id, contact.standing, contact.processed_at = case.id, "filed", act.now
    note(
        act,
        case,
        "complaint.received",
        at=contact.received_at,
        data={"contact": contact.id, "channel": contact.channel},
    )
    standing = bring_up_to_date(act.session, case, act.now)
    search.add_words(
        act.session,
        _known(case.id),
        " ".join([case.reference, participant.name, participant.email, reading.subject, reading.text]),
    )
    triage.flag_if_at_risk(act, case, f"{reading.subject}\n{reading.text}")
    if reading.kind is not Kind.UNREADABLE or participant.email:
        receipt.send(act, case, contact, participant, standing)
    return case


def new_reference() -> str:
    """A reference that can't be guessed from another: eight random signs without vowels or look-alikes."""
    signs = [secrets.choice(REFERENCE_LETTERS) for _ in range(8)]
    return f"RD-{''.join(signs[:4])}-{''.join(signs[4:])}"


def _service(act: Act, contact: Contact, answers: Mapping[str, Any]) -> Service:
    """The service the person named, else the one that the address belongs to, else the organisation's first."""
    named = str(answers.get("service") or "")
    if named and (service := act.session.exec(select(Service).where(Service.slug == named)).first()):
        return service
    address = act.session.exec(select(Address).where(Address.address == contact.recipient.lower())).first()
    if address and address.service_id and (service := act.session.get(Service, address.service_id)):
        return service
    organisation_id = address.organisation_id if address else _organisation_id(act, contact.recipient)
    return act.session.exec(
        select(Service).where(Service.organisation_id == organisation_id).order_by(col(Service.id)).limit(1)
    ).one()


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


def _add_participant(act: Act, case: Case, reading: Reading) -> Participant:
    """The person who wrote. Who they say they are is a claim: nobody is merged with anybody."""
    answers = reading.answers
    participant = Participant(
        case_id=_known(case.id),
        role="representative" if answers.get("about") == "someone_else" else "complainant",
        name=str(answers.get("name") or reading.sender_name)[:200],
        email=str(answers.get("email") or reading.sender_address).lower(),
        telephone=str(answers.get("telephone") or ""),
        postal_address=str(answers.get("postal_address") or ""),
        prefers=str(answers.get("prefers") or "email"),
        avoid=[channel for channel in answers.get("avoid") or [] if channel in AVOIDABLE],
        communication_needs="\n".join(
            str(answers.get(key) or "") for key in ("communication_needs", "safe_note")
        ).strip(),
        acts_for=str(answers.get("about_name") or ""),
        authority=str(answers.get("authority") or ""),
    )
    act.session.add(participant)
    act.session.flush()
    participant.progress_hash = digest(progress_secret(act.office.keyring, _known(participant.id)))
    return participant


def _first_words(reading: Reading) -> str:
    words = " ".join((reading.reply or reading.text or reading.subject).split())
    return words if len(words) <= 200 else words[:199].rsplit(" ", 1)[0] + "…"


def _known(id_: int | None) -> int:
    assert id_ is not None
    return id_
