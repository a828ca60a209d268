"""What the check on the time-lapse knows of lessons and actions: where each stands, and whom it reminds and when."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from app.clock import LONDON
from app.demo.days import working_days
from app.demo.ledger import NO_CASE, Ledger
from app.demo.places import Worker
from app.demo.rules import LEADER, MANAGER
from app.demo.story import Deed

MORNING = time(8)
OWNER = "owner"
DATES = ("starts", "review_on", "completes", "check_on", "audit_on")
AWAITED = {  # in which state which dates are to be kept
    "agreed": ("starts",), "in_progress": ("review_on", "completes"), "done": ("check_on",), "checked": ("audit_on",),
    "embedded": ("audit_on",), "failed": ("again_by",),
}  # fmt: skip
NUDGES = (  # working days from the date, and who is told
    ("action_reminder", -5, (OWNER,)), ("action_reminder", 0, (OWNER,)),
    ("action_escalation", 1, (OWNER, MANAGER)), ("action_escalation", 5, (LEADER,)),
)  # fmt: skip
BECOMES = {"start": "in_progress", "finish": "done", "take_up": "in_progress", "drop": "dropped"}
ENDED, PROVEN = ("embedded", "dropped"), ("done", "checked", "embedded")


@dataclass
class Action:
    """One action of a plan."""

    what: str
    service: str
    owner: str  # their mailbox; empty for a team
    dates: dict[str, date]
    state: str = "drafted"
    proven_on: list[date] = field(default_factory=list)  # the days on which it came to be done, checked, embedded
    told: set[tuple[object, ...]] = field(default_factory=set)

    def is_late(self, today: date) -> bool:
        return self.state in ("agreed", "in_progress") and self.dates["completes"] < today

    def becomes(self, state: str, today: date) -> None:
        self.state = state
        if state in PROVEN:
            self.proven_on.append(today)
        if state == "failed":
            self.dates["again_by"] = today + timedelta(days=7)


@dataclass
class Lesson:
    """A lesson with its plan, and the complaints behind it."""

    name: str
    title: str
    service: str
    cases: list[str]
    actions: list[Action] = field(default_factory=list)
    is_agreed: bool = False

    @property
    def promised(self) -> list[Action]:
        return [action for action in self.actions if self.is_agreed and action.state != "drafted"]


class Plans:
    """All lessons. `workers` are those of the town in which they are learnt."""

    def __init__(self, ledger: Ledger, workers: Sequence[Worker]) -> None:
        self._ledger, self._workers = ledger, workers
        self.lessons: dict[str, Lesson] = {}

    def let_happen(self, deed: Deed) -> None:
        if deed.does == "writes_lesson":
            given = deed.given
            self.lessons[deed.case] = Lesson(deed.case, given["title"], given["service"], given["cases"].split())
        elif deed.case in self.lessons:
            lesson = self.lessons[deed.case]
            if "action" in deed.given:
                self._act(lesson.actions[int(deed.given["action"]) - 1], deed)
            elif deed.does in DOES:
                DOES[deed.does](self, lesson, deed)
            self.look(deed.at)

    def behind(self, case: str) -> list[Action]:
        """What was promised because of a complaint."""
        return [action for lesson in self.lessons.values() if case in lesson.cases for action in lesson.promised]

    def has_ended(self, case: str) -> bool:
        return bool(self.behind(case)) and all(action.state in ENDED for action in self.behind(case))

    def look(self, now: datetime) -> None:
        """Reminders and escalations that are due by now; one mail a person, date and day."""
        for lesson in self.lessons.values():
            for action in lesson.actions:
                for kind, due, who in sorted(set(self._due(action, now))):
                    self._ledger.owe_words(now.date(), kind, who, NO_CASE, action.what, due=due)

    def _due(self, action: Action, now: datetime) -> Iterator[tuple[str, date, str]]:
        awaited = (action.dates[name] for name in AWAITED.get(action.state, ()) if name in action.dates)
        for due in awaited:
            for kind, offset, roles in NUDGES:
                day = working_days(due, offset) if offset else due
                if (action.state, kind, due, day) in action.told or datetime.combine(day, MORNING, LONDON) > now:
                    continue
                action.told.add((action.state, kind, due, day))
                if kind == "action_escalation" or day >= now.date():  # else its day had passed before it was known
                    yield from ((kind, due, who) for role in roles for who in self._holding(action, role))

    def _act(self, action: Action, deed: Deed) -> None:
        given, today = deed.given, deed.at.date()
        if deed.does in ("report", "audit"):
            action.dates.pop("review_on" if deed.does == "report" else "audit_on", None)
        action.dates |= {name: date.fromisoformat(given[name]) for name in DATES if name in given}
        if deed.does in BECOMES:
            action.becomes(BECOMES[deed.does], today)
        elif given.get("result_of") in ("works", "embedded", "fails"):
            action.becomes({"works": "checked", "fails": "failed"}.get(given["result_of"], "embedded"), today)
        elif deed.does == "hand_over":
            action.owner = given["owner"]
            self._give(action, deed)

    def _add(self, lesson: Lesson, deed: Deed) -> None:
        dates = {name: date.fromisoformat(deed.given[name]) for name in DATES if name in deed.given}
        lesson.actions.append(Action(deed.given["what"], lesson.service, deed.given.get("owner", ""), dates))

    def _agree(self, lesson: Lesson, deed: Deed) -> None:
        lesson.is_agreed = True
        for action in lesson.actions:
            action.becomes("agreed", deed.at.date())
            self._give(action, deed)

    def _link(self, lesson: Lesson, deed: Deed) -> None:
        lesson.cases += deed.given["cases"].split()

    def _name(self, lesson: Lesson, deed: Deed) -> None:
        _, _, service = deed.given["who"].partition(":")
        for one in self._of(service, MANAGER):
            self._ledger.owe_words(deed.at.date(), "lesson_told", one, NO_CASE, lesson.title)

    def _give(self, action: Action, deed: Deed) -> None:
        """Each hears only once that it is theirs."""
        for one in [one for one in self._holding(action, OWNER) if ("given", one) not in action.told]:
            action.told.add(("given", one))
            due = action.dates["completes"]
            self._ledger.owe_words(deed.at.date(), "action_given", one, NO_CASE, action.what, due=due)

    def _holding(self, action: Action, role: str) -> list[str]:
        """An owner and who covers for them; for a team its managers."""
        if role == OWNER and action.owner:
            covers = [one.cover for one in self._workers if one.email == action.owner and one.cover]
            return [action.owner, *covers]
        return self._of(action.service, MANAGER if role == OWNER else role)

    def _of(self, service: str, role: str) -> list[str]:
        return [one.email for one in self._workers if service in one.services and one.role == role]


DOES: Mapping[str, Callable[[Plans, Lesson, Deed], None]] = {
    "add_action": Plans._add, "agree": Plans._agree, "link": Plans._link, "name_learner": Plans._name,
}  # fmt: skip
