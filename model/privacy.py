"""Least data (architecture rule 11): a citizen's own device leaves memory only as a keyed hash, a class and times.

Identifiers of assets are that hash already (`SiteView.asset_id`); what is taken away here is everything else a name could be made of.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from model import identity
from model.classes.judge import classify
from model.population import is_phone
from model.portals.hosts import host_of
from model.rows import HASH, Asset
from model.screens import read
from model.segments import serves

if TYPE_CHECKING:
    from model.site import SiteView

_STRANGERS = frozenset({"citizen", "unlabelled"})


def personal(view: SiteView, asset: Asset) -> bool:
    """Whether it is, or may be, a citizen's own: on citizens' segments whatever nobody declared and that serves nobody; elsewhere unlabelled phones."""
    if asset.id in view.posture.by_asset:
        return False
    roles = {view.declared.role_of(segment.leg, segment.vlan) for name in asset.segments if (segment := view.segments.get(name))}
    # The cheapest questions first: this is asked for every row written.
    if not roles or not roles <= _STRANGERS or not ("citizen" in roles or is_phone(asset)):
        return False
    macs = frozenset(asset.macs)
    declared = view.declared.registered(macs) or view.declared.screen(macs) or view.declared.pc(macs)
    return not (declared or serves(asset) or read(asset, view.wire.reads.get(asset.id)))


def kept(view: SiteView, asset: Asset) -> Asset:
    """The asset as it may be written down: itself, or only its hash, class, places and times."""
    if not personal(view, asset):
        return asset
    return Asset(
        id=asset.id,
        seen=asset.seen,
        macs={HASH + asset.id: asset.seen},
        segments=asset.segments,
        identities=sorted(identity.signs_of(view, asset)),
        heard=asset.heard,
        crossed=asset.crossed,
        device_class=classify(asset).name,
    )


def place(view: SiteView, address: str) -> str:
    """A media's address as it may leave memory: where it is on a device that may be a citizen's own, only which device."""
    host = host_of(address)
    if not _is_local(host) or any(host in screen.media_hosts for screen in view.declared.screens or ()):
        return address
    asset = view.assets.get(view.by_ip.get(host, ""))
    if asset is not None and not personal(view, asset):
        return address
    return f"{address.partition('://')[0]}://{asset.id if asset else view.asset_id('ip:' + host)}"


def _is_local(host: str) -> bool:
    """Whether a device of the site may have this address."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_private or address.is_link_local


def is_veiled(asset: Asset) -> bool:
    """Whether this row was written down as a hash."""
    return any(mac.startswith(HASH) for mac in asset.macs)
