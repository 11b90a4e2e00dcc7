"""What the page reads before it is drawn, and the questions all views ask of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from exporters.console.speech import Speech
from model.naming import address_of, name_of, pair_name, segment_name, zone_of
from model.portals.declared import Portal
from model.portals.hosts import host_of
from model.portals.rows import FeedRow
from model.privacy import is_veiled
from model.rows import Asset, Episode, Leg, Segment, Sensor
from model.wire.proof import ProofRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from model.declared import Declared, Zone
    from model.ledger import Change
    from model.ports import CoreStatus, JournalReader, SinkStatus
    from model.text import Language
    from model.verdict import Subject, Verdict

# Enough of a hash to tell two devices of one hall apart by eye.
_HASH_SHOWN = 8


@dataclass(frozen=True)
class Snapshot:
    """The journal as read for one page. `version` was asked first: a change during the reading is announced, never missed."""

    version: int
    status: CoreStatus
    declared: Declared
    findings: Sequence[Change] = ()
    verdicts: Sequence[Verdict] = ()
    assets: dict[str, Asset] = field(default_factory=dict)
    sensors: Sequence[Sensor] = ()
    episodes: Sequence[Episode] = ()
    sinks: Sequence[SinkStatus] = ()
    segments: Sequence[Segment] = ()
    legs: Sequence[Leg] = ()
    probed: Sequence[ProofRow] = ()
    language: Language = "vi"
    portals: dict[str, Portal] = field(default_factory=dict)
    feeds: Sequence[FeedRow] = ()

    @property
    def now(self) -> int:
        """Core's own time, ns: ages on the page are event time (architecture rule 9)."""
        return self.status.now

    @property
    def standing(self) -> int:
        """How many findings are open."""
        return sum(change.finding.state == "open" for change in self.findings)

    def asset_name(self, asset: Asset) -> str:
        """What people call it, never empty: as alerts do. A citizen's own device has no name, only the beginning of its hash."""
        return self.veiled_name(asset) if is_veiled(asset) else name_of(self.declared, asset)

    def veiled_name(self, asset: Asset) -> str:
        """How a citizen's own device is called: what it is to us, and enough of its hash to find it again."""
        return Speech(self.language).say("citizen_device", hash=hash_of(asset)[:_HASH_SHOWN])

    def address_of(self, asset: Asset) -> str:
        """The address it is known by, or its MAC; empty for a citizen's own device."""
        return "" if is_veiled(asset) else address_of(asset) or next(iter(asset.macs), "")

    def subject_address(self, subject: Subject) -> str:
        """The address of a device that a finding is about; empty for other subjects."""
        asset = self.assets.get(subject.id) if subject.kind == "asset" else None
        return self.address_of(asset) if asset else ""

    def gateways(self) -> frozenset[str]:
        """The addresses that DHCP servers name as the way out, and those declared to be."""
        offered = {ip for asset in self.assets.values() if asset.offer for ip in asset.offer.value.routers}
        return frozenset(offered | {router.ip for router in self.declared.routers or () if router.ip})

    def zone(self, segment: str) -> Zone | None:
        """What people declared of a segment."""
        return zone_of(self.declared, segment)

    def segment_name(self, segment: str) -> str:
        """The declared name of a segment, else its id."""
        return segment_name(self.declared, segment)

    def role(self, segment: str) -> str:
        """Whom a segment serves, `unlabelled` where nobody said."""
        zone = self.zone(segment)
        return zone.role if zone else "unlabelled"

    def role_of(self, asset: Asset) -> str:
        """Whom an asset serves: as its register line or its screen says, else as the segment does where it was heard last."""
        macs = frozenset(asset.macs)
        if line := self.declared.registered(macs):
            return line.role
        if self.declared.screen(macs):
            return "display"
        latest = max(asset.segments, key=lambda name: (asset.segments[name].last, name), default="")
        return self.role(latest) if latest else "unlabelled"

    def subject_name(self, subject: Subject, told: str = "") -> str:
        """What people call a subject; `told` is the name that came with its change."""
        asset = self.assets.get(subject.id) if subject.kind == "asset" else None
        if asset is not None:
            return self.asset_name(asset)
        if subject.kind == "sensor":
            leg = next((row.leg for row in self.sensors if row.sensor == subject.id), "")
            return Speech(self.language).sensor(subject.id, leg)
        if subject.kind in ("segment", "segments"):
            return pair_name(self.declared, subject.id)
        if subject.kind == "portal" and subject.id in self.portals:
            return self.portal_name(self.portals[subject.id])
        return told or subject.id

    def portal_name(self, portal: Portal) -> str:
        """What people call a portal: its declared name, else its host."""
        return portal.name or self.portal_host(portal) or portal.id

    def portal_host(self, portal: Portal) -> str:
        """The host of a portal's home page."""
        return host_of(portal.url)

    def place_of(self, subject: Subject) -> str:
        """Where it is: the host of a portal, the declared place of a screen or asset, else the segment it was heard on last."""
        if subject.kind == "portal" and subject.id in self.portals:
            return self.portal_host(self.portals[subject.id])
        asset = self.assets.get(subject.id) if subject.kind == "asset" else None
        if asset is None:
            return ""
        macs = frozenset(asset.macs)
        known = self.declared.screen(macs) or self.declared.registered(macs)
        if known is not None and known.place:
            return known.place
        latest = max(asset.segments, key=lambda name: asset.segments[name].last, default="")
        return self.segment_name(latest) if latest else ""


def hash_of(asset: Asset) -> str:
    """The keyed hash of a citizen's own device, without its mark; empty for other assets."""
    return min(asset.macs).partition(":")[2] if is_veiled(asset) else ""


async def read(reader: JournalReader, declared: Declared, language: Language, *, assets: bool = True, verdicts: bool = False, sinks: bool = False) -> Snapshot:
    """Reads what a view asked for (findings always: their number stands in the menu). Raises what the reader raises."""
    version = await reader.wait(-1, 0.0)
    rows = await reader.rows()
    return Snapshot(
        version=version,
        status=await reader.status(),
        declared=declared,
        findings=await reader.findings(),
        verdicts=await reader.verdicts() if verdicts else (),
        assets={asset.id: asset for asset in (await reader.assets() if assets else ())},
        sensors=sorted((row for row in rows if isinstance(row, Sensor)), key=lambda row: row.sensor),
        episodes=[row for row in rows if isinstance(row, Episode)],
        sinks=await reader.sinks() if sinks else (),
        segments=sorted((row for row in rows if isinstance(row, Segment)), key=lambda row: row.id),
        legs=sorted((row for row in rows if isinstance(row, Leg)), key=lambda row: row.name),
        probed=sorted((row for row in rows if isinstance(row, ProofRow)), key=lambda row: row.id),
        language=language,
        portals={portal.id: portal for portal in declared.portals or ()},
        feeds=[row for row in rows if isinstance(row, FeedRow)],
    )
