"""Words of immediate risk, at any turn: whom to call is said at once, and a person here is alarmed."""

from bot.adding import add_now
from bot.cases import Mine, mine
from bot.files import keep_files, keep_trouble
from bot.greeting import tell_who_reads
from bot.said import Said
from bot.talk import Talk, begin
from bot.telling_questions import asking_of, go_on, is_telling, repeat
from storage.tables import Case
from workflow import by_chat, letters, one_telling, unfinished
from workflow.answers import tidy
from workflow.office import Act


def answer(talk: Talk) -> bool:
    """Where what they wrote names harm: signposting first, then to the case, which is opened if there is none."""
    text = tidy(talk.said.text)
    if not text or not talk.act.office.risk_words.found_in(text):
        return False
    talk.say("danger.now")
    if is_telling(talk.conversation):
        _while_telling(talk, text)
    elif found := [one for one in mine(talk) if one.is_open][:1]:
        add_now(talk, found[0], text)
    else:
        _begin(talk)
        _while_telling(talk, text, is_first=True)
    return True


def warn(act: Act, said: Said) -> bool:
    """Say whom to call, and no more, where what they wrote names harm and can't be answered yet; whether it does."""
    if not act.office.risk_words.found_in(tidy(said.text)):
        return False
    talk = begin(act, said)
    talk.say("danger.now")
    talk.owe()
    return True


def _begin(talk: Talk) -> None:
    talk.conversation.answers, talk.conversation.stopped_at = {}, None
    unfinished.take_up(talk.act, talk.conversation)
    talk.conversation.aside, talk.conversation.holding = "", {}
    unfinished.changed(talk.act, talk.conversation)


def _while_telling(talk: Talk, text: str, *, is_first: bool = False) -> None:
    """It does not wait until they have answered everything: a case is opened from what they told so far."""
    there = talk.conversation
    if there.case_id is None:
        keep_trouble(talk)
        keep_files(talk)
        known = str(there.answers.get("what", ""))
        there.answers = {**there.answers, "what": f"{known}\n\n{text}".strip()}
        _open(talk)
    else:
        case = talk.act.session.get_one(Case, there.case_id)
        add_now(talk, Mine(case, one_telling.person_of(talk.act, case)), text)
    if is_first:  # what they would have been told before anything was asked
        tell_who_reads(talk)
    unfinished.changed(talk.act, there)
    asking = asking_of(talk)
    if asking.find(there.question) and there.question not in there.answers:
        repeat(talk, asking)
    else:
        go_on(talk, asking)


def _open(talk: Talk) -> None:
    there = talk.conversation
    said = by_chat.so_far(there)
    said["name"] = said.get("name") or there.name
    case = by_chat.complain(talk.act, there, said, talk.said.at, is_told=True)
    if case is None:
        talk.say("confirm.waits")
        return
    there.case_id, there.answers = case.id, {**there.answers, by_chat.IN_CASE: said}
    person = one_telling.person_of(talk.act, case)
    talk.remember(f"case {person.id}")
    talk.say("danger.opened", reference=case.reference, link=letters.progress_link(talk.act.office, person))
