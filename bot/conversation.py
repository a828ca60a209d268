"""The one conversation for every messenger: what someone said moves it on, and the reply is owed in the outbox."""

from bot.said import Button, File, Said
from workflow.office import Act

__all__ = ["Button", "File", "Said", "answer"]


def answer(act: Act, said: Said) -> None:
    """In the caller's transaction: move the conversation, file what is to be filed, owe the replies in the outbox."""
    raise NotImplementedError(said.channel, act.now)
