"""The headers that browsers obey, the same for every page: they rest on what the frame of our pages holds."""

import base64
import re
from collections.abc import Mapping
from functools import cache
from hashlib import sha256

from templates.environments import pages


@cache
def safe_headers() -> Mapping[str, str]:
    """No scripts but our own files, no framing, no guessing of types, nothing kept, nothing told to other sites."""
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
