"""What members of staff do in the story: casework verbs, done as the desk and the command line do them."""

import tomllib
from collections.abc import Callable, Iterable
from functools import cache

from sqlmodel import Session

from app.case_rows import find
from app.demo.learners import LEARNING, Learners
from app.demo.ombudsmen import OF_OMBUDSMEN, record
from app.demo.places import Town
from app.demo.story import TALES, Deed
from app.doing import do, staff_actor
from app.house import House
from storage.database import writing
from storage.tables import Case
from workflow.casework import VERBS, Field
from workflow.casework.situation import situation


class StaffAtWork:
    """Everyone inside."""

    def __init__(self, house: House, towns: Iterable[Town], reference: Callable[[str], str]) -> None:
        self._house = house
        self._emails = {worker.first_name: worker.email for town in towns for worker in town.workers}
        self._reference = reference
        self.learners = Learners(house, self._emails, reference)

    def do(self, deed: Deed, about: str) -> None:
        """Do the verb. Raises Refused, saying why, when the case does not allow it."""
        usual = {name: text.format(about=about) for name, text in handlers_words().get(deed.does, {}).items()}
        if deed.does in LEARNING:
            self.learners.do(deed, usual | dict(deed.given))
            return
        reference = self._reference(deed.case)
        with writing(self._house.engine) as session:
            case = find(session, reference)
            if deed.does in OF_OMBUDSMEN:
                record(
                    self._house.act(session, staff_actor(session, self._emails[deed.who])), case, deed.does, deed.given
                )
                return
            given = {name: self._chosen(session, case, deed.does, name, value) for name, value in deed.given.items()}
            asked = {field.name for field in self._fields(session, case, deed.does)}  # letters differ by procedure
            words = {name: text for name, text in usual.items() if name in asked}
            do(self._house, session, reference, deed.does, words | given, self._emails[deed.who])

    def _chosen(self, session: Session, case: Case, verb: str, name: str, value: str) -> str:
        """`*` is the one thing that the form offers; a task is named by its kind."""
        if name == "task":
            there = situation(session, case, self._house.clock())
            return str(next(task.id for task in there.tasks if task.kind == value))
        if value != "*":
            return value
        return next(one.options[-1][0] for one in self._fields(session, case, verb) if one.name == name)

    def _fields(self, session: Session, case: Case, verb: str) -> tuple[Field, ...]:
        there = situation(session, case, self._house.clock())
        return VERBS[verb].fields(self._house.act(session), there)


@cache
def handlers_words() -> dict[str, dict[str, str]]:
    """What handlers write where the story does not say."""
    return tomllib.loads((TALES / "handlers.toml").read_text(encoding="utf-8"))
