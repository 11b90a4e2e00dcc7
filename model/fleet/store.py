"""How the province reads what boxes append and writes what stands, whichever engine holds both."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

import msgspec

from model.fleet.overlay import Laid
from model.fleet.silence import Watch
from model.fleet.verify import Arrived, Refusal
from model.ports import Health, Observed, Posture, Stream, Told


class Extent(msgspec.Struct, frozen=True, kw_only=True):
    """One shard of one index of a stream: `end` is the last sequence number that no failure can take back (-1: none).

    `history` names the shard's life: another one means that what was read of it may never have been.
    """

    stream: Stream
    index: str
    shard: int
    history: str
    end: int


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to read; `blind`: streams of which something cannot be read now."""

    extents: tuple[Extent, ...]
    blind: frozenset[Stream] = frozenset()


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Documents in the order in which the shard took them; all up to `position` are read."""

    documents: tuple[Arrived, ...]
    position: int


class Projected(msgspec.Struct, frozen=True, kw_only=True):
    """One state document: what it holds, from which `box` (empty: the province's own), by which `row`, in which order (`version`).

    `targets`: of a portal's finding; `heard_at`: of a heartbeat, when the province knows the box to have been alive, ns.
    `gone`: the document is to be removed.
    """

    document: Told | Posture | Observed | Health | Laid | Watch | Refusal
    version: int
    at: int
    box: str = ""
    row: str = ""
    heard_at: int = 0
    targets: tuple[str, ...] = ()
    gone: bool = False


class Beat(msgspec.Struct, frozen=True, kw_only=True):
    """The last heartbeat of a box for a site, and when the province knows it to have been alive (ns)."""

    box: str
    site: str
    version: int
    heard_at: int


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict or row of a view as the state has it (of a row without what it says): of which `box`, by which `row`, in which order (`version`).

    `position` is where the next page begins.
    """

    document: Posture | Observed
    box: str
    row: str
    version: int
    position: int


class FleetStore(Protocol):
    """Implemented over Elasticsearch and OpenSearch. Every method raises `OSError` or its subclass when the engine does not answer, or not wholly."""

    async def prepare(self) -> bool:
        """Makes the state indices where there are none; whether it did. Raises when an administrator has to install templates first."""

    async def survey(self) -> Survey:
        """The streams as they stand now."""

    async def show(self, extents: Collection[Extent]) -> None:
        """Makes all that the survey counted visible to `page`."""

    async def page(self, extent: Extent, after: int, limit: int) -> Page:
        """Documents after a position, at most up to the extent's end."""

    async def acts(self) -> Sequence[Laid]:
        """All acts of the province, oldest first."""

    async def beats(self) -> Sequence[Beat]:
        """The last heartbeats as they were written."""

    async def aged(self, before: int, gone: int, after: int, limit: int) -> Sequence[Held]:
        """Verdicts last told before `before` that are not unknown, and any told before `gone` (ns), in an order of their own after a position (-1: all)."""

    async def unrepeated(self, before: int, gone: int, after: int, limit: int) -> Sequence[Held]:
        """Rows of views last told before `before` that are not gone, and any told before `gone` (ns), as `aged` gives verdicts."""

    async def write(self, states: Sequence[Projected]) -> Sequence[str]:
        """Writes state; what is older than what stands changes nothing. One sentence for each document that the engine refuses for ever."""

    async def close(self) -> None:
        """Lets go of connections."""
