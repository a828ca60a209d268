"""What a failed delivery means: try again later, or never; RFC 5321's replies read with care for whose fault it is."""

from typing import Literal

from aiosmtplib import SMTPResponseException

from workflow.outbox import UNREACHED

Step = Literal["connect", "sender", "recipient", "data"]
TOO_LARGE = 552  # at MAIL, the one refusal that is about this mail
OUT_OF_STEP = 503  # we and the relay lost each other: nobody's fault, and another session may do


class NotNow(Exception):
    """Trying again later helps."""

    def __init__(self, reason: str, *, is_relay: bool = False, may_have_left: bool = False) -> None:
        """`is_relay`: other mails would fare no better now. `may_have_left`: the relay may have taken it after all."""
        super().__init__(reason)
        self.reason, self.is_relay, self.may_have_left = reason, is_relay, may_have_left


class Never(Exception):
    """Trying again does not help; `code` is the relay's, or None when we did not even ask it."""

    def __init__(self, code: int | None, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


def verdict(error: Exception, step: Step) -> NotNow | Never:
    """Whether trying again helps after this error of aiosmtplib's or the network's, at this step."""
    begun = step in ("connect", "sender")
    if not isinstance(error, SMTPResponseException) or error.code < 400:
        why = f"{type(error).__name__} at {step}"
        return NotNow(f"{UNREACHED if begun else ''}{why}", is_relay=True, may_have_left=step == "data")
    said = f"{error.code} {error.message}"
    if error.code == 421 or (begun and error.code != TOO_LARGE) or step == "connect":
        return NotNow(f"{UNREACHED if begun else ''}{said}", is_relay=True)
    if error.code < 500 or error.code == OUT_OF_STEP:
        return NotNow(said)
    return Never(error.code, said)
