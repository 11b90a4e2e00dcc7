"""Boxes as a province meets them: a real journal that signs, the real sink, the real engine."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from collector.clock import Clock
from collector.journal import Batch, Journal, Signing
from exporters.elastic import Elastic, ElasticOptions, Origin
from model.fleet.declared import FleetBox, FleetDeclared, FleetSite
from model.fleet.signed import key_id
from model.ledger import Change, finding_id
from model.ports import Document, Health
from model.times import SECOND
from model.verdict import Subject
from tests.exporters.samples import change as sample

# 22/11/2026 08:00:00 in Viet Nam, a Sunday; days later is a Monday.
NOW = 1_795_309_200 * SECOND


class FakeClock:
    """A clock that stands until it is moved."""

    def __init__(self, now: int = NOW) -> None:
        self.ns = now

    def now(self) -> int:
        return self.ns

    def monotonic(self) -> float:
        return self.ns / SECOND

    def move(self, seconds: float) -> None:
        self.ns += int(seconds * SECOND)


class Box:
    """Box `name`, whose key is made of its name; it may write for other sites than it is declared for."""

    def __init__(self, name: str, folder: Path, urls: str | tuple[str, ...], namespace: str, clock: Clock, *, key: str = "", **options: Any) -> None:
        self.name = name
        self._private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256((key or name).encode()).digest())
        self.public = self._private.public_key().public_bytes_raw()
        self.journal = Journal.open(folder / f"{name}.db", box=name, clock=clock, signing=Signing(frozenset({"soc"}), key_id(self.public), self._private.sign))
        addresses = (urls,) if isinstance(urls, str) else urls
        self.sink = Elastic(ElasticOptions(name="soc", urls=addresses, namespace=namespace, origin=Origin(box=name), **options), now=clock.now)
        self._clock = clock

    def line(self, site: str, **bounds: int) -> FleetBox:
        """What boxes.csv says of it."""
        return FleetBox(box=self.name, site=site, key=self.public, **bounds)

    def commit(self, site: str, *changes: Change, documents: Sequence[Document] = ()) -> None:
        self.journal.commit(Batch(site=site, now=self._clock.now(), changes=changes, documents=documents))

    def beat(self, site: str) -> None:
        """A heartbeat of now."""
        self.commit(site, documents=[Health(site=site, at=self._clock.now(), box=self.name, queued=0, oldest_at=0)])

    async def deliver(self) -> int:
        """Sends all that waits; how many rows the engine took."""
        outbox, taken = self.journal.outbox(), 0
        await outbox.register("soc", self.sink.streams)
        while rows := await outbox.lease("soc", self.sink.batch, 0.0):
            receipts = await self.sink.send(rows)
            assert {receipt.outcome for receipt in receipts} == {"accepted"}, receipts
            await outbox.acknowledge("soc", receipts)
            taken += len(rows)
        return taken

    async def close(self) -> None:
        await self.sink.close()
        self.journal.close()


def told(site: str, number: int = 1, step: str = "opened", at: int = NOW, **fields: Any) -> Change:
    """A change of a site's finding about its device `number`."""
    subject = fields.pop("subject", Subject("asset", f"a{number}"))
    detector = fields.pop("detector", "VG-NET-02")
    return sample(step, at=at, site=site, detector=detector, subject=subject, id=finding_id(site, detector, subject), **{"opened": at, **fields})


def roster(*boxes: FleetBox, sites: Sequence[str] = (), province: str = "79") -> FleetDeclared:
    """A province of these boxes, and of the sites they write for."""
    codes = dict.fromkeys([*sites, *(box.site for box in boxes)])
    return FleetDeclared(province=province, name="Tỉnh Thử", sites={code: FleetSite(site=code, name=f"Trung tâm {code}") for code in codes}, boxes=boxes)
