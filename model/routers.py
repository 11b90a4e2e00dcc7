"""Which devices route, and which of them nobody declared: the matter of VG-NET-05.

One sign alone mostly says little: a virtual machine behind a PC lowers the time to live as a router does, and any network may be numbered like a phone's.
So signs are graded, and agree or not: `direct` (its own word that it is a router, or packets from outside that it brought), `strong`, `weak`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Literal

import msgspec

from model import segments, servers
from model.classes.judge import classify, named
from model.verdict import Evidence, EvidenceKind, Grade, Outcome
from model.wire import exposure
from model.wire.proof import is_shared

if TYPE_CHECKING:
    from model.classes.kinds import Classification
    from model.rows import Asset, Sighting
    from model.site import SiteView
    from model.wire.servers import Served

Kind = Literal["router", "access_point", "kvm", "tether", "modem"]
Strength = Literal["direct", "strong", "weak"]

# The address by which phones, PCs and sticks that share their line call themselves (network.md §5.1: AOSP, iOS, Windows ICS; Huawei HiLink).
_PLANS: dict[str, tuple[Kind, Strength]] = {
    "192.168.42.129": ("tether", "strong"),
    "192.168.43.1": ("tether", "strong"),
    "192.168.44.1": ("tether", "weak"),
    "172.20.10.1": ("tether", "strong"),
    "192.168.137.1": ("tether", "strong"),
    "192.168.8.1": ("modem", "weak"),
}
# PiKVM's cable to the PC it controls, as its handbook sets it up: network and both ends' addresses.
_PIKVM = "172.30.30."
_PIKVM_MACS = frozenset({"48:6f:73:74:50:43", "42:61:64:55:53:42"})
_IGD = ("device:internetgatewaydevice:", "service:wanipconnection:", "service:wanpppconnection:")
_CLASSES: dict[str, Kind] = {"router": "router", "access_point": "access_point", "kvm": "kvm"}
_BY_GRADE: dict[Grade | None, Strength] = {Grade.CONFIRMED: "direct", Grade.LIKELY: "strong"}
# A remote keyboard, somebody's phone or a stick belongs in no office network, whatever is declared about its routers.
_NEVER_LAWFUL = frozenset({"kvm", "tether", "modem"})
# Of the others on its segments: whoever made up thousands of their kind would have each of them looked at for each.
_LOOKED_AT = 512
_RANK: tuple[Strength, ...] = ("weak", "strong", "direct")


class Sign(msgspec.Struct, frozen=True, kw_only=True):
    """One reason to take a device for a router: `name` in the machine's words, `kind` where it tells more than that it routes.

    `unicast`: a plain port does not hear it.
    """

    name: str
    strength: Strength
    evidence: Evidence
    kind: Kind = "router"
    unicast: bool = False


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What the signs come to. Outcome unknown: too little; not applicable: no routers are declared; clear: declared."""

    outcome: Outcome
    kind: Kind
    grade: Grade
    signs: tuple[Sign, ...]

    @property
    def last(self) -> int:
        """When the latest sign was heard, ns."""
        return max(sign.evidence.at for sign in self.signs)


def judged(view: SiteView, asset: Asset) -> Judged | None:
    """What the asset's signs come to; None where there are none, or its address is one that routers share by turns (VRRP)."""
    if asset.macs and all(map(is_shared, asset.macs)):
        return None
    signs = sorted(_signs(view, asset), key=lambda sign: (-_RANK.index(sign.strength), sign.name))
    if not signs:
        return None
    kind = _kind(signs)
    grade = _grade(signs)
    outcome = Outcome.CLEAR if is_declared(view, asset) else _outcome(view, asset, kind, grade)
    return Judged(outcome=outcome, kind=kind, grade=grade, signs=tuple(signs))


def takes_over(view: SiteView, asset: Asset) -> bool:
    """Whether this matter leaves nothing to say of the same device to the rule about unlisted ones."""
    found = judged(view, asset)
    return found is not None and found.outcome in (Outcome.VIOLATION, Outcome.NOT_APPLICABLE)


def is_declared(view: SiteView, asset: Asset) -> bool:
    """Whether people know the box: as a router or DHCP server of one of its legs, or by the register."""
    if view.declared.registered(frozenset(asset.macs)) is not None:
        return True
    legs = {segment.partition("/")[0] for segment in asset.segments}
    known = [server for server in (*(view.declared.routers or ()), *(view.declared.dhcp_servers or ())) if server.leg in legs]
    return any(server.mac in asset.macs if server.mac else server.ip in asset.ips for server in known)


def _outcome(view: SiteView, asset: Asset, kind: Kind, grade: Grade) -> Outcome:
    if grade is Grade.INFERRED:
        return Outcome.UNKNOWN
    if view.declared.routers is not None:
        return Outcome.VIOLATION
    return Outcome.VIOLATION if kind == "kvm" or (kind in _NEVER_LAWFUL and _among_others(view, asset)) else Outcome.NOT_APPLICABLE


def _among_others(view: SiteView, asset: Asset) -> bool:
    """Whether its plan is a stranger on the segment: one that all use may be the office's own way out, for all that is declared."""
    mine = {ip.rpartition(".")[0] for ip in asset.ips if ip in _PLANS}
    met = {segment for segment in asset.segments if (row := view.segments.get(segment)) and not row.ranges.keys() <= mine}
    others = (other for other in view.assets.values() if other.id != asset.id and not met.isdisjoint(other.segments))
    return any(spans and not spans & mine for spans in map(_spans, islice(others, _LOOKED_AT)))


def _spans(asset: Asset) -> set[str]:
    return {ip.rpartition(".")[0] for ip in asset.ips if segments.range_of(ip) is not None}


def _grade(signs: Sequence[Sign]) -> Grade:
    strengths = [sign.strength for sign in signs]
    if "direct" in strengths:
        return Grade.CONFIRMED
    return Grade.LIKELY if "strong" in strengths or len({sign.name for sign in signs}) > 1 else Grade.INFERRED


def _kind(signs: Sequence[Sign]) -> Kind:
    """The most telling of what the signs say it is."""
    said = {sign.kind for sign in signs}
    order: tuple[Kind, ...] = ("kvm", "tether", "modem", "access_point")
    return next((kind for kind in order if kind in said), "router")


def _signs(view: SiteView, asset: Asset) -> Iterator[Sign]:
    yield from _served(view, asset)
    yield from _advertised(asset)
    yield from _numbered(asset)
    yield from _hops(view, asset)
    yield from _classified(asset)


def _sign(name: str, strength: Strength, kind: EvidenceKind, value: str, at: int) -> Sign:
    return Sign(name=name, strength=strength, evidence=Evidence(kind, value[:200], at))


def _served(view: SiteView, asset: Asset) -> Iterator[Sign]:
    row = view.wire.servers.get(asset.id)
    for served in (row.served[key] for key in sorted(row.served)) if row else ():
        if served.kind == "ra":
            yield _sign("ra", "direct", "ra", served.server, served.seen.last)
        elif served.kind == "dhcp4":
            yield from _dhcp(view, asset, served)


def _dhcp(view: SiteView, asset: Asset, served: Served) -> Iterator[Sign]:
    promise = served.promise.value if served.promise else None
    if promise is None or promise.relay:
        return
    itself = [ip for ip in promise.routers if ip in (promise.ip, served.server)]
    if itself:
        yield _sign("dhcp", "direct", "dhcp", f"router {itself[0]}", served.seen.last)
    if servers.rivals(view, asset, served):
        yield _sign("double_dhcp", "weak", "dhcp", served.server, served.seen.last)


def _advertised(asset: Asset) -> Iterator[Sign]:
    rows = sorted((upnp for upnp in asset.upnp.values() if any(word in upnp.target.lower() for word in _IGD)), key=lambda upnp: (-upnp.seen.last, upnp.usn))
    for upnp in rows[:1]:
        yield _sign("igd", "direct", "ssdp", upnp.target, upnp.seen.last)
    for via, held in sorted(asset.signs.neighbour.items()):
        able = set(held.value.capabilities)
        if "router" in able and "bridge" not in able:
            yield _sign("lldp", "direct", "lldp", f"{via} router", held.stamp.at)
        elif "wlan" in able and "phone" not in able:
            yield Sign(name="lldp", strength="direct", evidence=Evidence("lldp", f"{via} wlan", held.stamp.at), kind="access_point")


def _numbered(asset: Asset) -> Iterator[Sign]:
    """It calls itself as those do that share their line."""
    for ip, seen in sorted(asset.ips.items()):
        if ip in _PLANS:
            kind, strength = _PLANS[ip]
            yield Sign(name="plan", strength=strength, evidence=Evidence("address", ip, seen.last), kind=kind)
        elif ip.startswith(_PIKVM):
            yield Sign(name="plan", strength="strong", evidence=Evidence("address", ip, seen.last), kind="kvm")
    for mac in sorted(_PIKVM_MACS & asset.macs.keys()):
        yield Sign(name="pikvm", strength="strong", evidence=Evidence("mac", mac, asset.macs[mac].last), kind="kvm")


def _hops(view: SiteView, asset: Asset) -> Iterator[Sign]:
    row = exposure.of(view, asset.id)
    if row is None:
        return
    if row.brings is not None:
        yield Sign(name="brings", strength="direct", evidence=Evidence("ttl", "≠ 64, 128, 255", row.brings.last), unicast=True)
    behind = {ttl: seen for ttl, seen in row.hops.items() if ttl in exposure.ROUTED}
    if behind:
        value = ", ".join(map(str, sorted(row.hops)))
        yield Sign(name="hops", strength=_told_by(asset, row.hops), evidence=Evidence("ttl", value, max(seen.last for seen in behind.values())), unicast=True)


def _told_by(asset: Asset, hops: dict[int, Sighting]) -> Strength:
    """Two kinds of system behind one, or one of another kind than itself: more than one virtual machine of the PC's own kind (Hyper-V, Docker)."""
    behind = {exposure.ROUTED[ttl] for ttl in hops if ttl in exposure.ROUTED}
    own = {ttl for ttl in hops if ttl not in exposure.ROUTED}
    if asset.dhcp is not None and asset.dhcp.value.ttl in exposure.ROUTED.values():
        own.add(asset.dhcp.value.ttl)
    return "strong" if len(behind) > 1 or (own and not behind & own) else "weak"


def _classified(asset: Asset) -> Iterator[Sign]:
    """What kind of device its other signs agree on."""
    kind = _CLASSES.get(named(asset))
    if kind is None:
        return
    found = classify(asset)
    strength = _BY_GRADE.get(found.grade, "weak")
    seen = next((piece for piece in found.evidence if not piece.value.startswith("≠")), None)
    at = max((piece.at for piece in found.evidence), default=asset.seen.last)
    evidence = Evidence(seen.kind, seen.value[:200], at) if seen else Evidence("state", found.name, asset.seen.last)
    # Its own roles were told above; alone they are no further sign.
    if not _is_role_alone(found):
        yield Sign(name="class", strength=strength, evidence=evidence, kind=kind)


def _is_role_alone(found: Classification) -> bool:
    return all(piece.kind in ("dhcp", "ra") and piece.value.startswith(("DHCP", "RA")) for piece in found.evidence)
