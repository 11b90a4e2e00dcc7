from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from collector.vendors import vendor_of
from model.rows import Asset, DhcpProfile, Held, Sighting, Stamp

AT = 1_700_000_000_000_000_000
NOW = Stamp(0, AT, "capture:file", 1)

Made = Callable[..., Asset]


@pytest.fixture
def made() -> Made:
    """Makes an asset from what a test wants it to have said."""

    def make(mac: str = "", dhcp: DhcpProfile | None = None, names: Iterable[str] = ()) -> Asset:
        seen = Sighting(AT, AT)
        asset = Asset(id="a1", seen=seen)
        if mac:
            asset.macs[mac] = seen
            if maker := vendor_of(mac):
                asset.vendors[mac] = maker
        asset.names = dict.fromkeys(names, seen)
        asset.dhcp = Held(dhcp, NOW) if dhcp else None
        return asset

    return make
