"""What the province's page asks, whichever engine holds the answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec

from model.ledger import Change
from model.ports import Health, JournalReader
from model.verdict import SubjectKind

# `never`: declared and not heard once; `unknown`: the store could not say.
Heard = Literal["heard", "silent", "never", "unknown"]


class SiteStanding(msgspec.Struct, frozen=True, kw_only=True):
    """One tile: a site with its open findings by severity, its verdicts by outcome, and when its boxes were heard last (ns, 0: never)."""

    site: str
    name: str
    commune: str = ""
    group: str = ""
    heard: Heard = "unknown"
    heard_at: int = 0
    open: dict[str, int] = {}
    accepted: int = 0
    outcomes: dict[str, int] = {}
    boxes: int = 0


class MatterStanding(msgspec.Struct, frozen=True, kw_only=True):
    """One of the fifteen over many sites: how many sites stand at each outcome (a site counts once, at its worst), and how many have no verdict at all."""

    number: int
    sites: dict[str, int]
    unheard: int


class Campaign(msgspec.Struct, frozen=True, kw_only=True):
    """Open portal findings that lead to one place: `target` is a registered domain."""

    target: str
    sites: tuple[str, ...]
    findings: tuple[str, ...]
    since: int


class CoverageStanding(msgspec.Struct, frozen=True, kw_only=True):
    """What the rule of coverage says of one kind of subject over all sites: how many stand at each outcome."""

    kind: SubjectKind
    outcomes: dict[str, int]


# In place of a name: findings that nobody has taken.
NOBODY = "-"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A list of findings as the page's address narrows it; empty does not narrow. `start` and `limit` page through it, worst first.

    `owner`: who took it, `NOBODY` for those that nobody has.
    """

    sites: tuple[str, ...] = ()
    states: tuple[str, ...] = ("open", "accepted")
    severity: str = ""
    detector: str = ""
    number: int = 0
    owner: str = ""
    start: int = 0
    limit: int = 50


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A page of findings and how many there are in all."""

    total: int
    changes: Sequence[Change]


class UnreadableError(OSError):
    """What a box sent is there and this version cannot read it: of that site, and of no other, nothing can be said."""


class SiteRecord(JournalReader, Protocol):
    """A site's journal as the province has it. What it has not (dead letters, evidence) raises `OSError`: nothing there must not look like nothing wrong.

    What the store holds and cannot be read raises `UnreadableError`.
    """

    async def heartbeats(self) -> Sequence[Health]:
        """The last heartbeat of each of the site's boxes, by box."""


class FleetReader(Protocol):
    """Implemented over Elasticsearch and OpenSearch. Every method raises `OSError` or its subclass when the engine does not answer."""

    async def sites(self) -> Sequence[SiteStanding]:
        """Every declared site, worst first."""

    async def matters(self, sites: Sequence[str] = ()) -> Sequence[MatterStanding]:
        """The fifteen over these sites, all of them unless told."""

    async def findings(self, asked: Asked) -> Found:
        """Findings as they stand, the province's acts laid over them."""

    async def finding(self, finding: str) -> Sequence[Change]:
        """The changes of one finding, oldest first; none for one that is not known."""

    async def campaigns(self) -> Sequence[Campaign]:
        """Campaigns that stand, largest first."""

    async def coverage(self) -> Sequence[CoverageStanding]:
        """What the rule of coverage says of all sites' sensors, PCs and portals, by kind."""

    async def owners(self) -> Sequence[str]:
        """Who has taken findings that stand, by name."""

    def site(self, site: str) -> SiteRecord:
        """One site as its box's journal would give it, for the same views."""

    async def wait(self, version: int, wait: float) -> int:
        """As JournalReader.wait, for pages that are live."""
