"""What staff record in the story of an ombudsman's work on a case: by the very verbs that the desk uses."""

from collections.abc import Mapping

from learning.ombudsmen import ombudsman_verbs
from learning.ombudsmen.ombudsman import matters_of
from learning.ombudsmen.ombudsman_verbs import OMBUDSMAN
from storage.tables import Case
from workflow.office import Act

OF_OMBUDSMEN = {f"ombudsman_{name}": name for name in OMBUDSMAN}


def record(act: Act, case: Case, does: str, given: Mapping[str, str]) -> None:
    """One line; what it does not choose is the last thing that the form offers."""
    verb = OMBUDSMAN[OF_OMBUDSMEN[does]]
    fields = verb.fields(act, matters_of(act.session, case))
    chosen = {field.name: field.options[-1][0] for field in fields if field.options and field.name not in given}
    ombudsman_verbs.do(act, case, verb.name, {**chosen, **given})
