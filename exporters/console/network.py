"""What the network picture shows of a site: lines out, segments as lanes, the devices of each, and what joins two lanes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from exporters.console.inventory import DISPLAY, lamps_of
from exporters.console.kinds import known_of, most_first, order_of, picture_of
from exporters.console.overview import sensor_rows
from model.ledger import STANDING
from model.privacy import is_veiled
from model.segments import name as segment_name
from model.times import DAY, HOUR
from model.verdict import Outcome, Severity, Subject

if TYPE_CHECKING:
    from exporters.console.kinds import Classify
    from exporters.console.snapshot import Snapshot
    from model.ledger import Change
    from model.rows import Asset
    from model.verdict import Verdict
    from model.wire.proof import Run

SHARED: Final = "VG-NET-01"
CLAIMED: Final = "VG-NET-08"
ROLES: Final = ("citizen", "staff", "display", "infrastructure", "unlabelled")
# The ladder of VG-NET-01, strongest first; the first four join two lanes, the others say that nothing is known to.
LADDER: Final = ("shared_l2", "same_subnet", "routed_reachable", "same_line_only", "not_observed", "blind")
JOINING: Final = LADDER[:4]
# A stranger may send any VLAN tag: what is drawn is bounded, the rest counted.
MAX_LANES: Final = 10
MAX_HEADS: Final = 4
MAX_DEVICES: Final = 12
MAX_GROUPS: Final = 8
# A passing phone has no name to know it by: a few of a class show what they are, the others are a number.
MAX_VEILED: Final = 2
SEVERITIES: Final = tuple(severity.value for severity in Severity)
# Heard on two segments within this time, a device stands where it was met first: it does not jump with each frame.
TOGETHER: Final = HOUR

Hearing = Literal["all", "part", "deaf"]


@dataclass(frozen=True)
class Device:
    """One device as drawn. Of screens `worst` is the display rule's answer with its `lamps`; `serves`: what it does for its lane; `also`: other lanes."""

    asset: Asset
    kind: str
    veiled: bool
    away: bool
    serves: tuple[str, ...]
    also: tuple[str, ...]
    severity: str = ""
    worst: str = ""
    lamps: tuple[tuple[str, str], ...] = ()

    @property
    def picture(self) -> str:
        """Its picture: a screen is what the display rule judges, whatever its class."""
        return "screen" if self.lamps else picture_of(self.kind)


@dataclass(frozen=True)
class Lane:
    """A segment: who serves it stands in `heads`, `folded` counts by class those that are not drawn."""

    id: str
    leg: str
    role: str
    uplink: str
    vantage: str
    hearing: Hearing
    heads: tuple[Device, ...]
    devices: tuple[Device, ...]
    folded: tuple[tuple[str, int], ...]
    total: int
    finding: Change | None


@dataclass(frozen=True)
class Link:
    """What is known between two segments; `rung` is a rung of the ladder, `number` from 1 among those that join, else 0."""

    one: str
    other: str
    rung: str
    verdict: Verdict
    finding: Change | None
    number: int = 0

    @property
    def pair(self) -> str:
        """The pair's id."""
        return self.verdict.subject.id


@dataclass(frozen=True)
class Network:
    """The whole picture; `hidden` segments found no room."""

    lanes: tuple[Lane, ...]
    links: tuple[Link, ...]
    hidden: int


def network(snapshot: Snapshot, classify: Classify) -> Network:
    """The site as it is drawn: the same rows give the same picture, and one more device moves nothing in other lanes."""
    homes = {asset.id: home_of(asset) for asset in snapshot.assets.values()}
    members: dict[str, list[Asset]] = {}
    for asset in snapshot.assets.values():
        if homes[asset.id]:
            members.setdefault(homes[asset.id], []).append(asset)
    ids = _lane_ids(snapshot, members)
    findings = {change.finding.subject: change for change in snapshot.findings if change.finding.state in STANDING and change.finding.detector == SHARED}
    screens = {verdict.subject.id: verdict for verdict in snapshot.verdicts if verdict.detector == DISPLAY and verdict.outcome is not Outcome.NOT_APPLICABLE}
    liars = frozenset(change.finding.subject.id for change in snapshot.findings if change.finding.state in STANDING and change.finding.detector == CLAIMED)
    painter = _Painter(snapshot, classify, screens, worst_open(snapshot), snapshot.gateways(), liars)
    lanes = tuple(_lane(snapshot, name, [painter.device(asset) for asset in members.get(name, ())], findings) for name in ids[:MAX_LANES])
    return Network(lanes, tuple(links(snapshot)), len(ids) - len(lanes))


@dataclass(frozen=True)
class ProbeLine:
    """The last run of one probe: the leg it was made on, the leg it went to (empty for none), what came of it."""

    leg: str
    probe: str
    target: str
    run: Run


def probe_lines(snapshot: Snapshot) -> list[ProbeLine]:
    """Every probe with its last run, in the order of legs."""
    runs = ((row.id, kind.partition(">"), runs[-1]) for row in snapshot.probed for kind, runs in sorted(row.runs.items()) if runs)
    return [ProbeLine(leg, probe, target, run) for leg, (probe, _, target), run in runs]


def home_of(asset: Asset) -> str:
    """The segment an asset stands on: of those it was heard on lately the one where it was met first."""
    if not asset.segments:
        return ""
    latest = max(sighting.last for sighting in asset.segments.values())
    near = [name for name, sighting in asset.segments.items() if latest - sighting.last <= TOGETHER]
    return min(near, key=lambda name: (asset.segments[name].first, name))


def worst_open(snapshot: Snapshot) -> dict[str, str]:
    """The worst severity among the open findings of each asset."""
    worst: dict[str, str] = {}
    for change in sorted(snapshot.findings, key=lambda change: change.finding.severity.rank):
        if change.finding.state == "open" and change.finding.subject.kind == "asset":
            worst[change.finding.subject.id] = change.finding.severity.value
    return worst


def _lane_ids(snapshot: Snapshot, members: dict[str, list[Asset]]) -> list[str]:
    """Every segment declared or heard, and every leg of which nothing else is known: by role, then by name; the fullest where room is short."""
    declared = {segment_name(zone.leg, zone.vlan) for zone in snapshot.declared.zones}
    heard = {row.id for row in snapshot.segments} | members.keys()
    legs = {row.name for row in snapshot.legs} | {row.leg for row in snapshot.sensors if row.leg} | set(snapshot.declared.legs)
    bare = legs - {name.partition("/")[0] for name in declared | heard}
    names = sorted(declared | heard | bare)
    shown = sorted(names, key=lambda name: (name not in declared, -len(members.get(name, ())), name))
    drawn, rest = shown[:MAX_LANES], shown[MAX_LANES:]
    return [*sorted(drawn, key=lambda name: (ROLES.index(snapshot.role(name)), name)), *rest]


def _lane(snapshot: Snapshot, name: str, devices: list[Device], findings: dict[Subject, Change]) -> Lane:
    devices.sort(key=_order)
    heads = [device for device in devices if device.serves][:MAX_HEADS]
    leading = {device.asset.id for device in heads}
    others = [device for device in devices if device.asset.id not in leading]
    drawn, folded = _folded(others)
    leg = name.partition("/")[0]
    vantage = next((row.vantage for row in snapshot.legs if row.name == leg), "unknown")
    zone = snapshot.zone(name)
    return Lane(
        id=name,
        leg=leg,
        role=snapshot.role(name),
        uplink=zone.uplink if zone else "",
        vantage=vantage,
        hearing=_hearing(snapshot, leg, vantage),
        heads=tuple(heads),
        devices=tuple(drawn),
        folded=tuple(most_first([device.kind for device in folded])),
        total=len(devices),
        finding=findings.get(Subject("segment", name)),
    )


def _order(device: Device) -> tuple[object, ...]:
    """Where a device stands, whatever its state: screens first, then by class, then as they were met, so that a new one comes last of its class."""
    return (not device.lamps, order_of(device.kind), device.kind, device.veiled, device.asset.seen.first, device.asset.id)


def _folded(devices: list[Device]) -> tuple[list[Device], list[Device]]:
    """Which devices are drawn and which only counted. Those with findings and the few of a class come first, the crowd of one class is folded."""
    waiting: dict[tuple[str, bool], list[Device]] = {}
    for device in sorted(devices, key=lambda device: (-_grave(device), device.away)):
        waiting.setdefault((device.kind, device.veiled), []).append(device)
    # By turns: the n-th of every class before the n+1-th of any; screens before all, strangers' own and what fell silent last.
    turns = [
        (-_grave(device), device.picture != "screen", device.veiled, device.away, turn, device) for row in waiting.values() for turn, device in enumerate(row)
    ]
    turns.sort(key=lambda place: place[:5])
    chosen = [device for *_, turn, device in turns if not device.veiled or turn < MAX_VEILED]
    # "+1" would take the room of the one it hides.
    kept = {device.asset.id for device in (chosen if len(devices) <= MAX_DEVICES + 1 else chosen[:MAX_DEVICES])}
    return [device for device in devices if device.asset.id in kept], [device for device in devices if device.asset.id not in kept]


def _grave(device: Device) -> int:
    return 1 + SEVERITIES.index(device.severity) if device.severity else int(device.worst == "violation")


def _hearing(snapshot: Snapshot, leg: str, vantage: str) -> Hearing:
    if not any(row.state == "running" and row.row.leg == leg for row in sensor_rows(snapshot)):
        return "deaf"
    return "all" if vantage in {"mirror", "inline"} else "part"


@dataclass(frozen=True)
class _Painter:
    snapshot: Snapshot
    classify: Classify
    screens: dict[str, Verdict]
    severities: dict[str, str]
    gateways: frozenset[str]
    # Who takes the router's address is not drawn as the way out.
    liars: frozenset[str]

    def device(self, asset: Asset) -> Device:
        """An asset as it is drawn."""
        verdict = self.screens.get(asset.id)
        home = home_of(asset)
        latest = asset.segments[home].last
        return Device(
            asset=asset,
            kind=known_of(asset, self.classify).name,
            veiled=is_veiled(asset),
            away=self.snapshot.now - asset.seen.last > DAY,
            serves=serves(asset, self.gateways if asset.id not in self.liars else frozenset()),
            also=tuple(sorted(name for name, seen in asset.segments.items() if name != home and abs(latest - seen.last) <= TOGETHER)),
            severity=self.severities.get(asset.id, ""),
            worst=verdict.outcome.value if verdict else "",
            lamps=lamps_of(verdict) if verdict else (),
        )


def serves(asset: Asset, gateways: frozenset[str]) -> tuple[str, ...]:
    """What an asset does for its segment: hands out addresses, is the way out."""
    routes = asset.router is not None or not gateways.isdisjoint(asset.ips)
    return (*(("dhcp",) if asset.offer else ()), *(("gateway",) if routes else ()))


def links(snapshot: Snapshot) -> Iterable[Link]:
    """Every pair of segments the rule speaks about, the strongest rung first; those that join are numbered."""
    found = {change.finding.subject: change for change in snapshot.findings if change.finding.detector == SHARED and change.finding.state in STANDING}
    pairs = [verdict for verdict in snapshot.verdicts if verdict.detector == SHARED and verdict.subject.kind == "segments" and _rung(verdict)]
    pairs.sort(key=lambda verdict: (LADDER.index(_rung(verdict)), verdict.subject.id))
    for number, verdict in enumerate(pairs, 1):
        one, _, other = verdict.subject.id.partition("|")
        rung = _rung(verdict)
        yield Link(one, other, rung, verdict, found.get(verdict.subject), number if rung in JOINING else 0)


def _rung(verdict: Verdict) -> str:
    """The rung a verdict stands on; what is not violated joins nothing, whatever rung it names. Empty where the rule does not apply."""
    said = dict(verdict.state).get("ladder", "").removeprefix("proven_")
    match verdict.outcome:
        case Outcome.NOT_APPLICABLE:
            return ""
        case Outcome.VIOLATION:
            return said if said in JOINING else "blind"
        case Outcome.CLEAR:
            return "not_observed"
    return said if said in LADDER[4:] else "blind"
