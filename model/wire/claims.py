"""Who claims one address of a segment, and how: the matter of VG-NET-08. See `model.claims`; claims themselves are folded by `model.site`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from model.claims import note
from model.claims.rows import ClaimRow
from model.wirefacts import AddressProbed

if TYPE_CHECKING:
    from model.site import SiteView
    from model.verdict import Subject

__all__ = ["FOLDS", "ClaimRow"]

FOLDS: dict[type[Any], Callable[[SiteView, Any], tuple[Subject, ...]]] = {
    # Whoever probes an address has none yet: it earns no asset.
    AddressProbed: note.probed,
}
