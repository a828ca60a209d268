"""Builders for tests of the leader's page: the quarter that is looked at, and filling in a form of a decision."""

import httpx2

from tests.desk.office import fields_of

QUARTER = "/desk/leader/2026Q2"
DUE = {"due-day": "1", "due-month": "12", "due-year": "2026"}


def decided(client: httpx2.Client, address: str, **fields: str) -> httpx2.Response:
    """Open the form at an address, fill it in and send it; a date is given as day, month and year."""
    page = client.get(address)
    assert page.status_code == 200, page.text
    return client.post(address, data={**fields_of(page.text), **fields})
