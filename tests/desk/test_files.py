"""Files that came with a complaint: handed out as downloads, for those who may see the case, and never run."""

from collections.abc import Mapping

import pytest
from sqlmodel import Session, select

from storage.tables import Attachment
from tests.desk.office import Desk

PAGE = "<script>alert(1)</script>"
MAIL = f"""\
From: Jo <jo@citizen.example>\r
To: housing@town.example\r
Subject: See the files\r
Message-ID: <f1@citizen.example>\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=x\r
\r
--x\r
Content-Type: text/plain\r
\r
The gate is broken.\r
--x\r
Content-Type: text/html; name="Photo \u201cgate\u201d.html"\r
Content-Disposition: attachment; filename*=UTF-8''Gate%20%E2%80%9Cone%E2%80%9D.html\r
\r
{PAGE}\r
--x--\r
"""
SAFE: Mapping[str, str] = {
    "content-type": "application/octet-stream",
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox; default-src 'none'",
    "cache-control": "no-store",
}


@pytest.fixture
def reference(the_desk: Desk) -> str:
    return the_desk.town.arrive(MAIL.encode(), to="housing@town.example") or ""


def file_number(the_desk: Desk) -> int:
    with Session(the_desk.engine) as session:
        return session.exec(select(Attachment.id)).one() or 0


def test_a_file_is_downloaded_under_its_name_and_never_opened_in_our_pages(the_desk: Desk, reference: str) -> None:
    answer = the_desk.as_("hana").get(f"/desk/cases/{reference}/files/{file_number(the_desk)}")

    assert answer.text.strip() == PAGE
    assert {name: answer.headers[name] for name in SAFE} == SAFE
    assert answer.headers["content-disposition"].startswith('attachment; filename="Gate _one_.html"')
    assert "filename*=UTF-8''Gate%20%E2%80%9Cone%E2%80%9D.html" in answer.headers["content-disposition"]


def test_the_case_page_lists_the_files(the_desk: Desk, reference: str) -> None:
    page = the_desk.as_("hana").get(f"/desk/cases/{reference}").text

    assert f"/desk/cases/{reference}/files/{file_number(the_desk)}" in page
    assert "Gate “one”.html" in page


def test_a_file_of_one_case_is_not_found_through_another(the_desk: Desk, reference: str) -> None:
    other = the_desk.town.mail("The lift is broken.", sender="al@citizen.example")
    client = the_desk.as_("hana")

    answers = [client.get(f"/desk/cases/{other}/files/{file_number(the_desk)}"),
               client.get(f"/desk/cases/{other}/contacts/1/original"),
               client.get(f"/desk/cases/{reference}/files/999"),
               client.get(f"/desk/cases/{reference}/files/1e3")]  # fmt: skip

    assert [answer.status_code for answer in answers] == [404] * 4


def test_the_message_is_handed_out_as_it_came(the_desk: Desk, reference: str) -> None:
    answer = the_desk.as_("hana").get(f"/desk/cases/{reference}/contacts/1/original")

    assert answer.content == MAIL.encode()
    assert {name: answer.headers[name] for name in SAFE} == SAFE
    assert f"{reference}-1.eml" in answer.headers["content-disposition"]


def test_a_file_that_cannot_be_decoded_leads_to_the_original(the_desk: Desk, reference: str) -> None:
    with Session(the_desk.engine) as session:
        broken = session.exec(select(Attachment)).one()
        broken.part = 99
        session.add(broken)
        session.commit()

    answer = the_desk.as_("hana").get(f"/desk/cases/{reference}/files/{file_number(the_desk)}")

    assert answer.status_code == 422
    assert f"/desk/cases/{reference}/contacts/1/original" in answer.text
