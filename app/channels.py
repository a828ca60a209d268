"""Noting how each channel fares, so that a channel that has stopped is seen."""

from app.house import House
from storage.database import writing
from storage.tables import ChannelStatus


def report(house: House, channel: str, error: str | None) -> None:
    """Write down that a channel worked just now, or why it did not."""
    with writing(house.engine) as session:
        row = session.get(ChannelStatus, channel) or ChannelStatus(channel=channel)
        row.error = error
        if error is None:
            row.last_ok = house.clock()
        session.add(row)
