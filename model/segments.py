"""What a segment's frames say about its bounds: address ranges in use on one wire, and devices heard on two wires at once."""

from __future__ import annotations

import ipaddress
from bisect import bisect_left
from collections.abc import Iterable
from typing import TYPE_CHECKING

from model.rows import Asset, Segment, Sighting
from model.times import SECOND
from model.verdict import Subject

if TYPE_CHECKING:
    from model.fact import StationFact
    from model.site import SiteView

MAX_RANGES = 64
# Seconds kept of when a device was heard on a segment, and on two at once: the latest, whatever order facts arrive in.
MAX_SECONDS = 16

# Ranges nobody gets from a plan: link-local (a device without DHCP), loopback, this-network, multicast.
_NO_PLAN = tuple(map(ipaddress.IPv4Network, ("169.254.0.0/16", "127.0.0.0/8", "0.0.0.0/8", "224.0.0.0/3")))
_HOME = ipaddress.IPv4Network("192.168.0.0/16")

Range = ipaddress.IPv4Network


def name(leg: str, vlan: tuple[int, ...]) -> str:
    """A segment's id: `leg`, or `leg/10` and `leg/10.20` for tagged frames."""
    return leg if not vlan else leg + "/" + ".".join(map(str, vlan))


def pair_id(one: str, other: str) -> str:
    """The id of a pair of segments, whichever is named first."""
    return "|".join(sorted((one, other)))


def note(view: SiteView, asset: Asset, segment: Segment, fact: StationFact) -> tuple[Subject, ...]:
    """Takes in that `asset` uses `fact.ip` on `segment`; the subjects whose verdicts may differ."""
    touched: tuple[Subject, ...] = ()
    start, dot, _ = fact.ip.rpartition(".")
    if dot and _extend(segment.ranges, start, fact.at):
        touched = (Subject("segment", segment.id),)
    second = fact.at // SECOND
    heard = asset.heard.get(segment.id)
    if heard is None:
        heard = asset.heard[segment.id] = []
    elif heard and heard[-1] == second:
        return touched
    if keep_latest(heard, second, MAX_SECONDS) and len(asset.segments) > 1:
        touched += _crossed(view, asset, segment, second)
    return touched


def _extend(ranges: dict[str, Sighting], start: str, at: int) -> bool:
    known = ranges.get(start)
    if known is not None:
        known.extend(at)
    elif len(ranges) < MAX_RANGES:
        ranges[start] = Sighting(at, at)
        return True
    return False


def keep_latest(seconds: list[int], second: int, most: int) -> bool:
    """Puts a second into an ordered list of the latest; False when it is there already or older than all that are kept."""
    if not seconds or second > seconds[-1]:
        seconds.append(second)
    elif (place := bisect_left(seconds, second)) < len(seconds) and seconds[place] == second:
        return False
    else:
        seconds.insert(place, second)
    if len(seconds) > most:
        return seconds.pop(0) != second
    return True


def merge(into: Asset, lesser: Asset) -> None:
    """Two assets were one: the latest seconds of both."""
    for mine, theirs in ((into.heard, lesser.heard), (into.crossed, lesser.crossed)):
        for key, seconds in theirs.items():
            for second in seconds:
                keep_latest(mine.setdefault(key, []), second, MAX_SECONDS)


def _crossed(view: SiteView, asset: Asset, segment: Segment, second: int) -> tuple[Subject, ...]:
    """The same broadcast reaches two legs of one switch within milliseconds; a laptop that roams needs longer, and does it once."""
    touched: tuple[Subject, ...] = ()
    for other, seconds in asset.heard.items():
        row = view.segments.get(other)
        if row is None or row.leg == segment.leg or second not in seconds:
            continue
        pair = pair_id(segment.id, other)
        if keep_latest(asset.crossed.setdefault(pair, []), second, MAX_SECONDS):
            touched += (Subject("segments", pair),)
    return touched


def newcomer(view: SiteView) -> tuple[Subject, ...]:
    """The segment met last, and its pairs with the others: until now they were not to be judged."""
    *others, new = view.segments
    return (Subject("segment", new), *(Subject("segments", pair_id(new, other)) for other in others))


def range_of(ip: str, known: Iterable[Range] = ()) -> Range | None:
    """The range an address belongs to: a network known from DHCP or declared, else /24 in 192.168/16 as homes number theirs, else /20.

    Without a mask nobody knows where a plan ends; /20 keeps the adjacent /24s of one wide network together (a wide mask is no finding).
    None for IPv6 and for addresses of no plan.
    """
    try:
        address = ipaddress.IPv4Address(ip)
    except ValueError:
        return None
    if any(address in network for network in _NO_PLAN):
        return None
    return next((network for network in known if address in network), None) or Range((address, 24 if address in _HOME else 20), strict=False)


def networks(assets: Iterable[Asset]) -> list[Range]:
    """The networks that DHCP servers gave out, widest first."""
    found: set[Range] = set()
    for asset in assets:
        offer = asset.offer.value if asset.offer else None
        if offer is not None and offer.mask:
            found.update(filter(None, (network(ip, offer.mask) for ip in (offer.server_id, *offer.routers, *asset.ips))))
    return sorted(found, key=lambda network: (network.prefixlen, network.network_address))


def network(ip: str, mask: str) -> Range | None:
    """The network of an address and its mask, None where the two are no such thing."""
    try:
        return Range(f"{ip}/{mask}", strict=False)
    except ValueError:
        return None


def members(view: SiteView, segment: str) -> list[Asset]:
    """The assets heard on a segment."""
    return [asset for asset in view.assets.values() if segment in asset.segments]


def serves(asset: Asset) -> bool:
    """Whether it hands out addresses or routes: its own addresses then lie in every range it serves."""
    return asset.offer is not None or asset.router is not None


def ranges_apart(assets: Iterable[Asset], known: Iterable[Range]) -> dict[Range, list[str]]:
    """Ranges with at least one device that uses no other, and those devices' ids; routers and devices that changed range do not count."""
    networks_known = list(known)
    apart: dict[Range, list[str]] = {}
    for asset in assets:
        own = {found for ip in asset.ips if (found := range_of(ip, networks_known))}
        if len(own) == 1 and not serves(asset):
            apart.setdefault(own.pop(), []).append(asset.id)
    return apart
