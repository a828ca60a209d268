"""The channel as the house runs it: its page among the others, its settings, and the demonstration's phone."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app import settings
from app.demo.chat import with_telegram
from app.demo.chat_pages import chat_pages
from app.house import House, build
from app.settings import BrokenSetting, Settings
from app.site import site
from app.telegram import telegram_channel, webhook_page
from bot.telegram.emulator.running import Running
from bot.telegram.webhook import LARGEST, SECRET_HEADER
from storage.database import reading, writing
from storage.migrate import migrate
from storage.tables import ChatUpdate
from tests.bot.telegram.test_webhook import an_update
from tests.town_people import settle

HERE = "http://127.0.0.1:8000"


@pytest.fixture
def house(tmp_path: Path, database_url: str, emulator: Running) -> Iterator[House]:
    (tmp_path / "token").touch(mode=0o600)
    found = with_telegram(Settings(home=tmp_path, database_url=database_url), emulator)
    house = build(found)
    migrate(house.engine)
    with writing(house.engine) as session:
        settle(session)
    yield house
    house.close()


def with_webhook(house: House) -> TestClient:
    house.settings = replace(house.settings, telegram_webhook="/telegram")
    return TestClient(site(house, [webhook_page(house, telegram_channel(house))]), base_url=HERE)


def secret(house: House) -> str:
    return house.office.keyring.sign("telegram-webhook", "4242424242")


def kept(house: House) -> int:
    with reading(house.engine) as session:
        return len(session.exec(select(ChatUpdate.id)).all())


def test_the_webhooks_page_takes_what_shows_the_secret(house: House) -> None:
    with with_webhook(house) as client:
        answer = client.post("/telegram", content=an_update(), headers={SECRET_HEADER: secret(house)})

    assert (answer.status_code, kept(house)) == (200, 1)


def test_the_webhooks_page_refuses_others_and_what_is_too_large(house: House) -> None:
    with with_webhook(house) as client:
        stranger = client.post("/telegram", content=an_update())
        large = client.post("/telegram", content=b"x" * (LARGEST + 1), headers={SECRET_HEADER: secret(house)})

    assert (stranger.status_code, large.status_code, kept(house)) == (401, 413, 0)


def test_without_the_setting_there_is_no_such_page(house: House) -> None:
    with TestClient(site(house), base_url=HERE) as client:
        assert client.post("/telegram", content=an_update()).status_code in (404, 405)


@pytest.mark.parametrize(
    ("content", "mode", "why"),
    [
        ("4242424242:" + "x" * 35, 0o644, "chmod 600"),
        ("not a token", 0o600, "BotFather"),
        (None, 0o600, "can't be read"),
    ],
)
def test_a_token_file_that_can_not_serve_is_refused_by_name_and_never_shown(
    tmp_path: Path, content: str | None, mode: int, why: str
) -> None:
    path = tmp_path / "token"
    if content is not None:
        path.write_text(content)
        path.chmod(mode)

    with pytest.raises(BrokenSetting, match="REDRESS_TELEGRAM_TOKEN_FILE") as refused:
        settings.check(Settings(home=tmp_path, telegram_token_file=str(path)))

    assert why in str(refused.value)
    assert content is None or content not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"telegram_api": "ftp://x"}, "REDRESS_TELEGRAM_API"),
        ({"telegram_webhook": "telegram"}, "REDRESS_TELEGRAM_WEBHOOK"),
        ({"telegram_webhook": "/telegram"}, "https"),
    ],
)
def test_other_broken_settings_of_telegram_are_refused_by_name(given: dict[str, str], name: str) -> None:
    with pytest.raises(BrokenSetting, match=name):
        settings.check(Settings(**given))  # type: ignore[arg-type]  # each of these is a text


def test_the_demonstrations_phone_holds_the_conversation(house: House, emulator: Running) -> None:
    channel = telegram_channel(house)
    channel.start()
    try:
        with TestClient(site(house, chat_pages(emulator, HERE)), base_url=HERE) as phone:
            empty = phone.get("/demo/chat").text
            greeted = phone.post("/demo/chat/say", data={"as": "1", "text": "hello"}, headers={"Origin": HERE}).text
            asked = phone.post("/demo/chat/tap", data={"as": "1", "button": "Make a complaint"}).text
            sent = phone.post(
                "/demo/chat/send", data={"as": "1", "text": "The damp"}, files={"file": ("d.jpg", b"jpg", "image/jpeg")}
            ).text
            gone = phone.post("/demo/chat/tap", data={"as": "1", "button": "No such button"}).text
            time.sleep(0.1)
            newer = phone.get("/demo/chat/messages?as=1&newest=0-0")
    finally:
        channel.stop()

    assert "Nothing has been said yet" in empty
    assert "Make a complaint</button>" in greeted
    assert "what went wrong" in asked
    assert "a photo" in sent
    assert "There is no such button any more" in gone
    assert newer.status_code == 200


def test_the_demonstrations_phone_takes_nothing_from_other_sites(house: House, emulator: Running) -> None:
    with TestClient(site(house, chat_pages(emulator, HERE)), base_url=HERE) as phone:
        forged = phone.post(
            "/demo/chat/say",
            data={"as": "1", "text": "x"},
            headers={"Sec-Fetch-Site": "cross-site", "Origin": "http://evil.example"},
        )

    assert forged.status_code == 403
    assert emulator.people.history(1) == []
