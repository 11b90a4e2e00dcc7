"""Identity: which asset a station is, and how two that turn out to be one become one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model import adverts, episodes, identity, segments, signs
from model.facts import AddressSeen
from model.rows import HASH, MAX_ADDRESSES, Asset, Sighting
from model.times import HOUR, MINUTE
from model.verdict import Subject

if TYPE_CHECKING:
    from model.site import SiteView

# Assets that are spared before one must go whatever it is: bounds what a newcomer costs.
_CHANCES = 256


class FullError(Exception):
    """Every asset is pinned, or more devices than can be real came within a minute: a new one has no room."""


def sight(table: dict[str, Sighting], key: str, at: int, most: int = MAX_ADDRESSES) -> bool:
    """Extends the sighting of `key`. A full table gives up what was not seen for longest: IPv6 makes a new address every day; False when it is this one."""
    known = table.get(key)
    if known is not None:
        known.extend(at)
        return True
    if len(table) >= most:
        oldest = min(table, key=lambda k: (table[k].last, k))
        if (table[oldest].last, oldest) >= (at, key):
            return False
        del table[oldest]
    table[key] = Sighting(at, at)
    return True


def admitted(view: SiteView, fact: AddressSeen) -> bool:
    """Whether this station has an asset or earns one: an address heard once waits in a small cache until heard again (rule 8)."""
    if fact.mac in view.by_mac or not fact.mac or fact.mac in view.probation:
        return True
    if len(view.probation) >= view.max_probation:
        del view.probation[next(iter(view.probation))]
        view.evicted += 1
    view.probation[fact.mac] = fact
    return False


def of_station(view: SiteView, mac: str, ip: str, at: int) -> Asset:
    """The asset of a station, made if new. Links without addresses know stations by their IP. Raises FullError."""
    if not mac:
        return of_ip(view, ip, at)
    known = view.by_mac.get(mac)
    if known is not None:
        asset = view.assets[known]
        sighting = asset.macs.get(mac)
        if sighting is None:
            # So many addresses that this one had given way to others.
            sight(asset.macs, mac, at)
        else:
            sighting.extend(at)
        return asset
    # A citizen's device that was written down as a hash is known again by it after a restart.
    asset = view.assets.get(view.asset_id(mac)) or _new(view, mac, at)
    asset.macs.pop(HASH + asset.id, None)
    asset.macs[mac] = Sighting(asset.seen.first, at)
    if maker := view.vendor_of(mac):
        asset.vendors[mac] = maker
    view.by_mac[mac] = asset.id
    return asset


def of_ip(view: SiteView, ip: str, at: int) -> Asset:
    """The asset that uses `ip`, made without a MAC if none is known. Raises FullError."""
    known = view.by_ip.get(ip)
    if known is not None:
        asset = view.assets[known]
        sight(asset.ips, ip, at)
        return asset
    asset = _new(view, "ip:" + ip, at)
    asset.ips[ip] = Sighting(at, at)
    view.by_ip[ip] = asset.id
    return asset


def of_pc(view: SiteView, pc: str, at: int) -> Asset:
    """The asset of an enrolled PC that no hardware address is known of yet. It proved who it is: no flood can be made of such. Raises FullError."""
    identity = "pc:" + pc
    return view.assets.get(view.asset_id(identity)) or _made(view, identity, at)


def own(view: SiteView, asset: Asset, mac: str, claimed: Sighting) -> None:
    """The asset says itself that this hardware address is its own, and first and last when."""
    if not sight(asset.macs, mac, claimed.last):
        return
    asset.macs[mac].extend(claimed.first)
    if maker := view.vendor_of(mac):
        asset.vendors[mac] = maker
    view.by_mac[mac] = view.stations[view.asset_id(mac)] = asset.id
    view.changed("asset", asset.id)


def disown(view: SiteView, asset: Asset, mac: str) -> None:
    """The address turned out not to be the asset's: who is heard by it from now on is another device. What was heard by it so far cannot be told apart."""
    asset.macs.pop(mac, None)
    asset.vendors.pop(mac, None)
    if view.by_mac.get(mac) == asset.id:
        del view.by_mac[mac]
    view.stations.pop(view.asset_id(mac), None)
    view.changed("asset", asset.id)


def _new(view: SiteView, identity: str, at: int) -> Asset:
    _within_budget(view, identity, at)
    return _made(view, identity, at)


def _made(view: SiteView, identity: str, at: int) -> Asset:
    if len(view.assets) >= view.max_assets:
        _evict(view, at)
    asset = Asset(id=view.asset_id(identity), seen=Sighting(at, at))
    view.assets[asset.id] = asset
    view.gone.discard(("asset", asset.id))
    return asset


def _within_budget(view: SiteView, identity: str, at: int) -> None:
    """No place has hundreds of new devices a minute: such a flood is made up, and each of them would be judged. Raises FullError.

    What comes anew during a flood and stays is let in as soon as it is heard again.
    """
    minute = at // MINUTE
    if minute > view.minute:
        view.minute, view.met = minute, 0
    view.met += 1
    if view.met > view.max_new and not view.turned_away.may_enter(identity, at):
        raise FullError


def _evict(view: SiteView, at: int) -> None:
    """Forgets the asset first met among those that neither people declared nor a finding holds; the office's own, heard all day, get a second chance."""
    spared: list[Asset] = []
    victim = None
    for asset in (a for a in view.assets.values() if a.id not in view.pinned and not _declared(view, a)):
        victim = asset
        if len(spared) >= _CHANCES or not _stays(asset, at):
            break
        spared.append(asset)
    for asset in spared:
        view.assets[asset.id] = view.assets.pop(asset.id)
    if victim is None:
        raise FullError
    forget(view, victim)
    view.evictees.add(victim.id)
    view.evicted += 1


def _stays(asset: Asset, at: int) -> bool:
    """Whether the asset was heard for longer than made-up stations are, and lately."""
    return asset.seen.last - asset.seen.first >= MINUTE and at - asset.seen.last < HOUR


def _declared(view: SiteView, asset: Asset) -> bool:
    if asset.id in view.posture.by_asset:
        return True
    macs = frozenset(asset.macs)
    return view.declared.screen(macs) is not None or view.declared.registered(macs) is not None


def forget(view: SiteView, asset: Asset) -> None:
    """Takes an asset out of the view and its indices."""
    del view.assets[asset.id]
    for mac in asset.macs if view.stations else ():
        view.stations.pop(view.asset_id(mac), None)
    for index, keys in ((view.by_mac, asset.macs), (view.by_ip, asset.ips)):
        for key in keys:
            if index.get(key) == asset.id:
                del index[key]
    identity.drop(view, asset)
    for service in asset.services.values():
        episodes.drop(view, asset, service)
    view.removed("asset", asset.id)


def bind_ip(view: SiteView, asset: Asset, ip: str, at: int) -> tuple[Subject, ...]:
    """The asset uses `ip` now. An asset known by that address alone was the same device and is taken in; the subjects that changed."""
    if not ip or ip in ("0.0.0.0", "::"):  # noqa: S104 - the unspecified address of a probe, nothing is bound
        return ()
    known = view.by_ip.get(ip, "")
    if known == asset.id and ip in asset.ips:
        asset.ips[ip].extend(at)
        return ()
    owner = view.assets.get(known)
    fresh = ip not in asset.ips
    if not sight(asset.ips, ip, at):
        return ()
    if owner is None or not owner.macs or _later(asset, owner, ip):
        view.by_ip[ip] = asset.id
    if owner is not None and owner is not asset and not owner.macs:
        absorb(view, owner, asset)
        return (Subject("asset", owner.id), Subject("asset", asset.id))
    return (Subject("asset", asset.id),) if fresh else ()


def _later(asset: Asset, owner: Asset, ip: str) -> bool:
    """Whether the asset was seen with the address after its present owner, who may have given it up unnoticed."""
    return ip not in owner.ips or (asset.ips[ip].last, asset.id) > (owner.ips[ip].last, owner.id)


def absorb(view: SiteView, lesser: Asset, into: Asset) -> None:
    """Two were one: `into` takes all that was known of `lesser`, whose id becomes an alias."""
    forget(view, lesser)
    for mine, theirs in (
        (into.macs, lesser.macs),
        (into.ips, lesser.ips),
        (into.names, lesser.names),
        (into.segments, lesser.segments),
        (into.asked, lesser.asked),
    ):
        for key, sighting in theirs.items():
            if sight(mine, key, sighting.last):
                mine[key].extend(sighting.first)
    into.identities = sorted({*into.identities, *lesser.identities})
    segments.merge(into, lesser)
    into.vendors = {mac: maker for mac, maker in {**lesser.vendors, **into.vendors}.items() if mac in into.macs}
    adverts.merge(view, into, lesser)
    signs.merge(into.signs, lesser.signs)
    into.seen.extend(lesser.seen.first)
    into.seen.extend(lesser.seen.last)
    view.by_mac.update(dict.fromkeys(lesser.macs, into.id))
    view.stations.update({view.asset_id(mac): into.id for mac in lesser.macs})
    view.by_ip.update(dict.fromkeys(lesser.ips, into.id))
    view.aliases[lesser.id] = into.id
    view.changed("asset", into.id)
