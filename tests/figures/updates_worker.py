"""One worker of the updates campaign: a process that does everything that is due, again and again, until killed."""

import time

from app.house import House
from app.settings import Settings
from app.tick import watch
from storage.database import connect
from tests.town import at
from tests.workflow.office import OFFICE

NOW = at("2026-03-02")


def run(url: str) -> None:
    """The whole life of the process."""
    house = House(Settings(), connect(url), OFFICE, lambda: NOW)
    while True:
        watch(house)
        time.sleep(0.02)
