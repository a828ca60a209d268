"""How a survey is put to someone: as a mail, as a message in a chat, or on paper."""

from sqlmodel import select

from learning.feedback import survey_chat
from learning.feedback.survey_items import FIRST, SCALE, items_for, page, said
from learning.feedback.surveys import secret_of
from storage.tables import Colleague, Organisation, Participant, Staff, SurveyInvitation
from templates.places import Link
from templates.writing import write
from workflow.office import Act
from workflow.outbox import Words


def as_mail(act: Act, row: SurveyInvitation) -> Words:
    """Asks one question itself, whose answers lead to the page with that answer chosen."""
    at, words = link(act, row), said(row.language)
    facts = {
        "name": _name(act, row),
        "group": row.grp,
        "is_reminder": row.sent_at is not None,
        "question": words["items"][row.grp][FIRST],
        "answers": [{"text": words["scale"][one], "link": Link(f"{at}?{FIRST}={one}")} for one in SCALE[:5]],
        "survey_link": at,
        "stop_link": Link(f"{at}/stop"),
        "to_staff": row.participant_id is None,
        "private": private(act, row),
        "count": len(items_for(row.grp)),
        "organisation": act.session.get_one(Organisation, row.organisation_id).name,
    }
    written = write("survey", facts, row.language)
    return Words(written.subject, written.text, written.html)


def as_chat(act: Act, row: SurveyInvitation) -> Words:
    """Its first question with the answers to press below it, and the way to all of them on a page."""
    words = said(row.language)["chat"]
    item = survey_chat.following(row) or FIRST
    facts = {"count": len(items_for(row.grp)), "link": link(act, row)}
    lead = words["remind"] if row.sent_at else words[row.grp]["invite"]
    parts = [lead, words["how"].format_map(facts), private(act, row), words["unmet"],
             survey_chat.question(row, item, row.language)]  # fmt: skip
    return Words(page(row.grp, row.language)["title"], "\n\n".join(parts))


def link(act: Act, row: SurveyInvitation) -> Link:
    """Where it is answered on the web."""
    return Link(act.office.link(f"/survey/{secret_of(act.office.keyring, row)}"))


def private(act: Act, row: SurveyInvitation) -> str:
    """What we promise them about their answers."""
    return page(row.grp, row.language)["private"].format(floor=act.office.survey_floor)


def _name(act: Act, row: SurveyInvitation) -> str:
    """What they are called."""
    if row.participant_id is not None:
        return act.session.get_one(Participant, row.participant_id).name
    if row.staff_id is not None:
        return act.session.get_one(Staff, row.staff_id).name
    query = select(Colleague.name).where(Colleague.case_id == row.case_id, Colleague.email == row.email)
    return act.session.exec(query).first() or ""
