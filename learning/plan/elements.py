"""The nine elements of an action as one form: what is asked, in the guide's order, and reading what was typed."""

from datetime import date

from learning.lesson.asked import colleague, colleagues
from learning.plan.smart import in_order
from learning.verb import Field, Given, Refused, day, needed, text
from storage.tables import Action, Lesson, Staff
from workflow.office import Act

TEXTS = ("failing", "impact", "team", "standards", "involvement", "review_how", "check_how", "audit_how", "measure",
         "baseline", "target")  # fmt: skip
DATES = ("starts", "review_on", "completes", "check_on", "audit_on")
DATED = {
    "starts": "Day on which it begins",
    "review_on": "Day of the next review of progress",
    "completes": "Day by which it is complete",
    "check_on": "Day on which completion is checked",
    "audit_on": "Day of the next audit",
}


def fields(act: Act, lesson: Lesson, action: Action | None = None) -> tuple[Field, ...]:
    """All nine elements; of an action that is there already, with what it says. A draft may leave out what it must."""

    def of(name: str) -> str:
        return str(getattr(action, name) or "") if action else ""

    def say(name: str, label: str, hint: str, *, long: bool = True) -> Field:
        return Field(name, label, "long_text" if long else "text", required=False, hint=hint, value=of(name))

    def on(name: str, label: str, element: int) -> Field:
        hint = f"Element {element}. For example, 27 3 2026"
        return Field(name, label, "date", required=False, hint=hint, value=of(name))

    return (
        Field("what", "What will be done, or has been done", "long_text", value=of("what"),
              hint="Element 1. One specific action. The person who complained reads it"),
        say("failing", "Which failing it puts right", "Element 1"),
        say("impact", "Which effect on people it puts right", "Element 1"),
        Field("owner", "Person responsible", "staff", required=False, value=_email(act, action), hint="Element 2",
              options=colleagues(act, lesson.organisation_id, lesson.service_id)),
        say("team", "Team responsible, if it is a team",
            "Element 2. Without a person the service’s managers are reminded", long=False),
        on("starts", "Day on which it begins", 3),
        on("completes", "Day by which it is complete", 3),
        say("standards", "How it meets professional or other standards",
            "Element 4. Name the standard, and what it asks for"),
        say("involvement", "How the person who complained is involved",
            "Element 5. For example: they read the new letter before it is used. If they don’t wish to be, say so"),
        say("review_how", "How progress is reviewed, and by whom", "Element 6"),
        on("review_on", "Day of the first review of progress", 6),
        say("check_how", "How completion is checked, and by whom", "Element 7"),
        on("check_on", "Day on which completion is checked", 7),
        say("audit_how", "How the improvement is monitored and audited afterwards", "Element 8"),
        on("audit_on", "Day of the first audit", 8),
        say("measure", "What is measured", "Element 9. For example: missed visits noticed on the same day", long=False),
        say("baseline", "Where it stands now", "Element 9. For example: 3 of 10", long=False),
        say("target", "Where it should get to", "Element 9. Something that can be counted. For example: 10 of 10",
            long=False),
    )  # fmt: skip


def fill(act: Act, action: Action, given: Given) -> None:
    """Take what was typed; incomplete is fine for a draft, but no date may be nonsense."""
    action.what = needed(given, "what", "what will be done")
    for name in TEXTS:
        setattr(action, name, text(given, name))
    for name in DATES:
        setattr(action, name, day(given, name))
    staff = colleague(act, text(given, "owner"), "owner")
    action.owner_id = staff.id if staff else None


def date_fields(action: Action, names: tuple[str, ...]) -> tuple[Field, ...]:
    """The dates that may still be moved, with those that hold now."""
    return tuple(
        Field(name, DATED[name], "date", required=False, value=str(getattr(action, name) or "")) for name in names
    )


def move_dates(action: Action, given: Given, names: tuple[str, ...], today: date) -> dict[str, list[str | None]]:
    """Take new dates: gives those that changed, as [old, new]; what is not asked stays, and so does what may not go.

    Refused if they are past or out of order.
    """
    changed: dict[str, list[str | None]] = {}
    for name in names:
        old, new = getattr(action, name), day(given, name)
        is_asked = name in given or f"{name}-year" in given
        if new == old or (new is None and (name != "review_on" or not is_asked)):
            continue
        if new is not None and new < today:
            raise Refused(f"{DATED[name]} must be today or later", name)
        setattr(action, name, new)
        changed[name] = [str(old) if old else None, str(new) if new else None]
    for field, words in in_order(action):
        raise Refused(words, field if field in names else None)
    return changed


def _email(act: Act, action: Action | None) -> str:
    staff = act.session.get(Staff, action.owner_id) if action and action.owner_id else None
    return staff.email if staff else ""
