"""Signing in: a link by mail, once, for ten minutes, in the browser that asked; sessions that end."""

import time
from statistics import median

import httpx2
import pytest
from sqlmodel import Session, SQLModel, select

from storage.database import writing
from storage.tables import SignInLink, Staff, StaffSession
from tests.desk.office import COOKIE, Desk

HANA = "hana@town.example"


def ask(the_desk: Desk, email: str = HANA) -> httpx2.Client:
    client = the_desk.browser()
    assert client.post("/desk/sign-in", data={"email": email}).status_code == 200
    return client


def rows(the_desk: Desk, table: type[SQLModel]) -> list[SQLModel]:
    with Session(the_desk.engine) as session:
        return list(session.exec(select(table)).all())


def test_a_link_by_mail_signs_in_and_the_worklist_opens(the_desk: Desk) -> None:
    client = ask(the_desk)

    answer = client.post(the_desk.link(HANA))

    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    assert "Worklist" in client.get("/desk").text


def test_looking_at_a_link_does_not_use_it_up(the_desk: Desk) -> None:
    client = ask(the_desk)
    link = the_desk.link(HANA)

    looks = [client.get(link).status_code, client.head(link).status_code, the_desk.browser().get(link).status_code]

    assert looks == [200, 200, 410]
    assert client.post(link).status_code == 303


def test_a_link_works_once(the_desk: Desk) -> None:
    client = ask(the_desk)
    link = the_desk.link(HANA)
    kept = dict(client.cookies)
    client.post(link)

    again = the_desk.browser()
    again.cookies.update(kept)
    answer = again.post(link)

    assert answer.status_code == 410
    assert "no longer valid" in answer.text
    assert len(rows(the_desk, StaffSession)) == 1


def test_a_link_is_over_after_ten_minutes(the_desk: Desk) -> None:
    client = ask(the_desk)
    the_desk.later(minutes=10)

    answer = client.post(the_desk.link(HANA))

    assert answer.status_code == 410
    assert rows(the_desk, StaffSession) == []


def test_a_link_works_in_the_browser_that_asked_for_it_only(the_desk: Desk) -> None:
    ask(the_desk)

    answer = the_desk.browser().post(the_desk.link(HANA))

    assert answer.status_code == 410


def test_an_unknown_address_gets_the_same_answer_in_the_same_time_and_no_mail(the_desk: Desk) -> None:
    def once(email: str) -> tuple[float, str]:
        began = time.monotonic()
        page = the_desk.browser().post("/desk/sign-in", data={"email": email}).text
        return time.monotonic() - began, page

    known = [once(HANA) for _ in range(3)]
    unknown = [once("nobody@town.example") for _ in range(3)]

    assert {page for _, page in known} == {page for _, page in unknown}
    assert median(took for took, _ in known) == pytest.approx(median(took for took, _ in unknown), abs=0.1)
    assert the_desk.links_sent() == 3


def test_nobody_can_flood_a_colleague_with_links(the_desk: Desk) -> None:
    for _ in range(7):
        ask(the_desk)

    assert the_desk.links_sent() == 5


def test_the_link_is_built_from_the_setting_and_not_from_the_host_header(the_desk: Desk) -> None:
    the_desk.browser().post("/desk/sign-in", data={"email": HANA}, headers={"Host": "evil.example"})

    assert the_desk.link(HANA).startswith("/desk/sign-in/")


def test_only_hashes_of_secrets_are_kept(the_desk: Desk) -> None:
    client = ask(the_desk)
    link = the_desk.link(HANA)
    client.post(link)
    secrets = {link.rsplit("/", 1)[1], client.cookies[COOKIE]}

    kept = [str(row.model_dump()) for row in (*rows(the_desk, SignInLink), *rows(the_desk, StaffSession))]

    assert len(kept) == 2
    assert not [row for row in kept for secret in secrets if secret in row]


def test_the_cookie_cannot_be_read_by_scripts_nor_sent_along_from_other_sites(the_desk: Desk) -> None:
    client = ask(the_desk)

    cookie = client.post(the_desk.link(HANA)).headers["set-cookie"]

    assert all(part in cookie for part in ("HttpOnly", "SameSite=lax", "Path=/desk"))


def test_who_was_not_signed_in_lands_on_the_page_they_wanted(the_desk: Desk) -> None:
    reference = the_desk.town.mail("The boiler is broken.")
    client = the_desk.browser()
    first = client.get(f"/desk/cases/{reference}")

    client.post("/desk/sign-in", data={"email": HANA, "after": f"/desk/cases/{reference}"})
    answer = client.post(the_desk.link(HANA))

    assert first.status_code == 401
    assert f'value="/desk/cases/{reference}"' in first.text
    assert answer.headers["location"] == f"/desk/cases/{reference}"


@pytest.mark.parametrize(
    "after", ["https://evil.example/", "//evil.example", "/desk/../x", "/desk?next=//evil.example"]
)
def test_signing_in_leads_to_our_own_pages_only(the_desk: Desk, after: str) -> None:
    client = the_desk.browser()
    client.post("/desk/sign-in", data={"email": HANA, "after": after})

    assert client.post(the_desk.link(HANA)).headers["location"] == "/desk"


def test_a_session_from_before_is_replaced_at_sign_in(the_desk: Desk) -> None:
    client = ask(the_desk)
    client.post(the_desk.link(HANA))
    before = client.cookies[COOKIE]
    client.post("/desk/sign-in", data={"email": HANA})
    client.post(the_desk.link(HANA))

    old = the_desk.browser()
    old.cookies.set(COOKIE, before, path="/desk")

    assert client.cookies[COOKIE] != before
    assert old.get("/desk").status_code == 401


def test_disabling_an_account_ends_its_sessions_at_the_next_request(the_desk: Desk) -> None:
    client = the_desk.as_("hana")
    with writing(the_desk.engine) as session:
        session.exec(select(Staff).where(Staff.email == HANA)).one().disabled_at = the_desk.town.now

    assert client.get("/desk").status_code == 401
    assert client.get("/desk/api/cases").status_code == 401
    ask(the_desk)
    assert the_desk.links_sent() == 0  # no link for a disabled account


def test_a_session_ends_after_an_hour_without_use_and_not_before(the_desk: Desk) -> None:
    client = the_desk.as_("hana")

    the_desk.later(minutes=59)
    in_time = client.get("/desk").status_code
    the_desk.later(minutes=59)
    still = client.get("/desk").status_code
    the_desk.later(minutes=60)

    assert (in_time, still, client.get("/desk").status_code) == (200, 200, 401)


def test_a_session_ends_after_twelve_hours_however_busy(the_desk: Desk) -> None:
    client = the_desk.as_("hana")

    seen = []
    for _ in range(16):
        the_desk.later(minutes=45)
        seen.append(client.get("/desk").status_code)

    assert seen == [200] * 15 + [401]


def test_signing_out_ends_the_session_and_clears_the_browser(the_desk: Desk) -> None:
    client = ask(the_desk)
    client.post(the_desk.link(HANA))
    token = client.cookies[COOKIE]

    answer = client.post("/desk/sign-out")
    thief = the_desk.browser()
    thief.cookies.set(COOKIE, token, path="/desk")

    assert "cache" in answer.headers["clear-site-data"]
    assert COOKIE not in client.cookies
    assert thief.get("/desk").status_code == 401


def test_what_was_typed_when_the_session_ended_stands_on_the_sign_in_page(the_desk: Desk) -> None:
    reference = the_desk.town.mail("The boiler is broken.")
    client = the_desk.as_("hana")
    the_desk.later(hours=2)

    answer = client.post(f"/desk/cases/{reference}/do/converse", data={"said": "She told me about <b>damp</b>."})

    assert answer.status_code == 401
    assert "She told me about &lt;b&gt;damp&lt;/b&gt;." in answer.text
