"""One-line builders of mails, honest and hostile."""

from pathlib import Path

POST = Path(__file__).parents[1] / "post"


def posted(name: str) -> bytes:
    """One of our own mails, by the name of its file."""
    return (POST / f"{name}.eml").read_bytes()


def mail(
    body: str | bytes = "Hello",
    *,
    sender: str | None = "Jo <jo@home.example>",
    subject: str = "Bins",
    more: str = "",
) -> bytes:
    """A mail with these headers; `more` holds whole header lines."""
    headers = [f"From: {sender}" if sender is not None else "", f"Subject: {subject}", *more.splitlines()]
    head = "\r\n".join(line for line in headers if line).encode()
    return head + b"\r\n\r\n" + (body.encode() if isinstance(body, str) else body)


def parts(*pieces: str, kind: str = "mixed", more: str = "") -> bytes:
    """A multipart mail; each piece is a part with its own headers."""
    body = "".join(f"--cut\r\n{piece}\r\n" for piece in pieces) + "--cut--\r\n"
    return mail(body, more=f'MIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary="cut"\n{more}')


def part(body: str, kind: str = "text/plain; charset=utf-8", more: str = "") -> str:
    """One part of a multipart mail."""
    return "\r\n".join(filter(None, [f"Content-Type: {kind}", *more.splitlines()])) + f"\r\n\r\n{body}"


def nested(depth: int, innermost: str = "the innermost words") -> bytes:
    """A multipart inside a multipart inside a multipart …"""
    opened = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(depth))
    closed = "".join(f"\r\n--b{n}--" for n in reversed(range(depth)))
    return b"From: jo@home.example\r\n" + f"{opened}Content-Type: text/plain\r\n\r\n{innermost}{closed}\r\n".encode()
