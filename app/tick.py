"""One tick: file what waits, mark what is late, remind, and send; until there is nothing left to do."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from app.filing import file_waiting
from app.house import House
from app.reminding import remind
from learning.afterwards import updates
from learning.feedback import survey_sending, surveys
from learning.leading import review_reminders
from storage.database import reading, writing
from workflow import alarms, forgetting, reminders, unfinished
from workflow.office import Act

log = logging.getLogger("redress.tick")

AT_ONCE = 200  # reminders or deadlines in one commit
LETTERS_AT_ONCE = 25  # what takes longer to write: others wait for each commit

Do = Callable[[Act, int], bool]  # whether it was done: not when another worker has it
Failed = Callable[[Act, int], None]


@dataclass
class Done:
    """What a tick did."""

    filed: int = 0
    late: int = 0
    reminders: int = 0
    updates: int = 0  # to people on what became of their complaint
    surveys: int = 0
    sent: int = 0


def watch(house: House) -> Done:
    """File, mark and remind: everything but sending."""
    done = Done()
    done.filed = _until_done(lambda: file_waiting(house))
    done.late = _each(house, reminders.passed, reminders.mark_late)
    _each(house, review_reminders.unwatched, review_reminders.watch)
    done.reminders = _each(house, reminders.due, remind, failed=alarms.of_reminder)
    _each(house, unfinished.due, unfinished.attend)
    _each(house, forgetting.updates_due, forgetting.forget_update)
    _each(house, forgetting.words_due, forgetting.forget_words)
    _each(house, forgetting.codes_due, forgetting.forget_code)
    done.updates = _each(house, updates.due, updates.send, LETTERS_AT_ONCE)
    _each(house, surveys.closings, surveys.invite)
    _each(house, surveys.quarters, surveys.ask_staff)
    done.surveys = _each(house, survey_sending.due, survey_sending.send, LETTERS_AT_ONCE)
    with writing(house.engine) as session:
        alarms.raise_due(house.act(session))
    return done


def _until_done(step: Callable[[], int]) -> int:
    total = 0
    while did := step():
        total += did
    return total


def _each(
    house: House, due: Callable[[Act], list[int]], do: Do, at_once: int = AT_ONCE, failed: Failed | None = None
) -> int:
    """Do all that is due, once, some in each commit; what fails or is in other hands stops nothing behind it."""
    with reading(house.engine) as session:
        ids = due(house.act(session))
    return sum(_some(house, do, ids[start : start + at_once], failed) for start in range(0, len(ids), at_once))


def _some(house: House, do: Do, ids: list[int], failed: Failed | None) -> int:
    """Do these in one commit, each in a savepoint of its own: one bad row never stops the rest."""
    with writing(house.engine) as session:
        return sum(_try(house.act(session), do, id_, failed) for id_ in ids)


def _try(act: Act, do: Do, id_: int, failed: Failed | None) -> bool:
    try:
        with act.session.begin_nested():
            return do(act, id_)
    except Exception as error:  # noqa: BLE001 - it stays due, and the next tick tries again
        log.warning("due work failed: %s of row %s: %s", do.__name__, id_, type(error).__name__)
        if failed is not None:
            failed(act, id_)
        return False
