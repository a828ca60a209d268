"""What a progress page tells of the learning: what was promised because of the complaint, and where to choose."""

from collections.abc import Sequence
from dataclasses import dataclass

from learning.afterwards import changes, informed
from learning.afterwards.changes import Change
from learning.feedback import surveys
from storage.database import reading
from web.pages import Site
from workflow.progress import Progress


@dataclass(frozen=True)
class Promised:
    """Each action agreed because of this complaint; the page of the person's choices, and of our survey, if any."""

    changes: Sequence[Change]
    address: str
    survey: str

    @property
    def is_awaited(self) -> bool:
        """Whether something of it is still to come."""
        return any(changes.is_awaited(one) for one in self.changes)


def promised(site: Site, progress: Progress) -> Promised:
    """What becomes of a complaint, as its person may see it now."""
    with reading(site.door.engine) as session:
        found = informed.known_now(session, progress.case_id, site.door.clock(), progress.language)
        row = informed.of(session, progress.participant_id)
        keyring = site.door.office.keyring
        secret = informed.secret_of(keyring, row) if row else None
        asked = surveys.open_for(session, progress.participant_id)
        survey = f"/survey/{surveys.secret_of(keyring, asked)}" if asked else ""
    return Promised(found, f"/updates/{secret}" if secret else "", survey)
