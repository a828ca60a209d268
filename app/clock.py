"""What time it is: the only place that asks, so that tests and the time-lapse can answer instead."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
Clock = Callable[[], datetime]


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one place


class SimulatedClock:
    """A clock that stands where it is put."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def parse(words: str) -> datetime:
    """An instant from `2026-03-27`, `2026-03-27T09:30` (London time) or with a zone. Raises ValueError."""
    try:
        if len(words) == len("2026-03-27"):
            return datetime.combine(date.fromisoformat(words), time(9), LONDON)
        found = datetime.fromisoformat(words)
    except ValueError:
        raise ValueError(f"{words!r} is no date; write 2026-03-27 or 2026-03-27T09:30") from None
    return found if found.tzinfo else found.replace(tzinfo=LONDON)
