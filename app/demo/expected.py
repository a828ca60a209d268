"""The check on the time-lapse: from the story alone, every letter owed and how each clock must stand at the end."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from app.clock import LONDON
from app.demo.days import named, working_days
from app.demo.owed import ClockState, Followed
from app.demo.places import Town
from app.demo.rules import HANDLER, LEADER, MANAGER
from app.demo.story import OPENS, Deed

MORNING = time(8)
REVIEW = timedelta(hours=1)
LETTERS = {  # what a deed of the staff sends to the person
    "acknowledge": "acknowledgement", "ask": "question", "extend": "extension_notice", "respond": "response",
    "accept_request": "next_stage", "refuse_request": "request_refused", "report_findings": "findings",
    "signpost": "signpost", "refuse": "refusal", "withdraws_online": "withdrawal",
}  # fmt: skip


@dataclass(frozen=True)
class Owed:
    """A mail that must have been sent: on this day, of this kind, to this mailbox, on this case, naming these dates."""

    day: date
    kind: str
    to: str
    case: str
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        dates = f" naming {', '.join(self.names)}" if self.names else ""
        return f"{self.day} {self.kind} to {self.to} on case {self.case}{dates}"


@dataclass
class Expected:
    """What must come out of a story."""

    letters: list[Owed] = field(default_factory=list)
    clocks: dict[tuple[str, str], ClockState] = field(default_factory=dict)
    open_cases: dict[str, bool] = field(default_factory=dict)


def expected(deeds: Sequence[Deed], towns: Iterable[Town], end: datetime) -> Expected:
    """Follow the story day by day until `end`."""
    oracle = Oracle(deeds, towns)
    for now, deed in _moments(deeds, end):
        oracle.let_happen(deed, now) if deed else oracle.look_at_all(now)
    today = end.astimezone(LONDON).date()
    found = Expected(oracle.letters)
    for case in oracle.cases.values():
        found.open_cases[case.name] = case.state == "open"
        found.clocks |= {(case.name, rule.id): case.stands(rule, today) for rule in case.rules.clocks}
    return found


def _moments(deeds: Sequence[Deed], end: datetime) -> Iterator[tuple[datetime, Deed | None]]:
    """Every deed, and eight o'clock of every day between the first and the end."""
    mornings = []
    day = deeds[0].at.date()
    while day <= end.date():
        mornings.append((datetime.combine(day, MORNING, LONDON), None))
        day += timedelta(days=1)
    yield from sorted([*mornings, *((deed.at, deed) for deed in deeds)], key=lambda one: one[0])


class Oracle:
    """Follows every case of the story, and writes down each letter that becomes owed."""

    def __init__(self, deeds: Sequence[Deed], towns: Iterable[Town]) -> None:
        self.letters: list[Owed] = []
        self.cases: dict[str, Followed] = {}
        self._deeds = deeds
        self._workers = [worker for town in towns for worker in town.workers]
        self._services = {box: office.slug for town in towns for office in town.offices for box in office.mailboxes}

    def let_happen(self, deed: Deed, now: datetime) -> None:
        if deed.does in OPENS:
            self._open(deed)
        case = self.cases[deed.case]
        ACTS.get(deed.does, _nothing)(self, case, deed)
        if deed.does in LETTERS:
            self._letter(case, deed, LETTERS[deed.does])
        self._look(case, now)

    def look_at_all(self, now: datetime) -> None:
        for case in self.cases.values():
            self._look(case, now)

    def owe(self, deed: Deed, kind: str, to: str, *names: date | None) -> None:
        self.letters.append(Owed(deed.at.date(), kind, to, deed.case, tuple(named(day) for day in names if day)))

    def _open(self, deed: Deed) -> None:
        service = deed.given.get("service") or self._services.get(deed.given["to"], "care")
        reach = "" if "email" in deed.given.get("avoid", "") else deed.address
        case = Followed(deed.case, service, reach, deed.given.get("postal", ""), events={"received": deed.at.date()})
        self.cases[deed.case] = case
        if reach:
            self.owe(deed, "receipt", reach, *(case.due(rule) for rule in case.of_stage()))
        if deed.given.get("danger"):
            self._alarm(case, deed)

    def _alarm(self, case: Followed, deed: Deed) -> None:
        """The manager on duty at once; the leader too when nobody records a review within the hour."""
        for one in self._workers:
            if one.on_duty and case.service in one.services:
                self.owe(deed, "urgent", one.email)
        reviews = (one.at for one in self._deeds if (one.case, one.does) == (deed.case, "review_safety"))
        if min((at for at in reviews if at > deed.at), default=deed.at + 2 * REVIEW) > deed.at + REVIEW:
            late = replace(deed, at=deed.at + REVIEW)
            for leader in self._holding(case, LEADER):
                self.owe(late, "safety_alarm", leader)

    def _letter(self, case: Followed, deed: Deed, kind: str) -> None:
        names: tuple[date | None, ...] = ()
        if kind == "acknowledgement":
            last = case.of_stage()[-1]
            names = (case.promised[last.id],)
        elif kind == "extension_notice":
            names = (case.longer[_clock_meant(case, deed)],)
        elif kind == "next_stage":
            names = (case.due(case.of_stage()[0]),)
        if case.address:
            self.owe(deed, kind, case.address, *names)

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
            self.letters.append(Owed(now.date(), kind, one, case.name, (named(due),)))

    def _holding(self, case: Followed, role: str) -> list[str]:
        of_service = [one for one in self._workers if case.service in one.services and one.email != case.about]
        if role == HANDLER and case.handler:
            handler = next(one for one in of_service if one.email == case.handler)
            return [handler.email, *([handler.cover] if handler.cover else [])]
        return [one.email for one in of_service if one.role == (MANAGER if role == HANDLER else role)]


Act = Callable[[Oracle, Followed, Deed], None]


def _nothing(_oracle: Oracle, _case: Followed, _deed: Deed) -> None:
    """What changes no clock and owes no letter."""


def _assign(_oracle: Oracle, case: Followed, deed: Deed) -> None:
    case.handler = deed.given["to"]


def _move(_oracle: Oracle, case: Followed, deed: Deed) -> None:
    case.service, case.handler = deed.given["service"], None


def _name_staff(_oracle: Oracle, case: Followed, deed: Deed) -> None:
    case.about = deed.given["who"]
    case.handler = None if case.handler == case.about else case.handler


def _change_contact(_oracle: Oracle, case: Followed, deed: Deed) -> None:
    """In the story, only from email to post."""
    assert deed.given["prefers"] == "post"
    case.address = ""


def _acknowledge(_oracle: Oracle, case: Followed, deed: Deed) -> None:
    """It tells a date for the answer, as counted from today: what the person was told is a promise."""
    event, answer = f"{case.stage}.acknowledged", case.of_stage()[-1]
    as_if_sent = replace(case, events={**case.events, event: deed.at.date()})
    promised = deed.given.get("promised")
    told = date.fromisoformat(promised) if promised else as_if_sent.due(answer)
    assert told
    case.promised[answer.id] = told
    _sent(case, event, deed)


def _respond(_oracle: Oracle, case: Followed, deed: Deed) -> None:
    _sent(case, case.rules.answers[case.stage], deed)


def _report_findings(_oracle: Oracle, case: Followed, deed: Deed) -> None:
    if deed.given["has_recommendations"] == "yes":
        case.words.add("has_recommendations")
    _sent(case, "s3.findings_sent", deed)


def _hold_panel(_oracle: Oracle, case: Followed, deed: Deed) -> None:
    case.events["s3.panel_held"] = date.fromisoformat(deed.given["on"])


def _record_posting(_oracle: Oracle, case: Followed, deed: Deed) -> None:
    _happens(case, case.to_post, deed)
    case.to_post = ""


def _recall(oracle: Oracle, case: Followed, _deed: Deed) -> None:
    """Within a minute of the letter: it never leaves."""
    gone = next(one for one in reversed(oracle.letters) if one.case == case.name)
    oracle.letters.remove(gone)
    case.events.pop({"acknowledgement": f"{case.stage}.acknowledged"}[gone.kind])
    case.promised.pop(case.of_stage()[-1].id)


def _bounce(_oracle: Oracle, case: Followed, deed: Deed) -> None:
    """The duty is owed again."""
    case.events.pop({"acknowledgement": f"{case.stage}.acknowledged"}[deed.given["kind"]])


def _extend(_oracle: Oracle, case: Followed, deed: Deed) -> None:
    clock = _clock_meant(case, deed)
    before = case.due(case.rule(clock))
    assert before
    until = deed.given.get("to")
    case.longer[clock] = date.fromisoformat(until) if until else working_days(before, int(deed.given["days"]))
    case.promised[clock] = case.longer[clock]


def _correct_receipt(_oracle: Oracle, case: Followed, deed: Deed) -> None:
    case.events["received"] = date.fromisoformat(deed.given["date"])


def _end(_oracle: Oracle, case: Followed, deed: Deed) -> None:
    case.state = "closed"
    case.ended.setdefault(case.stage, deed.at.date())


def _refile(oracle: Oracle, case: Followed, deed: Deed) -> None:
    _end(oracle, case, deed)
    if deed.given.get("tell") == "yes":
        oracle.owe(deed, "refiled", case.address, case.events["received"])


def _reopen(_oracle: Oracle, case: Followed, _deed: Deed) -> None:
    case.state = "open"
    case.ended.pop(case.stage, None)


def _ask_on(_oracle: Oracle, case: Followed, deed: Deed) -> None:
    """What is written after an answer asks for the next stage, if there is one."""
    if case.stage in case.answered and case.stage in case.rules.onward and case.asked_on is None:
        case.asked_on = deed.at.date()


def _accept(_oracle: Oracle, case: Followed, _deed: Deed) -> None:
    assert case.asked_on
    case.stage, case.handler = case.rules.onward[case.stage], None
    case.events[f"{case.stage}.requested"], case.asked_on = case.asked_on, None


def _refuse_request(_oracle: Oracle, case: Followed, _deed: Deed) -> None:
    case.asked_on = None


def _sent(case: Followed, event: str, deed: Deed) -> None:
    if case.address:
        _happens(case, event, deed)
    else:
        case.to_post = event


def _happens(case: Followed, event: str, deed: Deed) -> None:
    case.events[event] = deed.at.date()
    if event == case.rules.answers.get(case.stage):
        case.answered.add(case.stage)
        case.ended[case.stage] = deed.at.date()


def _clock_meant(case: Followed, deed: Deed) -> str:
    """The clock named, or the stage's answer."""
    return deed.given.get("clock") or case.of_stage()[-1].id


ACTS: Mapping[str, Act] = {
    "assign": _assign, "move": _move, "name_staff": _name_staff,
    "change_contact": _change_contact, "acknowledge": _acknowledge, "respond": _respond, "extend": _extend,
    "report_findings": _report_findings, "hold_panel": _hold_panel, "record_posting": _record_posting,
    "recall_letter": _recall, "mail_bounces": _bounce, "correct_receipt": _correct_receipt, "refuse": _end,
    "withdraws_online": _end, "close": _end, "signpost": _end, "refile": _refile, "reopen": _reopen,
    "replies": _ask_on, "asks_online": _ask_on, "request_stage": _ask_on, "accept_request": _accept,
    "refuse_request": _refuse_request,
}  # fmt: skip
