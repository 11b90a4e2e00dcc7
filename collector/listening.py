"""The capture sensors of a running service: each leg by itself, taken away, changed or added while the others listen on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collector.config import Config, Leg
    from model.declared import Declared


class Listener(Protocol):
    """One leg's sensor."""

    def start(self) -> None:
        """Begins to listen."""

    def stop(self) -> None:
        """Ends, and hands over the last frame."""


class Listening:
    """`build` makes the sensor of a leg."""

    def __init__(self, build: Callable[[Leg], Listener]) -> None:
        self._build = build
        self._legs: dict[str, tuple[Leg, Listener]] = {}

    def begin(self, legs: Iterable[Leg]) -> None:
        """Listens on these legs from now on; one that is as it was is not disturbed."""
        wanted = {leg.name: leg for leg in legs}
        for name in [name for name, (leg, _) in self._legs.items() if wanted.get(name) != leg]:
            self._legs.pop(name)[1].stop()
        for name, leg in wanted.items():
            if name not in self._legs:
                self._legs[name] = (leg, self._build(leg))
                self._legs[name][1].start()

    async def take(self, config: Config, _: Mapping[str, Declared]) -> str:
        """As `begin`, of a configuration read anew; probes on legs wait for the next start."""
        probed = {name: leg.probes for name, (leg, _) in self._legs.items()}
        await asyncio.to_thread(self.begin, config.legs)
        return "" if all(probed.get(leg.name, ()) == leg.probes for leg in config.legs) else "legs probes"

    def close(self) -> None:
        """Ends all."""
        self.begin(())
