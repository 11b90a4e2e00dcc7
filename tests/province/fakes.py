"""A store in memory that does what the engine does, for what is slow or rare on a real one; the real one is in test_province.py."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from model.fleet.overlay import Laid
from model.fleet.store import Beat, Extent, Held, Page, Projected, Survey
from model.fleet.verify import Arrived
from model.ports import Health, Stream


class MemoryStore:
    """Implements `model.fleet.store.FleetStore`; `away` makes each call fail, `full` each that writes."""

    def __init__(self) -> None:
        self.streams: dict[Stream, list[Arrived]] = {}
        self.states: list[Projected] = []
        self.kept: list[Laid] = []
        self.away = self.full = False
        self.refusing = 0
        self.old: list[Held] = []
        self.old_rows: list[Held] = []

    def append(self, stream: Stream, *documents: Arrived) -> None:
        self.streams.setdefault(stream, []).extend(documents)

    async def prepare(self) -> bool:
        self._there()
        return False

    async def survey(self) -> Survey:
        self._there()
        return Survey(extents=tuple(Extent(stream=name, index=name, shard=0, history="h", end=len(rows) - 1) for name, rows in self.streams.items()))

    async def show(self, extents: Collection[Extent]) -> None:
        self._there()
        assert extents

    async def page(self, extent: Extent, after: int, limit: int) -> Page:
        self._there()
        rows = self.streams[extent.stream][after + 1 : after + 1 + limit]
        return Page(documents=tuple(rows), position=after + len(rows))

    async def acts(self) -> Sequence[Laid]:
        return list(self.kept)

    async def beats(self) -> Sequence[Beat]:
        return [
            Beat(box=state.box, site=state.document.site, version=state.version, heard_at=state.heard_at)
            for state in self.states
            if isinstance(state.document, Health)
        ]

    async def aged(self, before: int, gone: int, after: int, limit: int) -> Sequence[Held]:
        self._there()
        return self.old[after + 1 : after + 1 + limit]

    async def unrepeated(self, before: int, gone: int, after: int, limit: int) -> Sequence[Held]:
        self._there()
        return self.old_rows[after + 1 : after + 1 + limit]

    async def write(self, states: Sequence[Projected]) -> Sequence[str]:
        self._there()
        if self.full:
            raise ConnectionError("đĩa đầy")
        self.states += states
        self.kept += [state.document for state in states if isinstance(state.document, Laid)]
        return ["quá dài"] * self.refusing

    async def close(self) -> None:
        self.away = True

    def _there(self) -> None:
        if self.away:
            raise ConnectionError("đi vắng")
