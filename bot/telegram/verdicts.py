"""What Telegram's answer to a message means: try again, when, or never."""

from dataclasses import dataclass

from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)

from workflow.outbox import UNREACHED

NEVER = (TelegramBadRequest, TelegramForbiddenError, TelegramEntityTooLarge, TelegramMigrateToChat)
# A token that is refused stays so until somebody changes it, but that is no fault of the message.
OURS = (TelegramUnauthorizedError, TelegramNotFound, TelegramConflictError)


@dataclass(frozen=True)
class Verdict:
    """Why it did not leave. `after`: seconds that Telegram told us to wait. `is_away`: others would fare no better."""

    reason: str
    is_for_good: bool = False
    is_away: bool = False
    may_have_left: bool = False
    after: float = 0


def verdict(error: TelegramAPIError | ClientDecodeError) -> Verdict:
    """Reasons name the kind of error or what Telegram said, never an address: the token is in each."""
    if isinstance(error, TelegramRetryAfter):
        return Verdict("429 too many messages", after=float(error.retry_after))
    if isinstance(error, NEVER):
        code = 403 if isinstance(error, TelegramForbiddenError) else 400
        return Verdict(f"{code} {error.message}", is_for_good=True)
    if isinstance(error, OURS):
        return Verdict(f"{UNREACHED}{type(error).__name__}", is_away=True)
    if isinstance(error, TelegramNetworkError):
        return Verdict(f"{UNREACHED}no connection", is_away=True, may_have_left=not _never_began(error))
    return Verdict(f"{UNREACHED}{type(error).__name__}", is_away=True, may_have_left=True)


def _never_began(error: TelegramNetworkError) -> bool:
    return "ClientConnectorError" in error.message
