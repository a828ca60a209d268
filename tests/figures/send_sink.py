"""The relay of the sending campaign: a sink that says its port, and keeps what it gets in a folder."""

import asyncio
import sys
from pathlib import Path

from mailroom.sink import Sink


async def keep(folder: Path) -> None:
    """Listen until the end."""
    sink = Sink(folder)
    await sink.start()
    print(sink.address[1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(keep(Path(sys.argv[1])))
