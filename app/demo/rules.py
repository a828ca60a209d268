"""What each procedure promises, written a second time by hand for the check on the time-lapse, not read from files."""

from dataclasses import dataclass

from app.demo.days import Limit, six_months, within

HANDLER, MANAGER, LEADER = "handler", "manager", "leader"
Nudges = tuple[tuple[int, tuple[str, ...]], ...]  # working days from the due date, and to whom


@dataclass(frozen=True)
class Rule:
    """One clock: what starts it, how long it is, what meets it, and who is told when."""

    id: str
    starts: str
    limit: Limit
    stops: str
    reminders: Nudges = ()
    escalations: Nudges = ()
    only_if: str = ""  # a word that the event which starts it must carry

    @property
    def stage(self) -> str:
        return self.id.partition(".")[0]


@dataclass(frozen=True)
class Rules:
    """A procedure: its clocks, and for each stage the event of its answer and the stage after it."""

    clocks: tuple[Rule, ...]
    answers: dict[str, str]
    onward: dict[str, str]


BOTH = (MANAGER, LEADER)
CARE = Rules(
    clocks=(
        Rule("s1.acknowledge", "received", within(3), "s1.acknowledged",
             ((-1, (HANDLER,)), (0, (HANDLER, MANAGER))), ((1, (MANAGER,)), (3, (LEADER,)))),
        Rule("s1.respond", "received", six_months, "s1.response_sent",
             ((-20, (HANDLER,)), (-5, (HANDLER, MANAGER)), (0, (HANDLER, MANAGER))), ((1, BOTH), (5, (LEADER,)))),
    ),
    answers={"s1": "s1.response_sent"},
    onward={},
)  # fmt: skip
HOUSING = Rules(
    clocks=(
        Rule("s1.acknowledge", "received", within(5), "s1.acknowledged", ((-2, (MANAGER,)),), ((1, BOTH),)),
        Rule("s1.respond", "s1.acknowledged", within(10), "s1.response_sent",
             ((-5, (HANDLER,)), (-2, (HANDLER, MANAGER))), ((1, BOTH),)),
        Rule("s2.acknowledge", "s2.requested", within(5), "s2.acknowledged", (), ((1, BOTH),)),
        Rule("s2.respond", "s2.acknowledged", within(20), "s2.response_sent", ((-5, (HANDLER,)),), ((1, (LEADER,)),)),
    ),
    answers={"s1": "s1.response_sent", "s2": "s2.response_sent"},
    onward={"s1": "s2"},
)  # fmt: skip
CARE_2006 = Rules(
    clocks=(
        Rule("s1.conclude", "received", within(10), "s1.outcome_sent",
             ((-3, (HANDLER,)), (0, (HANDLER, MANAGER))), ((1, (MANAGER,)), (5, (LEADER,)))),
        Rule("s2.report", "s2.requested", within(25), "s2.adjudication_sent",
             ((-10, (HANDLER, MANAGER)), (-3, (HANDLER, MANAGER))), ((1, (LEADER,)),)),
        Rule("s3.panel_held", "s3.requested", within(30), "s3.panel_held", ((-15, (MANAGER,)),), ((1, (LEADER,)),)),
        Rule("s3.findings", "s3.panel_held", within(5), "s3.findings_sent", ((-2, (MANAGER,)),)),
        Rule("s3.response", "s3.findings_sent", within(15), "s3.response_sent", ((-5, (MANAGER,)),), ((1, (LEADER,)),),
             only_if="has_recommendations"),
    ),
    answers={"s1": "s1.outcome_sent", "s2": "s2.adjudication_sent", "s3": "s3.response_sent"},
    onward={"s1": "s2", "s2": "s3"},
)  # fmt: skip

OF_SERVICE = {"care": CARE, "housing": HOUSING, "repairs": HOUSING, "care-2006": CARE_2006}
