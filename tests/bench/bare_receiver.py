"""What one would write with aiosmtpd and an afternoon: each mail committed by itself. Only to compare with."""

import asyncio
import signal
import sqlite3
import sys
from typing import Any

from aiosmtpd.smtp import SMTP


class Handler:
    """Commits each mail, durably, then says yes."""

    def __init__(self, file: str) -> None:
        self.database = sqlite3.connect(file, isolation_level=None)
        self.database.execute("PRAGMA journal_mode=WAL")
        self.database.execute("PRAGMA synchronous=FULL")
        self.database.execute("CREATE TABLE mail (id INTEGER PRIMARY KEY, sender TEXT, recipients TEXT, raw BLOB)")

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        """Autocommit: one transaction, one fsync."""
        values = (envelope.mail_from, ",".join(envelope.rcpt_tos), envelope.content)
        self.database.execute("INSERT INTO mail (sender, recipients, raw) VALUES (?, ?, ?)", values)
        return "250 OK"


async def main(file: str, port: int) -> None:
    """Run until SIGTERM."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stopping.set)
    handler = Handler(file)
    server = await loop.create_server(lambda: SMTP(handler, hostname="bare.example", loop=loop), "127.0.0.1", port)
    print("listening", flush=True)
    await stopping.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
