"""What every act of casework needs to know of the installation that it happens in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from workflow.safety import RiskWords
from workflow.tokens import Keyring


@dataclass(frozen=True)
class Office:
    """The installation's own facts: where its pages are, the domain it mails from, its keys, its risk words."""

    public_url: str
    mail_domain: str
    keyring: Keyring
    risk_words: RiskWords
    recall_for: timedelta = timedelta(seconds=60)  # how long a person may take a letter back
    survey_floor: int = 10  # people: what fewer said in a survey is not shown
    keep_updates: timedelta = timedelta(days=30)  # how long what was said in a chat is kept, once it was dealt with

    def link(self, path: str) -> str:
        return f"{self.public_url.rstrip('/')}{path}"


@dataclass(frozen=True)
class Actor:
    """Who acts: staff, the person who complains, or the system itself."""

    name: str
    staff_id: int | None = None
    role: str = ""  # handler, manager, leader, administrator; empty for others


SYSTEM = Actor("system")
COMPLAINANT = Actor("complainant")


@dataclass(frozen=True)
class Act:
    """One act of casework: in this transaction, by this actor, at this time."""

    session: Session
    office: Office
    by: Actor
    now: datetime
