"""Ports of loopback for servers that a test starts: below those which the system gives away by itself."""

import random
import socket

FIRST, LAST = 20_000, 32_000  # Linux gives away 32768 and above: one of those may be taken before we listen


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    while True:
        port = random.randint(FIRST, LAST)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue
