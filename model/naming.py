"""What people call an asset: the name they declared, else the one it announces, else an address."""

from __future__ import annotations

from model.declared import Declared
from model.rows import Asset
from model.screens.mdns import FAMILIES
from model.text import shown


def name_of(declared: Declared, asset: Asset) -> str:
    """The best name for sentences, never empty."""
    macs = frozenset(asset.macs)
    known = declared.screen(macs) or declared.registered(macs)
    if known is not None and known.name:
        return shown(known.name)
    return shown(_announced(asset) or _host_name(asset) or _address(asset))


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


def _address(asset: Asset) -> str:
    return min(asset.ips, key=lambda ip: (-asset.ips[ip].last, ip), default="") or min(asset.macs, default=asset.id)
