"""Surveys by post: a letter with an answer sheet that a person prints and posts; sheets come back without a name."""

from datetime import date, timedelta

from sqlmodel import Session, col, select

from learning.feedback.survey_items import items_for
from learning.feedback.survey_number import number_of
from learning.feedback.survey_words import private
from learning.feedback.surveys import OVER_AFTER, REMIND_AFTER
from learning.verb import Refused
from storage.tables import Message, Organisation, Participant, SurveyInvitation
from templates.places import Link
from templates.writing import write
from workflow import outbox, tasks
from workflow.office import Act
from workflow.outbox import Words
from workflow.projection import morning
from workflow.working_days import london

MUST_LEAVE_IN = timedelta(days=14)  # asked later than that they have forgotten; our own default, like the next
ON_ITS_WAY = timedelta(days=7)  # there and back again, beside the time that anybody has
OVER = "This survey was posted already, or was answered or stopped meanwhile"


def as_letter(act: Act, row: SurveyInvitation) -> Words:
    """The letter; the sheet with the questions is printed with it."""
    organisation = act.session.get_one(Organisation, row.organisation_id)
    facts = {
        "name": act.session.get_one(Participant, row.participant_id).name,
        "group": row.grp,
        "is_reminder": row.sent_at is not None,
        "count": len(items_for(row.grp)),
        "number": number_of(act.office.keyring, row),
        "survey_link": Link(act.office.link("/survey")),
        "private": private(act, row),
        "telephone": organisation.telephone,
        "organisation": organisation.name,
    }
    written = write("survey_post", facts, row.language)
    return Words(written.subject, written.text)


def ask_to_post(act: Act, row: SurveyInvitation, message: Message) -> None:
    """Someone must print and post it. It stands on no case: whoever deals with that leaves it to others."""
    act.session.flush()
    words = "Print a survey that goes by post, post it, and record the day on which you did."
    page = {"page": f"/desk/surveys/{message.id}"}
    tasks.add(act, None, "survey_post", f"survey_post:{message.id}", words, page, service_id=row.service_id)


def to_post(session: Session, message_id: int) -> tuple[Message, SurveyInvitation] | None:
    """A survey's letter that waits to be posted, and whose it is; once it is posted nobody can look that up again."""
    query = select(Message).where(Message.id == message_id, Message.kind == "survey", Message.channel == "post")
    message = session.exec(query.where(col(Message.closed_at).is_(None))).first()
    return (message, session.get_one(SurveyInvitation, int(message.key.split(":")[1]))) if message else None


def posted(act: Act, message_id: int, on: date) -> None:
    """Say on which day it was posted: the time until the reminder, or until it is over, counts from then."""
    found = to_post(act.session, message_id)
    if found is None:
        raise Refused(OVER)
    message, row = found
    act.session.refresh(row, with_for_update=True)  # before the message, as whoever answers it locks them
    act.session.refresh(message, with_for_update=True)
    if message.closed_at is not None:
        raise Refused(OVER)
    if on > london(act.now):
        raise Refused("The day of posting must be today or earlier", "on")
    if on < london(message.created_at):
        raise Refused("It can't have been posted before it was written", "on")
    at = act.now if on == london(act.now) else max(morning(on), message.created_at)
    outbox.sent(message, at)
    if row.sent_at is None:
        row.sent_at, row.send_at = at, morning(london(at + REMIND_AFTER + ON_ITS_WAY))
    else:
        row.send_at = morning(london(at + OVER_AFTER + ON_ITS_WAY))
    act.session.add_all((message, row))
    for task in tasks.with_key(act, f"survey_post:{message.id}"):
        task.done_at = act.now
        act.session.add(task)
