"""The conversation on a terminal: each line is stored, handled and answered before the next is asked for."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from sqlalchemy import Engine, func
from sqlmodel import col, select

from bot.conversation import answer
from bot.outgoing import Outgoing, outgoing
from bot.quarantine import put_aside
from bot.terminal.reading import raw_line, read
from bot.terminal.showing import shown
from storage import chat
from storage.database import reading, writing
from storage.tables import ChatUpdate, Message
from templates import words
from workflow import delivery
from workflow.office import SYSTEM, Act, Office

NAME = "terminal"
TO_BE_ANSWERED = ("turn", "survey")  # messages whose buttons are still there for who comes back


@dataclass
class Terminal:
    """One person at a keyboard; `name` is their chat, by which they are known when they come back."""

    engine: Engine
    office: Office
    clock: Callable[[], datetime]
    name: str
    language: str = "en"
    last: Outgoing | None = None  # whose buttons a number stands for
    leases: "count[int]" = field(default_factory=count)

    def talk(self, lines: Iterable[str]) -> Iterator[str]:
        """What to show: first what waits, or else what was said last; then the answers to each line."""
        self._handle_waiting()
        yield from self._where_we_were()
        for line in lines:
            if line.strip():
                self.keep(line)
                if not self._handle_waiting():
                    yield str(words.chat(self.language)["trouble"]["not_now"])
                yield from self.receive()

    def keep(self, line: str) -> None:
        """Store what was typed, as it was typed, with the button that it stands for."""
        rows = self.last.rows if self.last else ()
        buttons = [{"text": button.text, "value": button.value} for row in rows for button in row]
        raw = {"chat": self.name, "buttons": buttons, "language": self.language, **raw_line(line.strip())}
        with writing(self.engine) as session:
            last = session.exec(select(func.max(col(ChatUpdate.update_id))).where(ChatUpdate.bot == NAME)).one()
            whole = json.dumps(raw).encode()
            chat.keep(session, NAME, (last or 0) + 1, whole, self.clock(), chat=self.name, kind="message")

    def receive(self) -> Iterator[str]:
        """What is due to this chat, each taken as delivered once it is handed over."""
        while (message := self._next()) is not None:
            yield shown(message)
            self.last = message

    def _where_we_were(self) -> Iterator[str]:
        waiting = list(self.receive())
        if not waiting and (last := self._said_last()) is not None:
            self.last, waiting = last, [shown(last)]
        yield from waiting

    def _said_last(self) -> Outgoing | None:
        query = select(Message).where(Message.address == self.name, Message.channel == NAME)
        query = query.where(col(Message.kind).in_(TO_BE_ANSWERED), Message.text != "")  # not what has been erased since
        with reading(self.engine) as session:
            message = session.exec(query.order_by(col(Message.id).desc()).limit(1)).first()
            return outgoing(message) if message else None

    def _handle_waiting(self) -> bool:
        """Handle the lines that wait, each by itself; false when one of them could not be."""
        well = True
        while (handled := self._handle_one()) is not None:
            well = well and handled
        return well

    def _handle_one(self) -> bool | None:
        """Whether the oldest line that waits was handled, or is to be tried again later; None when none waits."""
        with writing(self.engine) as session:
            update = chat.next_waiting(session, self.clock(), bot=NAME)
            if update is None:
                return None
            act = Act(session, self.office, SYSTEM, self.clock())
            try:
                with session.begin_nested():
                    is_forgotten = answer(act, read(update))
                chat.handled(update, act.now, is_forgotten=is_forgotten)
            except Exception as error:  # noqa: BLE001 - it is stored, and will be tried again
                session.refresh(update)
                chat.failed(update, act.now, error)
            session.add(update)
            if update.given_up_at is not None:
                put_aside(act, update)
            return update.handled_at is not None

    def _next(self) -> Outgoing | None:
        lease = f"{NAME}:{self.name}:{self.clock().timestamp()}:{next(self.leases)}"
        with writing(self.engine) as session:
            act = Act(session, self.office, SYSTEM, self.clock())
            message = delivery.claim_next(act, lease, channel=NAME, address=self.name)
            if message is None:
                return None
            delivery.left(act, delivery.settle(act, message))
            return outgoing(message)
