"""`vonggac demo`: a recorded day of a commune through the live path, quickened. Needs no privilege and no network."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import BinaryIO, cast

from collector import bpf, service, unpack
from collector.capturerecords import Record, records
from collector.clock import Clock
from collector.config import Config, load
from collector.config.models import Leg
from collector.decode.pipeline import Pipeline, clauses
from collector.reloading import stopping
from collector.sites import capture_sensor
from model.facts import SensorHeard, Vantage
from model.ports import FactSink
from model.text import Language, Text
from model.times import SECOND

log = logging.getLogger(__name__)

FOLDER = Path(__file__).parent.parent / "deploy" / "demo"
CAPTURE = FOLDER / "commune.pcapng.gz"
# How the recording's interfaces, in their order, heard their networks (deploy/demo/about.md).
VANTAGES: tuple[Vantage, ...] = ("mirror", "plain")

_PLAYED = Text("đã phát hết ngày ghi sẵn: %d khung tin, %d dữ liệu quan sát", "the recorded day is over: %d frames, %d facts")


async def show(*, seconds: float, port: int, language: Language, announce: Callable[[str], None]) -> None:
    """Plays the day within `seconds`, then keeps the page up until a signal. What it writes is thrown away afterwards."""
    stop = stopping(hangup=True)
    with tempfile.TemporaryDirectory(prefix="vonggac-demo-") as folder:
        parts = service.Parts(_config(Path(folder), port, language), FOLDER / "config.toml")
        await service.run_all_in_one(parts, announce, _playing(seconds), stop)


def _config(state: Path, port: int, language: Language) -> Config:
    config = load(FOLDER / "config.toml")
    return config.model_copy(
        update={
            "language": language,
            "state_dir": state,
            "box": config.box.model_copy(update={"key_file": state / "box.key"}),
            "web": config.web.model_copy(update={"port": port, "users_file": state / "users.json"}),
            "sockets": config.sockets.model_copy(update={"dir": state / "sockets"}),
            "privacy": config.privacy.model_copy(update={"key_file": state / "identity.key"}),
        }
    )


def _playing(seconds: float) -> service.Sensors:
    """The recording in place of the capture sensors."""

    @contextmanager
    def playing(parts: service.Parts, sink: FactSink) -> Iterator[None]:
        player = Player(parts, sink, seconds)
        player.start()
        try:
            yield
        finally:
            player.stop()

    return playing


class Player:
    """The sensors of a recording's legs: frames keep their order and distances, quickened, and are stamped with the time they are played at."""

    def __init__(self, parts: service.Parts, sink: FactSink, seconds: float) -> None:
        self._clock = parts.clock
        self._language = parts.config.language
        self._seconds = seconds
        self._legs = [_Playing(leg, vantage, sink, self._clock) for leg, vantage in zip(parts.config.legs, VANTAGES, strict=True)]
        self._heartbeat = min(leg.heartbeat for leg in parts.config.legs) / SECOND
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="demo")

    def start(self) -> None:
        """Begins to play."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the playing."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        frames = list(_recording())
        first, last = frames[0].at, frames[-1].at
        pace = self._seconds * SECOND / max(1, last - first)
        self._beat()
        began, beaten = self._clock.now(), self._clock.monotonic()
        for frame in frames:
            due = began + int((frame.at - first) * pace)
            if self._stop.wait(max(0, due - self._clock.now()) / SECOND):
                return
            if self._clock.monotonic() - beaten >= self._heartbeat:
                self._beat()
                beaten = self._clock.monotonic()
            self._legs[frame.interface].take(due, frame)
        log.info(_PLAYED.to(self._language), sum(leg.frames for leg in self._legs), sum(leg.facts for leg in self._legs))
        self._beat()
        while not self._stop.wait(self._heartbeat):
            self._beat()

    def _beat(self) -> None:
        for leg in self._legs:
            leg.heartbeat()


class _Playing:
    """One leg's sensor."""

    def __init__(self, leg: Leg, vantage: Vantage, sink: FactSink, clock: Clock) -> None:
        self.frames = 0
        self.facts = 0
        self._leg = leg
        self._vantage = vantage
        self._sink = sink
        self._clock = clock
        self._sensor = capture_sensor(leg.name)
        self._sequence = count(1)
        self._pipelines: dict[int, Pipeline] = {}

    def take(self, at: int, frame: Record) -> None:
        pipeline = self._pipelines.get(frame.link)
        if pipeline is None:
            pipeline = self._pipelines[frame.link] = Pipeline(self._sensor, self._leg.name, frame.link, sequence=self._sequence)
        self.frames += 1
        self.facts += self._sink.put(pipeline.decode(at, frame.data))

    def heartbeat(self) -> None:
        beat = SensorHeard(
            at=self._clock.now(),
            sensor=self._sensor,
            sequence=next(self._sequence),
            leg=self._leg.name,
            interface=self._leg.interface,
            vantage=self._vantage,
            received=self.frames,
            decoded=self.facts,
        )
        self._sink.put((beat,))


def _recording() -> Iterator[Record]:
    """The frames that the live filter would let through. By our own reader, which tells of each frame what interface heard it."""
    wanted = bpf.program(bpf.compose_for(bpf.ETHERNET, clauses()) or bpf.NOTHING, bpf.ETHERNET)
    with unpack.stream(CAPTURE) as stream:
        yield from (record for record in records(cast(BinaryIO, stream)) if wanted.filter(record.data))
