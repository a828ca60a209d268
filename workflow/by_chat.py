"""What someone said in a chat becomes a contact, stored and filed in the very transaction that their chat moves in."""

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from storage.arrival import Arrival
from storage.chat import keep_arrival
from storage.tables import Case, Contact, Conversation, Organisation, Participant, Service
from workflow import intake, one_telling
from workflow.office import Act
from workflow.told import complaint_text, read
from workflow.ways import chat_name

WAITS = "filed"  # in a conversation's answers: the contacts of this complaint that had no case when they were filed
IN_CASE = "in_case"  # what of it was filed when its case was opened
NOT_TOLD = ("kept", "ticked", "reach", WAITS, IN_CASE)  # what stands among a conversation's answers, and is none

log = logging.getLogger("redress.chat")


def complain(
    act: Act, conversation: Conversation, answers: Mapping[str, Any], at: datetime, *, is_told: bool = False
) -> Case | None:
    """File a complaint told by chat, received at this time; None where filing has to wait (it is stored, then).

    `is_told`: they hear of their case in the conversation itself, and need no receipt, unless filing has to wait. What
    was filed of the same complaint before, and waits still, becomes one case with this.
    """
    slug = _organisation_of(act, str(answers.get("service", "")))
    # The same complaint handled twice is one: its token is the conversation's, and how many it has sent before.
    token = f"{conversation.id}:{conversation.round}"
    before = list(conversation.answers.get(WAITS) or [])
    more = ({"is_told": True} if is_told else {}) | ({"after": before} if before else {})
    contact = _file(act, conversation, slug, answers, at, more, token)
    if contact.case_id is None:
        contact.envelope = {key: one for key, one in contact.envelope.items() if key != "is_told"}
        conversation.answers = {**conversation.answers, WAITS: sorted({*before, contact.id or 0})}
    return _case_of(act, contact)


def find_case(act: Act, conversation: Conversation) -> None:
    """What of their complaint had to wait may have a case by now: from here on it is theirs to go on with."""
    waits = conversation.answers.get(WAITS)
    if waits and conversation.case_id is None:
        query = select(Contact.case_id).where(col(Contact.id).in_(waits), col(Contact.case_id).is_not(None))
        conversation.case_id = act.session.exec(query.limit(1)).first()


def tell(
    act: Act, conversation: Conversation, participant: Participant, said: Mapping[str, Any], at: datetime
) -> Case | None:
    """File what a person says of their case in the chat that is theirs: `add`, `files`, `withdraw`."""
    case = act.session.get_one(Case, participant.case_id)
    slug = act.session.get_one(Organisation, case.organisation_id).slug
    token = f"{conversation.id}:said:{conversation.turns}"
    return _case_of(act, _file(act, conversation, slug, said, at, {"participant": participant.id}, token))


def tell_rest(act: Act, conversation: Conversation, said: Mapping[str, Any], at: datetime) -> Case:
    """What they told after their case was opened, for it named harm, joins it; and who they are, and how to be reached.

    Returns the case.
    """
    case = act.session.get_one(Case, conversation.case_id)
    new = one_telling.what_is_new(said, conversation.answers.get(IN_CASE) or {})
    text = complaint_text(new).strip()
    if text or new["files"]:
        tell(act, conversation, one_telling.person_of(act, case), {"add": text, "files": new["files"]}, at)
    one_telling.complete(act, case, said)
    return case


def so_far(conversation: Conversation) -> dict[str, Any]:
    """What they told of a complaint that is not sent yet, as it can be filed."""
    told = {key: answer for key, answer in conversation.answers.items() if key not in NOT_TOLD}
    reach = conversation.answers.get("reach")
    prefers = {"prefers": conversation.channel if reach == "chat" else reach} if reach else {}
    files = conversation.answers.get("kept") or []
    return {"what": "", **told, **prefers, "files": files, "language": conversation.language}


def canonical(data: Mapping[str, Any]) -> bytes:
    """One way to write the same data down."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _file(
    act: Act,
    conversation: Conversation,
    slug: str,
    said: Mapping[str, Any],
    at: datetime,
    more: Mapping[str, Any],
    token: str,
) -> Contact:
    envelope = {"chat": chat_name(conversation.channel, conversation.chat), **more}
    raw = canonical(said)
    stored = keep_arrival(act.session, Arrival(conversation.channel, slug, raw, at, envelope, token=token))
    contact = act.session.get_one(Contact, stored.contact_id)
    if contact.processed_at is None:
        _file_or_leave(act, contact, raw)
    return contact


def _case_of(act: Act, contact: Contact) -> Case | None:
    return act.session.get(Case, contact.case_id) if contact.case_id else None


def _file_or_leave(act: Act, contact: Contact, raw: bytes) -> None:
    """It is stored: what fails here is tried again by whoever files what waits, and is no reason to say no."""
    try:
        with act.session.begin_nested():
            intake.file(act, contact, read(raw))
    except DBAPIError:
        raise  # the whole can be tried again
    except Exception as error:  # noqa: BLE001 - see above
        act.session.refresh(contact)
        log.warning("filing contact %s has to wait: %s", contact.id, type(error).__name__)


def _organisation_of(act: Act, service: str) -> str:
    """The slug of the organisation with this service, or else of the first that has any."""
    query = select(Organisation.slug).join(Service, col(Service.organisation_id) == Organisation.id)
    named = act.session.exec(query.where(Service.slug == service)).first()
    return named or act.session.exec(query.order_by(col(Organisation.id), col(Service.id)).limit(1)).one()
