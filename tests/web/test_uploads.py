"""Photos and documents: their limits, and names that mean harm."""

import socket
from urllib.parse import urlsplit

import pytest

from tests.web.town import Town
from tests.web.visitor import HOME, answer, send, visitor
from workflow.posted import LARGEST_FILE, label, media_type


def test_a_file_of_ten_megabytes_is_taken_and_one_byte_more_is_refused_in_words(the_town: Town) -> None:
    with visitor(the_town) as client:
        largest = client.post(f"{HOME}/files", files={"files": ("a.bin", b"x" * LARGEST_FILE)})
        larger = client.post(f"{HOME}/files", files={"files": ("b.bin", b"x" * (LARGEST_FILE + 1))})

        assert largest.status_code == 303
        assert larger.status_code == 422
        assert "“b.bin” must be smaller than 10 MB" in larger.text
        assert "a.bin" in larger.text


def test_the_eleventh_file_is_refused_and_the_ten_are_kept(the_town: Town) -> None:
    with visitor(the_town) as client:
        client.post(f"{HOME}/files", files=[("files", (f"{number}.txt", b"%d" % number)) for number in range(10)])

        refused = client.post(f"{HOME}/files", files={"files": ("11.txt", b"eleven")})

        assert refused.status_code == 422
        assert "up to 10 files" in refused.text
        assert refused.text.count('name="remove"') == 10


def test_an_empty_file_is_refused_in_words(the_town: Town) -> None:
    with visitor(the_town) as client:
        refused = client.post(f"{HOME}/files", files={"files": ("a.txt", b"")})

        assert refused.status_code == 422
        assert "“a.txt” is empty" in refused.text


def test_the_bytes_arrive_as_they_were_sent(the_town: Town) -> None:
    with visitor(the_town) as client:
        client.post(f"{HOME}/files", files={"files": ("a.bin", bytes(range(256)))})
        answer(client)

        send(client)

        (file,) = the_town.contacts()[0].reading["answers"]["files"]
        assert the_town.blob(file["sha256"]) == bytes(range(256))


def test_an_upload_cut_off_in_the_middle_leaves_nothing_and_harms_nobody(the_town: Town) -> None:
    cut_off(
        the_town, said=100_000, sent=b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nhalf'
    )

    with visitor(the_town) as client:
        assert client.get(f"{HOME}/files").status_code == 200
    assert the_town.drafts() == []


def test_an_upload_of_five_gigabytes_is_refused_before_it_is_read(the_town: Town) -> None:
    assert b" 413 " in cut_off(the_town, said=5_000_000_000, sent=b"--x")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ann\\letter.pdf", "letter.pdf"),
        ("\u200b.htaccess", ".htaccess"),
        ("annual\u202excod.exe", "annualxcod.exe"),
        ("a\x00b\r\nc.txt", "abc.txt"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_a_name_is_a_label_and_hides_nothing(name: str, shown: str) -> None:
    assert label(name) == shown


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("image/jpeg", "image/jpeg"),
        ("Text/HTML; charset=x", "text/html"),
        ("nonsense", "application/octet-stream"),
        ("a/b\r\nX: y", "application/octet-stream"),
    ],
)
def test_a_type_is_kept_when_it_looks_like_one(said: str, kept: str) -> None:
    assert media_type(said) == kept


def cut_off(town: Town, said: int, sent: bytes) -> bytes:
    """Post the beginning of a body that is said to be longer; the answer's first line, if one comes before we go."""
    where = urlsplit(town.url)
    head = f"POST {HOME}/files HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    with socket.create_connection((where.hostname, where.port), timeout=1) as connection:
        connection.sendall(f"{head}Content-Length: {said}\r\n\r\n".encode() + sent)
        try:
            return connection.recv(100)
        except TimeoutError:
            return b""


def test_a_file_whose_name_is_nothing_but_signs_that_hide_is_kept_all_the_same(the_town: Town) -> None:
    with visitor(the_town) as client:
        client.post(f"{HOME}/files", files={"files": ("\u202e", b"a picture")})

        assert [file["name"] for file in the_town.drafts()[0].files] == ["file"]
