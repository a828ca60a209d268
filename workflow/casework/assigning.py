"""Who deals with a case, which service it belongs to, and what sort of thing it is."""

from sqlmodel import select

from storage.tables import Case, CaseRole, Service, Staff
from templates.dates import with_weekday
from workflow import compliments, letters, tasks
from workflow import procedure as procedures
from workflow.casework.reaching import end_roles, find_staff, staff_options
from workflow.casework.situation import Situation, situation
from workflow.casework.verb import Field, Given, Refused, Verb, day, needed, text, yes
from workflow.office import Act
from workflow.record import bring_up_to_date, note, write_down
from workflow.working_days import london

KINDS = (
    ("enquiry", "A question"),
    ("service_request", "A request for a service"),
    ("compliment", "Thanks or praise"),
    ("report", "A report, such as a broken street light"),
    ("spam", "Advertising or nonsense"),
)

OUTSIDE = ("complainant", "resident", "representative", "advocate")  # roles that none of our staff can hold


def assign(act: Act, case: Case, given: Given) -> None:
    """Give the case to a handler, or another of the procedure's roles on it to someone."""
    staff = find_staff(act, needed(given, "to", "who is to deal with the case"), "to")
    now_there = situation(act.session, case, act.now)
    role = _role(now_there, text(given, "role"))
    _must_be_independent(now_there, staff, role)
    end_roles(act, case, role=role)
    act.session.add(CaseRole(case_id=_id(case), role=role, staff_id=staff.id, name=staff.name, since=act.now))
    if role == "handler":
        case.handler_id = staff.id
        for own in now_there.handler_roles:
            act.session.add(CaseRole(case_id=_id(case), role=own, staff_id=staff.id, name=staff.name, since=act.now))
        tasks.finish(act, case, "assign")
    note(act, case, "case.assigned", because=text(given, "because"), data={"staff": staff.id, "role": role})


def move(act: Act, case: Case, given: Given) -> None:
    """Give the case to another service, on that service's procedure, with the day of receipt kept."""
    slug = needed(given, "service", "the service it belongs to")
    service = act.session.exec(select(Service).where(Service.slug == slug)).first()
    if service is None or service.id is None:
        raise Refused(f"There is no service {slug!r}. See: redress service list", "service")
    rule = procedures.load(service.procedure)
    case.service_id, case.organisation_id, case.handler_id = service.id, service.organisation_id, None
    case.procedure, case.procedure_hash = rule.id, rule.hash
    because = needed(given, "because", "why it belongs there")
    end_roles(act, case, role="handler")
    for task in tasks.open_of(act, case):
        task.service_id = service.id
        act.session.add(task)
    tasks.finish(act, case, "triage")
    note(act, case, "case.moved", because=because, data={"service": slug, "procedure": rule.id})
    bring_up_to_date(act.session, case, act.now)


def refile(act: Act, case: Case, given: Given) -> None:
    """Say that it is not a complaint. The instant of receipt is kept, and `reopen` undoes it."""
    kind = needed(given, "kind", "what it is")
    if kind not in dict(KINDS):
        raise Refused(f"Kind must be one of {', '.join(dict(KINDS))}", "kind")
    write_down(act, case, "complaint.refiled", because=needed(given, "because", "why"), data={"kind": kind})
    case.kind = kind
    if kind == "compliment":
        compliments.keep(act, case)
    if kind != "spam" and yes(given, "tell"):
        letters.issue(act, case, "refiled", facts=_refiled_facts(case))


def correct_receipt(act: Act, case: Case, given: Given) -> None:
    """Correct the day on which the complaint truly arrived: every date counts from it."""
    arrived = day(given, "date")
    if arrived is None or arrived > london(act.now):
        raise Refused("Enter the day on which it arrived, today or earlier", "date")
    began = procedures.load(case.procedure).valid_from
    if arrived < began:
        raise Refused(f"Enter the day on which it arrived: this procedure began on {with_weekday(began)}", "date")
    because = needed(given, "because", "how you know")
    write_down(act, case, "received.corrected", because=because, data={"date": arrived.isoformat()})


def review_safety(act: Act, case: Case, given: Given) -> None:
    """Record that a person has looked at an urgent case, and what was done to keep people safe."""
    done = needed(given, "done", "what you did to keep people safe")
    note(act, case, "safety.reviewed", because=done)
    from workflow.triage import calm  # a door between two halves of the same act

    calm(act, case, still_urgent=yes(given, "still_urgent"))


def admit(act: Act, case: Case, given: Given) -> None:
    """Take a held contact into the case, knowing who sent it."""
    from workflow.pen import admit as take_in

    take_in(act, case, needed(given, "contact", "which contact"), needed(given, "because", "how you know who it is"))


def set_aside(act: Act, case: Case, given: Given) -> None:
    """Leave a held contact out of the case, with the reason; it is kept."""
    from workflow.pen import set_aside as leave_out

    leave_out(act, case, needed(given, "contact", "which contact"), needed(given, "because", "why"))


def _role(now_there: Situation, wanted: str) -> str:
    """Whoever holds the stage's own role, such as investigator, is its handler."""
    stage_roles = ("", "handler", now_there.stage.handler.get("role", "handler"))
    return "handler" if wanted in stage_roles else wanted


def _roles(now_there: Situation) -> tuple[tuple[str, str], ...]:
    """The handler first, then the procedure's other roles that staff can hold."""
    own = now_there.stage.handler.get("role", "handler")
    of_stages = [str(stage.handler["role"]) for stage in now_there.procedure.stages if stage.handler.get("role")]
    every = dict.fromkeys(("handler", *now_there.procedure.roles, *of_stages))
    return tuple(
        (role, role.replace("_", " ").capitalize()) for role in every if role not in {own, *OUTSIDE} - {"handler"}
    )


def _must_be_independent(now_there: Situation, staff: Staff, role: str) -> None:
    if staff.id == now_there.case.about_staff_id:
        raise Refused(f"{staff.name} can't deal with this case: it is about them", "to")
    if role == "handler" and (part := now_there.earlier_part(staff.id)):
        earlier = now_there.procedure.stage(part.partition(".")[0]).title
        raise Refused(f"{staff.name} can't deal with {now_there.stage.title}: they took part in {earlier}", "to")


def _refiled_facts(case: Case) -> dict[str, str]:
    from templates.dates import with_weekday
    from templates.writing import phrases

    received = with_weekday(case.received_at, case.language)
    return {"kind_in_words": phrases(case.language)["kinds"][case.kind], "received_on": received}


def _assign_fields(act: Act, now_there: Situation) -> tuple[Field, ...]:
    return (
        Field("to", "Who is to deal with it", "staff", options=staff_options(act, now_there)),
        Field("role", "As", "choice", value="handler", required=False, options=_roles(now_there)),
        Field("because", "Why", required=False),
    )


def _service_options(act: Act) -> tuple[tuple[str, str], ...]:
    return tuple((one.slug, one.name) for one in act.session.exec(select(Service).order_by(Service.name)))


def _held_options(now_there: Situation) -> tuple[tuple[str, str], ...]:
    return tuple(
        (str(contact.id), f"{contact.received_at:%d %B %Y}: {contact.held_because}") for contact in now_there.held
    )


def _open(now_there: Situation) -> str | None:
    return None if now_there.is_open else "The case is closed. Reopen it first."


def _early(now_there: Situation) -> str | None:
    if not now_there.may_move("complaint.refiled"):
        return "Only a case that has not been answered can be re-filed."
    return None


def _unanswered(now_there: Situation) -> str | None:
    stages = {stage.id for stage in now_there.procedure.worked_stages}
    first = next(iter(now_there.procedure.worked_stages))
    moved_on = now_there.standing.answered or now_there.stage.id != first.id or now_there.stage.id not in stages
    return "The procedure can only be changed before the first answer." if moved_on else _open(now_there)


def _has_held(now_there: Situation) -> str | None:
    return None if now_there.held else "Nothing is held for this case."


def _is_urgent(now_there: Situation) -> str | None:
    return None if now_there.case.urgent_at else "The case is not flagged as urgent."


def _id(case: Case) -> int:
    assert case.id is not None
    return case.id


_BECAUSE = Field("because", "Why", "long_text")

ASSIGNING = (
    Verb("assign", "Assign", "Give the case to a handler, or a role on it to someone.", assign, _assign_fields, _open,
         events=("case.assigned",)),
    Verb("move", "Move to another service", "Give the case to the service it belongs to.", move,
         lambda act, _: (Field("service", "Service", "choice", options=_service_options(act)), _BECAUSE), _unanswered,
         events=("case.moved",)),
    Verb("refile", "Re-file", "Say that it is not a complaint; undone by reopening.", refile,
         lambda _a, _s: (Field("kind", "What it is", "choice", options=KINDS), _BECAUSE,
                         Field("tell", "Tell the person?", "yes_no", required=False)),
         _early, events=("complaint.refiled",), letters=("refiled",)),
    Verb("correct_receipt", "Correct the day of receipt", "Say on which day it truly arrived.", correct_receipt,
         lambda _a, _s: (Field("date", "The day on which it arrived", "date"), _BECAUSE), _unanswered,
         roles=("manager", "leader", "administrator"), events=("received.corrected",)),
    Verb("review_safety", "Record a safety review", "Say that you looked, and what you did to keep people safe.",
         review_safety,
         lambda _a, _s: (Field("done", "What you did", "long_text"),
                         Field("still_urgent", "Is it still urgent?", "yes_no", required=False)),
         _is_urgent, events=("safety.reviewed",)),
    Verb("admit", "Take in a held contact", "Take a held contact into the case.", admit,
         lambda _a, s: (Field("contact", "Which", "choice", options=_held_options(s)), _BECAUSE), _has_held,
         events=("contact.joined",)),
    Verb("set_aside", "Leave out a held contact", "Leave a held contact out of the case; it is kept.", set_aside,
         lambda _a, s: (Field("contact", "Which", "choice", options=_held_options(s)), _BECAUSE), _has_held,
         events=("contact.set_aside",)),
)  # fmt: skip
