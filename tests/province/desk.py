"""A province over a store in memory, whose time a test moves."""

from __future__ import annotations

import msgspec

from collector.journal import Journal
from collector.province.province import Province
from model.fleet.declared import FleetBox
from model.fleet.signed import key_id
from model.fleet.silence import Patience
from model.ports import Health, Receipt, Told
from model.times import DAY, MINUTE, SECOND
from tests.fleet.boxes import NOW, FakeClock
from tests.fleet.test_verify import arrived
from tests.province.fakes import MemoryStore

MONDAY = NOW + DAY
LINE = FleetBox(box="hop-1", site="xa-a", key=b"k" * 32)


class Desk:
    """A province, its clock and its store."""

    def __init__(self, folder, declared, now=MONDAY, **options):
        self.clock, self.store, self.declared, self.sequence = FakeClock(now), MemoryStore(), declared, 0
        self._options = {"patience": Patience(gap=2 * MINUTE, grace=0), **options}
        self._folder = folder
        self.begin()

    def begin(self):
        self.journal = Journal.open(self._folder / "province.db", box="province-79", clock=self.clock)
        self.journal.table.register("soc", ("finding",))
        # Who signed is tried in test_verify.py; here every signature holds.
        self.province = Province(
            store=self.store,
            journal=self.journal,
            declared=lambda: self.declared,
            verify=lambda *_: True,
            clock=self.clock,
            rules={},
            **self._options,
        )

    def send(self, stream, document, site="xa-a", box="hop-1", key=LINE.key, epoch=NOW // SECOND, sequence=0):
        self.sequence += 1
        one = arrived(document, stream, box=box, site=site, row=f"row-{self.sequence}", epoch=epoch, sequence=sequence or self.sequence)
        self.store.append(stream, msgspec.structs.replace(one, signed=msgspec.structs.replace(one.signed, key=key_id(key))))

    def beat(self, site="xa-a", box="hop-1"):
        self.send("health", Health(site=site, at=self.clock.now(), box=box, queued=0, oldest_at=0), site, box)

    async def read(self):
        while await self.province.turn():
            pass

    async def wait(self, seconds, every=60, beating=()):
        """Time that passes with the service at work."""
        for _ in range(int(seconds // every)):
            self.clock.move(every)
            for site in beating:
                self.beat(site)
            await self.read()

    def told(self):
        rows = []
        while leased := self.journal.table.lease("soc", 1000).rows:
            rows += leased
            self.journal.table.acknowledge("soc", [Receipt(row.seq, "accepted") for row in leased])
        changes = [row.document.change for row in rows if isinstance(row.document, Told)]
        return [(change.finding.site, change.step, change.finding.urgency.value) for change in changes]
