"""What is kept of an asset's announcements. Every value is held with its stamp: facts in any order of arrival end in the same row (rule 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from model import episodes
from model.facts import PjlinkSeen, PortAnswered, ServiceAdvertised, UpnpAdvertised
from model.rows import MAX_PORTS, MAX_SERVICES, MAX_TEXTS, Asset, Held, Port, Service, Sighting, Stamp, Upnp, newest, put, tell
from model.screens import mdns
from model.screens.wire import location_port
from model.times import MINUTE

if TYPE_CHECKING:
    from model.site import SiteView

# Hearing the same again is news after this long: an unknown may become a violation again.
HEARD_AGAIN = 10 * MINUTE
_PEERS = 8

K = TypeVar("K", str, int)
R = TypeVar("R", Service, Upnp, Port)


def put_service(view: SiteView, asset: Asset, fact: ServiceAdvertised) -> bool:
    """Takes in DNS-SD records; True when they are news."""
    stamp = view.stamp(fact)
    key = fact.service + "|" + fact.instance
    row = asset.services.get(key)
    news = row is None or fact.at - row.seen.last >= HEARD_AGAIN
    if row is None:
        if not _room(view, asset, asset.services, MAX_SERVICES, fact.at):
            return False
        row = asset.services[key] = Service(fact.service, fact.instance, Sighting(fact.at, fact.at), Held(fact.alive, stamp))
    row.seen.extend(fact.at)
    news = row.alive.put(fact.alive, stamp) or news
    row.ttl = max(row.ttl, fact.ttl)
    row.proxied = row.proxied or bool(fact.owner_ip)
    if fact.host:
        tell(row, "host", fact.host, stamp)
    if fact.port:
        news = tell(row, "port", fact.port, stamp) or news
    if fact.text is not None and fact.alive:
        news = _put_text(row, Held(fact.text, stamp)) or news
    return _put_playing(view, asset, row, fact, stamp) or news


def _put_text(row: Service, said: Held[tuple[tuple[str, str], ...]]) -> bool:
    before = row.texts[-1].value if row.texts else None
    same = next((held for held in row.texts if held.value == said.value), None)
    if same is None:
        row.texts.append(Held(said.value, said.stamp))
    else:
        same.stamp = max(same.stamp, said.stamp)
    row.texts.sort(key=lambda held: held.stamp)
    del row.texts[:-MAX_TEXTS]
    if mdns.asks_nothing(row.service, said.value):
        row.opened = max(row.opened or said.stamp, said.stamp)
    return row.texts[-1].value != before


def _put_playing(view: SiteView, asset: Asset, row: Service, fact: ServiceAdvertised, stamp: Stamp) -> bool:
    shown = mdns.playing(fact.service, fact.text or ()) if fact.alive else False if mdns.tells_playing(fact.service) else None
    if shown is None:
        return False
    return episodes.record(view, asset, row, mdns.application(fact.text or ()) if shown else None, stamp)


def put_upnp(view: SiteView, asset: Asset, fact: UpnpAdvertised) -> bool:
    """Takes in one SSDP advertisement; True when it is news.

    One USN may speak for several types (Roku answers for its root device and for roku:ecp with the same), and a goodbye ends the whole
    device: UPnP DA 2.0 §1.2.3 sends one for each type, of which a plain port may hear a part.
    """
    stamp = view.stamp(fact)
    news = False if fact.alive else _leave(asset, device_of(fact.usn), stamp)
    key = fact.usn + "|" + fact.target
    row = asset.upnp.get(key)
    news = news or row is None or fact.at - row.seen.last >= HEARD_AGAIN
    if row is None:
        if not _room(view, asset, asset.upnp, MAX_SERVICES, fact.at):
            return False
        row = asset.upnp[key] = Upnp(fact.usn, fact.target, Sighting(fact.at, fact.at), Held(fact.alive, stamp))
        if left := asset.left.get(device_of(fact.usn)):
            # A type first heard of after its device said a later goodbye (facts may come in any order) has left with it.
            row.alive.put(False, left)
    row.seen.extend(fact.at)
    news = row.alive.put(fact.alive, stamp) or news
    if fact.alive:
        tell(row, "max_age", fact.max_age, stamp)
        for field, value in (("server", fact.server), ("location", fact.location), ("headers", fact.headers)):
            if value:
                tell(row, field, value, stamp)
    return news


def device_of(usn: str) -> str:
    """The device part of a USN, which all its types share."""
    return usn.partition("::")[0]


def _leave(asset: Asset, device: str, stamp: Stamp) -> bool:
    if device in asset.left or len(asset.left) < MAX_SERVICES:
        asset.left[device] = max(asset.left.get(device, stamp), stamp)
    rows = [row for row in asset.upnp.values() if device_of(row.usn) == device]
    return any([row.alive.put(False, stamp) for row in rows])  # noqa: C419 - every row must be told, not only the first


def put_port(view: SiteView, asset: Asset, fact: PortAnswered) -> bool:
    """Takes in an accepted or refused connection; True when that is news."""
    stamp = view.stamp(fact)
    row = asset.ports.get(fact.port)
    # A scan is refused on thousands of ports; only a port the asset offers says something by refusing.
    worthy = row is None and (fact.accepted or fact.port in _offered(asset))
    if row is None:
        if not _room(view, asset, asset.ports, MAX_PORTS, fact.at, worthy=worthy):
            return False
        row = asset.ports[fact.port] = Port(fact.port, Sighting(fact.at, fact.at), Held(fact.accepted, stamp))
    row.seen.extend(fact.at)
    if peer := fact.peer_mac or fact.peer_ip:
        row.peers = sorted({*row.peers, peer})[:_PEERS]
    return row.accepted.put(fact.accepted, stamp) or worthy


def _offered(asset: Asset) -> set[int]:
    """The ports its adverts name."""
    return {row.port for row in asset.services.values()} | {location_port(row.location) for row in asset.upnp.values()}


def put_pjlink(view: SiteView, asset: Asset, fact: PjlinkSeen) -> bool:
    """Takes in a projector's words; True when they are news."""
    stamp = view.stamp(fact)
    before = asset.pjlink.get(fact.form)
    news = before is None or fact.at - before.stamp.at >= HEARD_AGAIN
    asset.pjlink[fact.form], changed = put(before, fact.line, stamp)
    if fact.protected is not None:
        asset.pjlink_protected, turned = put(asset.pjlink_protected, fact.protected, stamp)
        changed = changed or turned
    if fact.protected is False:
        asset.pjlink_opened = max(asset.pjlink_opened or stamp, stamp)
    return changed or news


def _room(view: SiteView, asset: Asset, table: dict[K, R], most: int, at: int, *, worthy: bool = True) -> bool:
    """Makes room for one more row by giving up the one least worth keeping; False when the new one is that."""
    if len(table) < most:
        return True
    view.overflowed += 1
    offered = _offered(asset)
    key = min(table, key=lambda known: (_worthy(table[known], offered), table[known].seen.last, known))
    row = table[key]
    if (_worthy(row, offered), row.seen.last) >= (worthy, at):
        return False
    del table[key]
    if isinstance(row, Service):
        episodes.drop(view, asset, row)
    return True


def _worthy(row: Service | Upnp | Port, offered: set[int]) -> bool:
    return not isinstance(row, Port) or row.accepted.value or row.port in offered


def merge(view: SiteView, into: Asset, lesser: Asset) -> None:
    """`into` takes in all that `lesser` announced."""
    for key, service in lesser.services.items():
        if key not in into.services:
            if not _room(view, into, into.services, MAX_SERVICES, service.seen.last):
                continue
            into.services[key] = Service(service.service, service.instance, service.seen, service.alive)
        _merge_service(view, into, into.services[key], service)
    for device, stamp in lesser.left.items():
        _leave(into, device, stamp)
    for usn, upnp in lesser.upnp.items():
        if usn in into.upnp or _room(view, into, into.upnp, MAX_SERVICES, upnp.seen.last):
            _merge_upnp(into, into.upnp.setdefault(usn, upnp), upnp)
    for number, port in lesser.ports.items():
        if number in into.ports or _room(view, into, into.ports, MAX_PORTS, port.seen.last):
            _merge_port(into.ports.setdefault(number, port), port)
    for form, line in lesser.pjlink.items():
        into.pjlink[form] = newest(into.pjlink.get(form), line) or line
    into.pjlink_protected = newest(into.pjlink_protected, lesser.pjlink_protected)
    into.pjlink_opened = max((stamp for stamp in (into.pjlink_opened, lesser.pjlink_opened) if stamp), default=None)
    into.dhcp, into.offer, into.router = newest(into.dhcp, lesser.dhcp), newest(into.offer, lesser.offer), newest(into.router, lesser.router)


def _merge_service(view: SiteView, asset: Asset, mine: Service, theirs: Service) -> None:
    _extend(mine.seen, theirs.seen)
    mine.alive.put(theirs.alive.value, theirs.alive.stamp)
    mine.ttl, mine.proxied = max(mine.ttl, theirs.ttl), mine.proxied or theirs.proxied
    for field, stamp in theirs.told.items():
        tell(mine, field, getattr(theirs, field), stamp)
    for held in theirs.texts:
        _put_text(mine, held)
    mine.opened = max((stamp for stamp in (mine.opened, theirs.opened) if stamp), default=None)
    episodes.replay(view, asset, mine, theirs.playing)


def _merge_upnp(into: Asset, mine: Upnp, theirs: Upnp) -> None:
    _extend(mine.seen, theirs.seen)
    mine.alive.put(theirs.alive.value, theirs.alive.stamp)
    if left := into.left.get(device_of(mine.usn)):
        mine.alive.put(False, left)
    for field, stamp in theirs.told.items():
        tell(mine, field, getattr(theirs, field), stamp)


def _merge_port(mine: Port, theirs: Port) -> None:
    _extend(mine.seen, theirs.seen)
    mine.accepted.put(theirs.accepted.value, theirs.accepted.stamp)
    mine.peers = sorted({*mine.peers, *theirs.peers})[:_PEERS]


def _extend(mine: Sighting, theirs: Sighting) -> None:
    mine.extend(theirs.first)
    mine.extend(theirs.last)
