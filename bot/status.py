"""Where is my complaint? Answered to the chat that opened the case, or was linked to it by a code."""

from bot.cases import MOST, Mine, mine
from bot.talk import Talk
from workflow import letters
from workflow.progress import progress_of


def show(talk: Talk) -> None:
    """The stage and the next date of each of their cases; how to link one where there is none."""
    found = mine(talk)
    if not found:
        talk.say("status.none")
    for one in found[:MOST]:
        _tell(talk, one)
    if not found or not any(one.is_open for one in found):
        talk.offer(talk.button("status.link", "x link"))


def _tell(talk: Talk, one: Mine) -> None:
    told = progress_of(talk.act.session, one.person, talk.act.now, talk.conversation.language)
    link = letters.progress_link(talk.act.office, one.person)
    key = "status.open" if one.is_open else "status.closed"
    talk.say(
        key, reference=told.reference, service=told.service_name, stage=told.stage_title, next=told.next_text, link=link
    )
