"""The check on the time-lapse: from the story alone, every letter owed and how each clock must stand at the end."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from app.clock import LONDON
from app.demo.days import working_days
from app.demo.decisions_owed import Decisions
from app.demo.digests_owed import Digests
from app.demo.effects import EFFECTS, clock_meant
from app.demo.ledger import NO_CASE, Ledger, Owed
from app.demo.ombudsmen_owed import Ombudsmen
from app.demo.owed import ClockState, Followed
from app.demo.places import Town
from app.demo.plans_owed import Plans
from app.demo.rules import HANDLER, LEADER, MANAGER
from app.demo.story import ANSWERS_SURVEY, IN_CHATS, OPENS, Deed, played_days
from app.demo.surveys_owed import Surveys
from app.demo.updates_owed import Updates

MORNING = time(8)
REVIEW = timedelta(hours=1)
CLOSES = ("withdraws_online", "withdraws_in_chat", "refuse", "signpost", "close")
LETTERS = {  # what a deed of the staff sends to the person
    "acknowledge": "acknowledgement", "ask": "question", "extend": "extension_notice", "respond": "response",
    "accept_request": "next_stage", "refuse_request": "request_refused", "report_findings": "findings",
    "signpost": "signpost", "refuse": "refusal", "withdraws_online": "withdrawal",
    "withdraws_in_chat": "withdrawal",
}  # fmt: skip


@dataclass
class Expected:
    """What must come out of a story."""

    letters: list[Owed] = field(default_factory=list)
    clocks: dict[tuple[str, str], ClockState] = field(default_factory=dict)
    open_cases: dict[str, bool] = field(default_factory=dict)
    actions: dict[tuple[str, int], str] = field(default_factory=dict)  # by lesson and number, how they stand


def expected(deeds: Sequence[Deed], towns: Iterable[Town], end: datetime) -> Expected:
    """Follow the story day by day until `end`."""
    oracle = Oracle(deeds, towns)
    for now, deed in _moments(deeds, end):
        oracle.let_happen(deed, now) if deed else oracle.look_at_all(now)
    today = end.astimezone(LONDON).date()
    found = Expected(oracle.ledger.letters, actions=oracle.actions)
    for case in oracle.cases.values():
        found.open_cases[case.name] = case.state == "open"
        found.clocks |= {(case.name, rule.id): case.stands(rule, today) for rule in case.rules.clocks}
    return found


def _moments(deeds: Sequence[Deed], end: datetime) -> Iterator[tuple[datetime, Deed | None]]:
    """Every deed, and eight o'clock of every day that is played between the first and the end."""
    days = (day for day in played_days() if deeds[0].at.date() <= day <= end.date())
    mornings = ((datetime.combine(day, MORNING, LONDON), None) for day in days)
    yield from sorted([*mornings, *((deed.at, deed) for deed in deeds)], key=lambda one: one[0])


class Oracle:
    """Follows every case of the story, and writes down each letter that becomes owed."""

    def __init__(self, deeds: Sequence[Deed], towns: Iterable[Town]) -> None:
        self.ledger = Ledger()
        self.cases: dict[str, Followed] = {}
        self._deeds = deeds
        towns = list(towns)
        self._surveys = Surveys(self.ledger, towns, deeds[0].at.date())
        self._workers = [worker for town in towns for worker in town.workers]
        self._plans = Plans(self.ledger, self._workers)
        self._updates = Updates(self.ledger, self._plans, self.cases)
        self._decisions = Decisions(self.ledger, self._workers)
        self._ombudsmen = Ombudsmen(self.ledger, self.cases, self._holding)
        self._digests = Digests(self.ledger, self._plans, self.cases, towns, self._decisions, self._ombudsmen)
        self._services = {box: office.slug for town in towns for office in town.offices for box in office.mailboxes}

    def let_happen(self, deed: Deed, now: datetime) -> None:
        if deed.does in OPENS:
            self._open(deed)
        elif deed.does == "begins_chat":
            self.ledger.owe_on(deed.at.date() + timedelta(days=1), "nudge", deed.chat, NO_CASE)
        self._learn(deed)
        if deed.case not in self.cases:
            return
        case = self.cases[deed.case]
        if deed.does in EFFECTS:
            EFFECTS[deed.does](self.ledger, case, deed)
        if deed.does in LETTERS:
            self._letter(case, deed, LETTERS[deed.does])
        if deed.does in CLOSES:
            self._close(case, deed)
        self._look(case, now)

    def look_at_all(self, now: datetime) -> None:
        for case in self.cases.values():
            self._look(case, now)
        self._surveys.look(now.date())
        self._plans.look(now)
        self._updates.look(now.date())
        self._decisions.look(now)
        self._ombudsmen.look(now)
        self._digests.look(now.date())

    @property
    def actions(self) -> dict[tuple[str, int], str]:
        lessons = self._plans.lessons.items()
        return {(name, n): one.state for name, lesson in lessons for n, one in enumerate(lesson.actions, 1)}

    def _learn(self, deed: Deed) -> None:
        for part in (self._plans, self._updates, self._decisions, self._ombudsmen):
            part.let_happen(deed)
        if deed.does in ANSWERS_SURVEY:
            self._surveys.answered(deed.chat if deed.does in IN_CHATS else deed.address)

    def _close(self, case: Followed, deed: Deed) -> None:
        for colleague in case.colleagues:
            self.ledger.owe(deed, "colleague_closed", colleague)
        self._surveys.closed(case, deed.at.date())

    def _open(self, deed: Deed) -> None:
        service = deed.given.get("service") or self._services.get(deed.given["to"], "care")
        reach = _reach(deed)
        case = Followed(deed.case, service, reach, deed.given.get("postal", ""), events={"received": deed.at.date()})
        self.cases[deed.case] = case
        if reach:
            self.ledger.owe(deed, "receipt", reach, *(case.due(rule) for rule in case.of_stage()))
        if deed.given.get("danger"):
            self._alarm(case, deed)

    def _alarm(self, case: Followed, deed: Deed) -> None:
        """The manager on duty at once; the leader too when nobody records a review within the hour."""
        for one in self._workers:
            if one.on_duty and case.service in one.services:
                self.ledger.owe(deed, "urgent", one.email)
        reviews = (one.at for one in self._deeds if (one.case, one.does) == (deed.case, "review_safety"))
        if min((at for at in reviews if at > deed.at), default=deed.at + 2 * REVIEW) > deed.at + REVIEW:
            late = replace(deed, at=deed.at + REVIEW)
            for leader in self._holding(case, LEADER):
                self.ledger.owe(late, "safety_alarm", leader)

    def _letter(self, case: Followed, deed: Deed, kind: str) -> None:
        names: tuple[date | None, ...] = ()
        if not case.reach:
            return
        if kind == "acknowledgement":
            last = case.of_stage()[-1]
            names = (case.promised[last.id],)
        elif kind == "extension_notice":
            names = (case.longer[clock_meant(case, deed)],)
        elif kind == "next_stage":
            names = (case.due(case.of_stage()[0]),)
        self.ledger.owe(deed, kind, case.address, *names)

    def _look(self, case: Followed, now: datetime) -> None:
        """Reminders and escalations that are due by now and have not been sent."""
        today = now.date()
        for rule, keep_by, due in list(case.owing(today)):
            for kind, nudges, day in (("reminder", rule.reminders, keep_by), ("escalation", rule.escalations, due)):
                for offset, roles in nudges:
                    self._nudge(case, (kind, rule.id, day, working_days(day, offset)), roles, now)

    def _nudge(self, case: Followed, key: tuple[str, str, date, date], roles: tuple[str, ...], now: datetime) -> None:
        kind, _clock, due, day = key
        if key in case.told or datetime.combine(day, MORNING, LONDON) > now:
            return
        case.told.add(key)
        if kind == "reminder" and day < now.date():
            return  # its day had passed before it was known
        for one in sorted({email for role in roles for email in self._holding(case, role)}):
            self.ledger.owe_on(now.date(), kind, one, case.name, due)

    def _holding(self, case: Followed, role: str) -> list[str]:
        of_service = [one for one in self._workers if case.service in one.services and one.email != case.about]
        if role == HANDLER and case.handler:
            handler = next(one for one in of_service if one.email == case.handler)
            return [handler.email, *([handler.cover] if handler.cover else [])]
        return [one.email for one in of_service if one.role == (MANAGER if role == HANDLER else role)]


def _reach(deed: Deed) -> str:
    """Where letters to whoever complains go; empty where it is neither mailbox nor chat."""
    if deed.does in ("chats", "goes_on_in_chat") and deed.given.get("reach") != "email":
        return deed.chat
    return "" if "email" in deed.given.get("avoid", "") else deed.address
