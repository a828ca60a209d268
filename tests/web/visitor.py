"""Someone at the town's pages without a browser: what their requests are, and what they get."""

import html
import re
from collections.abc import Mapping
from typing import Any

import httpx2

from tests.web.town import Town

HOME = "/complain/example-council"
ANSWERS: Mapping[str, Mapping[str, Any]] = {
    "service": {"service": "housing"},
    "about": {"about": "self"},
    "what": {"what": "The lift has not worked for three weeks."},
    "when": {"when": "Since the middle of February"},
    "outcome_wanted": {"outcome_wanted": "Mend it"},
    "files": {"do": "continue"},
    "name": {"name": "Ann Smith"},
    "contact": {"email": "Ann@example.com", "telephone": "", "postal_address": ""},
    "safe-contact": {"safe_note": ""},
    "communication_needs": {"communication_needs": ""},
    "consent": {"consent": "yes"},
}


def visitor(town: Town) -> httpx2.Client:
    """A client at the town, with a cookie jar; it does not follow redirects."""
    return httpx2.Client(base_url=town.url, timeout=30, verify=False)  # there is no TLS


def answer(client: httpx2.Client, changed: Mapping[str, Mapping[str, Any]] | None = None) -> None:
    """Answer every question, some of them otherwise."""
    for page, fields in {**ANSWERS, **(changed or {})}.items():
        taken = client.post(f"{HOME}/{page}", data=dict(fields))
        assert taken.status_code == 303, (page, taken.status_code)


def hidden(page: httpx2.Response) -> dict[str, Any]:
    """The hidden fields of the first form on a page, as the browser would post them."""
    form = page.text.split("<form", 1)[1].split("</form>")[0]
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form):
        fields.setdefault(name, []).append(html.unescape(value))
    return fields


def send(client: httpx2.Client) -> httpx2.Response:
    """Look at the answers, and press the button."""
    return client.post(f"{HOME}/send", data=hidden(client.get(f"{HOME}/check")))


def reference(client: httpx2.Client, sent: httpx2.Response) -> str:
    """The reference on the page that sending led to."""
    found = re.search(r"RD-\w{4}-\w{4}", client.get(sent.headers["location"]).text)
    return found[0] if found else ""
