"""Who checked in: each PC at most once a minute, collected so that a morning's two hundred cost one commit."""

from __future__ import annotations

from typing import Final

from collector.sensors.endpoints.store import Node
from model.endpointfacts import PcHeard
from model.times import MINUTE

_EACH: Final = MINUTE


class Presence:
    """Made from every request; `taken` empties it for the inbox."""

    def __init__(self, sensor: str) -> None:
        self._sensor = sensor
        self._told: dict[str, int] = {}
        self._skews: dict[str, int] = {}
        self._new: dict[str, PcHeard] = {}

    def heard(self, node: Node, at: int) -> None:
        """The PC spoke."""
        if abs(at - self._told.get(node.pc, 0)) >= _EACH:
            self._told[node.pc] = at
            skew = self._skews.get(node.pc)
            self._new[node.pc] = PcHeard(at=at, sensor=self._sensor, pc=node.pc, site=node.site, version=node.version, skew=skew)

    def ahead(self, node: Node, skew: int) -> None:
        """Its clock is ahead by so much, ns: told with the next check-in."""
        self._skews[node.pc] = skew

    def taken(self) -> list[PcHeard]:
        """Who was heard since the last time, and not told yet."""
        new, self._new = self._new, {}
        return list(new.values())
