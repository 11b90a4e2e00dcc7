"""`vonggac run` as it is, run inside a box of the laboratory, which also writes down what its own sensors tell beside its capture.

python box.py CONFIG TOLD

What the screens sensor was answered and which probes were sent is in no frame of a recording, and a replay needs it.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from collector import logs, service
from collector.config import load
from collector.factqueue import FactQueue
from model.facts import AnyFact, SensorHeard


class Noting(FactQueue):
    """Core's queue, which notes what did not come from a capture sensor."""

    file = Path("/dev/null")

    def put(self, facts: Sequence[AnyFact]) -> int:
        noted = [fact for fact in facts if not fact.sensor.startswith("capture:") and not isinstance(fact, SensorHeard)]
        with self.file.open("ab") as out:
            out.writelines(msgspec.json.encode(fact) + b"\n" for fact in noted)
        return super().put(facts)


def main() -> None:
    config, Noting.file = Path(sys.argv[1]), Path(sys.argv[2])
    logs.start()
    service.FactQueue = Noting  # type: ignore[misc] # the one seam between all sensors and core
    asyncio.run(service.run_all_in_one(service.Parts(load(config), config), lambda address: print(f"Trang theo dõi: {address}", flush=True)))


if __name__ == "__main__":
    main()
