"""Asking Telegram by plain HTTP, so that no update can be too new for us, and no address with the token is told."""

from collections.abc import Mapping
from typing import Any

import aiohttp

CONNECT_SECONDS = 10


class NoAnswer(Exception):
    """Telegram was not reached, or said no; `code` is its own, 0 where it said nothing. `retry_after` in seconds."""

    def __init__(self, why: str, code: int = 0, retry_after: float = 0) -> None:
        super().__init__(why)
        self.why, self.code, self.retry_after = why, code, retry_after


class Asking:
    """One connection to the Bot API."""

    def __init__(self, api: str, token: str) -> None:
        self._base = f"{api.rstrip('/')}/bot{token}"
        self._files = f"{api.rstrip('/')}/file/bot{token}"
        self._session = aiohttp.ClientSession()

    async def close(self) -> None:
        await self._session.close()

    async def ask(self, method: str, seconds: float = 20, **given: Any) -> Any:
        """The result of a method; waits for it no longer than `seconds`. Raises NoAnswer."""
        timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)
        try:
            async with self._session.post(f"{self._base}/{method}", json=given, timeout=timeout) as answer:
                status, body = answer.status, await answer.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            # Only the kind of error: its text may hold the address, and so the token.
            raise NoAnswer(f"not reached ({type(error).__name__})") from None
        if isinstance(body, Mapping) and body.get("ok") is True:
            return body.get("result")
        raise _refused(status, body)

    async def download(self, path: str, most: int, seconds: float = 60) -> bytes:
        """A file of at most so many bytes. Raises NoAnswer, with code 400 for a larger one."""
        timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)
        content = bytearray()
        try:
            async with self._session.get(f"{self._files}/{path}", timeout=timeout) as answer:
                if answer.status != 200:
                    raise NoAnswer(f"a file: it answered {answer.status}", answer.status)
                async for chunk in answer.content.iter_chunked(65536):
                    content += chunk
                    if len(content) > most:
                        raise NoAnswer("a file is larger than it said", 400)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise NoAnswer(f"not reached ({type(error).__name__})") from None
        return bytes(content)


def _refused(status: int, body: object) -> NoAnswer:
    said = body if isinstance(body, Mapping) else {}
    parameters = said.get("parameters")
    retry_after = parameters.get("retry_after", 0) if isinstance(parameters, Mapping) else 0
    return NoAnswer(f"it answered {status}", status, float(retry_after))
