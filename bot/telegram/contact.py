"""Whether we are in contact with Telegram: trouble is seen at once, a long silence alarms, and its end is told."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot.telegram.door import CHANNEL, TelegramDoor
from storage.database import reading, writing
from storage.tables import ChannelStatus, Task
from workflow import tasks
from workflow.office import SYSTEM, Act

LONG = timedelta(hours=1)
KEPT_BY_TELEGRAM = timedelta(hours=24)  # it keeps updates that nobody fetched no longer
NOTE_EVERY = timedelta(minutes=1)
SILENT, GAP, TAKEN = "telegram_silent", "telegram_gap", "telegram_taken"
ANOTHER = "another program uses this token"
LONDON = ZoneInfo("Europe/London")


class Contact:
    """When Telegram last answered us. The database remembers it while we are not running."""

    def __init__(self, door: TelegramDoor) -> None:
        self._door = door
        with reading(door.engine) as session:
            row = session.get(ChannelStatus, CHANNEL)
            self._last = row.last_ok if row else None
        self._noted: tuple[str | None, datetime] | None = None

    def well(self) -> bool:
        """Telegram answered. True when it had not before, or not for a while."""
        now = self._door.clock()
        is_news = self._noted is None or self._noted[0] is not None
        if self._last is not None and now - self._last > LONG:
            self._tell_of_gap(self._last, now)
        self._last = now
        self._note(None, now)
        return is_news

    def trouble(self, why: str) -> None:
        """It did not answer, or said that it can't; `why` is for staff to read and names no secret."""
        now = self._door.clock()
        self._note(why, now)
        if self._last is not None and now - self._last > LONG:
            since = self._last
            words = f"Telegram has not been reached since {_when(since)}: {why}. Messages wait there for a day at most."
            self._task(SILENT, f"{SILENT}:{since.isoformat()}", words, now)

    def taken(self) -> None:
        """Someone else fetches our bot's messages: they reach us only in part."""
        now = self._door.clock()
        self._note(ANOTHER, now)
        words = (
            "Another program uses the Telegram bot's token, and some messages may go to it and not to us. Find it and "
            "stop it; or ask BotFather for a new token and put that into the token file."
        )
        self._task(TAKEN, f"{TAKEN}:{self._door.bot_id}:{now.date().isoformat()}", words, now)

    def _tell_of_gap(self, since: datetime, now: datetime) -> None:
        words = f"Telegram was not reached from {_when(since)} to {_when(now)}. "
        if now - since > KEPT_BY_TELEGRAM:
            words += (
                f"It keeps messages for a day: those sent from {_when(since)} to {_when(now - KEPT_BY_TELEGRAM)} may "
                "be lost. Consider telling the public by your website that they should write again."
            )
        else:
            words += "It keeps messages for a day, so those sent meanwhile should have come in; none need be lost."
        self._task(GAP, f"{GAP}:{since.isoformat()}", words, now)
        with writing(self._door.engine) as session:
            for task in session.exec(select(Task).where(Task.kind == SILENT, col(Task.done_at).is_(None))):
                task.done_at = now

    def _note(self, why: str | None, now: datetime) -> None:
        """Written down when it changes, and every minute: not at every poll."""
        if self._noted is None or self._noted[0] != why or now - self._noted[1] >= NOTE_EVERY:
            self._door.report(why)
            self._noted = why, now

    def _task(self, kind: str, key: str, words: str, now: datetime) -> None:
        with writing(self._door.engine) as session:
            tasks.add(Act(session, self._door.office, SYSTEM, now), None, kind, key, words)


def _when(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%-d %B %Y at %H:%M}"
