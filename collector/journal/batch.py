"""What one commit holds, what a restart gets back, and how documents become bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from model import wire
from model.acts import Act
from model.fleet import rows as fleet
from model.ledger import Change, Finding
from model.portals.rows import FeedRow, PortalRow
from model.ports import Document
from model.posture import fold as posture
from model.restored import ViewRow
from model.rows import Asset, Episode, Leg, Segment, Sensor
from model.verdict import Subject, Verdict

Row = ViewRow | fleet.FleetRow

ROW_TYPES: dict[str, type[Any]] = {
    "asset": Asset,
    "segment": Segment,
    "leg": Leg,
    "sensor": Sensor,
    "episode": Episode,
    "portal": PortalRow,
    "feed": FeedRow,
    **wire.ROWS,
    **posture.ROWS,
    **fleet.ROWS,
}
ROW_DECODERS: dict[str, msgspec.json.Decoder[Any]] = {kind: msgspec.json.Decoder(row) for kind, row in ROW_TYPES.items()}

encode = msgspec.json.Encoder().encode


class Batch(msgspec.Struct, kw_only=True):
    """One transaction of one site: all of it becomes durable, or nothing.

    Every change is also queued for the sinks as a `Told` document, so that no state exists without its alert; `documents` are the other ones
    (posture, health). `gone`: (kind, id) of rows that left the view; `forgotten`: ids of findings that are no more (a pending one that did
    not last); `unjudged`: verdicts whose subject is gone. `aliases` maps ids of assets that turned out to be others to those. `received`: changes
    of other boxes' findings, each with the id that its box gave the row, so that who is told by both knows it for the same. `ended`: the site is declared no
    more, nothing of its view and of what was judged there stays; its findings do, and their counts go on where it is declared again.
    """

    site: str
    now: int
    epoch: int = 0
    rows: Sequence[tuple[str, str, Row]] = ()
    gone: Sequence[tuple[str, str]] = ()
    findings: Sequence[Finding] = ()
    forgotten: Sequence[str] = ()
    changes: Sequence[Change] = ()
    received: Sequence[tuple[str, Change]] = ()
    verdicts: Sequence[Verdict] = ()
    unjudged: Sequence[tuple[str, Subject]] = ()
    acts: Sequence[Act] = ()
    documents: Sequence[Document] = ()
    aliases: dict[str, str] = {}
    ended: bool = False

    @property
    def durable(self) -> bool:
        """Whether a power cut must not take it back: people are told of it, or did it. Sightings, postures and health come again by themselves."""
        return bool(self.changes or self.received or self.acts)


class Loaded(msgspec.Struct, kw_only=True):
    """What the journal holds of one site; `now` 0 and nothing else for a site it never met."""

    now: int = 0
    epoch: int = 0
    rows: list[Row] = []
    findings: list[Finding] = []
    verdicts: list[Verdict] = []
    aliases: dict[str, str] = {}


class Queued(msgspec.Struct, frozen=True, kw_only=True):
    """The outbox in figures: rows in it, time of the oldest (ns, 0 = none), rows given up for want of room, per stream, since the journal began."""

    rows: int
    oldest_at: int
    lost: dict[str, int]


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """The journal's own figures since it was opened: commits, seconds spent in them, bytes on disk."""

    commits: int
    commit_seconds: float
    bytes: int
