"""How much the SMTP receiver takes from one peer and from all of them, and how long it waits."""

from collections import Counter
from dataclasses import dataclass

from mailroom.smtp_data import LONGEST_LINE


@dataclass(frozen=True)
class SmtpSettings:
    """Who we are to other mail servers, and our limits. Sizes in bytes, times in seconds."""

    hostname: str = "localhost"
    domains: frozenset[str] = frozenset()  # ours, lower case: an unknown address there is unknown, not relaying
    form_url: str = ""  # offered to whoever sends too much
    most_bytes: int = 25_000_000  # of one mail
    most_recipients: int = 100  # of one mail
    most_sessions: int = 200
    most_sessions_of_one_peer: int = 20
    most_commands: int = 100  # since the last mail, recipients not counted
    most_refusals: int = 5  # of recipients, the last one ends the session
    most_unknown_commands: int = 6  # the last one ends the session
    command_seconds: float = 300
    data_seconds: float = 600
    session_seconds: float = 1800
    commit_seconds: float = 25  # to be heard from within 30
    stop_seconds: float = 30
    spare_bytes: int = 512_000_000  # kept free on the disk, beside one and a half mails

    @property
    def room_needed(self) -> int:
        """Free bytes on the disk below which no mail is taken."""
        return self.most_bytes * 3 // 2 + self.spare_bytes

    @property
    def shortest_wait(self) -> float:
        """The shortest time, in seconds, that a client may keep us waiting."""
        return min(self.command_seconds, self.data_seconds, self.session_seconds)

    @property
    def too_large(self) -> str:
        """The reply to a mail that is too large."""
        elsewhere = f"; please use {self.form_url}" if self.form_url else ""
        return f"552 5.3.4 Messages may have at most {self.most_bytes} bytes, {LONGEST_LINE} in a line{elsewhere}"


class Gate:
    """Counts the sessions under way: so many of one peer, so many in all."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._inside: Counter[str] = Counter()

    def enter(self, peer: str) -> bool:
        """Let one more session of this peer in, or say no."""
        is_full = self._inside.total() >= self._settings.most_sessions
        if is_full or self._inside[peer] >= self._settings.most_sessions_of_one_peer:
            return False
        self._inside[peer] += 1
        return True

    def leave(self, peer: str) -> None:
        """A session that had been let in has ended."""
        self._inside[peer] -= 1
        if not self._inside[peer]:
            del self._inside[peer]
