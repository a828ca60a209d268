"""The people of a case: whom it is about, how to reach who complained, and what was said to them."""

from sqlmodel import col, select

from storage.tables import Case, Participant, Staff, StaffService
from templates.languages import LANGUAGES, OWN_NAME
from templates.words import channel
from workflow import tasks
from workflow.answers import NotAnAnswer, validate
from workflow.casework.situation import Situation, roles_of
from workflow.casework.verb import Field, Given, Refused, Verb, day, needed, row_id, text, yes
from workflow.office import Act
from workflow.projection import morning
from workflow.questionnaire import questions
from workflow.record import note
from workflow.tokens import digest, next_progress_secret
from workflow.ways import messenger_of
from workflow.working_days import london

CHANNELS = (("email", "Email"), ("telephone", "Telephone"), ("post", "Post"))
AVOIDABLE = ("email", "telephone", "post")


def name_staff(act: Act, case: Case, given: Given) -> None:
    """Say which member of staff the complaint is about: from then on they neither see it nor hear of it."""
    staff = find_staff(act, needed(given, "who", "whom it is about"), "who")
    case.about_staff_id = staff.id
    if case.handler_id == staff.id:
        case.handler_id = None
    end_roles(act, case, staff_id=staff.id)
    note(act, case, "case.about_staff", because=text(given, "because"), data={"staff": staff.id})
    if case.handler_id is None:
        words = "Nobody deals with this case now. Give it to a handler whom it is not about."
        tasks.add(act, case, "assign", f"assign:{case.id}:{case.version}", words)


def change_contact(act: Act, case: Case, given: Given) -> None:
    """Change how a person is reached, knowing it from them: every letter from now on follows it."""
    person = _person(act, case, text(given, "person"))
    because = needed(given, "because", "how you know")
    changed = [name for name in ("email", "postal_address", "telephone", "prefers") if _set(person, name, given)]
    if text(given, "language") and text(given, "language") != case.language:
        case.language = _language(text(given, "language"))
        changed.append("language")
    if text(given, "avoid"):
        person.avoid = _avoided(person, text(given, "avoid"))
        changed.append("avoid")
    if not changed:
        raise Refused("Enter what is to change")
    act.session.add(person)
    # What it was and is stands with the person; the story says only what sort of thing changed.
    note(act, case, "contact.changed", because=because, data={"participant": person.id, "changed": changed})


def stop_link(act: Act, case: Case, given: Given) -> None:
    """Stop a progress link that is in the wrong hands: it opens nothing from now on, and no letter repeats it."""
    person = _person(act, case, text(given, "person"))
    because = needed(given, "because", "why")
    if person.progress_revoked_at is not None:
        raise Refused("This link has been stopped already", "person")
    person.progress_revoked_at = act.now
    act.session.add(person)
    note(act, case, "link.stopped", because=because, data={"participant": person.id})


def new_link(act: Act, case: Case, given: Given) -> None:
    """Give someone whose progress link was stopped a new one: every letter from now on carries it."""
    person = _person(act, case, text(given, "person"))
    because = needed(given, "because", "how you know who asks for it")
    if person.progress_revoked_at is None:
        raise Refused("Their link works. Stop it first, if somebody else may have it", "person")
    secret = next_progress_secret(act.office.keyring, person.id or 0, person.progress_hash)
    if secret is None:
        raise Refused("They have had as many links as there can be", "person")
    person.progress_hash, person.progress_revoked_at = digest(secret), None
    act.session.add(person)
    note(act, case, "link.renewed", because=because, data={"participant": person.id})


def converse(act: Act, case: Case, given: Given) -> None:
    """Write down what was said by telephone or in person, when, and by whom."""
    said = needed(given, "said", "what was said")
    when = day(given, "on")
    if when and when > london(act.now):
        raise Refused("The day of the conversation must be today or earlier", "on")
    note(act, case, "conversation.recorded", at=morning(when) if when and when != london(act.now) else None,
         because=said, data={"with": text(given, "with"), "agreed": yes(given, "agreed")})  # fmt: skip


def find_staff(act: Act, who: str, field: str) -> Staff:
    """An active user by email address or number. Refused if there is none."""
    staff = act.session.exec(select(Staff).where(Staff.email == who.lower())).first()
    if staff is None and (number := row_id(who)) is not None:
        staff = act.session.get(Staff, number)
    if staff is None or staff.disabled_at is not None:
        raise Refused(f"There is no active user {who}. See: redress user list", field)
    return staff


def end_roles(act: Act, case: Case, *, role: str | None = None, staff_id: int | None = None) -> None:
    """The present holder of a role, or all that someone holds, ends now; it stays on record."""
    for held in roles_of(act.session, case):
        if held.until is None and (held.role == role or (staff_id is not None and held.staff_id == staff_id)):
            held.until = act.now
            act.session.add(held)


def staff_options(act: Act, now_there: Situation) -> tuple[tuple[str, str], ...]:
    """The active users of the case's service."""
    query = (
        select(Staff)
        .join(StaffService, col(StaffService.staff_id) == Staff.id)
        .where(StaffService.service_id == now_there.case.service_id, col(Staff.disabled_at).is_(None))
        .order_by(Staff.name)
    )
    return tuple((one.email, f"{one.name} ({one.role})") for one in act.session.exec(query))


def _person(act: Act, case: Case, wanted: str) -> Participant:
    people = act.session.exec(select(Participant).where(Participant.case_id == case.id)).all()
    if not wanted and len(people) == 1:
        return people[0]
    for person in people:
        if str(person.id) == wanted:
            return person
    raise Refused("Say which person of this case", "person")


def _set(person: Participant, name: str, given: Given) -> bool:
    value = text(given, name) if name == "prefers" else _as_asked(name, text(given, name))
    if name == "prefers" and value and value not in (known := dict(_channels(person))):
        raise Refused(f"Preferred way must be one of {', '.join(known)}", "prefers")
    if not value or value == getattr(person, name):
        return False
    setattr(person, name, value)
    return True


def _as_asked(name: str, value: str) -> str:
    """An address or a number, checked as the form on the web checks it."""
    question = next(one for one in questions(()) if one.id == name)
    try:
        checked = str(validate(question, value))
    except NotAnAnswer as error:
        raise Refused(str(error), name) from error
    return checked.lower() if name == "email" else checked


def _language(wanted: str) -> str:
    if wanted not in LANGUAGES:
        raise Refused(f"Language must be one of {', '.join(LANGUAGES)}", "language")
    return wanted


def _channels(*people: Participant) -> tuple[tuple[str, str], ...]:
    """How these people can be reached: by chat only where they have one with us. A call carries no letter."""
    chats = dict.fromkeys(messenger_of(person) for person in people if person.chat)
    return (*CHANNELS, *((chat, channel(chat, begins=True)) for chat in chats))


def _avoided(person: Participant, wanted: str) -> list[str]:
    """The ways that are not safe, one on each line; `none` where all are."""
    avoidable = [*AVOIDABLE, *([messenger_of(person)] if person.chat else [])]
    ways = [] if wanted.lower() == "none" else wanted.lower().replace(",", "\n").split()
    if unknown := [way for way in ways if way not in avoidable]:
        raise Refused(f"{', '.join(unknown)} is not one of {', '.join(avoidable)}, none", "avoid")
    return ways


def _name_fields(act: Act, now_there: Situation) -> tuple[Field, ...]:
    return (
        Field("who", "Whom it is about", "staff", options=staff_options(act, now_there)),
        Field("because", "What shows it", "long_text", required=False),
    )


def _who(now_there: Situation) -> Field:
    people = tuple((str(one.id), one.name or one.email or one.role) for one in now_there.participants)
    return Field(
        "person", "Who", "choice", required=len(people) > 1, options=people, value=people[0][0] if people else ""
    )


def _contact_fields(_act: Act, now_there: Situation) -> tuple[Field, ...]:
    return (
        _who(now_there),
        Field("email", "New email address", required=False),
        Field("postal_address", "New postal address", "long_text", required=False),
        Field("telephone", "New telephone number", required=False),
        Field("prefers", "How they wish to hear from us", "choice", required=False,
              options=_channels(*now_there.participants)),
        Field("avoid", "Ways that are not safe, one on each line", "long_text", required=False,
              hint="email, telephone, post, or the name of the messenger they chat by; none if all are safe. "
                   "Leave empty to change nothing"),
        Field("language", "Language of our letters", "choice", required=False, options=tuple(OWN_NAME.items())),
        Field("because", "How you know", "long_text"),
    )  # fmt: skip


def _has_a_stopped_link(now_there: Situation) -> str | None:
    stopped = any(person.progress_revoked_at for person in now_there.participants)
    return None if stopped else "No progress link of this case was stopped."


def _always(_now_there: Situation) -> str | None:
    return None


REACHING = (
    Verb("name_staff", "Say whom it is about", "Name the member of staff whom the complaint is about.", name_staff,
         _name_fields, _always, events=("case.about_staff",)),
    Verb("change_contact", "Change how to reach the person", "Change a person's address, or which ways are safe.",
         change_contact, _contact_fields, _always, events=("contact.changed",)),
    Verb("stop_link", "Stop a progress link", "Stop a person's secret link that is in the wrong hands.", stop_link,
         lambda _a, now_there: (_who(now_there), Field("because", "Why", "long_text")), _always,
         events=("link.stopped",)),
    Verb("new_link", "Give a new progress link", "Make a new secret link for someone whose link was stopped. The next "
         "letter to them carries it.", new_link,
         lambda _a, now_there: (_who(now_there), Field("because", "How you know who asks for it", "long_text")),
         _has_a_stopped_link, events=("link.renewed",)),
    Verb("converse", "Record a conversation", "Write down what was said by telephone or in person.", converse,
         lambda _a, _s: (Field("said", "What was said", "long_text"),
                         Field("with", "With whom", required=False),
                         Field("on", "On which day", "date", required=False, hint="Today if left empty"),
                         Field("agreed", "Did the person agree to this account?", "yes_no", required=False)),
         _always, events=("conversation.recorded",)),
)  # fmt: skip
