"""`vonggac run` whose clock is ahead: python later.py CONFIG SECONDS. What lasts half an hour need not be waited for."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from collector import logs
from collector.clock import SystemClock
from collector.config import load
from collector.service import Parts, run_all_in_one
from model.times import SECOND


class Ahead(SystemClock):
    """This machine's clock, some seconds later."""

    def __init__(self, seconds: float) -> None:
        self._by = int(seconds * SECOND)

    def now(self) -> int:
        return super().now() + self._by


async def run(config: Path, seconds: float) -> None:
    await run_all_in_one(Parts(load(config), config, Ahead(seconds)), lambda address: print(address, flush=True))


if __name__ == "__main__":
    logs.start()
    asyncio.run(run(Path(sys.argv[1]), float(sys.argv[2])))
