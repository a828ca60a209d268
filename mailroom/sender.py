"""Sending what is owed by email: claim one, hand it to the relay, write down what came of it and claim the next."""

import asyncio
import logging
import time
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from mailroom.email_sender import EmailSender
from mailroom.verdicts import Never, NotNow
from storage.database import writing
from storage.tables import Message
from workflow import delivery, outbox
from workflow.office import SYSTEM, Act, Office

__all__ = ["EmailSender", "Never", "NotNow", "send_due"]

log = logging.getLogger("redress.outbox")
T = TypeVar("T")

STOP_SECONDS = 10.0  # how long a mail under way may take to end when we are told to stop
AGAIN_AFTER = (0.1, 0.5, 2.0, 5.0)  # seconds, while the database does not take what came of a mail


async def send_due(
    engine: Engine,
    office: Office,
    sender: EmailSender,
    clock: Callable[[], datetime],
    *,
    lease_name: str,
    most: int = 500,
) -> int:
    """Send what is due now, oldest first, `most` mails at most; gives how many the relay took.

    Ends early when the relay can't be reached: `sender.trouble` says why. Any number of workers may run this at once.
    When it is cancelled, it first finishes the mail that it has in hand.
    """
    sending = Sending(engine, office, clock, lease_name)
    tried: Tried | None = None
    for turn in range(most + 1):
        may_claim = turn < most and not (tried and tried.is_relays_fault)
        claimed = await sending.finish(asyncio.to_thread(sending.settle_and_claim, tried, may_claim))
        if claimed is None:
            break
        tried = await sending.finish(_attempt(sender, claimed))
    if sending.is_stopping:
        raise asyncio.CancelledError
    return sending.taken


@dataclass(frozen=True)
class Tried:
    """A message that we held under this lease, and what the relay said to it: yes is no error."""

    message: Message
    error: NotNow | Never | None

    @property
    def is_relays_fault(self) -> bool:
        return isinstance(self.error, NotNow) and self.error.is_relay


async def _attempt(sender: EmailSender, message: Message) -> Tried:
    try:
        await sender.deliver(message)
    except (NotNow, Never) as no:
        return Tried(message, no)
    return Tried(message, None)


class Sending:
    """One round of sending, by one worker."""

    def __init__(self, engine: Engine, office: Office, clock: Callable[[], datetime], lease_name: str) -> None:
        self._engine, self._office, self._clock, self._lease_name = engine, office, clock, lease_name
        self.taken = 0
        self.is_stopping = False

    def settle_and_claim(self, tried: "Tried | None", may_claim: bool) -> Message | None:
        """Write down what came of the last one and claim the next, in one commit: one message in hand at a time."""
        waits = iter(AGAIN_AFTER if tried else ())
        while True:
            try:
                return self._settle_and_claim(tried, may_claim)
            except SQLAlchemyError as error:
                wait = next(waits, None)
                if wait is None:
                    raise
                log.warning("the outbox could not be written, trying again: %s", type(error).__name__)
                time.sleep(wait)

    def _settle_and_claim(self, tried: "Tried | None", may_claim: bool) -> Message | None:
        now = self._clock()
        with writing(self._engine) as session:
            act = Act(session, self._office, SYSTEM, now)
            is_taken = tried is not None and _settle(act, tried)
            if is_taken and self.taken == 0:
                outbox.hurry(session, now)
            may_claim = may_claim and not self.is_stopping
            lease = f"{self._lease_name}:{uuid.uuid4().hex}"
            claimed = delivery.claim_next(act, lease) if may_claim else None
        self.taken += is_taken
        return claimed

    async def finish(self, work: Coroutine[Any, Any, T]) -> T:
        """Await this piece of work; when we are cancelled meanwhile, let it end first, and remember to stop."""
        task = asyncio.ensure_future(work)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            self.is_stopping = True
            done, _ = await asyncio.wait({task}, timeout=STOP_SECONDS)
            if not done:
                task.cancel()
                raise
            return task.result()


def _settle(act: Act, tried: Tried) -> bool:
    """Write down what came of a message, unless another worker took it over meanwhile. True when it has left."""
    message, lease = delivery.settle(act, tried.message), tried.message.lease or ""
    if not outbox.is_ours(act.session, message, lease):
        log.warning("message %s was taken over by another worker; its result is not written twice", message.number)
        return False
    if tried.error is None:
        delivery.left(act, message)
    elif isinstance(tried.error, NotNow):
        delivery.waits(act, message, tried.error.reason, may_have_left=tried.error.may_have_left)
    else:
        delivery.failed(act, message, tried.error.reason)
    return tried.error is None
