"""Makes docs/casework.md from the code: each verb with its fields, the events it writes and the letters it owes."""

import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from learning.ombudsmen.ombudsman_verbs import OMBUDSMAN
from learning.verb import Verb as LearningVerb
from learning.verbs import ACTION_VERBS, LESSON_VERBS
from storage.database import connect, writing
from storage.migrate import migrate
from storage.tables import Case, Contact, Organisation, Service
from storage.tables.contacts import Blob
from workflow import intake, procedure, safety
from workflow.casework import VERBS, Field, Verb
from workflow.casework.situation import situation
from workflow.contact import Reading
from workflow.definition import Procedure
from workflow.office import SYSTEM, Act, Office
from workflow.tokens import Keyring

PAGE = Path(__file__).parent.parent / "docs" / "casework.md"
EXAMPLE = "housing-ombudsman-code-2024"
DAY = datetime(2025, 12, 18, 9, tzinfo=ZoneInfo("Europe/London"))
INTRODUCTION = """\
# Casework: what can be done with a case

Made from the code by `python -m app.casework_page`; a test fails when it is out of date. Do not edit it by hand.

Every verb is one line of a table in `workflow/casework/`. The desk shows it as a form, and the command line does it:
`redress case do REFERENCE VERB --field NAME=VALUE --as USER`. Each writes its events in the same transaction as
what follows from them: deadlines, reminders, and the letters that are then owed. `{stage}` stands for the stage the
case is at, such as `s1`. An event of a letter is written when the letter has left, not when it is approved; a letter
that comes back writes `letter.not_served`, which opens the duty again.
"""


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} is written\n")


def page() -> str:
    """The whole page as Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{Path(folder) / 'page.sqlite'}")
        migrate(engine)
        with writing(engine) as session:
            act = Act(session, _office(), SYSTEM, DAY)
            now_there = situation(session, _open(act), DAY)
            verbs = "\n".join(_verb(verb, verb.fields(act, now_there)) for verb in VERBS.values())
        engine.dispose()
    learnt = "\n".join(_of_learning("lessons and plans", LESSON_VERBS))
    learnt += "\n" + "\n".join(_of_learning("actions", ACTION_VERBS))
    learnt += "\n" + "\n".join(_of_learning("ombudsmen", OMBUDSMAN))
    letters = "\n".join(line for name in procedure.shipped() for line in _letters(procedure.load(name)))
    all_verbs = f"## In short\n\n{_table()}\n\n## Each verb\n\n{verbs}"
    return f"{INTRODUCTION}\n{all_verbs}\n{LEARNING}{learnt}\n{CHECKLISTS}{letters}\n"


LEARNING = """\
## What can be done with a lesson, its plan and its actions, and recorded of ombudsmen

Forms of the desk, in `learning/`. Events of learning are kept beside the lesson; those of a complaint (`lesson.linked`,
`lesson.unlinked`), and what an ombudsman made of it, in the complaint's own story.

"""


CHECKLISTS = """\
## Checklists of the letters

What a letter must contain by its procedure. A letter can't go out while one of these is missing.

"""


def _table() -> str:
    rows = [
        f"| [`{verb.name}`](#{verb.name}) | {verb.does} | {_codes(verb.events)} | {_codes(verb.letters)} |"
        for verb in VERBS.values()
    ]
    return "\n".join(["| verb | what it does | events | letters owed |", "|---|---|---|---|", *rows])


def _of_learning(of: str, verbs: Mapping[str, LearningVerb[Any]]) -> Iterator[str]:
    yield f"| {of} | what it does | who | events |\n|---|---|---|---|"
    for verb in verbs.values():
        yield f"| `{verb.name}` | {verb.does} | {', '.join(verb.roles)} | {_codes(verb.events)} |"
    yield ""


def _verb(verb: Verb, fields: tuple[Field, ...]) -> str:
    lines = [f"### {verb.name}", "", f"{verb.title}: {verb.does}", ""]
    lines += [f"- Who: {', '.join(verb.roles)}", f"- Events: {_codes(verb.events)}"]
    lines += [f"- Letters owed: {_codes(verb.letters)}", "- Fields:"]
    if any(field.item for field in fields):
        lines.append("    - the items of the letter's checklist, below, under their own names")
    lines += [f"    - {_field(field)}" for field in fields if not field.item]
    return "\n".join([*lines, ""])


def _field(field: Field) -> str:
    need = "" if field.required else ", may be left empty"
    hint = f". {field.hint}" if field.hint else ""
    return f"`{field.name}` ({field.kind.replace('_', ' ')}{need}): {field.label}{hint}"


def _letters(rules: Procedure) -> Iterator[str]:
    yield f"### {rules.id}\n"
    for letter in rules.letters:
        yield f"- `{letter.id}`, which writes `{letter.on}`: {_codes(letter.must_contain)}"
    yield ""


def _codes(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" if "'" not in name else name for name in names) or "none"


def _office() -> Office:
    return Office("https://redress.example", "complaints.example", Keyring((b"for a page only",)), safety.load())


def _open(act: Act) -> Case:
    """A case as it is when it has just come in."""
    contact = _contact(act.session)
    case = intake.file(act, contact, Reading(sender_address="jo@citizen.example", text="There is damp."))
    assert case is not None
    return case


def _contact(session: Session) -> Contact:
    body = Organisation(slug="homes", name="Town Homes")
    session.add_all([body, Blob(sha256="page", size=0, content=b"")])
    session.flush()
    session.add(Service(organisation_id=body.id or 0, slug="repairs", name="Repairs", procedure=EXAMPLE))
    contact = Contact(key="page", channel="email", recipient="homes", raw_sha256="page", received_at=DAY)
    session.add(contact)
    session.flush()
    return contact


if __name__ == "__main__":
    main()
