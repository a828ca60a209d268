"""What stands before the pages: headers, limits, forged posts, and requests no browser would send."""

import socket
from urllib.parse import urlsplit

import pytest
from sqlalchemy import Engine

from tests.web.town import Town, town
from tests.web.visitor import HOME, answer, hidden, send, visitor


def test_every_page_bars_foreign_scripts_frames_and_guessed_types(the_town: Town) -> None:
    with visitor(the_town) as client:
        for path in ("/", HOME, f"{HOME}/what", "/nothing-here", "/progress/abcdefghijklmnopqrstuvwxyz"):
            headers = client.get(path).headers

            assert "default-src 'self'" in headers["content-security-policy"]
            assert "frame-ancestors 'none'" in headers["content-security-policy"]
            assert "unsafe" not in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["cache-control"] == "no-store"


def test_our_own_files_are_kept_by_browsers_as_long_as_their_address_is_the_same(the_town: Town) -> None:
    with visitor(the_town) as client:
        page = client.get("/").text
        css = next(part.split('"')[0] for part in page.split('href="') if part.startswith("/static/"))
        kept, old = client.get(css), client.get("/static/000000000000/redress.css")

        assert kept.headers["content-type"].startswith("text/css")
        assert "immutable" in kept.headers["cache-control"]
        assert old.headers["cache-control"] == "no-cache"


def test_no_page_asks_another_site_for_anything(the_town: Town) -> None:
    with visitor(the_town) as client:
        for path in ("/", HOME, f"{HOME}/files", "/help/privacy"):
            page = client.get(path).text

            assert 'src="http' not in page
            assert "GDS Transport" not in page
            assert "crest" not in page


def test_a_form_posted_from_another_site_changes_nothing(the_town: Town) -> None:
    forged = [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "same-site"}]
    with visitor(the_town) as client:
        answer(client)
        fields = hidden(client.get(f"{HOME}/check"))

        answers = [client.post(f"{HOME}/send", data=fields, headers=headers).status_code for headers in forged]

        assert answers == [403, 403, 403]
        assert the_town.contacts() == []


def test_the_draft_is_held_by_one_cookie_that_scripts_and_other_sites_can_not_use(engine: Engine) -> None:
    with town(engine, public_url="https://complaints.example.org") as there, visitor(there) as client:
        first = client.post(f"{HOME}/what", data={"what": "No heat"}).headers["set-cookie"]

        assert "HttpOnly" in first
        assert "SameSite=lax" in first
        assert f"Path={HOME}" in first
        assert "Secure" in first


def test_reading_sets_no_cookie(the_town: Town) -> None:
    with visitor(the_town) as client:
        for path in ("/", HOME, f"{HOME}/what"):
            assert "set-cookie" not in client.get(path).headers


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"data": {"what": "x" * 10_000_000}}, 413),
        ({"data": {f"f{number}": "x" for number in range(10_000)}}, 400),
        ({"content": b"--x\r\nnot multipart", "headers": {"Content-Type": "multipart/form-data; boundary=y"}}, 400),
        ({"content": b"{}", "headers": {"Content-Type": "multipart/form-data"}}, 400),
        ({"data": {"what": "x" * 50_001}}, 422),
    ],
)
def test_a_post_that_no_form_would_make_is_refused_in_words(
    the_town: Town, body: dict[str, object], expected: int
) -> None:
    with visitor(the_town) as client:
        refused = client.post(f"{HOME}/what", **body)  # type: ignore[arg-type]  # the cases differ in their fields

        assert refused.status_code == expected
        assert "<h1" in refused.text


def test_a_body_longer_than_it_said_is_cut_off_when_it_passes_the_limit(the_town: Town) -> None:
    with visitor(the_town) as client:
        pieces = (b"what=" + b"x" * 500_000 for _ in range(10))
        refused = client.post(
            f"{HOME}/what", content=pieces, headers={"Content-Type": "application/x-www-form-urlencoded"}
        )

        assert refused.status_code == 413


@pytest.mark.parametrize(
    "target",
    [
        b"/complain/%00",
        b"/complain/example-council/%00",
        b"/complain/%ff%fe",
        b"/complain/example-council/what?x=%00%ff",
        b"/complain/example-council/sent/%00",
        b"/complain/example-council/equality/%F0%28",
        b"/progress/%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00",
        b"/help/%00",
        b"/help/privacy?body=%00",
        b"/help/privacy?body=%0d%0aSet-Cookie:x",
        b"/static/x/..%2f..%2fsite.py",
        b"/static/x/%00",
        b"/complain/../../etc/passwd",
        b"/complain/\xff",
    ],
)
def test_an_address_no_one_would_type_is_never_an_error_of_ours(the_town: Town, target: bytes) -> None:
    assert status_of(the_town, b"GET " + target + b" HTTP/1.1\r\n") < 500


def test_a_cookie_of_100_kilobytes_is_refused_and_a_strange_one_is_no_cookie(the_town: Town) -> None:
    large = status_of(
        the_town, b"GET /complain/example-council/what HTTP/1.1\r\nCookie: complaint=" + b"x" * 100_000 + b"\r\n"
    )
    strange = status_of(the_town, b"GET /complain/example-council/what HTTP/1.1\r\nCookie: complaint=\xff\x01;;=;\r\n")

    assert large < 500
    assert strange < 500


def test_posting_nul_and_lone_surrogates_is_taken_as_text(the_town: Town) -> None:
    with visitor(the_town) as client:
        taken = client.post(
            f"{HOME}/what",
            content=b"what=no%00+heat%ED%A0%80",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )

        assert taken.status_code == 303
        assert "no heat" in client.get(f"{HOME}/what").text


@pytest.mark.parametrize("path", ["/what", "/files", "/send", "/discard", "/equality/x"])
def test_a_forged_one_time_token_is_never_an_error_of_ours(the_town: Town, path: str) -> None:
    with visitor(the_town) as client:
        answered = client.post(f"{HOME}{path}", data={"once": "\0'--", "what": "x", "remove": "\0"})

        assert answered.status_code < 500


def test_markup_that_someone_writes_is_shown_as_they_wrote_it(the_town: Town) -> None:
    with visitor(the_town) as client:
        answer(client, {"what": {"what": "<script>alert(1)</script>"}})

        page = client.get(f"{HOME}/check").text

        assert "<script>alert(1)</script>" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_no_address_on_the_way_holds_anything_personal(the_town: Town) -> None:
    with visitor(the_town) as client:
        answer(client)

        sent = send(client).headers["location"]

        assert "RD-" not in sent
        assert "ann" not in sent.lower()
        assert the_town.cases()[0].reference not in sent


def status_of(town: Town, request: bytes) -> int:
    """The status that the server answers to raw bytes."""
    where = urlsplit(town.url)
    with socket.create_connection((where.hostname, where.port), timeout=10) as connection:
        connection.sendall(request + b"Host: x\r\nConnection: close\r\n\r\n")
        answered = connection.recv(100)
    return int(answered.split()[1])
