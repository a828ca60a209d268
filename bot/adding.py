"""Adding to a case, and withdrawing it, in the chat that is its person's."""

from typing import Any

from bot.cases import Mine, mine, offer_each, one_of
from bot.files import store, tell_trouble
from bot.meaning import MANY
from bot.talk import Talk
from workflow import by_chat, unfinished
from workflow.answers import tidy
from workflow.progress import progress_of


def add_now(talk: Talk, one: Mine, text: str, files: list[dict[str, Any]] | None = None) -> None:
    """File words and files as an addition, and say that it has arrived."""
    kept = store(talk, talk.said.files) if files is None else files
    problems = tell_trouble(talk)
    could_go_on = _may_ask_next_stage(talk, one)
    said = {"add": tidy(text), "files": kept, "problems": problems}
    by_chat.tell(talk.act, talk.conversation, one.person, said, talk.said.at)
    talk.remember(f"case {one.person.id}")
    asks = could_go_on and not _may_ask_next_stage(talk, one)
    talk.say("add.after_answer" if asks else "add.done", reference=one.case.reference)


def _may_ask_next_stage(talk: Talk, one: Mine) -> bool:
    """After our answer, until they have said something to it: that makes a task of whether it goes on."""
    told = progress_of(talk.act.session, one.person, talk.act.now, talk.conversation.language)
    return told.may_ask_next_stage


def ask_what(talk: Talk, text: str = "") -> None:
    """/add: to which case, and what?"""
    found = mine(talk)
    if len(found) != 1 or unfinished.is_held(talk.conversation):
        _hold(talk, text)
    if not found:
        talk.say("status.none")
        talk.offer(talk.button("free.complain", "/complain"))
        talk.offer(talk.button("status.link", "x link"))
    elif len(found) > 1:
        talk.say("add.which")
        offer_each(talk, "add", found)
    elif unfinished.is_held(talk.conversation):
        chosen(talk, str(found[0].person.id))
    elif text or talk.said.files:
        add_now(talk, found[0], text)
    else:
        wait_for_it(talk, found[0])


def wait_for_it(talk: Talk, one: Mine) -> None:
    """What they write or send next is for this case."""
    talk.conversation.aside, talk.conversation.holding = "add", {"person": one.person.id}
    talk.say("add.what", reference=one.case.reference)
    talk.offer(talk.button("move.stop", "x stop"))


def chosen(talk: Talk, person_id: str) -> None:
    """They said which case it is for."""
    one, holding = one_of(talk, person_id), talk.conversation.holding
    talk.conversation.aside, talk.conversation.holding = "", {}
    if one is None:
        talk.say("trouble.old_button")
    elif holding.get("text") or holding.get("files"):
        add_now(talk, one, str(holding.get("text", "")), list(holding.get("files") or []))
    else:
        wait_for_it(talk, one)


def taken(talk: Talk) -> None:
    """What we waited for; what the messenger could not bring us at all is not it."""
    if talk.said.trouble and not talk.said.text and not talk.said.files:
        tell_trouble(talk)
        talk.offer(talk.button("move.stop", "x stop"))
        return
    one = one_of(talk, str(talk.conversation.holding.get("person")))
    talk.conversation.aside, talk.conversation.holding = "", {}
    if one is None:
        talk.say("status.none")
    else:
        add_now(talk, one, talk.said.text)


def unsure(talk: Talk) -> None:
    """It may be a complaint, or belong to one: only they can say. What they wrote is held meanwhile."""
    _hold(talk, talk.said.text)
    tell_trouble(talk)
    talk.say("free.unsure")
    offer_each(talk, "add", mine(talk))
    talk.offer(talk.button("free.complain", "x new"))
    talk.offer(talk.button("free.status", "/status"))
    talk.offer(talk.button("move.stop", "x stop"))


def _hold(talk: Talk, text: str) -> None:
    holding = talk.conversation.holding
    words = "\n\n".join(part for part in (str(holding.get("text", "")), tidy(text)) if part)
    files = [*(holding.get("files") or []), *store(talk, talk.said.files)]
    talk.conversation.aside, talk.conversation.holding = "unsure", {"text": words, "files": files}
    if words or files:
        unfinished.held(talk.act, talk.conversation)


def is_likely_an_addition(text: str, found: list[Mine]) -> bool:
    """A few words or a photo, from somebody with one case that is still open."""
    return len(found) > 0 and found[0].is_open and sum(one.is_open for one in found) == 1 and len(text.split()) <= MANY


def ask_to_withdraw(talk: Talk, person_id: str = "") -> None:
    """/withdraw: which case, and is it because it was put right?"""
    found = [one for one in mine(talk) if one.is_open and person_id in ("", str(one.person.id))]
    if not found:
        talk.say("withdraw.none")
    elif len(found) > 1:
        talk.say("withdraw.which")
        offer_each(talk, "withdraw", found)
    else:
        talk.say("withdraw.sure", reference=found[0].case.reference)
        talk.offer(talk.button("withdraw.solved", f"x solved {found[0].person.id}"))
        talk.offer(talk.button("withdraw.unhappy", f"x unhappy {found[0].person.id}"))
        talk.offer(talk.button("withdraw.keep", "x keep"))


def withdraw(talk: Talk, person_id: str, *, still_dissatisfied: bool) -> None:
    one = one_of(talk, person_id)
    if one is None or not one.is_open:
        talk.say("withdraw.none")
        return
    said = {"withdraw": True, "still_dissatisfied": still_dissatisfied, "why": ""}
    by_chat.tell(talk.act, talk.conversation, one.person, said, talk.said.at)
    talk.say("withdraw.done", reference=one.case.reference)
