"""The letters that the check on the time-lapse finds owed, and those taken back in time."""

from dataclasses import dataclass, field
from datetime import date

from app.demo.days import named
from app.demo.story import Deed

NO_CASE = "unknown"  # of a message that names no reference


@dataclass(frozen=True)
class Owed:
    """A mail that must have been sent: on this day, of this kind, to this mailbox, on this case, saying this."""

    day: date
    kind: str
    to: str
    case: str
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        dates = f" naming {', '.join(self.names)}" if self.names else ""
        return f"{self.day} {self.kind} to {self.to} on case {self.case}{dates}"


@dataclass
class Ledger:
    """Every letter owed so far, in order."""

    letters: list[Owed] = field(default_factory=list)

    def owe(self, deed: Deed, kind: str, to: str, *names: date | None) -> None:
        """What a deed owes on its own day."""
        self.owe_on(deed.at.date(), kind, to, deed.case, *names)

    def owe_on(self, day: date, kind: str, to: str, case: str, *names: date | None) -> None:
        self.letters.append(Owed(day, kind, to, case, tuple(named(one) for one in names if one)))

    def owe_words(self, day: date, kind: str, to: str, case: str, *words: str, due: date | None = None) -> None:
        """A mail that must say these words, and name that date."""
        self.letters.append(Owed(day, kind, to, case, (*words, *([named(due)] if due else []))))

    def take_back(self, case: str) -> Owed:
        """The last letter of a case was recalled before it left."""
        gone = next(one for one in reversed(self.letters) if one.case == case)
        self.letters.remove(gone)
        return gone
