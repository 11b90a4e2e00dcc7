"""The sensor alone, its facts as JSON lines on the standard output, until SIGTERM."""

import asyncio
import signal
import sys

import msgspec

from collector.clock import SystemClock
from collector.sensors.peripheral import Sockets


class Lines:
    def put(self, facts):
        for fact in facts:
            sys.stdout.write(msgspec.json.encode(fact).decode() + "\n")
        sys.stdout.flush()
        return len(facts)


async def main():
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await Sockets(Lines(), SystemClock(), lambda text: f"mark{len(text)}").run(stop)


asyncio.run(main())
