"""Builds the frozen parts of a procedure from the tables of its file."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from workflow.definition import Clock, Extension, Letter, NudgeRule, Procedure, Span, Stage
from workflow.happenings import GENERAL
from workflow.working_days import USUAL


def build(data: Mapping[str, Any], digest: str) -> Procedure:
    """The procedure these tables describe; their keys have been checked before."""
    head = data["procedure"]
    stages = tuple(stage(table) for table in data["stage"])
    return Procedure(
        id=head["id"],
        title=head["title"],
        valid_from=head["valid_from"],
        valid_to=head.get("valid_to"),
        binding=head["binding"],
        calendar=head["calendar"],
        non_working=tuple(head.get("non_working", USUAL)),
        receipt_cutoff=head.get("receipt_cutoff"),
        roles=tuple(head["roles"]),
        max_stages=head.get("max_stages"),
        sources=tuple(head["sources"]),
        checked_on=head["checked_on"],
        hash=digest,
        stages=stages,
        outcomes=frozen(data.get("outcome", [])),
        exclusions=frozen(data.get("exclusion", [])),
        advocacy=frozen(data.get("advocacy", {})),
        remedy=frozen(data.get("remedy", {})),
        raw=frozen(data),
        events=frozenset(GENERAL) | _own_events(stages),
    )


def stage(table: Mapping[str, Any]) -> Stage:
    return Stage(
        id=table["id"],
        kind=table["kind"],
        title=table.get("title", table["id"]),
        entry=tuple(table.get("entry", ())),
        handler=frozen(table.get("handler", {})),
        optional=table.get("optional", False),
        reasons_required=table.get("reasons_required", False),
        panel=frozen(table.get("panel", {})),
        new_issue=frozen(table.get("new_issue", {})),
        close=frozen(table.get("close", {})),
        body=table.get("body"),
        body_by_organisation=frozen(table.get("body_by_organisation", {})),
        joint_with=tuple(table.get("joint_with", ())),
        clocks=tuple(clock(each, table["id"]) for each in table.get("clock", ())),
        letters=tuple(Letter(**frozen(each)) for each in table.get("letter", ())),
    )


def clock(table: Mapping[str, Any], stage_id: str) -> Clock:
    limits = {kind: span(limit) for kind, limit in table.get("limit_by", {}).items()}
    return Clock(
        id=table["id"],
        stage=stage_id,
        title=table.get("title", table["id"]),
        start=table["start"],
        stop=tuple(table.get("stop", ())),
        limit=span(table["limit"]) if "limit" in table else next(iter(limits.values()), Span("working_days", 0)),
        limit_by=MappingProxyType(limits),
        when=table.get("when"),
        stop_requires=tuple(table.get("stop_requires", ())),
        pause=tuple(table.get("pause", ())),
        resume=tuple(table.get("resume", ())),
        count=table.get("count", "after"),
        roll=table.get("roll", "none"),
        expiry_opens=table.get("expiry_opens"),
        source=table.get("source", ""),
        extensions=tuple(extension(each) for each in table.get("extension", ())),
        reminders=tuple(nudge(each) for each in table.get("reminder", ())),
        escalations=tuple(nudge(each) for each in table.get("escalation", ())),
    )


def extension(table: Mapping[str, Any]) -> Extension:
    spans = {key: span(table[key]) for key in ("add", "to_total") if key in table}
    return Extension(**{**frozen(table), **spans})


def nudge(table: Mapping[str, Any]) -> NudgeRule:
    return NudgeRule(span(table["at"]), tuple(table["to"]), table.get("task"))


def span(table: Any) -> Span:
    """{ working_days = 10 } as a Span; the checks see to it that there is exactly one unit."""
    for unit, number in table.items():
        return Span(unit, number)
    return Span("working_days", 0)


def frozen(value: Any) -> Any:
    """The same value, all the way down unchangeable."""
    if isinstance(value, Mapping):
        return MappingProxyType({key: frozen(each) for key, each in value.items()})
    if isinstance(value, list):
        return tuple(frozen(each) for each in value)
    return value


def _own_events(stages: tuple[Stage, ...]) -> frozenset[str]:
    """Names the stages themselves use. Any stage of ours may be acknowledged, timed or not."""
    asked = {f"{each.id}.requested" for each in stages if any(e.startswith("request:") for e in each.entry)}
    named = {letter.on for each in stages for letter in each.letters}
    named |= {f"{each.id}.acknowledged" for each in stages if each.is_worked}
    for each in (each for stage in stages for each in stage.clocks):
        named |= {each.start, *each.stop, *each.resume, *(name for name in each.pause if "." in name)}
    return frozenset(asked | named)
