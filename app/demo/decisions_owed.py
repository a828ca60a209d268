"""The decisions of leaders that the check on the time-lapse follows: who is told of each, and reminded of it when."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from app.clock import LONDON
from app.demo.days import working_days
from app.demo.ledger import NO_CASE, Ledger
from app.demo.places import Worker
from app.demo.rules import LEADER
from app.demo.story import Deed

MORNING = time(8)
OWNER, DECIDED = "owner", "decided"
NUDGES = (  # working days from the date, and who is told
    ("review_reminder", -5, (OWNER,)), ("review_reminder", 0, (OWNER,)),
    ("review_escalation", 1, (OWNER, DECIDED)), ("review_escalation", 5, (LEADER,)),
)  # fmt: skip


@dataclass
class Decision:
    """What a leader decided, and what became of it."""

    words: str
    leader: Worker
    owner: str
    due: date
    outcome: str = ""
    done_on: date | None = None
    told: set[date] = field(default_factory=set)


class Decisions:
    """Every decision of the story."""

    def __init__(self, ledger: Ledger, workers: Sequence[Worker]) -> None:
        self._ledger, self._workers = ledger, workers
        self._decisions: dict[tuple[str, str], Decision] = {}

    def let_happen(self, deed: Deed) -> None:
        given, today = deed.given, deed.at.date()
        if deed.does == "decides":
            leader = next(one for one in self._workers if one.first_name == deed.who)
            due = date.fromisoformat(given["due"])
            self._decisions[deed.case, given["about"]] = Decision(given["decision"], leader, given["owner"], due)
            if given["owner"] != leader.email:
                self._ledger.owe_words(today, "review", given["owner"], NO_CASE, given["decision"], due=due)
        elif deed.does == "reports_decision":
            decision = self._decisions[deed.case, given["about"]]
            decision.outcome, decision.done_on = given["outcome"], today
        self.look(deed.at)

    def look(self, now: datetime) -> None:
        """Reminders and escalations that are due by now."""
        for one in self._decisions.values():
            for kind, offset, roles in NUDGES if one.done_on is None else ():
                day = working_days(one.due, offset) if offset else one.due
                if day in one.told or datetime.combine(day, MORNING, LONDON) > now:
                    continue
                one.told.add(day)
                if kind == "review_escalation" or day >= now.date():  # else its day had passed before it was known
                    self._nudge(kind, one, roles, now.date())

    def told(self, leader: Worker, before: date) -> Iterator[str]:
        """What a digest says to a leader: each decision that is open, or was done since the quarter began."""
        for one in self._decisions.values():
            is_theirs = one.leader.body == leader.body or not leader.services
            if is_theirs and (one.done_on is None or one.done_on > before):
                yield from filter(None, (one.words, one.outcome))

    def _nudge(self, kind: str, one: Decision, roles: Iterable[str], today: date) -> None:
        for who in sorted({who for role in roles for who in self._holding(one, role)}):
            self._ledger.owe_words(today, kind, who, NO_CASE, one.words, due=one.due)

    def _holding(self, one: Decision, role: str) -> list[str]:
        if role == LEADER:
            return [each.email for each in self._workers if each.role == LEADER and each.body == one.leader.body]
        email = one.owner if role == OWNER else one.leader.email
        return [email, *(each.cover for each in self._workers if each.email == email and each.cover)]
