"""What the province's own journal remembers between readings, in the transaction that queues what is told."""

from __future__ import annotations

import msgspec

from model.ledger import FindingState


class CursorRow(msgspec.Struct, frozen=True, kw_only=True):
    """How far an index was read: its documents up to sequence number `position`, of that `history` (the engine's word for one life of a shard)."""

    index: str
    history: str
    position: int


class MarkRow(msgspec.Struct, frozen=True, kw_only=True):
    """The last change of a box's finding that was taken in: its version, the state the box gave it, and `told`, the state it had with acts laid over.

    `fold`: the storm or campaign it is told in, in place of by itself; `beside`: the storm that counts it, though it was told by itself before that began;
    `targets`: registered domains a portal's finding leads to.
    """

    finding: str
    site: str
    box: str
    version: int
    state: FindingState
    told: FindingState
    ended: int = 0
    fold: str = ""
    beside: str = ""
    targets: tuple[str, ...] = ()


FleetRow = CursorRow | MarkRow
ROWS: dict[str, type[FleetRow]] = {"cursor": CursorRow, "mark": MarkRow}
