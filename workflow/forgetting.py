"""What was said in chats is kept no longer than it is of use; what became part of a case stands in its contacts."""

from datetime import timedelta

from sqlmodel import col, select, text

from storage.chat import forget
from storage.tables import ChatCode, ChatUpdate, Message
from storage.tables.letters import TO_ERASE
from workflow.office import Act

CODE_GOOD_FOR = timedelta(minutes=10)
CODES_COUNTED_FOR = timedelta(days=1)  # nobody may ask for too many of them in this time
AT_ONCE = 1_000


def updates_due(act: Act) -> list[int]:
    """The updates that were dealt with so long ago that their bytes are to go."""
    handled, erased = col(ChatUpdate.handled_at), col(ChatUpdate.erased_at)
    query = select(ChatUpdate.id).where(handled <= act.now - act.office.keep_updates, erased.is_(None))
    return [id_ for id_ in act.session.exec(query.order_by(handled).limit(AT_ONCE)) if id_ is not None]


def forget_update(act: Act, update_id: int) -> bool:
    """Keep only that it came, and when; false when another worker has done so."""
    query = select(ChatUpdate).where(ChatUpdate.id == update_id, col(ChatUpdate.erased_at).is_(None))
    update = act.session.exec(query.with_for_update(skip_locked=True)).first()
    if update is None:
        return False
    forget(update, act.now)
    act.session.add(update)
    return True


def words_due(act: Act) -> list[int]:
    """Our own words in a chat, which repeat what its person told us, and mails with a code, that left as long ago."""
    closed = col(Message.closed_at)
    query = select(Message.id).where(text(TO_ERASE), closed <= act.now - act.office.keep_updates)
    return [id_ for id_ in act.session.exec(query.order_by(closed).limit(AT_ONCE)) if id_ is not None]


def forget_words(act: Act, message_id: int) -> bool:
    """Keep only that we wrote, and when; false when another worker has done so."""
    query = select(Message).where(Message.id == message_id, text(TO_ERASE))
    message = act.session.exec(query.with_for_update(skip_locked=True)).first()
    if message is None:
        return False
    message.text, message.html, message.extra = "", None, None
    act.session.add(message)
    return True


def codes_due(act: Act) -> list[int]:
    """The codes that have run out, and those of which not even that they were sent need be known any more."""
    made = col(ChatCode.made_at)
    run_out = select(ChatCode.id).where(made <= act.now - CODE_GOOD_FOR, col(ChatCode.code_hash) != "")
    counted = select(ChatCode.id).where(made <= act.now - CODES_COUNTED_FOR)
    found = [*act.session.exec(run_out.limit(AT_ONCE)), *act.session.exec(counted.limit(AT_ONCE))]
    return sorted({id_ for id_ in found if id_ is not None})


def forget_code(act: Act, code_id: int) -> bool:
    """Nobody can try it any more; after a day nobody can see that it was asked for."""
    code = act.session.exec(select(ChatCode).where(ChatCode.id == code_id).with_for_update(skip_locked=True)).first()
    if code is None:
        return False
    if code.made_at <= act.now - CODES_COUNTED_FOR:
        act.session.delete(code)
    else:
        code.code_hash = ""
        act.session.add(code)
    return True
