"""Every object of the Bot API that can stand in an update is sent as one: kept, answered or declined, none stuck."""

from typing import Any

from aiogram.types import Message, Update

from tests.bot.telegram.channel import JO, Here, soon
from tests.corpora import require_corpora, rows

FIRST = 500_000


def updates() -> list[dict[str, Any]]:
    """One for each object and place in an update or message where an object of its type can stand."""
    found: list[dict[str, Any]] = []
    for row in rows("telegram/objects.jsonl"):
        kind, thing = row["type"], row["object"]
        if kind == "Update":
            found.append(thing)
        elif kind == "Message":
            found += [{place: at_jo(thing)} for place in ("message", "edited_message")]
        else:
            found += [{place: thing} for place in places(Update, kind)]
            found += [{"message": at_jo({place: thing})} for place in places(Message, kind)]
    return [{**update, "update_id": FIRST + number} for number, update in enumerate(found)]


def at_jo(content: dict[str, Any]) -> dict[str, Any]:
    """A message with this content, in Jo's chat unless it has a chat of its own."""
    sender = {"id": JO, "is_bot": False, "first_name": "Jo"}
    return {
        "message_id": 1,
        "date": 1,
        "chat": {"id": JO, "type": "private", "first_name": "Jo"},
        "from": sender,
        **content,
    }


def places(model: type[Any], kind: str) -> list[str]:
    """The fields of aiogram's model that hold an object of this type, or a list of them."""
    return [name for name, field in model.model_fields.items() if kind in names(field.annotation)]


def names(annotation: Any) -> set[str]:
    inner = getattr(annotation, "__args__", ())
    return {getattr(annotation, "__name__", "")}.union(*(names(one) for one in inner))


def test_nothing_that_can_come_is_lost_or_stuck(here: Here) -> None:
    require_corpora()
    sent = updates()
    here.people.be(JO)
    here.people.publish(sent)

    here.start()
    soon(lambda: here.people.look()["waiting"] == 0, 60)
    soon(lambda: all(update.handled_at for update in here.updates()), 100)

    assert len(sent) > 150
    assert sorted(one["update_id"] for one in here.kept()) == [one["update_id"] for one in sent]
    assert here.alarms() == []
    assert [update.error for update in here.updates() if update.error] == []
