"""The desk as the whole application serves it, where FastAPI does the routing."""

import pytest

from app.house import House
from app.settings import Settings
from app.site import site
from tests.desk.office import COOKIE, Desk
from tests.servers.pages import on_a_port


@pytest.mark.parametrize("path", ["", "/do/assign", "/files/1", "/contacts/1/original"])
def test_a_case_out_of_sight_is_not_found_and_its_reference_stands_in_no_log(
    the_desk: Desk, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    reference = the_desk.town.mail("There is damp.")
    the_desk.hire("olu", "handler", "care")
    cookies = dict(the_desk.as_("olu").cookies)
    house = House(Settings(), the_desk.engine, the_desk.town.office, lambda: the_desk.town.now)
    client = the_desk.browser()
    client.cookies.set(COOKIE, cookies[COOKIE], path="/desk")

    with on_a_port(site(house)) as url:
        hidden = client.get(f"{url}/desk/cases/{reference}{path}")
        absent = client.get(f"{url}/desk/cases/RD-2222-2222{path}")
    house.journal.close()

    assert (hidden.status_code, hidden.text) == (absent.status_code, absent.text)
    assert hidden.status_code == 404
    ours = [record.getMessage() for record in caplog.records if record.name == "redress.desk"]
    assert [told.partition(" of ")[0] for told in ours] == ["case not in sight"] * 2
    assert (reference or "") not in caplog.text
