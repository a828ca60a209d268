"""What keeps failing is put aside in sight of people, and whoever wrote it hears that we did not take it."""

from contextlib import suppress

from bot import conversation
from bot.said import Said
from storage.tables import ChatUpdate
from templates.dates import with_time
from templates.words import channel
from workflow import tasks
from workflow.office import Act

PUT_ASIDE = "chat_quarantine"


def put_aside(act: Act, update: ChatUpdate) -> None:
    """A task for whoever runs the installation; the rest of the chat goes on."""
    messenger = update.bot.partition(":")[0]
    words = (
        f"Something that came by {channel(messenger)} (update {update.id}, received "
        f"{with_time(update.received_at)}) could not be handled after {update.tries} tries: {update.error}. "
        "It is kept as it came."
    )
    about = {"update": update.id, "page": f"/desk/quarantine/chat/{update.id}"}
    task = tasks.add(act, None, PUT_ASIDE, f"{PUT_ASIDE}:{update.id}", words, about)
    task.text, task.done_at = words, None  # somebody may have had it tried again in vain
    if update.chat and update.kind in ("message", "edit"):
        # The very thing that failed may fail again: then the task is all there is.
        with suppress(Exception), act.session.begin_nested():
            said = Said(messenger, update.chat, update.received_at, trouble="not_understood")
            conversation.answer(act, said)
