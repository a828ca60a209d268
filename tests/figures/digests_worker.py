"""One worker of the digests campaign: a process that makes and owes every digest that is due, again and again."""

import time

from app.digests import send_due
from app.house import House
from app.settings import Settings
from storage.database import connect
from tests.town import at
from tests.workflow.office import OFFICE

NOW = at("2026-07-20")  # past the tenth working day of July


def run(url: str) -> None:
    """The whole life of the process, until it is killed."""
    house = House(Settings(), connect(url), OFFICE, lambda: NOW)
    while True:
        send_due(house)
        time.sleep(0.02)
