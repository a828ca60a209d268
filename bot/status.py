"""Where is my complaint? Answered to the chat that opened the case, or was linked to it by a code."""

from bot.cases import MOST, Mine, mine
from bot.talk import Talk
from learning.afterwards import changes, informed
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
    known = informed.known_now(talk.act.session, told.case_id, talk.act.now, talk.conversation.language)
    is_promised = not told.next_date and any(changes.is_awaited(change) for change in known)
    facts = {
        "reference": told.reference,
        "service": told.service_name,
        "stage": told.stage_title,
        "next": talk.words("status")["promised"] if is_promised else told.next_text,
        "link": letters.progress_link(talk.act.office, one.person),
    }
    talk.say("status.open" if one.is_open or is_promised else "status.closed", **facts)
