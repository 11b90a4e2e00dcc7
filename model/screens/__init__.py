"""Screens: what an asset's adverts and answers say about four lamps, present / enabled / open / in session (research: network §2).

A screen only *says* these things; how bad that is, a detector decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.rows import Asset
from model.screens.lamps import Lamps, Tri, worst
from model.screens.mdns import FAMILIES, read_services
from model.screens.told import answered, overlay
from model.screens.wire import is_announced, read_ports, read_projector, read_upnp

if TYPE_CHECKING:
    from model.wire.reads import ReadRow

__all__ = ["Lamps", "Tri", "is_screen", "read", "worst"]


def read(asset: Asset, told: ReadRow | None = None) -> tuple[Lamps, ...]:
    """One set of lamps for each family the asset speaks, in a fixed order; empty when nothing says it is a screen. `told`: what it answered to us."""
    if not is_screen(asset, told):
        return ()
    found = tuple(overlay((*read_services(asset), *read_upnp(asset), *read_projector(asset)), told))
    return tuple(sorted((*found, *read_ports(asset, found)), key=lambda lamps: lamps.family))


def is_screen(asset: Asset, told: ReadRow | None = None) -> bool:
    """Whether anything says that the asset is a screen: as `read` being not empty, for what is asked of every device at every turn."""
    return bool(
        asset.pjlink
        or any(service.service in FAMILIES for service in asset.services.values())
        or any(map(is_announced, asset.upnp.values()))
        or (told is not None and answered(told))
        or (asset.ports and any(True for _ in read_ports(asset, ())))
    )
