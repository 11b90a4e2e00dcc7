"""Live capture is tried in network namespaces of the laboratory; `net` is a fresh one."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import pytest

sys.path.append(str(Path(__file__).parents[1] / "lab"))

from lab import Net, Space, _setns

from collector.clock import SystemClock
from collector.sensors.capture import Capture, Listening
from model.facts import AnyFact, SensorHeard

Kind = TypeVar("Kind", bound=AnyFact)


@pytest.fixture
def net() -> Iterator[Net]:
    """An empty laboratory, taken down afterwards; without root it fails under CI and is skipped elsewhere."""
    if os.geteuid() != 0 and not os.environ.get("CI"):
        pytest.skip("the laboratory needs root: it makes network namespaces")
    with Net() as made:
        yield made


@contextlib.contextmanager
def inside(space: Space) -> Iterator[None]:
    """The calling thread, and threads it starts meanwhile, are in the space's network."""
    with open("/proc/thread-self/ns/net") as home, open(f"/proc/{space.pid}/ns/net") as there:
        _setns(there.fileno())
        try:
            yield
        finally:
            _setns(home.fileno())


class Kept:
    """A fact sink that keeps everything and lets a test wait for what it wants to see."""

    def __init__(self) -> None:
        self.facts: list[AnyFact] = []
        self._news = threading.Condition()

    def put(self, facts: Sequence[AnyFact]) -> int:
        with self._news:
            self.facts.extend(facts)
            self._news.notify_all()
        return len(facts)

    def of(self, kind: type[Kind]) -> list[Kind]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    def wait(self, holds, what: str, seconds: float = 15.0) -> None:
        with self._news:
            assert self._news.wait_for(holds, seconds), f"{what}; heard: {self.facts[-5:]}"

    def beats(self) -> list[SensorHeard]:
        return self.of(SensorHeard)

    def wait_for_state(self, state: str, after: int = 0) -> SensorHeard:
        """The first heartbeat of that state behind the first `after` facts."""

        def found() -> list[SensorHeard]:
            return [fact for fact in self.facts[after:] if isinstance(fact, SensorHeard) and fact.state == state]

        self.wait(lambda: bool(found()), f"no heartbeat with state {state}")
        return found()[0]


@contextlib.contextmanager
def capturing(space: Space, sink: Kept, interface: str, **options) -> Iterator[Capture]:
    """A running capture sensor in a space, listening already when the block begins unless `waiting`."""
    waiting = options.pop("waiting", False)
    capture = Capture(Listening(sensor="capture:lan", leg="lan", interface=interface, **options), sink, SystemClock())
    with inside(space):
        capture.start()
    try:
        if not waiting:
            sink.wait_for_state("running")
        yield capture
    finally:
        capture.stop()
