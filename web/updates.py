"""The page on which someone says how to hear what becomes of their complaint, takes part, or stops all of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from learning.afterwards import changes, informed, involvement, satisfied
from storage.database import reading, writing
from storage.tables import Case, KeepInformed, Organisation, Participant
from web.bodies import Body
from web.forms import Form
from web.languages import reads, speak
from web.pages import Site, show
from web.progress import SECRET, LinkNotValid
from workflow.answers import tidy
from workflow.office import COMPLAINANT, Act

ACTS = ("choose", "satisfied")


@dataclass(frozen=True)
class Theirs:
    """Someone's choices as they stand, and what they may choose."""

    informed: KeepInformed
    participant: Participant
    reference: str
    language: str
    slug: str
    channels: tuple[str, ...]
    ways: tuple[str, ...]  # in which they take part
    may_take_part: bool
    is_asked: bool
    said: bool | None  # whether they are satisfied
    is_over: bool  # they were told what changed in the end


def with_choices(work: Callable[..., Response]) -> Callable[..., Response]:
    """Only at a bearable pace, and only with a link that is valid."""

    def guarded(site: Site, request: Request, *form: Form) -> Response:
        if not site.guesses.allows(request):
            raise HTTPException(429, headers={"Retry-After": "60"})
        try:
            theirs = _theirs(site, request)
        except LinkNotValid:
            return show(request, "link-not-valid", status=404)
        speak(request, theirs.language)
        return work(site, request, theirs, site.bodies.find(theirs.slug), *form)

    return guarded


def _theirs(site: Site, request: Request) -> Theirs:
    secret = request.path_params["secret"]
    with reading(site.door.engine) as session:
        row = informed.find(session, secret) if SECRET.fullmatch(secret) else None
        if row is None:
            raise LinkNotValid
        return _read(session, row)


def _read(session: Session, row: KeepInformed) -> Theirs:
    participant = session.get_one(Participant, row.participant_id)
    case = session.get_one(Case, row.case_id)
    return Theirs(
        informed=row,
        participant=participant,
        reference=case.reference,
        language=case.language,
        slug=session.get_one(Organisation, case.organisation_id).slug,
        channels=tuple(informed.choices(participant)),
        ways=tuple(involvement.consented(session, participant.id)),
        may_take_part=bool(changes.plans_of(session, row.case_id)),
        is_asked=satisfied.is_asked(session, participant),
        said=satisfied.said(session, participant),
        is_over=informed.is_over(session, row),
    )


@with_choices
def look(_site: Site, request: Request, theirs: Theirs, body: Body) -> Response:
    """What they chose so far."""
    return _page(request, theirs, body, _as_it_is(theirs), {})


@with_choices
def take(site: Site, request: Request, theirs: Theirs, body: Body, form: Form) -> Response:
    """What they choose now, or whether they are satisfied."""
    act = form.one("do")
    if act not in ACTS:
        raise HTTPException(400)
    given = {**_as_it_is(theirs), **_given(act, form)}
    errors = (_wrong_choice if act == "choose" else _wrong_answer)(theirs, given, reads(request))
    if errors:
        return _page(request, theirs, body, given, errors)
    with writing(site.door.engine) as session:
        _keep(Act(session, site.door.office, COMPLAINANT, site.door.clock()), theirs, act, given)
    return _page(request, _theirs(site, request), body, given, {}, kept=act)


@with_choices
def ask_stop(_site: Site, request: Request, _theirs: Theirs, body: Body) -> Response:
    """A button: opening a link must stop nothing, for programs open links too."""
    return show(request, "updates-stop", body, action=request.url.path)


@with_choices
def stop(site: Site, request: Request, theirs: Theirs, body: Body, _form: Form) -> Response:
    """The button, or a mail program's own (RFC 8058), whatever else it posted."""
    with writing(site.door.engine) as session:
        act = Act(session, site.door.office, COMPLAINANT, site.door.clock())
        informed.stop(act, session.get_one(KeepInformed, theirs.informed.id))
    return show(request, "updates-stopped", body, again=request.url.path.removesuffix("/stop"))


def _as_it_is(theirs: Theirs) -> dict[str, Any]:
    row = theirs.informed
    has_stopped = row.stopped_at is not None
    return {
        "channel": "none" if has_stopped else row.channel or "",
        "weeks": str(row.every_weeks or ""),
        "ways": list(theirs.ways),
        "satisfied": {True: "yes", False: "no"}.get(theirs.said, "") if theirs.said is not None else "",
        "why": "",
    }


def _given(act: str, form: Form) -> dict[str, Any]:
    if act == "satisfied":
        return {"satisfied": form.one("satisfied"), "why": tidy(form.one("why"))}
    ways = [way for way in involvement.WAYS if way in form.all("ways")]
    return {"channel": form.one("channel"), "weeks": form.one("weeks"), "ways": ways}


def _wrong_choice(theirs: Theirs, given: Mapping[str, Any], language: str) -> dict[str, str]:
    """What is wrong with a choice, by field."""
    said = changes.words(language)["error"]
    if theirs.is_over:  # there is nothing more to be kept informed of, only to take part in
        return {}
    if given["channel"] not in theirs.channels:
        return {"channel": said["channel"]}
    if given["channel"] != "none" and given["weeks"] not in map(str, informed.RHYTHMS):
        return {"weeks": said["weeks"]}
    return {}


def _wrong_answer(theirs: Theirs, given: Mapping[str, Any], language: str) -> dict[str, str]:
    said = changes.words(language)["error"]
    if not theirs.is_asked:
        raise HTTPException(404)
    if given["satisfied"] not in ("yes", "no"):
        return {"satisfied": said["satisfied"]}
    if len(given["why"]) > satisfied.LONGEST:
        return {"why": said["why"].format(longest=f"{satisfied.LONGEST:,}")}
    return {}


def _keep(act: Act, theirs: Theirs, what: str, given: Mapping[str, Any]) -> None:
    participant = act.session.get_one(Participant, theirs.participant.id)
    if what == "satisfied":
        satisfied.answer(act, participant, given["satisfied"] == "yes", given["why"])
        return
    if not theirs.is_over:
        weeks = int(given["weeks"]) if given["channel"] != "none" else None
        informed.choose(act, participant, given["channel"], weeks)
    involvement.choose(act, participant, given["ways"])


def _page(
    request: Request, theirs: Theirs, body: Body, given: Mapping[str, Any], errors: Mapping[str, str], kept: str = ""
) -> Response:
    words = changes.words(reads(request))
    return show(
        request, "updates", body, 422 if errors else 200, theirs=theirs, given=given, errors=errors, kept=kept,
        action=request.url.path, rhythms=words["rhythm"], ways=words["way"],
    )  # fmt: skip
