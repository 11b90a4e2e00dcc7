"""Identity: which asset a station is, what is kept of it, and how two that turn out to be one become one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.facts import PortAnswered, ServiceAdvertised, UpnpAdvertised
from model.rows import MAX_ADDRESSES, MAX_NAMES, MAX_SERVICES, MAX_TEXTS, Asset, Held, Port, Service, Sighting, Stamp, Upnp
from model.verdict import Subject

if TYPE_CHECKING:
    from model.facts import Pairs
    from model.site import SiteView

_PEERS = 8


def sight(table: dict[str, Sighting], key: str, at: int, most: int = MAX_ADDRESSES) -> bool:
    """Extends the sighting of `key`, up to `most` keys; False when the table is full."""
    known = table.get(key)
    if known is not None:
        known.extend(at)
    elif len(table) < most:
        table[key] = Sighting(at, at)
    else:
        return False
    return True


def admitted(view: SiteView, mac: str, at: int) -> bool:
    """Whether this station has an asset or earns one: an address heard once waits in a small cache until heard again (rule 8)."""
    if mac in view.by_mac or not mac:
        return True
    waiting = view.probation.get(mac)
    if waiting is not None:
        waiting.extend(at)
        return True
    if len(view.probation) >= view.max_probation:
        del view.probation[next(iter(view.probation))]
        view.evicted += 1
    view.probation[mac] = Sighting(at, at)
    return False


def of_station(view: SiteView, mac: str, ip: str, at: int) -> Asset:
    """The asset of a station, made if new. Links without addresses know stations by their IP."""
    if not mac:
        return of_ip(view, ip, at)
    known = view.by_mac.get(mac)
    if known is not None:
        asset = view.assets[known]
        asset.macs[mac].extend(at)
        return asset
    asset = _new(view, mac, at)
    asset.macs[mac] = Sighting(asset.seen.first, at)
    view.by_mac[mac] = asset.id
    return asset


def of_ip(view: SiteView, ip: str, at: int) -> Asset:
    """The asset that uses `ip`, made without a MAC if none is known."""
    known = view.by_ip.get(ip)
    if known is not None:
        return view.assets[known]
    asset = _new(view, "ip:" + ip, at)
    asset.ips[ip] = Sighting(at, at)
    view.by_ip[ip] = asset.id
    return asset


def _new(view: SiteView, identity: str, at: int) -> Asset:
    waited = view.probation.pop(identity, None)
    if len(view.assets) >= view.max_assets:
        _evict(view)
    first = min(waited.first, at) if waited else at
    asset = Asset(id=view.asset_id(identity), seen=Sighting(first, at))
    view.assets[asset.id] = asset
    return asset


def _evict(view: SiteView) -> None:
    """Forgets the asset first met among those that neither people declared nor a finding holds."""
    victim = next((a for a in view.assets.values() if a.id not in view.pinned and not _declared(view, a)), None)
    if victim is None:
        return
    forget(view, victim)
    view.evicted += 1


def _declared(view: SiteView, asset: Asset) -> bool:
    macs = frozenset(asset.macs)
    return view.declared.screen(macs) is not None or view.declared.registered(macs) is not None


def forget(view: SiteView, asset: Asset) -> None:
    """Takes an asset out of the view and its indices."""
    del view.assets[asset.id]
    for index, keys in ((view.by_mac, asset.macs), (view.by_ip, asset.ips)):
        for key in keys:
            if index.get(key) == asset.id:
                del index[key]
    view.dirty.discard(("asset", asset.id))
    view.gone.add(("asset", asset.id))


def bind_ip(view: SiteView, asset: Asset, ip: str, at: int) -> tuple[Subject, ...]:
    """The asset uses `ip` now. An asset known by that address alone was the same device and is taken in; the subjects that changed."""
    if not ip or ip in ("0.0.0.0", "::"):  # noqa: S104 - the unspecified address of a probe, nothing is bound
        return ()
    owner = view.assets.get(view.by_ip.get(ip, ""))
    fresh = ip not in asset.ips
    if sight(asset.ips, ip, at):
        view.by_ip[ip] = asset.id
    if owner is not None and owner is not asset and not owner.macs:
        absorb(view, owner, asset)
        return (Subject("asset", owner.id), Subject("asset", asset.id))
    return (Subject("asset", asset.id),) if fresh else ()


def absorb(view: SiteView, lesser: Asset, into: Asset) -> None:
    """Two were one: `into` takes all that was known of `lesser`, whose id becomes an alias."""
    for mine, theirs in (
        (into.macs, lesser.macs),
        (into.ips, lesser.ips),
        (into.names, lesser.names),
        (into.segments, lesser.segments),
        (into.asked, lesser.asked),
    ):
        for key, sighting in theirs.items():
            if sight(mine, key, sighting.first):
                mine[key].extend(sighting.last)
    for key, service in lesser.services.items():
        into.services.setdefault(key, service)
    for usn, upnp in lesser.upnp.items():
        into.upnp.setdefault(usn, upnp)
    for number, port in lesser.ports.items():
        into.ports.setdefault(number, port)
    into.pjlink = {**lesser.pjlink, **into.pjlink}
    into.dhcp, into.offer, into.router = into.dhcp or lesser.dhcp, into.offer or lesser.offer, into.router or lesser.router
    into.seen.extend(lesser.seen.first)
    into.seen.extend(lesser.seen.last)
    forget(view, lesser)
    view.by_mac.update(dict.fromkeys(lesser.macs, into.id))
    view.by_ip.update(dict.fromkeys(lesser.ips, into.id))
    view.aliases[lesser.id] = into.id
    view.changed("asset", into.id)


def put_service(asset: Asset, fact: ServiceAdvertised, stamp: Stamp) -> bool | None:
    """Takes in DNS-SD records; True when what they say changed, None when the asset announces too many services."""
    key = fact.service + "|" + fact.instance
    row = asset.services.get(key)
    if row is None:
        if len(asset.services) >= MAX_SERVICES:
            return None
        row = asset.services[key] = Service(fact.service, fact.instance, Sighting(fact.at, fact.at), Held(fact.alive, stamp))
        changed = True
    else:
        row.seen.extend(fact.at)
        changed = row.alive.put(fact.alive, stamp)
    row.ttl = max(row.ttl, fact.ttl)
    row.proxied = row.proxied or bool(fact.owner_ip)
    # Only the newest fact moves host and port; an older one arriving late must not.
    if row.alive.stamp == stamp:
        row.host = fact.host or row.host
        changed = changed or bool(fact.port and row.port != fact.port)
        row.port = fact.port or row.port
    if fact.text is not None and fact.alive:
        changed = _put_text(row, fact.text, stamp) or changed
    return changed


def _put_text(row: Service, text: Pairs, stamp: Stamp) -> bool:
    before = row.texts[-1].value if row.texts else None
    same = next((held for held in row.texts if held.value == text), None)
    if same is None:
        row.texts.append(Held(text, stamp))
    else:
        same.stamp = max(same.stamp, stamp)
    row.texts.sort(key=lambda held: held.stamp)
    del row.texts[:-MAX_TEXTS]
    return row.texts[-1].value != before


def put_upnp(asset: Asset, fact: UpnpAdvertised, stamp: Stamp) -> bool | None:
    """Takes in one SSDP advertisement; True when it says something new, None when the asset announces too many.

    One USN may speak for several types (Roku answers for its root device and for roku:ecp with the same), and a goodbye ends the whole
    device: UPnP DA 2.0 §1.2.3 sends one for each type, of which a plain port may hear a part.
    """
    key = fact.usn + "|" + fact.target
    changed = False if fact.alive else _left(asset, fact, stamp)
    row = asset.upnp.get(key)
    if row is None:
        if len(asset.upnp) >= MAX_SERVICES:
            return None
        asset.upnp[key] = Upnp(
            fact.usn, fact.target, Sighting(fact.at, fact.at), _life(asset, fact, stamp), fact.server, fact.location, fact.max_age, fact.headers
        )
        return True
    row.seen.extend(fact.at)
    changed = row.alive.put(fact.alive, stamp) or changed
    if fact.alive and row.alive.stamp == stamp:
        row.server, row.location, row.headers = fact.server or row.server, fact.location or row.location, fact.headers or row.headers
        row.max_age = fact.max_age
    return changed


def _device(usn: str) -> str:
    """The device part of a USN, which all its types share."""
    return usn.partition("::")[0]


def _left(asset: Asset, fact: UpnpAdvertised, stamp: Stamp) -> bool:
    rows = [row for row in asset.upnp.values() if _device(row.usn) == _device(fact.usn)]
    return any([row.alive.put(False, stamp) for row in rows])  # noqa: C419 - every row must be told, not only the first


def _life(asset: Asset, fact: UpnpAdvertised, stamp: Stamp) -> Held[bool]:
    """A type first heard of after its device said a later goodbye (facts may come in any order) has left with it."""
    goodbyes = [row.alive for row in asset.upnp.values() if not row.alive.value and _device(row.usn) == _device(fact.usn) and row.alive.stamp > stamp]
    return Held(False, max(held.stamp for held in goodbyes)) if goodbyes else Held(fact.alive, stamp)


def put_port(asset: Asset, fact: PortAnswered, stamp: Stamp) -> bool:
    """Takes in an accepted or refused connection; True when that is new."""
    row = asset.ports.get(fact.port)
    if row is None and not fact.accepted and not _advertised(asset, fact.port):
        # A scan is refused on thousands of ports; only a port the asset once offered says something by refusing.
        return False
    peer = fact.peer_mac or fact.peer_ip
    if row is None:
        if len(asset.ports) < MAX_NAMES:
            asset.ports[fact.port] = Port(fact.port, Sighting(fact.at, fact.at), Held(fact.accepted, stamp), [peer])
        return True
    row.seen.extend(fact.at)
    if peer not in row.peers and len(row.peers) < _PEERS:
        row.peers.append(peer)
    return row.accepted.put(fact.accepted, stamp)


def _advertised(asset: Asset, port: int) -> bool:
    told = f":{port}/"
    return any(service.port == port for service in asset.services.values()) or any(told in row.location for row in asset.upnp.values())
