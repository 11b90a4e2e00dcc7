"""A province that is killed after its store took a page and before its journal did; or, told to live, reads to the end."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from collector.journal import Journal
from collector.province import province as module
from collector.province.keys import holds
from collector.province.province import Province
from exporters.elastic import ElasticOptions
from exporters.elastic.fleet_store import ElasticStore
from model.fleet.declared import FleetDeclared
from model.fleet.store import Projected
from model.ports import Told
from tests.fleet.boxes import FakeClock


class Fatal(ElasticStore):
    """Kills its process as soon as it has written findings for the `left`th time; never when 0."""

    left = 0

    async def write(self, states: Sequence[Projected]) -> Sequence[str]:
        refused = await super().write(states)
        if any(isinstance(state.document, Told) for state in states):
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return refused


async def main(folder: Path, url: str, namespace: str, left: int) -> None:
    module.PAGE = 20
    declared = msgspec.json.decode((folder / "declared.json").read_bytes(), type=FleetDeclared)
    store = Fatal(ElasticOptions(name="province", urls=(url,), namespace=namespace), lambda: declared)
    store.left = left
    with Journal.open(folder / "province.db", box="province-79") as journal:
        await journal.outbox().register("soc", ("finding",))
        province = Province(store=store, journal=journal, declared=lambda: declared, verify=holds, clock=FakeClock(), rules={})
        while await province.turn():
            pass
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])))
