"""A scenario's recording through the live path: its legs' frames and what the box's own sensors told, in the order of their times."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from collector import bpf, unpack
from collector.capturerecords import Record, records
from collector.decode.pipeline import Pipeline, clauses
from collector.registry import build_all
from collector.replay import SENSOR, Replay
from model.facts import SensorHeard
from model.ledger import Change
from tests.lab.scene import Scenario, Vantage, declare, key_of, told


def replayed(scenario: Scenario, vantage: Vantage, folder: Path) -> list[Change]:
    """The findings as they stand at the end; `folder` is for the declared data."""
    declared = declare(scenario, folder / "declared")
    if scenario.tells or len(scenario.legs) > 1:
        several = _Legs(declared, build_all(), leg=scenario.legs[0], key=key_of(vantage))
        several.play(scenario, vantage)
        return several.engine.standing()
    player = Replay(declared, build_all(), leg=scenario.legs[0], key=key_of(vantage))
    player.run(scenario.recording(vantage))
    return player.engine.standing()


class _Legs(Replay):
    """What `replay` does for one leg, for each leg of a recording; and other sensors' facts come in between."""

    def play(self, scenario: Scenario, vantage: Vantage) -> None:
        pipelines = [Pipeline(sensor=f"capture:{leg}", leg=leg, link_type=bpf.ETHERNET, sequence=self._sequence) for leg in scenario.legs]
        self._others = scenario.legs[1:]
        frames = ((frame.at, frame) for frame in _frames(scenario.recording(vantage)))
        facts = ((fact.at, fact) for fact in sorted(told(scenario, vantage), key=lambda fact: fact.at))
        for at, heard in heapq.merge(frames, facts, key=lambda each: each[0]):
            if at // 10**9 != self._second:
                self._advance(at)
            self._last = at
            for fact in pipelines[heard.interface].decode(at, heard.data) if isinstance(heard, Record) else (heard,):
                self.engine.take(fact)
        self._heartbeat(self._last)
        self.engine.tick(self._last)

    def _heartbeat(self, at: int) -> None:
        super()._heartbeat(at)
        for leg in self._others:
            self.engine.take(SensorHeard(at=at, sensor=f"{SENSOR}:{leg}", sequence=next(self._sequence), leg=leg, interface=leg))


def _frames(capture: Path) -> Iterator[Record]:
    """The frames that the live filter would let through, each with the interface that heard it."""
    wanted = bpf.program(bpf.compose_for(bpf.ETHERNET, clauses()) or bpf.NOTHING, bpf.ETHERNET)
    with unpack.stream(capture) as stream:
        yield from (record for record in records(cast(BinaryIO, stream)) if wanted.filter(record.data))
