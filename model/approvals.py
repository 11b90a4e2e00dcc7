"""Which remote-control software people approved (declared tools): for which device, until when, in which hours. A missing list approves nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.times import within
from model.wire.remote import HALF_HOUR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from model.declared import Declared, Tool
    from model.rows import Asset
    from model.wire.remote import Sign


def covers(declared: Declared, asset: Asset, sign: Sign) -> bool:
    """Is the whole sign approved: its last time, and of a session each of its half hours. The program itself may run at any hour."""
    if sign.stage != "session":
        return of(declared, asset, sign) is not None
    moments = [half * HALF_HOUR for half in sign.trace.halves] or [sign.trace.seen.last]
    return all(allowed(declared, asset, sign.product, at, session=True) for at in moments)


def allowed(declared: Declared, asset: Asset, product: str, at: int, *, session: bool) -> bool:
    """May this product run there at this instant, or have a session."""
    return any(at < tool.until and (not session or within(tool.hours, at)) for tool in _named(declared, asset, product))


def longest(declared: Declared, asset: Asset, product: str) -> Tool | None:
    """Of all approvals that ever were the one that ends last, be it over."""
    return max(_named(declared, asset, product), key=lambda tool: tool.until, default=None)


def of(declared: Declared, asset: Asset, sign: Sign) -> Tool | None:
    """The approval that held when the sign was last heard, the longest of several."""
    return max((tool for tool in _named(declared, asset, sign.product) if sign.trace.seen.last < tool.until), key=lambda tool: tool.until, default=None)


def ran_out(declared: Declared, asset: Asset, sign: Sign) -> int:
    """When the last approval ended (the instant after its last day) that would have held; 0 where there is one that holds, or never was any."""
    if of(declared, asset, sign) is not None:
        return 0
    return max((tool.until for tool in _named(declared, asset, sign.product)), default=0)


def _named(declared: Declared, asset: Asset, product: str) -> Iterator[Tool]:
    return (tool for tool in declared.tools or () if tool.product == product and (not tool.mac or tool.mac in asset.macs))
