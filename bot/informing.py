"""How someone is kept informed: in this chat, by email or by post; not here any more; and in which language."""

from sqlmodel import col, select

from bot.cases import Mine, mine
from bot.said import Button
from bot.talk import Talk
from learning.afterwards import informed
from learning.feedback import survey_answers
from storage.tables import Case, Event, KeepInformed, Participant
from templates.languages import LANGUAGES, OWN_NAME
from templates.words import channel
from workflow import unsaid
from workflow.answers import NotAnAnswer, validate
from workflow.questionnaire import Question, questions
from workflow.record import lock, note

SAID_HERE = "said in their chat"
WAYS = ("chat", "email", "post")
NEEDS = {"email": "email", "post": "postal_address"}  # a way -> what must be known for it, as the questions call it


def ask_how(talk: Talk) -> None:
    """/updates: which way do they want to hear from us?"""
    found = _heard_of(talk)
    if not found:
        talk.say("status.none")
        talk.offer(talk.button("status.link", "x link"))
        return
    now = found[0].person.prefers
    talk.say("updates.ask", now=talk.words("updates")["ways"].get(_name(talk, now), channel(now)))
    for way in WAYS:
        if not _is_unsafe(talk, found, way):
            talk.offer(talk.button(f"reach.{way}", f"x by {way}"))
    talk.offer(talk.button("updates.never", "/stop"))


def choose(talk: Talk, way: str) -> None:
    """They chose a way: for every open case of theirs, as far as we know how to reach them by it."""
    found = _heard_of(talk)
    if not found or way not in WAYS:
        talk.say("trouble.old_button")
        return
    if _is_unsafe(talk, found, way):
        _say_unsafe(talk, way)
        return
    needed = NEEDS.get(way)
    known = (
        next((str(getattr(one.person, needed)) for one in found if getattr(one.person, needed)), "") if needed else ""
    )
    if needed and not known:
        talk.conversation.aside, talk.conversation.holding = "address", {"way": way}
        talk.paragraphs.append(talk.words("updates")["needs"][way])
        talk.offer(talk.button("move.stop", "x stop"))
        return
    for one in found:
        _set(talk, one, way, known)
    talk.say("updates.done", way=talk.words("updates")["ways"][way])
    _offer_more(talk, found)


def take_address(talk: Talk) -> None:
    """The email or postal address that the way they chose needs."""
    way = str(talk.conversation.holding.get("way"))
    try:
        address = validate(_question(talk, way), talk.said.text)
    except NotAnAnswer as error:
        talk.paragraphs.append(str(error))
        talk.offer(talk.button("move.stop", "x stop"))
        return
    talk.conversation.aside, talk.conversation.holding = "", {}
    found = _heard_of(talk)
    if _is_unsafe(talk, found, way):  # they have said so since we asked
        _say_unsafe(talk, way)
        return
    for one in found:
        _set(talk, one, way, str(address))
    talk.say("updates.done", way=talk.words("updates")["ways"][way])


def _is_unsafe(talk: Talk, found: list[Mine], way: str) -> bool:
    """Whether they have called it so, on any of these cases; what is unsafe is never chosen by a button."""
    named = talk.said.channel if way == "chat" else way
    return any(named in one.person.avoid for one in found)


def _say_unsafe(talk: Talk, way: str) -> None:
    talk.say("updates.unsafe", way=talk.words("updates")["ways"][way])


def stop(talk: Talk) -> None:
    """/stop: nothing is sent here any more, neither letters nor reminders."""
    talk.conversation.stopped_at = talk.act.now
    unsaid.take_back(talk.act, talk.conversation)
    talk.conversation.aside, talk.conversation.holding = "", {}
    for one in mine(talk):
        person = one.person
        survey_answers.drop(talk.act, person.id or 0, talk.said.channel)
        person.avoid = [*person.avoid, talk.said.channel]
        _note(talk, one, ["avoid"])
    talk.say("updates.stopped")


def come_back(talk: Talk) -> None:
    """They want to hear from us here again after all; where there is a mailbox, a code to it shows who asks."""
    talk.conversation.stopped_at = None
    found = stopped(talk)
    for one in found:
        if not one.person.email:
            one.person.avoid = [channel for channel in one.person.avoid if channel != talk.said.channel]
            _note(talk, one, ["avoid"])
    if any(one.person.email for one in found):
        talk.say("updates.by_code")
        talk.offer(talk.button("status.link", "x link"))
    else:
        talk.say("updates.done", way=talk.words("updates")["ways"]["chat"])


def stopped(talk: Talk) -> list[Mine]:
    """Their cases of which they said, in this very chat by /stop, that nothing is to be written here.

    Where they called this chat unsafe in any other way, whoever holds the telephone now hears nothing of it.
    """
    query = select(Participant, Case).join(Case, col(Participant.case_id) == Case.id)
    rows = talk.act.session.exec(query.where(Participant.chat == talk.name)).all()
    found = [Mine(case, person) for person, case in rows if talk.said.channel in person.avoid]
    return [one for one in found if _was_said_here(talk, one)]


def _was_said_here(talk: Talk, one: Mine) -> bool:
    """Whether the last word on what is safe for them was given in their chat."""
    query = select(Event).where(Event.case_id == one.case.id, Event.name == "contact.changed")
    changes = talk.act.session.exec(query.order_by(col(Event.id).desc()))
    of_theirs = (one_ for one_ in changes if one_.data.get("participant") == one.person.id)
    last = next((change for change in of_theirs if "avoid" in change.data.get("changed", ())), None)
    return last is not None and last.because == SAID_HERE


def ask_language(talk: Talk) -> None:
    """/language"""
    talk.say("language.ask")
    for language in LANGUAGES:
        talk.offer(Button(OWN_NAME[language], f"x speak {language}"))


def speak(talk: Talk, language: str) -> None:
    """From now on in this language; letters on their cases too."""
    if language not in LANGUAGES:
        return
    talk.conversation.language = language
    for one in mine(talk):
        one.case.language = language
        talk.act.session.add(one.case)
    talk.say("language.done")


def _set(talk: Talk, one: Mine, way: str, address: str) -> None:
    person = one.person
    person.prefers = talk.said.channel if way == "chat" else way
    if way in NEEDS:
        setattr(person, NEEDS[way], address.lower() if way == "email" else address)
    _note(talk, one, ["prefers"])
    if _choices(talk, one) is not None:
        informed.choose(informed.as_complainant(talk.act), person, way)


def _heard_of(talk: Talk) -> list[Mine]:
    """Their open cases, and closed ones of which they still hear what was changed because of them."""
    return [one for one in mine(talk) if one.is_open or _choices(talk, one) is not None]


def _choices(talk: Talk, one: Mine) -> KeepInformed | None:
    """What they chose about hearing what is changed because of them; None where nothing was promised yet."""
    return informed.of(talk.act.session, one.person.id)


def _offer_more(talk: Talk, found: list[Mine]) -> None:
    """How often, and taking part, are chosen on a page."""
    for one in found:
        if (row := _choices(talk, one)) is not None:
            talk.say("updates.more", reference=one.case.reference, link=informed.link(talk.act.office, row))


def _note(talk: Talk, one: Mine, changed: list[str]) -> None:
    """What it was and is stands with the person; the story says only what sort of thing changed."""
    case = lock(talk.act.session, one.case.id)
    talk.act.session.add(one.person)
    data = {"participant": one.person.id, "changed": changed}
    note(talk.act, case, "contact.changed", because=SAID_HERE, data=data)


def _question(talk: Talk, way: str) -> Question:
    """The question that asks for what this way needs."""
    return next(one for one in questions((), talk.conversation.language) if one.id == NEEDS[way])


def _name(talk: Talk, channel: str) -> str:
    return "chat" if channel == talk.said.channel else channel
