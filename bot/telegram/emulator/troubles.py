"""Trouble on demand: the next calls of a method are answered with an error, or not at all."""

from dataclasses import dataclass, field

from bot.telegram.emulator.refusals import Refusal


@dataclass
class Trouble:
    """`times` answers of this kind to `method` (any, when empty), in one chat (any, when empty).

    `after`: how many such calls go well before.
    """

    code: int
    description: str = "Internal Server Error"
    method: str = ""
    chat: str = ""
    times: int = 1
    retry_after: int = 0
    after: int = 0

    def is_for(self, method: str, chat: str) -> bool:
        return self.times > 0 and self.method in ("", method) and self.chat in ("", chat)


@dataclass
class Troubles:
    """What has been asked for and not yet happened."""

    waiting: list[Trouble] = field(default_factory=list)

    def meet(self, method: str, chat: str) -> None:
        """Raises the Refusal that was asked for this call, if any."""
        for trouble in self.waiting:
            if trouble.is_for(method, chat):
                if trouble.after:
                    trouble.after -= 1
                    continue
                trouble.times -= 1
                raise Refusal(trouble.code, trouble.description, retry_after=trouble.retry_after)
