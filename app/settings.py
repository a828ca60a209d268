"""Settings from the environment and redress.toml; a broken one is refused by name."""

import os
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

from mailroom.relay import relay

FILE = "redress.toml"
PREFIX = "REDRESS_"
LEAST_FLOOR = 3  # what two people said tells each of them what the other did
LEAST_DAYS = 2  # a messenger may give us again what it is not sure that we have; then it must be known
MOST_DAYS = 36_500
TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{30,100}")
EVERYWHERE = ("0.0.0.0", "[::]")  # noqa: S104 - nothing is bound here: no browser can open these
LABEL = r"[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
DOMAIN = re.compile(rf"(?=.{{1,190}}\Z){LABEL}(\.{LABEL})*")
PAGES = re.compile(r"[^\s?#@]+")  # links are made by writing on behind it
WEBHOOK = re.compile(r"/[a-z0-9][a-z0-9-]{0,60}")


class BrokenSetting(Exception):
    """A setting that can't be used; the text names its key and says what to write."""


@dataclass(frozen=True)
class Settings:
    """One installation. The environment wins over redress.toml; a channel without its setting is off."""

    home: Path = Path("var")  # where the database, the keys and backups are, unless said otherwise
    database_url: str = ""  # empty: SQLite in the home folder
    public_url: str = "http://127.0.0.1:8000"
    mail_domain: str = "complaints.localhost"  # of reply, bounce and Message-ID addresses
    web_listen: str = "127.0.0.1:8000"
    smtp_listen: str = ""  # host:port; empty: no SMTP receiver
    smtp_relay: str = ""  # smtp[s]://user:password@host:port; empty: nothing can be sent
    imap_url: str = ""  # imap[s]://user:password@host:port/MAILBOX; empty: no mailbox is read
    telegram_token_file: str = ""  # a file that holds a Telegram bot's token; empty: no Telegram
    telegram_api: str = "https://api.telegram.org"  # another Bot API server, such as one of your own
    telegram_webhook: str = ""  # path below the public address that Telegram posts to; empty: we ask it for updates
    secret_key_file: str = ""  # several keys, newest first, one on each line; empty: made in the home folder
    survey_floor: str = "10"  # people: what fewer said in a survey is not shown
    chat_keep_days: str = "30"  # how long what was said in a chat is kept, once it was dealt with
    private_feeds: str = "no"  # yes: feeds of others' learning may be in our own network
    risk_words: str = ""  # a list of risk words of your own; empty: the shipped one

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.home.resolve() / 'redress.db'}"

    @property
    def keys_at(self) -> Path:
        return Path(self.secret_key_file) if self.secret_key_file else self.home / "secret.keys"


def load(folder: Path | None = None) -> Settings:
    """The settings of this process. Raises BrokenSetting, naming the key."""
    given = _from_file((folder or Path.cwd()) / FILE) | _from_environment()
    known = {field.name for field in fields(Settings)}
    for name in given:
        if name not in known:
            raise BrokenSetting(f"{PREFIX}{name.upper()}: there is no such setting. There are: {_names(known)}")
    home = Path(given.pop("home", str(Settings.home)))
    given.setdefault("public_url", _where_we_listen(given.get("web_listen", Settings.web_listen)))
    settings = Settings(home=home, **given)
    check(settings)
    return settings


def check(settings: Settings) -> None:
    """Raise BrokenSetting for the first setting that can't work."""
    _listen(settings.web_listen, "WEB_LISTEN")
    _url(settings.public_url, "PUBLIC_URL", ("http", "https"))
    if not PAGES.fullmatch(settings.public_url):
        raise BrokenSetting("REDRESS_PUBLIC_URL: write an address alone, such as https://complaints.example.org")
    if not DOMAIN.fullmatch(settings.mail_domain):
        raise BrokenSetting("REDRESS_MAIL_DOMAIN: write a domain alone, such as complaints.example.org")
    if settings.smtp_listen:
        _listen(settings.smtp_listen, "SMTP_LISTEN")
    if settings.smtp_relay:
        _url(settings.smtp_relay, "SMTP_RELAY", ("smtp", "smtps"))
        _read("SMTP_RELAY", lambda: relay(settings.smtp_relay))
    if settings.imap_url:
        _url(settings.imap_url, "IMAP_URL", ("imap", "imaps"))
        _read("IMAP_URL", lambda: _mailbox(settings.imap_url))
    if settings.database_url:
        _url(settings.database_url, "DATABASE_URL", ("sqlite", "postgresql", "postgres"), needs_host=False)
    if settings.secret_key_file and not Path(settings.secret_key_file).is_file():
        raise BrokenSetting(f"REDRESS_SECRET_KEY_FILE: there is no file {settings.secret_key_file}")
    if settings.telegram_token_file:
        _read("TELEGRAM_TOKEN_FILE", lambda: telegram_token(settings))
    _url(settings.telegram_api, "TELEGRAM_API", ("http", "https"))
    if settings.telegram_webhook:
        _webhook(settings)
    if not settings.survey_floor.isdecimal() or int(settings.survey_floor) < LEAST_FLOOR:
        raise BrokenSetting(f"REDRESS_SURVEY_FLOOR: write a number of people, {LEAST_FLOOR} or more")
    if not settings.chat_keep_days.isdecimal() or not LEAST_DAYS <= int(settings.chat_keep_days) <= MOST_DAYS:
        raise BrokenSetting(f"REDRESS_CHAT_KEEP_DAYS: write a number of days, {LEAST_DAYS} to {MOST_DAYS}")
    if settings.private_feeds not in ("yes", "no"):
        raise BrokenSetting(f"REDRESS_PRIVATE_FEEDS: write yes or no; it is {settings.private_feeds!r}")
    if settings.risk_words and not Path(settings.risk_words).is_file():
        raise BrokenSetting(f"REDRESS_RISK_WORDS: there is no file {settings.risk_words}")
    _folder(settings.home, "HOME")


def taken(name: str, where: str) -> BrokenSetting:
    """What to say when a port is not to be had."""
    return BrokenSetting(f"{PREFIX}{name}: {where} can't be listened on; is another program using it?")


def host_and_port(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    return host.strip("[]"), int(port)


def telegram_token(settings: Settings) -> str:
    """The bot's token. Raises ValueError, without the token in it, where the file is not as it should be."""
    path = Path(settings.telegram_token_file)
    try:
        mode, token = path.stat().st_mode, path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} can't be read ({getattr(error, 'strerror', None) or 'it is no text'})") from None
    if mode & 0o077:
        raise ValueError(f"{path} can be read by others (mode {mode & 0o777:o}). Run: chmod 600 {path}")
    if not TOKEN.fullmatch(token):
        raise ValueError(f"{path} does not hold a token as BotFather gives it, such as 123456789:ABC…")
    return token


def _webhook(settings: Settings) -> None:
    if not WEBHOOK.fullmatch(settings.telegram_webhook):
        raise BrokenSetting("REDRESS_TELEGRAM_WEBHOOK: write a path of letters, digits and dashes, such as /telegram")
    if settings.telegram_api == Settings.telegram_api and not settings.public_url.startswith("https:"):
        raise BrokenSetting(
            "REDRESS_TELEGRAM_WEBHOOK: Telegram posts to https only; set REDRESS_PUBLIC_URL to https://…"
        )


def _where_we_listen(listen: str) -> str:
    """Where a browser on this machine reaches the pages: what every command writes links with, unless told better."""
    host, _, port = listen.rpartition(":")
    return f"http://{'127.0.0.1' if host in EVERYWHERE else host}:{port}"


def _from_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        table = tomllib.loads(path.read_text())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BrokenSetting(f"{path.name}: {error}") from None
    return {_key(name): str(value) for name, value in table.items()}


def _from_environment() -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if name.startswith(PREFIX) and value}
    return {_key(name): value for name, value in ours.items() if not name.startswith(f"{PREFIX}TEST_")}


def _key(name: str) -> str:
    return name.removeprefix(PREFIX).lower()


def _names(known: set[str]) -> str:
    return ", ".join(f"{PREFIX}{name.upper()}" for name in sorted(known))


def _url(value: str, name: str, schemes: tuple[str, ...], *, needs_host: bool = True) -> None:
    try:
        parts = urlsplit(value)
        _port = parts.port  # raises for a port that is no number
    except ValueError as error:
        raise BrokenSetting(f"{PREFIX}{name}: {error}") from None
    wanted = " or ".join(f"{scheme}://…" for scheme in schemes[:2])
    if parts.scheme.partition("+")[0] not in schemes:
        raise BrokenSetting(f"{PREFIX}{name}: write {wanted}; it is {parts.scheme if '://' in value else 'no address'}")
    if needs_host and not parts.hostname:
        raise BrokenSetting(f"{PREFIX}{name}: write {wanted}; it names no host")


def _read(name: str, read: Callable[[], object]) -> None:
    """Let whoever will use a setting read it; what they refuse is told under its name."""
    try:
        read()
    except ValueError as error:
        raise BrokenSetting(f"{PREFIX}{name}: {error}") from None


def _mailbox(url: str) -> None:
    from mailroom.imap_connection import parse  # loads an IMAP client: only where a mailbox is read

    parse(url)


def _folder(path: Path, name: str) -> None:
    there = next((one for one in (path, *path.parents) if one.exists()), path)
    if there.exists() and not there.is_dir():
        raise BrokenSetting(f"{PREFIX}{name}: {there} is a file; name a folder")


def _listen(value: str, name: str) -> None:
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise BrokenSetting(f"{PREFIX}{name}: write host:port, such as 127.0.0.1:8000; it is {value!r}")
