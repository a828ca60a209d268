"""Settings: from the environment and from a file, and every broken one refused by its name."""

from pathlib import Path

import pytest

from app.keys import keyring
from app.settings import BrokenSetting, Settings, load
from tests.app.redress import Redress

BROKEN = {
    "REDRESS_WEB_LISTEN": ["8000", "localhost", "host:port", "127.0.0.1:99999", ":8000"],
    "REDRESS_SMTP_LISTEN": ["25", "127.0.0.1", "127.0.0.1:smtp", "x:-1"],
    "REDRESS_SMTP_RELAY": [
        "relay.example",
        "http://relay.example",
        "smtp://",
        "smtp://relay:port",
        "imap://relay.example",
        "smtp://relay.example:25?foo",
        "smtp://relay.example/path",
        "smtp://user:secret@relay.example?starttls=no",
    ],
    "REDRESS_IMAP_URL": ["mail.example", "pop3://mail.example", "imap://", "imap://host:x/INBOX", "imaps://host/INBOX"],
    "REDRESS_PUBLIC_URL": [
        "complaints.example",
        "ftp://complaints.example",
        "https://",
        "https://a b/",
        "https://a/?b",
    ],
    "REDRESS_MAIL_DOMAIN": ["complaints@example.org", " ", "not a domain", "-x.org", "x..org", "x.org\n", "x" * 64],
    "REDRESS_DATABASE_URL": ["mysql://db/redress", "redress.db", "oracle://x"],
    "REDRESS_SECRET_KEY_FILE": ["/nowhere/keys"],
    "REDRESS_CHAT_KEEP_DAYS": ["1", "-3", "a month", "1.5", "9999999999999"],
    "REDRESS_RISK_WORDS": ["/nowhere/words.toml"],
    "REDRESS_HOME": [__file__, f"{__file__}/below"],
    "REDRESS_COLOUR": ["blue"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BROKEN.items() for value in values])
def test_a_broken_setting_is_refused_by_its_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(BrokenSetting, match=name):
        load(tmp_path)


def test_serve_says_in_one_line_which_setting_is_broken(tmp_path: Path) -> None:
    redress = Redress(tmp_path, "", {"REDRESS_SMTP_LISTEN": "nonsense"})

    done = redress.run_process("serve")

    assert done.returncode == 2
    assert done.stderr.startswith("redress: REDRESS_SMTP_LISTEN: write host:port")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("words", ["risk = [", 'risk = "fire"', '[risk]\nfire = "fire"', "[risk]\nfire = ['\u0000']"])
def test_a_list_of_risk_words_that_can_not_be_read_is_refused_by_its_name(tmp_path: Path, words: str) -> None:
    (tmp_path / "words.toml").write_text(words)
    redress = Redress(tmp_path, "", {"REDRESS_RISK_WORDS": str(tmp_path / "words.toml")})

    assert "REDRESS_RISK_WORDS" in redress.refuses("serve")


@pytest.mark.parametrize("command", ["serve", "status"])
def test_a_database_that_can_not_be_reached_is_told_without_its_password(tmp_path: Path, command: str) -> None:
    redress = Redress(tmp_path, "postgresql://redress:topsecret@127.0.0.1:1/redress")

    refused = redress.refuses(command)

    assert "REDRESS_DATABASE_URL: the database can't be reached (" in refused
    assert "topsecret" not in refused


def test_a_database_file_that_is_none_is_told_by_its_setting(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam, " * 100)
    redress = Redress(tmp_path, f"sqlite:///{tmp_path / 'letter.txt'}")

    assert "REDRESS_DATABASE_URL" in redress.refuses("serve")


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "redress.toml").write_text('mail_domain = "file.example"\nREDRESS_WEB_LISTEN = "127.0.0.1:9000"\n')
    monkeypatch.setenv("REDRESS_MAIL_DOMAIN", "environment.example")

    found = load(tmp_path)

    assert (found.mail_domain, found.web_listen) == ("environment.example", "127.0.0.1:9000")


@pytest.mark.parametrize(
    ("listen", "link"),
    [
        ("127.0.0.1:9000", "http://127.0.0.1:9000"),
        ("0.0.0.0:9000", "http://127.0.0.1:9000"),
        ("[::]:80", "http://127.0.0.1:80"),
    ],
)
def test_links_lead_to_where_we_listen_unless_the_public_address_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, listen: str, link: str
) -> None:
    monkeypatch.setenv("REDRESS_WEB_LISTEN", listen)
    unsaid = load(tmp_path)
    monkeypatch.setenv("REDRESS_PUBLIC_URL", "https://complaints.example.org")

    assert (unsaid.public_url, load(tmp_path).public_url) == (link, "https://complaints.example.org")


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "redress.toml").write_text("mail_domain = \n")

    with pytest.raises(BrokenSetting, match=r"redress\.toml"):
        load(tmp_path)


def test_keys_are_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    first = keyring(Settings(home=tmp_path))

    assert keyring(Settings(home=tmp_path)) == first
    assert (tmp_path / "secret.keys").stat().st_mode & 0o777 == 0o600


def test_keys_that_others_can_read_are_refused_with_path_and_mode(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.write_text("k" * 40)
    keys.chmod(0o644)

    with pytest.raises(BrokenSetting, match=r"keys can be read by others \(mode 644\)"):
        keyring(Settings(home=tmp_path, secret_key_file=str(keys)))


def test_a_short_key_is_refused(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.write_text("short\n")
    keys.chmod(0o600)

    with pytest.raises(BrokenSetting, match="at least 32"):
        keyring(Settings(home=tmp_path, secret_key_file=str(keys)))


def test_several_keys_are_read_newest_first(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.write_text(f"{'n' * 40}\n{'o' * 40}\n")
    keys.chmod(0o600)

    assert keyring(Settings(home=tmp_path, secret_key_file=str(keys))).keys == (b"n" * 40, b"o" * 40)
