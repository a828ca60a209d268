"""What a body's published procedures promise someone who complains, read from the procedures themselves."""

from collections.abc import Iterable
from dataclasses import dataclass

from storage.tables import Service
from templates.words import titled
from workflow.definition import Clock, Procedure, Span
from workflow.procedure import load


@dataclass(frozen=True)
class Promise:
    """One duty at one stage: what we do, how long it may take, and whether counted from the acknowledgement."""

    what: str  # acknowledge, respond
    limit: Span
    since_acknowledged: bool


@dataclass(frozen=True)
class Promises:
    """The services that follow one procedure, and what it promises at each stage."""

    services: tuple[str, ...]
    procedure: str
    stages: tuple[tuple[str, tuple[Promise, ...]], ...]


def promises(services: Iterable[Service], language: str = "en") -> list[Promises]:
    """By procedure, in the order of the services; stages are called by their names in this language."""
    names: dict[str, list[str]] = {}
    for service in services:
        names.setdefault(service.procedure, []).append(service.name)
    return [_promises(load(procedure), tuple(of), language) for procedure, of in names.items()]


def _promises(procedure: Procedure, services: tuple[str, ...], language: str) -> Promises:
    stages = [
        (titled(stage.title or procedure.title, language), tuple(_kept(stage.clocks)))
        for stage in procedure.worked_stages
    ]
    return Promises(services, procedure.title, tuple((title, kept) for title, kept in stages if kept))


def _kept(clocks: Iterable[Clock]) -> Iterable[Promise]:
    for clock in clocks:
        what = clock.id.rsplit(".", 1)[-1]
        if what in ("acknowledge", "respond") and clock.when is None:
            yield Promise(what, clock.limit, clock.start.endswith(".acknowledged"))
