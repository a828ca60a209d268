"""The figures at the end of the time-lapse, counted from the mails and the cases as they stand."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.demo.kinds import kind_of
from app.demo.reading import Kept
from app.demo.time_lapse import Played

Row = Mapping[str, Any]
CHANNELS = {"email": "email", "web": "web", "chat": "telegram"}
PARTS = {"received": "received by", "plans": "actions", "surveys": "surveys"}


def figures(written: Sequence[Kept], played: Played, first_day: str) -> dict[str, Any]:
    """What `redress demo --time-lapse --json` prints. Cases are those of the half-year; `written` is all that we wrote.

    In time or late is counted by clocks: a case at its second stage has two dates to acknowledge by. Plans are told
    by the states of their actions.
    """
    rows = [row for row in played.cases.values() if row["received_at"] >= first_day]
    kinds = [kind_of(one) for one in written]
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
        "lessons": played.learnt["lessons"],
        "plans": dict(sorted(Counter(played.actions.values()).items())),
        "updates": kinds.count("update") + kinds.count("changed"),
        "surveys": {"sent": kinds.count("survey"), "answered": played.learnt["answers"]},
        "digests": kinds.count("digest"),
        "decisions": played.learnt["decisions"],
        "mails_sent": sum(not one.is_by_chat for one in written),
        "seconds": played.seconds,
    }


def as_rows(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The same as a short table."""
    return [{"what": what, "how many": number} for name, value in found.items() for what, number in _rows(name, value)]


def _rows(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for part, number in value.items():
            yield f"{PARTS[name]} {part}".replace("_", " "), number
    else:
        yield name.replace("_", " "), value


def _met(clocks: Sequence[Row], duty: str) -> int:
    return sum(clock["state"] == "met" and clock["id"].endswith(f".{duty}") for clock in clocks)
