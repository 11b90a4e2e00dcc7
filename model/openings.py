"""Which openings to the outside people declared (openings.csv): which device, port and protocol, by whom, until when. A missing list allows none."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from model.declared import Declared, Opening
    from model.rows import Asset


def covering(declared: Declared, asset: Asset | None, protocol: str, ports: Iterable[int], at: int) -> Opening | None:
    """The opening that allows one of these ports at that time; `asset` None: whatever device it is for. A mapping has two ports, either may be declared."""
    wanted = set(ports)
    for opening in declared.openings or ():
        ours = asset is None or opening.mac in asset.macs
        if ours and opening.port in wanted and protocol in (opening.protocol, "any") and at < opening.until:
            return opening
    return None
