"""What the province's service counts, for its metrics and its page."""

from __future__ import annotations

from collections import Counter

import msgspec

from model.fleet.silence import Watch


class FleetFigures(msgspec.Struct, kw_only=True):
    """Counters since the service began, and how things stand. `behind`: documents not read yet; `refused` by reason; `sites` by how they are heard.

    `unstored`: state documents that the engine refused for ever; `faded`: verdicts that became unknown and rows that are gone because no box repeated
    them, `dropped`: those that went after a month; `folds`: storms and campaigns that stand; `up`: the engine answered last time.
    """

    read: int = 0
    behind: int = 0
    refused: Counter[str] = msgspec.field(default_factory=Counter)
    unstored: int = 0
    faded: int = 0
    dropped: int = 0
    sites: Counter[str] = msgspec.field(default_factory=Counter)
    findings: int = 0
    folds: int = 0
    up: bool = False
    watch: Watch = Watch()
