"""The desk as the whole application serves it, where FastAPI does the routing."""

import pytest
from structlog.testing import capture_logs

from app.house import House
from app.settings import Settings
from app.site import site
from tests.desk.office import COOKIE, Desk, on_a_port


@pytest.mark.parametrize("path", ["", "/do/assign", "/files/1", "/contacts/1/original"])
def test_a_case_out_of_sight_is_not_found_and_its_reference_stands_in_no_log(the_desk: Desk, path: str) -> None:
    reference = the_desk.town.mail("There is damp.")
    the_desk.hire("olu", "handler", "care")
    cookies = dict(the_desk.as_("olu").cookies)
    house = House(Settings(), the_desk.engine, the_desk.town.office, lambda: the_desk.town.now)
    client = the_desk.browser()
    client.cookies.set(COOKIE, cookies[COOKIE], path="/desk")

    with on_a_port(site(house)) as url, capture_logs() as logs:
        hidden = client.get(f"{url}/desk/cases/{reference}{path}")
        absent = client.get(f"{url}/desk/cases/RD-2222-2222{path}")
    house.journal.close()

    assert (hidden.status_code, hidden.text) == (absent.status_code, absent.text)
    assert hidden.status_code == 404
    assert [entry["event"] for entry in logs] == ["case not in sight"] * 2
    assert (reference or "") not in str(logs)
