"""Letters to the people of a case: written from facts, issued, and what follows when they arrive or don't."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from storage import numbers
from storage.tables import Case, Contact, Letter, Message, Organisation, Participant
from templates.dates import with_weekday
from templates.places import Link
from templates.words import chat
from templates.writing import Written, write
from workflow import outbox, tasks
from workflow.checklist import Item
from workflow.office import SYSTEM, Act, Office
from workflow.outbox import Thread, To, Words
from workflow.record import lock, write_down
from workflow.tokens import progress_secret_of, reply_address
from workflow.ways import Way, way_to


def issue(
    act: Act,
    case: Case,
    kind: str,
    *,
    items: Sequence[Item] = (),
    facts: Mapping[str, Any] | None = None,
    procedure_letter: str | None = None,
    on_relayed: str | None = None,
    event_data: Mapping[str, Any] | None = None,
    promises: tuple[str, date] | None = None,
) -> Letter:
    """Write a letter to everyone on the case and put it in the outbox, where it can be recalled for a minute.

    `promises` is a clock and the date that this letter tells for it: a promise from when the letter has left.
    """
    who = act.by.name if act.by.staff_id else SYSTEM.name  # what a person's own act owes them is sent by itself
    letter = Letter(
        id=numbers.take(act.session, Letter),
        case_id=_id(case),
        kind=kind,
        procedure_letter=procedure_letter,
        on_relayed=on_relayed,
        language=case.language,
        facts={
            "items": [{"id": item.id, "heading": item.heading, "text": item.text} for item in items],
            "facts": dict(facts or {}),
            "event_data": dict(event_data or {}),
            "promises": {"clock": promises[0], "date": promises[1].isoformat()} if promises else None,
        },
        drafted_at=act.now,
        drafted_by=who,
        approved_at=act.now,
        approved_by=who,
        issued_at=act.now,
    )
    act.session.add(letter)
    act.session.flush()
    on_their_way = [_address(act, case, letter, participant) for participant in participants(act, case)]
    if not any(on_their_way):
        letter.not_served_at = act.now  # a task says so; once a safe way is known it is sent again
    return letter


def written(act: Act, case: Case, letter: Letter, participant: Participant | None) -> Written:
    """An issued letter again, for printing: dated and signed as when it was approved, whoever prints it."""
    items = [Item(item["id"], item["heading"], item["text"]) for item in letter.facts["items"]]
    who = letter.approved_by if letter.approved_by and letter.approved_by != SYSTEM.name else ""
    signed = (who, letter.approved_at or letter.drafted_at)
    facts = _facts(act, case, participant, items, letter.facts["facts"], signed=signed)
    return write(letter.kind, facts, letter.language)


def participants(act: Act, case: Case) -> Sequence[Participant]:
    """Everyone who is written to on a case, in the order in which they joined it."""
    return act.session.exec(
        select(Participant).where(Participant.case_id == case.id).order_by(col(Participant.id))
    ).all()


def relayed(act: Act, message: Message, at: datetime) -> None:
    """The relay took a message, or a person recorded posting it: the letter's event is written, once, at that time."""
    if message.letter_id is None:
        return
    case = lock(act.session, message.case_id)
    letter = _as_it_is(act, message.letter_id)
    if letter.relayed_at is not None:
        return
    letter.relayed_at = at
    # The person who approved the letter is who answered; the outbox only carried it.
    name = letter.on_relayed or "letter.sent"
    data = {"letter": letter.id, "kind": letter.kind, **letter.facts["event_data"]}
    write_down(act, case, name, at=at, because=f"letter approved by {letter.approved_by}", data=data)
    if letter.facts.get("promises"):
        write_down(act, case, "clock.promised", at=at, data={**letter.facts["promises"], "letter": letter.id})


def not_served(act: Act, message: Message, why: str) -> None:
    """A letter did not arrive: the duty that it met is owed again, and a person must find another way."""
    if message.case_id is None:
        tasks.of_staff_mail(act, message, why)
        return
    case = lock(act.session, message.case_id)
    if message.letter_id is None:
        what = message.kind.replace("_", " ")
        text = f"A mail ({what}) did not arrive: {why}. Find another safe way to reach whoever it was for."
        tasks.add(act, case, "bounced", f"bounced:{message.id}", text, {"message": message.id})
        return
    letter = _as_it_is(act, message.letter_id)
    if letter.not_served_at is not None:
        return
    if _reached_another(act, letter, message):
        _find_another_way(act, case, letter, why, f"not_served:{letter.id}:{message.id}")
        return
    letter.not_served_at = act.now
    undone = letter.on_relayed if letter.relayed_at else None
    if undone:
        write_down(act, case, "letter.not_served", because=why, data={"undoes": undone, "letter": letter.id})
    _find_another_way(act, case, letter, why, f"not_served:{letter.id}")


def _as_it_is(act: Act, letter_id: int) -> Letter:
    """The letter read anew, now that its case is locked: another may have dealt with it meanwhile."""
    query = select(Letter).where(Letter.id == letter_id).execution_options(populate_existing=True)
    return act.session.exec(query).one()


def _reached_another(act: Act, letter: Letter, failed: Message) -> bool:
    """Whether somebody else on the case has, or will have, this letter: then the duty is met towards them."""
    query = select(Message).where(
        Message.letter_id == letter.id,
        Message.id != failed.id,
        col(Message.bounced_at).is_(None),
        col(Message.given_up_at).is_(None),
        col(Message.recalled_at).is_(None),
    )
    return act.session.exec(query).first() is not None


def _find_another_way(act: Act, case: Case, letter: Letter, why: str, key: str) -> None:
    text = f"A letter ({letter.kind.replace('_', ' ')}) did not arrive: {why}. Find another safe way and send it again."
    tasks.add(act, case, "not_served", key, text, {"letter": letter.id})


def reply_to(act: Act, participant: Participant) -> str:
    assert participant.id is not None
    return reply_address(act.office.keyring, participant.id, act.office.mail_domain)


def progress_link(office: Office, participant: Participant | None) -> Link:
    """The secret link to the person's progress page; where they have none that works, the public start page."""
    if participant is None or participant.progress_revoked_at is not None or participant.id is None:
        return Link(office.link("/"))
    secret = progress_secret_of(office.keyring, participant.id, participant.progress_hash)
    return Link(office.link(f"/progress/{secret}" if secret else "/"))


def _address(act: Act, case: Case, letter: Letter, participant: Participant) -> bool:
    """Put the letter on its way to one person; False when there is no safe one."""
    way = way_to(participant)
    if way is None:
        text = (
            f"There is no safe way on record to send a letter ({letter.kind.replace('_', ' ')}). Speak to the person."
        )
        tasks.add(act, case, "no_safe_way", f"no_safe_way:{letter.id}:{participant.id}", text, {"letter": letter.id})
        return False
    _owe(act, case, letter, participant, way, f"letter:{letter.id}:{participant.id}", act.now + act.office.recall_for)
    return True


def send_by(act: Act, case: Case, letter: Letter, participant: Participant, way: Way) -> None:
    """Send a letter once more, at once and by this way, since another did not work."""
    _owe(act, case, letter, participant, way, f"letter:{letter.id}:{participant.id}:{way.channel}", act.now)


def _owe(
    act: Act, case: Case, letter: Letter, participant: Participant, way: Way, key: str, send_after: datetime
) -> None:
    made = written(act, case, letter, participant)
    thread = Thread(**last_heard(act, case, participant), reply_to=reply_to(act, participant))
    message = outbox.owe(
        act,
        key,
        letter.kind,
        To(way.address, way.channel, participant_id=participant.id),
        Words(made.subject, made.text, made.html),
        case=case,
        letter_id=letter.id,
        automatic=act.by.staff_id is None,
        send_after=send_after,
        thread=thread,
    )
    if message is not None and way.is_chat:
        message.extra = _enclosed(act, case, letter, participant)
    if message is not None and (stop_at := letter.facts["facts"].get("updates_link")) and not way.is_chat:
        message.extra = {"stop": f"{stop_at}/stop"}  # never of a letter that the procedure asks for
    if way.channel == "post":
        _ask_to_post(act, case, letter, way)


def _enclosed(act: Act, case: Case, letter: Letter, participant: Participant) -> dict[str, Any]:
    """To a chat goes a short text; the letter itself, as a page of its own, is enclosed."""
    organisation = act.session.get_one(Organisation, case.organisation_id).name
    facts = {
        "reference": case.reference,
        "organisation": organisation,
        "link": progress_link(act.office, participant),
    }
    said = chat(letter.language)["letter"]
    return {
        "caption": said["caption"].format_map(facts),
        "buttons": [],
        "document": {"name": f"{case.reference}.html", "type": "text/html"},
    }


def _ask_to_post(act: Act, case: Case, letter: Letter, way: Way) -> None:
    text = f"Print the letter ({letter.kind.replace('_', ' ')}), post it, and record the day on which you did."
    tasks.add(act, case, "post", f"post:{letter.id}:{way.channel}", text, {"letter": letter.id})


def last_heard(act: Act, case: Case, participant: Participant) -> dict[str, str | None]:
    """In-Reply-To and References of what this person last wrote by email."""
    last = act.session.exec(
        select(Contact)
        .where(
            Contact.case_id == case.id,
            Contact.sender_address == participant.email,
            col(Contact.message_id).is_not(None),
        )
        .where(col(Contact.held_because).is_(None), Contact.standing != "automatic")
        .order_by(col(Contact.id).desc())
        .limit(1)
    ).first()
    if last is None:
        return {"in_reply_to": None, "references": None}
    return {"in_reply_to": last.message_id, "references": references_after(last)}


def references_after(contact: Contact) -> str | None:
    """The References of what answers this: the latest that it named itself, and then it (RFC 5322 3.6.4)."""
    if contact.message_id is None:
        return None
    return " ".join([*contact.reading.get("references", ())[-8:], contact.message_id])


def _facts(
    act: Act,
    case: Case,
    participant: Participant | None,
    items: Sequence[Item],
    facts: Mapping[str, Any],
    *,
    signed: tuple[str, datetime],
) -> dict[str, Any]:
    organisation = act.session.get(Organisation, case.organisation_id)
    way = way_to(participant) if participant else None
    return {
        "reference": case.reference,
        "name": participant.name if participant else "",
        "organisation": organisation.name if organisation else "",
        "telephone": organisation.telephone if organisation else "",
        "signature": signed[0],
        "link": progress_link(act.office, participant),
        "by_post": way is not None and way.channel == "post",
        "by_chat": way is not None and way.is_chat,
        "items": items,
        "today": with_weekday(signed[1], case.language),
        # Kept as JSON they are plain text; a fact that is called a link is an address of our own pages.
        **{name: Link(fact) if name.endswith("_link") else fact for name, fact in facts.items()},
    }


def _id(case: Case) -> int:
    assert case.id is not None
    return case.id
