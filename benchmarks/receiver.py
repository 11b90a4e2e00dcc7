"""The on-call's end of the delay benchmark: verifies each message and prints when it came (monotonic ns) and whom it is about.

python benchmarks/receiver.py SECRET_FILE
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

from tests.servers.webhook_receiver import WebhookReceiver


async def main(secret: str) -> None:
    """Receives until it is stopped."""
    async with WebhookReceiver(secret) as receiver:
        print("listening", receiver.url, flush=True)
        told = 0
        while True:
            await receiver.received(told + 1, 3600)
            came = time.monotonic_ns()
            for delivery in receiver.deliveries[told:]:
                said = delivery.refused or delivery.body.decode()
                print("came", came, said.replace("\n", " "), flush=True)
            told = len(receiver.deliveries)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).read_text().strip()))
