"""Which captures belong to a finding about a portal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from model.ledger import Change
from model.portals.rows import PortalRow

if TYPE_CHECKING:
    from collector.sensors.portals.evidence import Store

_NAME = re.compile(r"[0-9a-f]{24}")


def captures_of(history: Sequence[Change], rows: Sequence[PortalRow]) -> tuple[str, ...]:
    """Names of captures that the finding ever cited, and those that its incident cites now, each once."""
    detector = history[-1].finding.detector if history else ""
    cited = (piece.value for change in history for piece in change.finding.evidence if piece.kind == "capture")
    standing = (name for row in rows for name in captures_in(row, detector))
    return tuple(name for name in dict.fromkeys((*cited, *standing)) if _NAME.fullmatch(name))


def captures_in(row: PortalRow, detector: str = "") -> Iterator[str]:
    """Captures that the incidents of a portal cite; of one rule, or of all."""
    for name, incident in row.incidents.items():
        if detector in ("", name):
            yield from (seen.told.value.capture for seen in incident.seen.values())
            yield incident.chain.value.capture if incident.chain else ""


def confirm(store: Store, row: PortalRow) -> None:
    """What an incident cites goes last when room is short."""
    for detector in row.incidents:
        for name in captures_in(row, detector):
            if name:
                store.confirm(name, f"{detector}/{row.id}")
