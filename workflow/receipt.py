"""The automatic receipt: reference, link, what happens next, emergency contacts; never the complaint's own words."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, select

from storage.tables import Case, Contact, Message, Participant
from templates.dates import with_weekday
from templates.words import chat
from templates.writing import phrases, write
from workflow import bodies, letters, outbox
from workflow.office import Act
from workflow.outbox import Thread, To, Words
from workflow.standing import Standing
from workflow.ways import Way, quick_way_to

ONCE_IN = timedelta(hours=24)
RECEIPTS_SINCE = (  # made once: a query made anew for each mail costs more than its answer
    select(Message.address)
    .where(col(Message.address).in_(bindparam("addresses", expanding=True)), Message.kind == "receipt")
    .where(Message.created_at > bindparam("since"))
)
HAD = "mailboxes that had a receipt"


def look_up(act: Act, addresses: Collection[str]) -> None:
    """Before a batch is filed: which of these mailboxes had a receipt, in one query.

    Only for a transaction that is undone as a whole where any of it fails: what it owes is remembered, not asked again.
    """
    had = _had(act, addresses)
    act.session.info[HAD] = {address: address in had for address in addresses}


def send(act: Act, case: Case, contact: Contact, participant: Participant, standing: Standing) -> None:
    """Put the receipt in the outbox, unless no quick way is safe or this mailbox had one in the last day."""
    way = quick_way_to(participant)
    if way is None or (not way.is_chat and _had_one(act, way.address)):
        return
    thread = Thread(contact.message_id, letters.references_after(contact), letters.reply_to(act, participant))
    _owe(act, case, participant, way, standing, f"receipt:{case.id}", thread)


def send_by(act: Act, case: Case, participant: Participant, way: Way, standing: Standing) -> bool:
    """Send it once more by this way, since another did not work; false where this way can't carry it by itself."""
    if way.channel == "post":
        return False
    thread = Thread(reply_to=letters.reply_to(act, participant))
    _owe(act, case, participant, way, standing, f"receipt:{case.id}:{way.channel}", thread)
    return True


def _owe(
    act: Act, case: Case, participant: Participant, way: Way, standing: Standing, key: str, thread: Thread
) -> None:
    organisation = bodies.organisation(act.session, case.organisation_id)
    facts = {
        "reference": case.reference,
        "steps": steps(standing, case.language),
        "link": letters.progress_link(act.office, participant),
        "telephone": organisation.telephone,
        "organisation": organisation.name,
    }
    to = To(way.address, way.channel, participant_id=participant.id)
    words = _for_chat(facts, case.language) if way.is_chat else _as_mail(facts, case.language)
    outbox.owe(act, key, "receipt", to, words, case=case, thread=thread, first_time=True)
    act.session.info.get(HAD, {})[way.address] = True


def _as_mail(facts: Mapping[str, Any], language: str) -> Words:
    written = write("receipt", facts, language)
    return Words(written.subject, written.text, written.html)


def _for_chat(facts: Mapping[str, Any], language: str) -> Words:
    """The same in few words: a chat is read on a small screen, and answers come back where they are seen."""
    said = chat(language)["receipt"]
    told = {**facts, "steps": "\n".join(f"• {step}" for step in facts["steps"])}
    paragraphs = [said["received"], said["next"], said["link"], said["danger"]]
    if facts["telephone"]:
        paragraphs.append(said["telephone"])
    return Words(said["subject"].format_map(told), "\n\n".join(one.format_map(told) for one in paragraphs))


def steps(standing: Standing, language: str = "en") -> list[str]:
    """What happens next and by when, for each date of the present stage."""
    words = phrases(language)["steps"]
    found = []
    for clock in standing.clocks:
        sentence = words.get(clock.id.partition(".")[2])
        if sentence and clock.stage == standing.stage and clock.due and clock.is_owed:
            found.append(sentence.format(due=with_weekday(clock.keep_by or clock.due, language)))
    return found


def _had_one(act: Act, address: str) -> bool:
    looked_up: dict[str, bool] = act.session.info.get(HAD, {})
    if address not in looked_up:
        act.session.flush()  # one that this very transaction owes counts too
        return bool(_had(act, [address]))
    return looked_up[address]


def _had(act: Act, addresses: Collection[str]) -> set[str]:
    asked = {"addresses": list(addresses), "since": act.now - ONCE_IN}
    return set(act.session.execute(RECEIPTS_SINCE, asked).scalars())
