"""Which loops of a service moved, and when: a watchdog that is fed while one of them hangs would vouch for a dead service."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from model.facts import AnyFact, SensorHeard
from model.ports import FactSink, Outbox, OutboxRow, Receipt, Stream

# A sensor is heard at least each minute; three are allowed for, seconds.
SENSOR = 180.0
# A sink's turn ends after its longest wait, seconds: an hour of Retry-After and a tenth on top (exporters/backoff.py), and the delivery itself.
SINK = 4_200.0


class Beats:
    """Counts each loop from its first turn on. Loops tell of themselves from any thread."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """`monotonic`: seconds that never step back."""
        self._monotonic = monotonic
        self._loops: dict[str, tuple[float, float]] = {}

    def loop(self, name: str, within: float) -> Callable[[], None]:
        """Counts a loop from now on; it calls what is given back at each turn, at the latest after `within` seconds."""

        def moved() -> None:
            self._loops[name] = (self._monotonic(), within)

        moved()
        return moved

    def ended(self, name: str) -> None:
        """The loop came to its own end, and is missed no more."""
        self._loops.pop(name, None)

    def stuck(self) -> list[str]:
        """The loops that did not move for too long."""
        now = self._monotonic()
        return sorted(name for name, (at, within) in self._loops.copy().items() if now - at > within)


class BeatingSink:
    """A sensor's own heartbeats are its loop's: implements `FactSink` before another."""

    def __init__(self, sink: FactSink, beats: Beats, within: Mapping[str, float]) -> None:
        """`within`: seconds by sensor's name, `SENSOR` for the others. Those named are counted from now on, whether they ever say a word or not."""
        self._sink = sink
        self._beats = beats
        self._loops = {name: beats.loop(name, seconds) for name, seconds in within.items()}

    def put(self, facts: Sequence[AnyFact]) -> int:
        """As the sink behind it."""
        for fact in facts:
            if isinstance(fact, SensorHeard):
                self._heard(fact)
        return self._sink.put(facts)

    def _heard(self, fact: SensorHeard) -> None:
        if fact.state == "stopped":
            self._beats.ended(fact.sensor)
        elif fact.sensor in self._loops:
            self._loops[fact.sensor]()
        else:
            self._loops[fact.sensor] = self._beats.loop(fact.sensor, SENSOR)


class BeatingOutbox:
    """A sink's loop is at its turn when it asks for rows: implements `Outbox` before another."""

    def __init__(self, outbox: Outbox, beats: Beats) -> None:
        self._outbox = outbox
        self._beats = beats

    async def lease(self, sink: str, limit: int, wait: float) -> Sequence[OutboxRow]:
        """As the outbox behind it."""
        self._beats.loop(sink, SINK)
        return await self._outbox.lease(sink, limit, wait)

    async def register(self, sink: str, streams: Sequence[Stream]) -> None:
        """As the outbox behind it."""
        await self._outbox.register(sink, streams)

    async def acknowledge(self, sink: str, receipts: Sequence[Receipt]) -> None:
        """As the outbox behind it."""
        await self._outbox.acknowledge(sink, receipts)

    async def replay(self, sink: str, rows: Sequence[str] = ()) -> int:
        """As the outbox behind it."""
        return await self._outbox.replay(sink, rows)

    async def purge(self, sink: str, rows: Sequence[str] = ()) -> int:
        """As the outbox behind it."""
        return await self._outbox.purge(sink, rows)
