"""Thanks that came in like a complaint: once filed as a compliment they stand among other insight, until undone."""

from sqlmodel import col, delete, select

from storage.tables import Case, Contact, Insight
from workflow import outside
from workflow.office import Act
from workflow.working_days import london


def keep(act: Act, case: Case) -> None:
    """Count a case that is filed as a compliment; the words stay with its contact, which this row points to."""
    of_case = select(Contact.id).where(Contact.case_id == case.id).order_by(col(Contact.id)).limit(1)
    row = Insight(
        key=_key(case),
        kind="compliment",
        on_day=london(case.received_at),
        organisation_id=case.organisation_id,
        service_id=case.service_id,
        subject=case.subject,
        text=case.summary,
        source=case.channel,
        contact_id=act.session.exec(of_case).first(),
        entered_by_id=act.by.staff_id,
        entered_at=act.now,
    )
    act.session.add(row)
    act.session.flush()
    outside.note(act, outside.INSIGHT, row.id, "filed", data={"case": case.reference})


def undo(act: Act, case: Case) -> None:
    """It was no compliment after all; that it was held for one stays in the case's events."""
    for id_ in act.session.exec(select(Insight.id).where(Insight.key == _key(case))).all():
        outside.note(act, outside.INSIGHT, id_, "taken_back", data={"case": case.reference})
    act.session.execute(delete(Insight).where(col(Insight.key) == _key(case)))


def _key(case: Case) -> str:
    return f"case:{case.id}"
