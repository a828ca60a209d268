"""What stands before the desk: sign-in, headers, forged posts, and nonsense that must never be our failure."""

import pytest

from tests.desk.office import COOKIE, Desk

PAGES = ["/desk", "/desk/tasks", "/desk/search", "/desk/held", "/desk/quarantine", "/desk/quarantine/1", "/desk/new",
         "/desk/cases/RD-2222-2222", "/desk/cases/RD-2222-2222/do/assign", "/desk/cases/RD-2222-2222/files/1",
         "/desk/cases/RD-2222-2222/contacts/1/original", "/desk/letters/1/print", "/desk/api/cases",
         "/desk/what"]  # fmt: skip
POSTS = ["/desk/search", "/desk/new", "/desk/quarantine/1/again", "/desk/quarantine/1/open", "/desk/sign-out",
         "/desk/cases/RD-2222-2222/do/assign"]  # fmt: skip


def test_every_page_asks_who_is_there(the_desk: Desk) -> None:
    stranger = the_desk.browser()

    assert {stranger.get(page).status_code for page in PAGES} == {401}
    assert {stranger.post(page, data={"words": "x"}).status_code for page in POSTS} == {401}


def test_every_answer_carries_the_safe_headers(the_desk: Desk) -> None:
    client = the_desk.as_("hana")

    for page in [*PAGES, "/desk/sign-in", "/desk/sign-in/x"]:
        headers = client.get(page).headers
        assert headers["cache-control"] == "no-store", page
        assert headers["x-content-type-options"] == "nosniff", page
        assert "frame-ancestors 'none'" in headers["content-security-policy"], page
        assert "default-src 'self'" in headers["content-security-policy"], page
        assert headers["referrer-policy"] == "same-origin", page


@pytest.mark.parametrize("page", [*POSTS, "/desk/sign-in", "/desk/sign-in/x"])
def test_a_post_from_another_site_is_refused(the_desk: Desk, page: str) -> None:
    client = the_desk.as_("hana")

    answers = [client.post(page, data={"words": "x"}, headers=headers).status_code for headers in (
        {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"},
        {"Origin": "null"})]  # fmt: skip

    assert answers == [403] * 4
    assert client.get("/desk").status_code == 200


def test_a_post_from_our_own_pages_is_taken_behind_a_proxy_too(the_desk: Desk) -> None:
    client = the_desk.as_("hana")

    answer = client.post("/desk/search", data={"words": "x"}, headers={"Origin": "http://desk.example"})

    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/desk/cases/%00", "/desk/cases/%FF%FE", "/desk/cases/" + "A" * 5000,
    "/desk/letters/99999999999999999999/print", "/desk/letters/-1/print", "/desk?after=%00", "/desk?show=%FF",
    "/desk/held?after=99999999999999999999", "/desk/quarantine/%D9%A3", "/desk/sign-in/%00",
    "/desk//", "/desk/../etc"])  # fmt: skip
def test_nonsense_in_an_address_is_never_our_failure(the_desk: Desk, path: str) -> None:
    assert the_desk.as_("hana").get(path).status_code < 500


def test_nonsense_in_a_form_is_never_our_failure(the_desk: Desk) -> None:
    reference = the_desk.town.mail("The gate is broken.")
    client = the_desk.as_("hana")
    address = f"/desk/cases/{reference}/do/converse"

    answers = [
        client.post(address, content=b"said=%00%FF&seen_version=1&seen_event=9999999999999999"),
        client.post(address, data={"said": "\x00\x07", "seen_version": "١"}),
        client.post(address, content=b"\xff\xfe", headers={"Content-Type": "multipart/form-data; boundary=x"}),
        client.post(address, content=b"{}", headers={"Content-Type": "application/json"}),
        client.post(address, data={"seen_version": "1", "said": "x", "on-day": "99", "on-month": "x", "on-year": "0"}),
        client.post(address, data={f"field{number}": "x" for number in range(300)}),
        client.post("/desk/search", data={"words": "x\x00" * 5000}),
        client.post("/desk/sign-in", data={"email": "\x00@" + "x" * 9999}),
    ]

    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []


def test_a_form_that_is_too_large_is_refused_before_it_is_read(the_desk: Desk) -> None:
    answer = the_desk.as_("hana").post("/desk/search", data={"words": "x" * 5_000_000})

    assert answer.status_code == 413


def test_a_cookie_that_is_none_of_ours_signs_nobody_in(the_desk: Desk) -> None:
    client = the_desk.browser()

    answers = [client.get("/desk", headers={"Cookie": f"{COOKIE}={value}"}).status_code
               for value in ("x", "x" * 20_000, '"', "a; redress_desk=b")]  # fmt: skip

    assert answers == [401] * 4


def test_a_failure_shows_what_was_typed_so_that_it_can_be_copied(the_desk: Desk) -> None:
    reference = the_desk.town.mail("The gate is broken.") or ""
    the_desk.change(reference, procedure="no-such-procedure")

    answer = the_desk.as_("hana").post(
        f"/desk/cases/{reference}/do/converse", data={"said": "She told me <all>", "seen_version": "7"}
    )

    assert answer.status_code == 503
    assert "She told me &lt;all&gt;" in answer.text
    assert ">7<" not in answer.text


def test_a_failure_says_nothing_of_what_lies_behind(the_desk: Desk) -> None:
    reference = the_desk.town.mail("The gate is broken.") or ""
    the_desk.change(reference, procedure="no-such-procedure")

    answer = the_desk.as_("hana").get(f"/desk/cases/{reference}")

    assert answer.status_code == 503
    assert "no-such-procedure" not in answer.text
    assert "Traceback" not in answer.text
