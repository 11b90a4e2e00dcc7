"""A capture file through exactly the live path: the same filter, decoders, fold, detectors and ledger; only time comes from the frames."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

import msgspec

from collector.capturefile import CaptureFile
from collector.decode.pipeline import Pipeline, clauses
from collector.engine import Engine
from collector.vendors import vendor_of
from model.declared import Declared
from model.detector import Detector
from model.facts import SensorHeard
from model.site import SiteView
from model.times import MINUTE, SECOND

SENSOR = "capture:file"
# Longer without a frame, and nobody was listening: absence is not counted then (architecture rule 5).
SILENCE = 15 * MINUTE
HEARTBEAT = 30 * SECOND


class Replay:
    """Feeds capture files to one site's engine. `leg` is the leg the frames count as heard on."""

    def __init__(self, declared: Declared, detectors: Sequence[Detector], leg: str = "file", key: bytes = b"") -> None:
        """Without a `key` the same capture gives the same identifiers on every machine."""
        # A file has one sensor, this one: that the box's own are silent meanwhile is no finding.
        self.engine = Engine(SiteView(msgspec.structs.replace(declared, sensors=()), key=key, vendor_of=vendor_of), detectors)
        self.leg = leg
        self.frames = 0
        self.facts = 0
        self.undecodable = 0
        self._pipelines: dict[int, Pipeline] = {}
        self._second = 0
        self._last = 0
        self._beat = 0
        self._started = False
        self._sequence = count(1)

    def run(self, path: Path, progress: Callable[[int, int], None] | None = None) -> None:
        """Reads one file to its end. Raises CaptureError; findings before a cut are kept. `progress` gets bytes read and in all."""
        source = CaptureFile(path, clauses())
        try:
            for link, packets in source.batches():
                self._batch(link, packets)
                if progress is not None:
                    progress(source.position(), source.size)
        finally:
            if self._started:
                self._heartbeat(self._last)
                self.engine.tick(self._last)

    def _batch(self, link: int, packets: Sequence[tuple[int, bytes]]) -> None:
        pipeline = self._pipelines.get(link)
        if pipeline is None:
            pipeline = self._pipelines[link] = Pipeline(sensor=SENSOR, leg=self.leg, link_type=link, sequence=self._sequence)
        take = self.engine.take
        for at, data in packets:
            self.frames += 1
            if at // SECOND != self._second:
                self._advance(at)
            self._last = at
            for fact in pipeline.decode(at, data):
                self.facts += 1
                take(fact)
        self.undecodable = sum(known.undecodable for known in self._pipelines.values())

    def _advance(self, at: int) -> None:
        """Time moves when a frame of another second comes: ticks do not depend on how frames were batched."""
        self._second = at // SECOND
        if not self._started:
            self._started = True
            self.engine.view.now = self.engine.view.started = at
            self._heartbeat(at)
            return
        gap = at - self._last
        if 0 < gap <= SILENCE:
            for beat in range(self._beat + HEARTBEAT, at, HEARTBEAT):
                self._heartbeat(beat)
        self.engine.tick(at)
        if gap < 0 or gap > SILENCE or at - self._beat >= HEARTBEAT:
            self._heartbeat(at)

    def _heartbeat(self, at: int) -> None:
        self._beat = at
        self.engine.take(
            SensorHeard(at=at, sensor=SENSOR, sequence=next(self._sequence), leg=self.leg, interface=self.leg, received=self.frames, decoded=self.facts)
        )
