"""The many complaints of the quarter that go as they should: told from a seed, the same every time."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from app.clock import LONDON
from app.demo.days import is_working, working_days
from app.demo.story import Deed

SEED, HOW_MANY = 20260401, 54
FIRST, LAST = date(2026, 4, 1), date(2026, 6, 12)
FIRST_NAMES = ("Abel", "Bea", "Carl", "Dora", "Emil", "Fay", "Glen", "Hope", "Igor", "Joan", "Karl")
LAST_NAMES = ("Abbot", "Baker", "Carter", "Dyer", "Ellis")
ABOUT = {
    "care": (
        "Home care|The carer came two hours late all week.",
        "Care plan|Nobody asked me before my care plan was changed.",
        "Equipment|I have waited ten weeks for a bath lift.",
        "Social worker|My social worker has changed four times and I have to tell everything again.",
    ),
    "housing": (
        "Waiting list|I was taken off the waiting list without a letter.",
        "Bin store|The bin store is full of rats and nobody comes.",
        "Door entry|The door entry has not worked since Easter.",
        "Neighbour|You wrote to me about noise that I did not make.",
    ),
    "repairs": (
        "Bathroom fan|The fan in the bathroom has been dead for a month.",
        "Missed visit|I took a day off work and the plumber did not come.",
        "Kitchen|The new kitchen has the wrong worktop.",
        "Fence|The fence came down in the storm and is still in my garden.",
    ),
}
MAILBOX = {"care": "care@riverside.example", "housing": "housing@riverside.example", "repairs": "repairs@homes.example"}
STAFF = {
    "care": ("mina", ("hana", "hugo")),
    "housing": ("marc", ("ravi", "rosa")),
    "repairs": ("maya", ("sam", "sofia")),
}


def ordinary() -> Iterator[Deed]:
    """All their deeds, complaint by complaint."""
    chance = Random(SEED)  # noqa: S311 - a story, not a secret
    names = [f"{first} {last}" for last in LAST_NAMES for first in FIRST_NAMES]
    for number in range(HOW_MANY):
        service = ("care", "housing", "repairs")[number % 3]
        yield from _one(f"{service}-{number + 1}", names[number], service, chance)


def _one(case: str, who: str, service: str, chance: Random) -> Iterator[Deed]:
    manager, handlers = STAFF[service]
    handler = chance.choice(handlers)
    came = _at(FIRST + timedelta(days=chance.randrange((LAST - FIRST).days + 1)), chance, 0, 24)
    yield _complaint(came, case, who, service, chance)
    assigned = _on_working_day(came, chance, 10)
    email = next(one for one in _emails(service) if one.startswith(handler))
    yield Deed(assigned, case, manager, "assign", {"to": email})
    acknowledged = _after(assigned, chance.randrange(3 if service == "care" else 4), chance, 12)
    yield Deed(acknowledged, case, handler, "acknowledge")
    answered = _after(
        acknowledged, chance.randrange(5, 10) if service != "care" else chance.randrange(8, 30), chance, 14
    )
    outcome = chance.choice(("upheld", "upheld", "partly_upheld", "not_upheld"))
    yield Deed(answered, case, handler, "decide", {"outcome": outcome})
    yield Deed(answered + timedelta(minutes=5), case, handler, "respond")


def _complaint(came: datetime, case: str, who: str, service: str, chance: Random) -> Deed:
    about, _, text = chance.choice(ABOUT[service]).partition("|")
    how = chance.random()
    if how < 0.5:
        reach = {"reach": "email"} if how < 0.1 else {}
        return Deed(came, case, who, "chats", {"service": service, "about": about, "text": text, **reach})
    if how < 0.75:
        return Deed(came, case, who, "fills_in", {"service": service, "about": about, "text": text})
    return Deed(came, case, who, "emails", {"to": MAILBOX[service], "about": about, "text": text})


def _emails(service: str) -> tuple[str, ...]:
    domain = MAILBOX[service].partition("@")[2]
    return tuple(f"{name}@{domain}" for name in STAFF[service][1])


def _on_working_day(came: datetime, chance: Random, hour: int) -> datetime:
    """The first working morning after it came."""
    day = came.date() + timedelta(days=1)
    return _at(day if is_working(day) else working_days(day, 1), chance, hour, hour + 1)


def _after(when: datetime, days: int, chance: Random, hour: int) -> datetime:
    return _at(working_days(when.date(), days), chance, hour, hour + 1)


def _at(day: date, chance: Random, first_hour: int, last_hour: int) -> datetime:
    """Some time of that day between these hours."""
    minutes = chance.randrange(first_hour * 60, last_hour * 60)
    return datetime.combine(day, time(minutes // 60, minutes % 60), LONDON)
