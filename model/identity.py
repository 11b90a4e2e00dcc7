"""A phone that changes its random address is the same phone: recognised by what it says of itself, never by one sign alone.

Signs are kept as keyed hashes: enough to know a device again, nothing to read a name from (architecture rule 11).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from model import assets
from model.population import random_mac
from model.rows import HASH, Asset
from model.verdict import Subject

if TYPE_CHECKING:
    from model.site import SiteView

# Names every device of a kind has when nobody gave it one: they tell a model, not a device.
_COMMON = frozenset(
    {"android", "iphone", "ipad", "localhost", "unknown", "desktop", "laptop", "macbook", "macbookpro", "macbookair", "galaxy", "phone", "redmi"}
)
# DHCP client identifiers of type 1 are the address itself (RFC 2132 §9.14).
_HARDWARE = "01"


def reunite(view: SiteView, asset: Asset) -> tuple[Subject, ...]:
    """Joins `asset` with the one it was before under another random address; the subjects that changed."""
    if not asset.macs or not all(random_mac(mac) or mac.startswith(HASH) for mac in asset.macs):
        return ()
    signs = signs_of(view, asset)
    if all(view.by_identity.get(sign) == asset.id for sign in signs):
        return ()
    before = _before(view, asset, signs)
    view.by_identity.update(dict.fromkeys(signs, before.id if before else asset.id))
    if before is None:
        return ()
    assets.absorb(view, asset, before)
    return (Subject("asset", asset.id), Subject("asset", before.id))


def index(view: SiteView, asset: Asset) -> None:
    """Puts a restored asset's signs where `reunite` looks."""
    view.by_identity.update(dict.fromkeys(asset.identities, asset.id))


def drop(view: SiteView, asset: Asset) -> None:
    """Takes a forgotten asset's signs out of the index."""
    for sign in signs_of(view, asset):
        if view.by_identity.get(sign) == asset.id:
            del view.by_identity[sign]


def _before(view: SiteView, asset: Asset, signs: set[str]) -> Asset | None:
    known = {view.by_identity.get(sign, asset.id) for sign in signs} - {asset.id}
    found = [other for name in sorted(known) if (other := view.assets.get(name)) and _same(other, asset, signs & signs_of(view, other))]
    return min(found, key=lambda other: (other.seen.first, other.id), default=None)


def _same(other: Asset, asset: Asset, shared: set[str]) -> bool:
    """Two signs agree, one of them the device's own, and the two were never there at once: a device has one address at a time."""
    own = any(not sign.startswith("profile:") for sign in shared)
    apart = other.seen.last < asset.seen.first or asset.seen.last < other.seen.first
    return len(shared) > 1 and own and apart


def signs_of(view: SiteView, asset: Asset) -> set[str]:
    """What the device says of itself, hashed, and what was written down of it before."""
    names = {told.partition(":")[2].removesuffix(".local.").lower() for told in asset.names}
    said = {("name", name) for name in names if name and name.replace("-", "").replace(" ", "") not in _COMMON}
    profile = asset.dhcp.value if asset.dhcp else None
    if profile is not None and profile.parameters:
        said.add(("profile", f"{profile.vendor_class}|{profile.parameters}"))
    if profile is not None and profile.client_id and not profile.client_id.startswith(_HARDWARE):
        said.add(("client", profile.client_id))
    return {*asset.identities, *(f"{kind}:{_hash(view, value)}" for kind, value in said)}


def _hash(view: SiteView, value: str) -> str:
    return hashlib.blake2s(value.encode("utf-8", "surrogatepass"), key=view.key[:32], digest_size=6).hexdigest()
