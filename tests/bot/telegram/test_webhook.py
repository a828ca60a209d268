"""Receiving by a webhook: only Telegram is heard, and it hears yes only once the update is durable."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.telegram import updates, webhook
from storage.database import connect
from tests.bot.telegram.channel import JO, Here, soon

PATH = "/telegram"


def an_update(number: int = 1, words: str = "hello") -> bytes:
    sender = {"id": JO, "is_bot": False, "first_name": "Jo"}
    message = {"message_id": number, "date": 1, "chat": {"id": JO, "type": "private"}, "from": sender, "text": words}
    return json.dumps({"update_id": number, "message": message}).encode()


def take(here: Here, raw: bytes, secret: str | None = None) -> int:
    return webhook.take(here.door, here.door.secret if secret is None else secret, raw, lambda: None)


def test_with_its_secret_an_update_is_kept_before_the_yes(here: Here) -> None:
    assert take(here, an_update()) == 200
    assert [one["update_id"] for one in here.kept()] == [1]


def test_what_is_kept_is_what_came_byte_for_byte(here: Here) -> None:
    posted = an_update(words="caf\u00e9").replace(b", ", b" ,\n  ").replace(b"{", b"{ ", 1)

    assert take(here, posted) == 200

    assert [update.raw for update in here.updates()] == [posted]


def test_an_update_that_was_posted_and_is_then_fetched_is_kept_once(here: Here) -> None:
    take(here, an_update().replace(b": ", b":   "))

    updates.keep(here.door.engine, here.door.bot, [json.loads(an_update())], here.now())

    assert len(here.updates()) == 1


@pytest.mark.parametrize("secret", ["", "wrong", "ŵrong", "x" * 300])
def test_without_it_nothing_is_looked_at(here: Here, secret: str) -> None:
    assert take(here, an_update(), secret) == 401
    assert take(here, b"no update", secret) == 401
    assert here.kept() == []


def test_the_secret_is_not_the_token_and_not_in_the_address(here: Here) -> None:
    assert here.door.secret not in here.door.token
    assert len(here.door.secret) == 26


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"update_id": "1"}', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_update_is_refused_and_not_kept(here: Here, raw: bytes) -> None:
    assert take(here, raw) == 400
    assert here.kept() == []


def test_what_is_larger_than_any_update_is_refused(here: Here) -> None:
    assert take(here, an_update(words="x" * webhook.LARGEST)) == 413


def test_the_same_update_twice_is_kept_once_and_twice_accepted(here: Here) -> None:
    assert [take(here, an_update()), take(here, an_update())] == [200, 200]
    assert len(here.kept()) == 1


def test_while_nothing_can_be_stored_telegram_is_asked_to_come_again(here: Here) -> None:
    nowhere = replace(here.door, engine=connect("postgresql://nobody@127.0.0.1:9/nowhere"))

    assert webhook.take(nowhere, here.door.secret, an_update(), lambda: None) == 503


@contextmanager
def page(here: Here, channel: Any) -> Iterator[str]:
    """A page that hands each post to the webhook, as the site's does."""

    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            status = webhook.take(here.door, self.headers.get(webhook.SECRET_HEADER, ""), raw, channel.look)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_telegram_posts_to_us_and_people_are_answered(here: Here) -> None:
    said = here.people.say(JO, "/start")
    started: list[Any] = []

    class Later:
        def look(self) -> None:
            if started:
                started[0].look()

    with page(here, Later()) as address:
        here.door = replace(here.door, office=replace(here.door.office, public_url=address))
        started.append(here.start(webhook=PATH))
        answer = here.people.answer(JO, said["message_id"])
        webhook_now = here.people.look()["webhook"]
        here.stop()

    assert "complaints service" in answer.text
    assert webhook_now["url"] == f"{address}{PATH}"
    assert here.people.calls("getUpdates") == []


def test_a_webhook_that_somebody_else_takes_over_raises_the_alarm(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.telegram.watching.EVERY_SECONDS", 0.2)
    here.start(webhook=PATH)
    soon(lambda: here.people.look()["webhook"])

    here.call("setWebhook", url="https://elsewhere.example/hook")
    soon(lambda: "telegram_taken" in here.alarms())

    assert here.people.look()["webhook"]["url"] == "https://elsewhere.example/hook"
