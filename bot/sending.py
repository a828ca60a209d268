"""The last look at a complaint told by chat, and sending it: once, however often the button is pressed."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.files import forget_files
from bot.questions import Asking
from bot.said import Button
from bot.talk import Talk
from bot.ways import preferred
from storage.tables import Case, Participant
from workflow import by_chat, one_telling, unfinished
from workflow.questionnaire import Question, complete, in_words
from workflow.ways import quick_way_to, way_to

SHOWN = 350  # characters of one answer in the last look: a message holds little


def show(talk: Talk, asking: Asking) -> None:
    """All they told, what we do with it, and the buttons to send or change it."""
    there = talk.conversation
    known = {**there.answers, "email": "some way", "files": there.answers.get("kept")}
    told = [_line(talk, one) for one in asking.asked(there.answers) if known.get(one.id)]
    talk.say("confirm.look")
    talk.paragraphs.append("\n".join(told))
    talk.paragraphs += asking.questions_by_id["consent"].words["text"]["paragraphs"]
    talk.say("confirm.send_means")
    talk.offer(talk.button("move.send", f"n{there.round} send"))
    talk.offer(*(talk.button(f"move.{verb}", f"n{there.round} {verb}") for verb in ("change", "later", "delete")))


def _line(talk: Talk, question: Question) -> str:
    answers = talk.conversation.answers
    if question.id == "files":
        words = str(len(answers.get("kept") or []))
    elif question.id == "email" and not answers.get("email"):
        words = str(talk.words("reach")[str(answers.get("reach", "chat"))])
    else:
        words = in_words(question, answers[question.id])
    return f"{question.short}: {shortened(words)}"


def shortened(words: str) -> str:
    """An answer as we say it again: they know how it goes on."""
    return words if len(words) <= SHOWN else f"{words[: SHOWN - 1]}…"


def _change(talk: Talk, asking: Asking) -> None:
    """Which answer is to be another?"""
    there = talk.conversation
    talk.say("confirm.which")
    for question in asking.asked(there.answers):
        talk.offer(Button(question.short, f"c{there.round} {question.id}"))
    talk.offer(talk.button("move.on", f"n{there.round} on"))


def _later(talk: Talk, _asking: Asking) -> None:
    talk.say("confirm.saved")
    talk.offer(talk.button("move.on", f"n{talk.conversation.round} on"))


def _delete(talk: Talk, _asking: Asking) -> None:
    there = talk.conversation
    talk.say("confirm.sure")
    talk.offer(talk.button("move.delete", f"n{there.round} delete-all"))
    talk.offer(talk.button("move.on", f"n{there.round} on"))


def _delete_all(talk: Talk, _asking: Asking) -> None:
    there = talk.conversation
    case = talk.act.session.get(Case, there.case_id) if there.case_id else None
    waits = by_chat.WAITS in there.answers
    forget_files(talk)
    unfinished.delete(talk.act, there)
    talk.say("confirm.deleted")
    if case is not None:  # it named harm, and was opened at once
        talk.say("confirm.still_open", reference=case.reference)
    elif waits:
        talk.say("confirm.still_kept")


def _send(talk: Talk, asking: Asking) -> None:
    """File it, in this transaction; what is still missing is asked first."""
    there = talk.conversation
    if (missing := asking.next(there.answers)) is not None:
        talk.conversation.question = missing.id
        talk.say("confirm.missing", short=missing.short)
        talk.offer(talk.button("move.on", f"n{there.round} on"))
        return
    said = final(talk, asking)
    if there.case_id is not None:
        _add_to_case(talk, said)
    else:
        _tell_where_it_is(talk, by_chat.complain(talk.act, there, said, talk.said.at))
    unfinished.over(talk.act, there)


def final(talk: Talk, asking: Asking) -> dict[str, Any]:
    """The answers as they are sent."""
    there = talk.conversation
    services = asking.questions_by_id["service"].options
    kept = complete(asking.questions, services, there.answers, there.language)
    kept = {key: answer for key, answer in kept.items() if answer not in ("", []) and key != "files"}
    beside = {
        "files": there.answers.get("kept") or [],
        "prefers": preferred(there, there.answers),
        "consent": True,
        "problems": there.answers.get("problems") or [],
    }
    return {**kept, **beside}


def _tell_where_it_is(talk: Talk, case: Case | None) -> None:
    """The reference; where their receipt comes to this very chat, that says it all."""
    if case is None:
        talk.say("confirm.waits")
        return
    person = one_telling.person_of(talk.act, case)
    _now_of_case(talk, person)
    way = quick_way_to(person)
    talk.is_answered = way is not None and way.channel == talk.said.channel
    _say_sent(talk, case, person)


def _now_of_case(talk: Talk, person: Participant) -> None:
    """What they wrote before has become part of a case: an edited message is known as such from now on."""
    said = talk.conversation.said.items()
    prefix = f"q{talk.conversation.round} "
    talk.conversation.said = {id_: f"case {person.id}" if became.startswith(prefix) else became for id_, became in said}


def _add_to_case(talk: Talk, said: Mapping[str, Any]) -> None:
    """The case was opened at once, for it named harm: the rest is added, and who they are and how to reach them."""
    case = by_chat.tell_rest(talk.act, talk.conversation, said, talk.said.at)
    person = one_telling.person_of(talk.act, case)
    _now_of_case(talk, person)
    _say_sent(talk, case, person)


def _say_sent(talk: Talk, case: Case, person: Participant) -> None:
    """The reference, and by what way they will hear from a person."""
    way, ways = way_to(person), talk.words("updates")["ways"]
    channel = way.channel if way else person.prefers
    talk.say("confirm.sent", reference=case.reference, way=ways.get(channel, ways["chat"]))


MOVES: Mapping[str, Callable[[Talk, Asking], None]] = {
    "change": _change,
    "later": _later,
    "delete": _delete,
    "delete-all": _delete_all,
    "send": _send,
}
