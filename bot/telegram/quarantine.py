"""What keeps failing is put aside in sight of people, and whoever wrote it hears that we did not take it."""

from contextlib import suppress

from bot import conversation
from bot.said import Said
from bot.telegram.door import CHANNEL
from storage.tables import ChatUpdate
from workflow import tasks
from workflow.office import Act

PUT_ASIDE = "chat_quarantine"


def put_aside(act: Act, update: ChatUpdate) -> None:
    """A task for whoever runs the installation; the rest of the chat goes on."""
    words = (
        f"Something that came by Telegram (update {update.id}, received {update.received_at:%-d %B %Y at %H:%M} UTC) "
        f"could not be handled after {update.tries} tries: {update.error}. It is kept as it came."
    )
    about = {"update": update.id, "page": f"/desk/quarantine/chat/{update.id}"}
    task = tasks.add(act, None, PUT_ASIDE, f"{PUT_ASIDE}:{update.id}", words, about)
    task.text, task.done_at = words, None  # somebody may have had it tried again in vain
    if update.chat and update.kind in ("message", "edit"):
        # The very thing that failed may fail again: then the task is all there is.
        with suppress(Exception), act.session.begin_nested():
            said = Said(CHANNEL, update.chat, update.received_at, trouble="not_understood")
            conversation.answer(act, said)
