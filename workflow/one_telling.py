"""What somebody tells in one chat in several goes is one complaint, whichever of its contacts is filed first."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import col, select

from storage.tables import Case, Contact, Participant, Service
from workflow import tasks
from workflow.office import Act
from workflow.record import lock, note

PERSONAL = ("name", "email", "telephone", "postal_address", "prefers", "avoid")


def case_so_far(act: Act, contact: Contact) -> Case | None:
    """The case of what they told before this, once it is filed; locked, as are those earlier contacts."""
    filed = next((one.case_id for one in _earlier(act, contact) if one.case_id), None)
    return lock(act.session, filed) if filed else None


def lead_earlier_to(act: Act, contact: Contact, case: Case) -> None:
    """This has opened the case before what was told earlier could be filed: that joins it when it can."""
    for one in _earlier(act, contact):
        one.envelope = {**one.envelope, "participant": person_of(act, case).id}
        act.session.add(one)


def complete(act: Act, case: Case, said: Mapping[str, Any]) -> Participant:
    """Who they are and how to reach them, told after their case was opened; the story tells only what changed."""
    person = person_of(act, case)
    told = {name: said[name] for name in PERSONAL if said.get(name)} | _of_needs(said) | _of_whom(said)
    for name, value in told.items():
        setattr(person, name, value.lower() if name == "email" else value)
    act.session.add(person)
    if told:
        data = {"participant": person.id, "changed": sorted(told)}
        note(act, case, "contact.changed", because="told by chat", data=data)
    _ask_whether_it_belongs_here(act, case, str(said.get("service", "")))
    return person


def _of_needs(said: Mapping[str, Any]) -> dict[str, str]:
    needs = "\n".join(str(said.get(name) or "") for name in ("communication_needs", "safe_note")).strip()
    return {"communication_needs": needs} if needs else {}


def _of_whom(said: Mapping[str, Any]) -> dict[str, str]:
    if said.get("about") != "someone_else":
        return {}
    named = {"acts_for": said.get("about_name"), "authority": said.get("authority")}
    return {"role": "representative", **{name: str(value) for name, value in named.items() if value}}


def _ask_whether_it_belongs_here(act: Act, case: Case, slug: str) -> None:
    """The case was opened before they had said which service it is about."""
    service = act.session.exec(select(Service).where(Service.slug == slug)).first()
    if service is None:
        return
    if service.id == case.service_id:
        tasks.finish(act, case, "triage")
        return
    words = f"The person says that it is about {service.name}. Move the case there, or say why it belongs here."
    tasks.add(act, case, "triage", f"triage:{case.id}:{service.slug}", words)


def what_is_new(said: Mapping[str, Any], filed: Mapping[str, Any]) -> dict[str, Any]:
    """Of what was told, what was not filed before: nobody reads it twice, or is alarmed twice by the same words."""
    new = {key: one for key, one in said.items() if one != filed.get(key)}
    known = filed.get("files") or []
    return {
        **new,
        "what": str(said.get("what", "")).removeprefix(str(filed.get("what", ""))).strip(),
        "files": [one for one in said.get("files") or [] if one not in known],
        "language": said.get("language"),
    }


def person_of(act: Act, case: Case) -> Participant:
    """Whoever opened the case."""
    query = select(Participant).where(Participant.case_id == case.id).order_by(col(Participant.id)).limit(1)
    return act.session.exec(query).one()


def _earlier(act: Act, contact: Contact) -> list[Contact]:
    """Held until this transaction ends: two that are filed side by side must not open a case each."""
    ids = contact.envelope.get("after")
    if not ids:
        return []
    query = select(Contact).where(col(Contact.id).in_(ids)).order_by(col(Contact.id))
    return list(act.session.exec(query.with_for_update().execution_options(populate_existing=True)))
