"""What people call an asset (the name they declared, else the one it announces, else an address), a segment, and two of them."""

from __future__ import annotations

from model.declared import Declared, Zone
from model.rows import Asset
from model.screens.mdns import FAMILIES
from model.text import shown
from model.times import HOUR

# Before the name in a PC's certificate, among the names an asset has: no frame brings it.
PC = "pc:"


def name_of(declared: Declared, asset: Asset) -> str:
    """The best name for sentences, never empty."""
    macs = frozenset(asset.macs)
    known = declared.screen(macs) or declared.registered(macs)
    if known is not None and known.name:
        return shown(known.name)
    return shown(_enrolled(declared, asset) or _announced(asset) or _host_name(asset) or _address(declared, asset))


def _enrolled(declared: Declared, asset: Asset) -> str:
    """What people call the PC that its certificate names, else that name; empty for what is no enrolled PC."""
    ids = [name.removeprefix(PC) for name in asset.names if name.startswith(PC)]
    known = declared.pc(frozenset(each.lower() for each in ids))
    return (known.name if known else "") or min(ids, default="")


def zone_of(declared: Declared, segment: str) -> Zone | None:
    """What people declared of the segment with this id, `leg` or `leg/10.20`."""
    leg, _, tags = segment.partition("/")
    return declared.zone_of(leg, tuple(int(tag) for tag in tags.split(".") if tag.isdecimal()))


def segment_name(declared: Declared, segment: str) -> str:
    """The declared name of a segment, else its id."""
    zone = zone_of(declared, segment)
    return zone.name if zone and zone.name else segment


def pair_name(declared: Declared, pair: str) -> str:
    """Both names of a pair of segments (`model.segments.pair_id`); of one segment its own."""
    return " ↔ ".join(segment_name(declared, part) for part in pair.split("|"))


def _announced(asset: Asset) -> str:
    screens = [service for service in asset.services.values() if service.service in FAMILIES and service.instance]
    for service in sorted(screens, key=lambda s: (s.service, s.instance)):
        # Cast instances are a model and an identifier; the friendly name is in TXT. RAOP instances are MAC@name.
        friendly = service.text.get("fn") or service.instance.rpartition("@")[2]
        if friendly:
            return friendly
    return ""


def _host_name(asset: Asset) -> str:
    names = sorted(asset.names, key=lambda name: (-asset.names[name].last, name))
    return names[0].partition(":")[2].removesuffix(".local.") if names else ""


def address_of(asset: Asset) -> str:
    """The IP address it is known by: of those heard within an hour of the newest the first, since who takes another's address had one before. Empty: none."""
    newest = max((seen.last for seen in asset.ips.values()), default=0)
    current = [ip for ip, seen in asset.ips.items() if newest - seen.last < HOUR]
    return min(current, key=lambda ip: (asset.ips[ip].first, ip), default="")


def _address(declared: Declared, asset: Asset) -> str:
    ip = address_of(asset)
    # Whoever takes a router's address is not called by it: somebody would go and unplug the router.
    taken = any(router.ip == ip and router.mac not in asset.macs for router in declared.routers or () if router.ip and router.mac)
    return (ip if not taken else "") or min(asset.macs, default=asset.id)
