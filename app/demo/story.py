"""The story of the half-year: who does what, on which day, as lines that read like a diary."""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from app.clock import LONDON

# The days that are played, the first and last of each run of them, and when the story ends.
DAYS = (
    (date(2008, 3, 14), date(2008, 11, 3)),
    (date(2026, 4, 1), date(2026, 10, 20)),
)
END = datetime(2026, 10, 20, 20, tzinfo=LONDON)
TALES = Path(__file__).parent / "tales"
DOMAIN = "post.example"  # where the town's citizens have their mailboxes
OPENS = ("emails", "fills_in", "chats", "goes_on_in_chat")  # how a case begins
IN_CHATS = (
    "begins_chat", "writes_in_chat", "edits_in_chat", "withdraws_in_chat", "asks_to_link", "enters_code",
    "blocks_the_bot", "answers_survey_in_chat",
)  # fmt: skip
ANSWERS_SURVEY = ("answers_survey", "answers_survey_in_chat")
FOLLOWS = ("chooses_updates", "stops_updates", "says_satisfied", "answers_survey")
BY_CITIZENS = (
    *OPENS, *IN_CHATS, *FOLLOWS,
    "replies", "writes_without_token", "is_away", "adds_online", "withdraws_online", "asks_online",
)  # fmt: skip


@dataclass(frozen=True)
class Deed:
    """One line: at this instant, somebody does something on a case. `given` is what they say."""

    at: datetime
    case: str
    who: str
    does: str
    given: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def address(self) -> str:
        """The mailbox of a citizen."""
        return self.given.get("from") or mailbox(self.who)

    @property
    def chat(self) -> str:
        """Where our messages to them arrive."""
        return f"telegram:{chat_number(self.who)}"

    def __str__(self) -> str:
        said = "; ".join(f"{name}: {value}" for name, value in self.given.items()).replace("\n", " / ")
        return f"{self.at:%Y-%m-%d %H:%M:%S} | {self.case} | {self.who} | {self.does} | {said}"


def chat_number(name: str) -> int:
    """The number of someone's chat, the same in every run."""
    return 5_000_000_000 + zlib.crc32(name.encode())


def mailbox(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@{DOMAIN}"


def played_days() -> Iterator[date]:
    """Every day that is played, in order."""
    for first, last in DAYS:
        yield from (first + timedelta(days=number) for number in range((last - first).days + 1))


def told() -> list[Deed]:
    """The tales as they are written down in tales/*.txt, in the order of time."""
    return in_order(deed for path in sorted(TALES.glob("*.txt")) for deed in read(path.read_text(encoding="utf-8")))


def in_order(deeds: Iterator[Deed]) -> list[Deed]:
    return sorted(deeds, key=lambda deed: deed.at)


def read(text: str) -> Iterator[Deed]:
    """Lines of `when | case | who | does | name: value; name: value`; `#` begins a remark, ` / ` is a line break."""
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            when, case, who, does, said = (part.strip() for part in line.split("|"))
            yield Deed(datetime.fromisoformat(when).replace(tzinfo=LONDON), case, who, does, dict(_given(said)))


def _given(said: str) -> Iterator[tuple[str, str]]:
    for part in said.split(";"):
        name, _, value = part.partition(":")
        if name.strip():
            yield name.strip(), value.strip().replace(" / ", "\n")
