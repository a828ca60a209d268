"""Someone at the public's pages without a browser: follows links, fills in the forms shown there and posts them."""

import http.client
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit


@dataclass
class Form:
    """A form as a page shows it: where it goes, what it carries, which fields it asks for."""

    action: str = ""
    multipart: bool = False
    carried: list[tuple[str, str]] = field(default_factory=list)  # hidden fields, and the first button's name
    asked: list[str] = field(default_factory=list)
    has_button: bool = False


@dataclass(frozen=True)
class Page:
    """What came back."""

    path: str
    status: int
    text: str
    forms: list[Form]

    def form(self, ending: str) -> Form:
        """The form that goes to an address with this ending. Raises LookupError."""
        for one in self.forms:
            if one.action.endswith(ending):
                return one
        raise LookupError(f"{self.path} (status {self.status}) shows no form for {ending}")


class Visitor:
    """One person's browser: a connection and cookies."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Page:
        return self._follow("GET", path)

    def post(self, form: Form, answers: Mapping[str, str]) -> Page:
        """Answer what the form asks, and press its first button."""
        fields = [*form.carried, *((name, answers[name]) for name in form.asked if name in answers)]
        kind, body = _multipart(fields) if form.multipart else _urlencoded(fields)
        return self._follow("POST", form.action, body, kind)

    def close(self) -> None:
        self._connection.close()

    def _follow(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> Page:
        for _ in range(10):
            status, where, text = self._ask(method, path, body, kind)
            if not where:
                return Page(path, status, text, _forms(text, path))
            method, path, body, kind = "GET", urlsplit(where).path, None, ""
        raise LookupError(f"{path} leads round in a circle")

    def _ask(self, method: str, path: str, body: bytes | None, kind: str) -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if kind:
            headers["Content-Type"] = kind
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        for line in response.headers.get_all("Set-Cookie") or ():
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return response.status, response.headers.get("Location", ""), response.read().decode()


def _urlencoded(fields: list[tuple[str, str]]) -> tuple[str, bytes]:
    return "application/x-www-form-urlencoded", urlencode(fields).encode()


def _multipart(fields: list[tuple[str, str]]) -> tuple[str, bytes]:
    edge = secrets.token_hex(12)
    parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields]
    return f"multipart/form-data; boundary={edge}", f"{''.join(parts)}--{edge}--\r\n".encode()


def _forms(text: str, path: str) -> list[Form]:
    finder = _Finder(path)
    finder.feed(text)
    return finder.forms


class _Finder(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.forms: list[Form] = []
        self._open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(said.get("action") or self.path, "multipart" in said.get("enctype", ""))
            self.forms.append(self._open)
        elif self._open and said.get("name"):
            self._field(self._open, tag, said)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None

    def _field(self, form: Form, tag: str, said: Mapping[str, str]) -> None:
        name, value = said["name"], said.get("value", "")
        if tag == "input" and said.get("type") == "hidden":
            form.carried.append((name, value))
        elif tag == "button" and not form.has_button:
            form.has_button = True
            form.carried.append((name, value))
        elif tag in ("input", "textarea", "select") and name not in form.asked and said.get("type") != "file":
            form.asked.append(name)
