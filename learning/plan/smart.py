"""What a plan still lacks before it can be agreed: the guide's nine elements, and whether each action is SMART."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from learning.words import word
from storage.tables import Action, ActionPlan

FEWEST_WORDS = 4
ELEMENTS = {
    **dict.fromkeys(("what", "failing", "impact"), 1), "owner": 2, **dict.fromkeys(("starts", "completes"), 3),
    "standards": 4, "involvement": 5, **dict.fromkeys(("review_how", "review_on"), 6),
    **dict.fromkeys(("check_how", "check_on"), 7), **dict.fromkeys(("audit_how", "audit_on"), 8),
    **dict.fromkeys(("measure", "baseline", "target"), 9),
}  # fmt: skip
VAGUE = re.compile(
    r"\b(consider|look into|explore|be more careful|try to|raise awareness|bear in mind|remind staff)\b", re.IGNORECASE
)
COUNTED = re.compile(
    r"\d|\b(all|each|every|everyone|no|none|nobody|never|zero|half|one|two|three|four|five|six|seven|eight|nine|ten)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Missing:
    """One thing to mend: the field it is about, and what to do in plain words."""

    field: str
    words: str

    @property
    def element(self) -> int:
        """The element of the guide that it belongs to."""
        return ELEMENTS.get(self.field, 0)


@dataclass(frozen=True)
class Owner:
    """Who answers for an action or plan, as far as the check needs to know."""

    name: str
    is_active: bool


def of_action(action: Action, owner: Owner | None, today: date) -> list[Missing]:
    """What one action lacks, in the order of the elements. Pure: `today` is the London date.

    Source: PHSO, Capturing and reporting on learning from complaints, "action plans" (the nine elements).
    """
    found = (
        *_specific(action),
        *_responsible(action, owner),
        *_dated(action, today),
        *_how(action),
        *_measured(action),
    )
    return sorted((Missing(field, words) for field, words in found), key=lambda one: one.element)


def of_plan(plan: ActionPlan | None, actions: Sequence[Action], owner: Owner | None) -> list[Missing]:
    """What the plan lacks beside its actions."""
    put_right, lasting = (plan.put_right, plan.embedded_when) if plan else ("", "")
    found = [
        *([] if actions else [("actions", word("smart", "actions"))]),
        *([] if put_right else [("put_right", word("smart", "put_right"))]),
        *([] if lasting else [("embedded_when", word("smart", "embedded_when"))]),
        *([] if owner else [("owner", word("smart", "plan_owner"))]),
    ]
    if owner and not owner.is_active:
        found.append(("owner", word("smart", "plan_owner_left").format(name=owner.name)))
    return [Missing(field, words) for field, words in found]


Found = Iterator[tuple[str, str]]


def _specific(action: Action) -> Found:
    """Specific: what is done, which failing and which effect it remedies."""
    vague = VAGUE.search(action.what)
    if len(action.what.split()) < FEWEST_WORDS:
        yield "what", word("smart", "what")
    elif vague:
        yield "what", word("smart", "what_vague").format(vague=vague[0])
    yield from _said(action, "failing", "impact")


def _responsible(action: Action, owner: Owner | None) -> Found:
    """Achievable: somebody who is still here answers for it."""
    if owner is None and not action.team:
        yield "owner", word("smart", "owner")
    elif owner is not None and not owner.is_active:
        yield "owner", word("smart", "owner_left").format(name=owner.name)


def _dated(action: Action, today: date) -> Found:
    """Time-bound: five dates, in order."""
    for name in ("starts", "completes", "review_on", "check_on", "audit_on"):
        if getattr(action, name) is None:
            yield name, word("smart", name)
    yield from in_order(action)
    if action.completes and action.completes < today:
        yield "completes", word("smart", "completes_past")


def in_order(action: Action) -> Found:
    """Which of its dates come before one that they must follow."""
    starts, completes = action.starts, action.completes
    if starts and completes and completes < starts:
        yield "completes", word("smart", "completes_before_start")
    elif action.review_on and ((starts and action.review_on < starts) or (completes and action.review_on > completes)):
        yield "review_on", word("smart", "review_out_of_order")
    if action.check_on and completes and action.check_on < completes:
        yield "check_on", word("smart", "check_out_of_order")
    if action.audit_on and action.check_on and action.audit_on <= action.check_on:
        yield "audit_on", word("smart", "audit_out_of_order")


def _how(action: Action) -> Found:
    """Realistic and relevant: standards, the person's part, and how it is followed up."""
    yield from _said(action, "standards", "involvement", "review_how", "check_how", "audit_how")


def _measured(action: Action) -> Found:
    """Measurable: what is counted, from where, to where."""
    yield from _said(action, "measure", "baseline", "target")
    if action.target and not COUNTED.search(action.target):
        yield "target", word("smart", "target_not_measurable")
    elif action.target and action.target.casefold() == action.baseline.casefold():
        yield "target", word("smart", "target_is_baseline")


def _said(action: Action, *names: str) -> Found:
    for name in names:
        if not getattr(action, name).strip():
            yield name, word("smart", name)
