"""Colleagues complained about, once the case is closed: they are told so, and later asked how they were treated."""

from sqlmodel import Session, col, select

from storage.tables import Case, Colleague, SupportStep
from workflow.casework.supporting import colleagues, write_to
from workflow.office import Act


def tell_closed(act: Act, case: Case) -> None:
    """Tell each of them, once, that the complaint is closed and that support is still there."""
    for colleague in colleagues(act, case):
        write_to(act, case, colleague, "colleague_closed")


def support_given(session: Session, case_id: int) -> list[SupportStep]:
    """Every step of support on a case, in the order of its days."""
    query = select(SupportStep).join(Colleague).where(Colleague.case_id == case_id)
    return list(session.exec(query.order_by(col(SupportStep.on), col(SupportStep.id))))
