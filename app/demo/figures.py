"""The figures at the end of the time-lapse, counted from the mails and the cases as they stand."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.demo.kinds import kind_of
from app.demo.reading import Kept

Row = Mapping[str, Any]
CHANNELS = {"email": "email", "web": "web", "chat": "telegram"}


def figures(mails: Sequence[Kept], cases: Mapping[str, Row], first_day: str, seconds: float) -> dict[str, Any]:
    """What `redress demo --time-lapse --json` prints. Cases are those of the quarter; mails are all in the folder.

    In time or late is counted by clocks: a case at its second stage has two dates to acknowledge by.
    """
    rows = [row for row in cases.values() if row["received_at"] >= first_day]
    kinds = [kind_of(mail) for mail in mails]
    clocks = [clock for row in rows for clock in row["clocks"]]
    events = [event["name"] for row in rows for event in row["events"]]
    return {
        "received": {name: sum(row["channel"] == channel for row in rows) for name, channel in CHANNELS.items()},
        "acknowledged_in_time": _met(clocks, "acknowledge"),
        "answered_in_time": _met(clocks, "respond"),
        "late": sum(clock["state"] in ("met_late", "overdue") for clock in clocks),
        "reminders": kinds.count("reminder"),
        "escalations": kinds.count("escalation"),
        "extensions": events.count("clock.extended"),
        "stage_requests": events.count("stage.asked_for"),
        "signposted": events.count("complaint.signposted"),
        "withdrawn": events.count("complaint.withdrawn"),
        "refused": events.count("complaint.refused"),
        "bounced": events.count("letter.not_served"),
        "mails_sent": len(mails),
        "seconds": seconds,
    }


def as_rows(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The same as a short table."""
    received = {f"received by {channel}": number for channel, number in found["received"].items()}
    rest = {name.replace("_", " "): value for name, value in found.items() if name != "received"}
    return [{"what": name, "how many": value} for name, value in {**received, **rest}.items()]


def _met(clocks: Sequence[Row], duty: str) -> int:
    return sum(clock["state"] == "met" and clock["id"].endswith(f".{duty}") for clock in clocks)
