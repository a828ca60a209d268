"""The town's mailboxes: what the demo's own mail server has kept, looked up as its readers would."""

from collections.abc import Callable

from app.demo.reading import Kept, read
from app.demo.story import Deed
from mailroom.sink import Mail, Sink


class Mailboxes:
    """Reads each mail of a sink once."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._read: list[tuple[Mail, Kept]] = []

    def last(self, to: str, wanted: Callable[[Kept], bool] = lambda _kept: True) -> tuple[Mail, Kept]:
        """The newest mail to this mailbox that is wanted. Raises LookupError when there is none."""
        for mail in self._sink.mails[len(self._read) :]:
            self._read.append((mail, read(mail.raw)))
        for mail, kept in reversed(self._read):
            if kept.to == to and wanted(kept):
                return mail, kept
        raise LookupError(f"nothing has come to {to}")


def slow_to_take(deeds: list[Deed]) -> Callable[[str, str, int], str | None]:
    """How the town's mail server answers: some people's takes nothing at the first try."""
    slow = {deed.address for deed in deeds if "greylists" in deed.given}

    def answer(_mail_from: str, recipient: str, count: int) -> str | None:
        return "451 4.7.1 Greylisted, please try again" if recipient in slow and count == 1 else None

    return answer
