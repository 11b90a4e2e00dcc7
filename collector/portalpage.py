"""The evidence store as the page needs it: pictures, and packages of a finding."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from collector.portalevidence import captures_of
from collector.sensors.portals.evidence import EvidenceError, Store, package
from model.ledger import Change
from model.portals.declared import Portal


class PageEvidence:
    """Pictures and packages for people at the page. Only reads the store, which the portals sensor writes."""

    def __init__(self, store: Store, portals: Mapping[str, Portal]) -> None:
        self._store, self._portals = store, portals

    def picture(self, capture: str) -> bytes | None:
        """The screenshot of a capture; None when there is none, or no such capture any more. Raises OSError when the store cannot be read."""
        self._store.readable()
        known = self._store.capture(capture)
        if known is None or not known.picture:
            return None
        found = self._store.picture(capture)
        return found[1] if found is not None else None

    def package(self, change: Change, out: Path) -> bool:
        """Packs what was kept for the finding into `out`; False when nothing was kept. Raises OSError when the store cannot be read."""
        self._store.readable()
        names = [name for name in captures_of([change], ()) if self._store.capture(name) is not None]
        if not names:
            return False
        try:
            package(self._store, change, names, out, self._portals.get(change.finding.subject.id))
        except EvidenceError as error:
            raise OSError(str(error)) from error
        return True
