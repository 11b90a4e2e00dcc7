"""`vonggac demo`: a recorded day of a commune through the live path, quickened. Needs no privilege and no network."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from collector import assembly, service
from collector.capturefile import CaptureFile
from collector.config import Config, load
from collector.decode.pipeline import Pipeline, clauses
from model.facts import SensorHeard
from model.ports import FactSink
from model.text import Language
from model.times import SECOND

log = logging.getLogger(__name__)

FOLDER = Path(__file__).parent.parent / "deploy" / "demo"
CAPTURE = FOLDER / "commune.pcapng.gz"


async def show(state: Path, *, seconds: float, port: int, language: Language, announce: Callable[[str], None]) -> None:
    """Plays the day within `seconds`, then keeps the page up until a signal. `state` is thrown away afterwards."""
    config = _config(state, port, language)
    parts = service.Parts(config, FOLDER / "config.toml")

    @contextmanager
    def playing(made: service.Parts, sink: FactSink) -> Iterator[None]:
        player = Player(made, sink, seconds)
        player.start()
        try:
            yield
        finally:
            player.stop()

    await service.run_all_in_one(parts, announce, playing)


def _config(state: Path, port: int, language: Language) -> Config:
    config = load(FOLDER / "config.toml")
    return config.model_copy(
        update={
            "language": language,
            "state_dir": state,
            "web": config.web.model_copy(update={"port": port}),
            "privacy": config.privacy.model_copy(update={"key_file": state / "identity.key"}),
        }
    )


class Player:
    """A sensor that reads the recording: frames keep their order and distances, quickened, and are stamped with the time they are played at."""

    def __init__(self, parts: service.Parts, sink: FactSink, seconds: float) -> None:
        self._clock = parts.clock
        self._sink = sink
        self._seconds = seconds
        self._leg = parts.config.legs[0]
        self._sensor = assembly.capture_sensor(self._leg.name)
        self._sequence = count(1)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="demo")
        self._frames = 0
        self._facts = 0

    def start(self) -> None:
        """Begins to play."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the playing."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        frames = list(self._recording())
        first, last = frames[0][1], frames[-1][1]
        pace = self._seconds * SECOND / max(1, last - first)
        began = self._clock.now()
        pipelines: dict[int, Pipeline] = {}
        self._heartbeat()
        for link, at, data in frames:
            due = began + int((at - first) * pace)
            if self._stop.wait(max(0, due - self._clock.now()) / SECOND):
                return
            pipeline = pipelines.get(link) or pipelines.setdefault(link, Pipeline(self._sensor, self._leg.name, link, sequence=self._sequence))
            facts = pipeline.decode(due, data)
            self._frames += 1
            self._facts += self._sink.put(facts)
        log.info("đã phát hết ngày ghi sẵn: %d khung tin, %d dữ liệu quan sát", self._frames, self._facts)
        while not self._stop.wait(self._leg.heartbeat / SECOND):
            self._heartbeat()

    def _recording(self) -> Iterator[tuple[int, int, bytes]]:
        for link, packets in CaptureFile(CAPTURE, clauses()).batches():
            yield from ((link, at, data) for at, data in packets)

    def _heartbeat(self) -> None:
        beat = SensorHeard(
            at=self._clock.now(), sensor=self._sensor, sequence=next(self._sequence), leg=self._leg.name,
            interface="demo", vantage="mirror", received=self._frames, decoded=self._facts,
        )  # fmt: skip
        self._sink.put((beat,))
