"""The secret keys of an installation: made on first use, readable by nobody else."""

import secrets
from pathlib import Path

from app.settings import BrokenSetting, Settings
from workflow.tokens import Keyring

SHORTEST = 32  # signs


def keyring(settings: Settings) -> Keyring:
    """The keys, newest first. Raises BrokenSetting when the file is readable by others or holds no good key."""
    path = settings.keys_at
    if not path.exists() and not settings.secret_key_file:
        _make(path)
    try:
        if path.stat().st_mode & 0o077:
            mode = f"{path.stat().st_mode & 0o777:o}"
            raise BrokenSetting(
                f"REDRESS_SECRET_KEY_FILE: {path} can be read by others (mode {mode}). Run: chmod 600 {path}"
            )
        lines = [line.strip() for line in path.read_text().splitlines() if line.strip()]
    except OSError as error:
        raise BrokenSetting(f"REDRESS_SECRET_KEY_FILE: {path} can't be read ({error.strerror})") from None
    if not lines or any(len(line) < SHORTEST for line in lines):
        raise BrokenSetting(f"REDRESS_SECRET_KEY_FILE: each line of {path} must be a key of at least {SHORTEST} signs")
    return Keyring(tuple(line.encode() for line in lines))


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(secrets.token_urlsafe(48) + "\n")
