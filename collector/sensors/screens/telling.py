"""What the sensor says to core: answers and events of screens as facts, and how it is itself."""

from __future__ import annotations

from itertools import count
from typing import Final

import msgspec

from collector.clock import Clock
from collector.decode.screens.told import Told
from collector.sensors.screens.questions import Heard
from collector.sensors.screens.road import Way
from collector.sensors.screens.targets import Question, Target
from model.facts import AnyFact, SensorHeard, SensorState
from model.ports import FactSink
from model.wirefacts import ScreenFamily, ScreenTold

SENSOR: Final = "screens"


class Telling:
    """Numbers the facts, and lets none through that another device than the screen may have given. Counters are since the start."""

    def __init__(self, sink: FactSink, clock: Clock) -> None:
        self._sink, self._clock = sink, clock
        self._sequence = count(1)
        self.made = self.understood = self.unanswered = self.lost = 0

    def heard(self, target: Target, question: Question, family: ScreenFamily, way: Way, heard: Heard) -> None:
        """A screen answered, or told of itself."""
        if (mac := _who(target, question, way)) is not None:
            self.understood += 1
            self._put(_fact(target, question, family, mac, heard))

    def refused(self, target: Target, question: Question, family: ScreenFamily, way: Way) -> None:
        """It is there, and its port is shut. Where nobody said that there is one, that is no news."""
        self.unanswered += 1
        if question.advertised and (mac := _who(target, question, way)) is not None:
            self._put(_fact(target, question, family, mac, Heard("status", Told()), reachable=False))

    def beat(self, state: SensorState, message: str) -> None:
        """The heartbeat: questions made, answers understood, answers missing."""
        self._put(SensorHeard(at=0, state=state, message=message, received=self.made, decoded=self.understood, undecodable=self.unanswered, dropped=self.lost))

    def _put(self, fact: ScreenTold | SensorHeard) -> None:
        numbered: AnyFact = _numbered(fact, self._clock.now(), next(self._sequence))
        try:
            self.lost += not self._sink.put([numbered])
        except RuntimeError:
            # At the end of the service nobody may be there to take it.
            self.lost += 1


def _who(target: Target, question: Question, way: Way) -> str | None:
    """The hardware address that answered; None when it is not the screen's: addresses change hands, and can be taken."""
    mac = way.station(question.ip)
    if not target.macs:
        return ""
    return mac if mac in target.macs else None


def _numbered(fact: ScreenTold | SensorHeard, at: int, sequence: int) -> ScreenTold | SensorHeard:
    return msgspec.structs.replace(fact, at=at, sensor=SENSOR, sequence=sequence)


def _fact(target: Target, question: Question, family: ScreenFamily, mac: str, heard: Heard, *, reachable: bool = True) -> ScreenTold:
    told = heard.told._asdict()
    return ScreenTold(at=0, leg=target.leg, mac=mac, ip=question.ip, family=family, asked=heard.asked, reachable=reachable, port=question.port, **told)
