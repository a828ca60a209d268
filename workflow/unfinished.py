"""A complaint begun in a chat and not sent: its person is reminded once, then staff see it: nobody is unheard."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from storage.chat import erase
from storage.tables import Case, Conversation, Message, Service, Task
from templates.words import chat
from workflow import by_chat, outbox
from workflow.office import Act
from workflow.outbox import To, Words

REMIND_AFTER = timedelta(days=1)  # of silence; our own default, like the next
SHOW_AFTER = timedelta(days=3)
AT_ONCE = 1_000


def changed(act: Act, conversation: Conversation) -> None:
    """They have just said something: the time to remind them, or to show it to staff, counts anew."""
    conversation.began_at = conversation.began_at or act.now
    conversation.changed_at = act.now
    is_shown_next = conversation.reminded_at and not conversation.case_id
    conversation.look_at = act.now + (SHOW_AFTER if is_shown_next else REMIND_AFTER)
    conversation.shown_at = None


def held(act: Act, conversation: Conversation) -> None:
    """What they wrote waits for them to say what it is about; should they never say, it is a complaint begun."""
    if conversation.began_at is None:
        conversation.changed_at = act.now
    conversation.look_at = conversation.look_at or act.now + REMIND_AFTER


def is_held(conversation: Conversation) -> bool:
    """Whether words or files of theirs wait for them to say what it is about."""
    return bool(conversation.holding.get("text") or conversation.holding.get("files"))


def take_up(act: Act, conversation: Conversation) -> bool:
    """What was held becomes part of a complaint that is not sent yet; false when nothing was."""
    if not is_held(conversation):
        return False
    words, files = str(conversation.holding.get("text", "")), list(conversation.holding.get("files") or [])
    told = conversation.answers
    what = "\n\n".join(part for part in (str(told.get("what", "")), words) if part)
    kept = [*(told.get("kept") or []), *files]
    conversation.answers = {**told, **({"what": what} if what else {}), **({"kept": kept} if kept else {})}
    conversation.aside, conversation.holding = "", {}
    conversation.began_at = conversation.began_at or conversation.changed_at or act.now
    conversation.changed_at = conversation.changed_at or act.now
    conversation.look_at = conversation.look_at or act.now + REMIND_AFTER
    return True


def delete(act: Act, conversation: Conversation) -> None:
    """Its person wants it gone: what they wrote here, and what we repeated of it, is erased."""
    erase(act.session, conversation.channel, conversation.chat, act.now)
    repeated = update(Message).where(
        col(Message.kind) == "turn",
        col(Message.channel) == conversation.channel,
        col(Message.address) == conversation.chat,
        col(Message.created_at) >= (conversation.began_at or act.now),
        col(Message.closed_at).is_not(None),
    )
    act.session.execute(repeated.values(text="", extra=None))
    over(act, conversation)


def over(act: Act, conversation: Conversation) -> None:
    """It was sent, opened by staff, or deleted: the chat forgets it."""
    finish(act, conversation)
    conversation.round += 1
    conversation.answers, conversation.question, conversation.asked_at = {}, "", None
    conversation.aside, conversation.holding, conversation.case_id = "", {}, None
    conversation.began_at = conversation.changed_at = None
    conversation.look_at = conversation.reminded_at = conversation.shown_at = None


def finish(act: Act, conversation: Conversation, **how: Any) -> None:
    """Nobody need look at it any more."""
    for task in act.session.exec(select(Task).where(Task.key == _key(conversation), col(Task.done_at).is_(None))):
        task.done_at, task.data = act.now, {**task.data, **how}
        act.session.add(task)


def due(act: Act) -> list[int]:
    """The conversations in which somebody fell silent a while ago."""
    query = select(Conversation.id).where(col(Conversation.look_at).is_not(None), col(Conversation.look_at) <= act.now)
    found = act.session.exec(query.order_by(col(Conversation.look_at)).limit(AT_ONCE))
    return [id_ for id_ in found if id_ is not None]


def attend(act: Act, conversation_id: int) -> bool:
    """Remind the person, or show it to staff; false when another worker has it, or they have spoken meanwhile."""
    query = select(Conversation).where(Conversation.id == conversation_id).with_for_update(skip_locked=True)
    conversation = act.session.exec(query.execution_options(populate_existing=True)).first()
    if conversation is None or conversation.look_at is None or conversation.look_at > act.now:
        return False
    take_up(act, conversation)
    by_chat.find_case(act, conversation)
    if conversation.began_at is None:
        conversation.look_at = None  # what was held has found its place meanwhile
        act.session.add(conversation)
        return True
    assert conversation.changed_at is not None
    if conversation.case_id is not None:
        # It named harm, and has a case: whatever else they told before they fell silent belongs there, too.
        by_chat.tell_rest(act, conversation, by_chat.so_far(conversation), conversation.changed_at)
        over(act, conversation)
    elif conversation.reminded_at is None:
        _remind(act, conversation)
        conversation.reminded_at = act.now
        conversation.look_at = max(conversation.changed_at + SHOW_AFTER, act.now)
    else:
        conversation.look_at = None
        _show_to_staff(act, conversation)
    act.session.add(conversation)
    return True


def open_case(act: Act, conversation: Conversation) -> Case | None:
    """A person decides that it is a complaint: it was received when they last wrote."""
    assert conversation.changed_at is not None
    case = by_chat.complain(act, conversation, by_chat.so_far(conversation), conversation.changed_at)
    over(act, conversation)
    act.session.add(conversation)
    return case


def set_aside(act: Act, conversation: Conversation, because: str) -> None:
    """A person decides that it is none. It stays where it is, should its person come back to it."""
    finish(act, conversation, set_aside=because, by=act.by.name)
    conversation.shown_at = None
    act.session.add(conversation)


def _remind(act: Act, conversation: Conversation) -> None:
    if conversation.stopped_at is not None:
        return
    said = chat(conversation.language)["unfinished"]
    conversation.turns += 1
    key = f"turn:{conversation.id}:{conversation.turns}"
    to = To(conversation.chat, conversation.channel)
    message = outbox.owe(act, key, "turn", to, Words(said["subject"], said["reminder"]), first_time=True)
    assert message is not None
    verbs = (("go_on", "on"), ("delete", "delete"))
    rows = [[{"text": said[word], "value": f"n{conversation.round} {verb}"}] for word, verb in verbs]
    message.extra = {"buttons": rows, "document": None}


def _show_to_staff(act: Act, conversation: Conversation) -> None:
    if not conversation.answers:
        return  # nothing was said
    conversation.shown_at = act.now
    task = act.session.exec(select(Task).where(Task.key == _key(conversation))).first() or Task(
        key=_key(conversation),
        service_id=_service_id(act, str(conversation.answers.get("service", ""))),
        kind="unfinished",
        text="Somebody began a complaint by chat and has not sent it. Read it; open a case, or set it aside.",
        data={"conversation": conversation.id, "page": f"/desk/unfinished/{conversation.id}"},
        created_at=act.now,
    )
    task.done_at = None  # they may have come back to it, and left again
    act.session.add(task)


def _key(conversation: Conversation) -> str:
    return f"unfinished:{conversation.id}:{conversation.round}"


def _service_id(act: Act, slug: str) -> int | None:
    named = act.session.exec(select(Service.id).where(Service.slug == slug)).first()
    return named or act.session.exec(select(Service.id).order_by(col(Service.id)).limit(1)).first()
