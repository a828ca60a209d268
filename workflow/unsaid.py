"""What we were about to say in a chat is taken back when its person wants no more of it there."""

from sqlalchemy import or_
from sqlmodel import col, select

from storage.tables import Conversation, Message
from workflow.office import Act


def take_back(act: Act, conversation: Conversation) -> int:
    """Recall our answers and reminders that have not left; how many.

    What is owed on a case is not among them: it finds another way, or a person does. What a sender has in hand just
    now may leave: nobody waits for it, so that nobody can wait for us.
    """
    in_nobodys_hand = or_(col(Message.leased_until).is_(None), col(Message.leased_until) < act.now)
    query = select(Message).where(
        Message.channel == conversation.channel, Message.address == conversation.chat, Message.kind == "turn",
        col(Message.closed_at).is_(None), in_nobodys_hand,
    )  # fmt: skip
    found = act.session.exec(query.with_for_update(skip_locked=True)).all()
    for message in found:
        message.recalled_at = message.closed_at = act.now
        act.session.add(message)
    return len(found)
