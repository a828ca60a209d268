"""What stands before every page of the desk: headers that browsers obey, and a refusal of forged posts."""

import base64
import re
from functools import cache
from hashlib import sha256

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from templates.environments import pages


class SafeHeaders:
    """Adds the security headers to every response that has not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in security_headers().items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


@cache
def security_headers() -> dict[str, str]:
    """Nothing kept, nothing framed, nothing guessed, no scripts but our own files."""
    return {
        "Content-Security-Policy": "; ".join(
            [
                "default-src 'self'",
                f"script-src 'self' {_inline_script_hash()}",
                "object-src 'none'",
                "base-uri 'none'",
                "form-action 'self'",
                "frame-ancestors 'none'",
            ]
        ),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        # "no-referrer" would make browsers post with `Origin: null`, which the guard against forged posts refuses.
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }


def _inline_script_hash() -> str:
    """The page frame of the GOV.UK Design System has one inline script: allowed by the hash of its text."""
    script = re.search(r"<script>(.*?)</script>", pages().get_template("shared/layout.html").render(), re.DOTALL)
    assert script, "the frame of the pages has lost its inline script"
    return f"'sha256-{base64.b64encode(sha256(script[1].encode()).digest()).decode()}'"
