"""The capture sensor: listens on one leg, hands each frame to the decoders and their facts to core, and says how it is."""

from __future__ import annotations

import logging
import math
import os
import select
import threading
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Self, cast

import msgspec
import pcapy

from collector.decode.pipeline import Pipeline, clauses
from collector.interfaces import LinkEvents, default_route_interface, has_carrier, index_of, is_bridge_port
from collector.livecapture import BLOCK_MS, LiveCapture, NotListeningError, Tuning, no_route
from collector.sealing.ring import Ring
from collector.vantagewatch import Schedule, VantageWatch
from model.facts import SensorHeard, SensorState
from model.text import Language, Text
from model.times import SECOND
from model.wirefacts import ScreenPushed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from collector.capturefile import Packet
    from collector.clock import Clock
    from collector.config import Leg
    from collector.sealing.sealer import Sealer
    from model.facts import AnyFact
    from model.ports import FactSink

log = logging.getLogger(__name__)

AUTO = "auto"

# Waiting for an interface: the kernel tells of changes at once; trying again covers what it does not tell.
FIRST_RETRY, LAST_RETRY = 0.25, 30.0
# When stopping, frames that were received before are still in the ring: a block is handed over when BLOCK_MS old.
_QUIET_MS = 3 * BLOCK_MS
_DRAIN_SECONDS = 2.0
# Then the other duties have their turn, however fast frames come.
_BATCHES_A_TURN = 64
_JOIN_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """What to listen on and how. `interface` may be "auto": that of the default route. `heartbeat` in ns; `decoders` None: all."""

    sensor: str
    leg: str
    interface: str = AUTO
    heartbeat: int = 10 * SECOND
    inline: bool = False
    tuning: Tuning = field(default_factory=Tuning)
    schedule: Schedule = field(default_factory=Schedule)
    decoders: tuple[str, ...] | None = None
    language: Language = "vi"


class Capture:
    """One leg's sensor, a thread of its own between `start` and `stop`. It outlives every trouble of its interface."""

    def __init__(self, listening: Listening, sink: FactSink, clock: Clock, sealer: Sealer | None = None) -> None:
        """Without a `sealer` no frame is kept longer than it takes to read."""
        self._to = listening
        self._sealer = sealer
        self._sink = sink
        self._clock = clock
        self._sequence = count(1)
        self._pipelines: dict[int, Pipeline] = {}
        self._rings: dict[int, Ring] = {}
        self._watch = VantageWatch(listening.schedule)
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=listening.sensor, daemon=True)
        self._interface = "" if listening.interface == AUTO else listening.interface
        self._state: SensorState = "waiting"
        self._text = Text("", "")
        self._told: tuple[str, ...] = ()
        self._carrier = False
        self._retry = FIRST_RETRY
        self._received = 0
        self._dropped_before = 0
        self._dropped = 0
        self._refused = 0
        self._next_beat = 0.0
        self._health = SensorHeard(at=clock.now(), sensor=listening.sensor, leg=listening.leg, state="stopped")

    @classmethod
    def of(cls, leg: Leg, sensor: str, sink: FactSink, clock: Clock, language: Language, sealer: Sealer | None = None) -> Self:
        """The sensor of a leg in config.toml."""
        tuning = Tuning(promiscuous=leg.promiscuous)
        listening = Listening(
            sensor=sensor, leg=leg.name, interface=leg.interface, heartbeat=leg.heartbeat, inline=leg.inline, tuning=tuning, language=language
        )
        return cls(listening, sink, clock, sealer)

    def start(self) -> None:
        """Begins to listen; troubles are told by heartbeats and the log, never raised."""
        self._thread.start()

    def stop(self) -> None:
        """Hands over what was received until now, then ends. Safe to call twice."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        os.eventfd_write(self._wake, 1)
        if self._thread.ident is not None:
            self._thread.join(_JOIN_SECONDS)
        if self._thread.is_alive():  # a sink that blocks against its contract
            log.error("%s: bộ thu chưa dừng được sau %d giây", self._to.sensor, _JOIN_SECONDS)
            return
        os.close(self._wake)

    def health(self) -> SensorHeard:
        """The last heartbeat."""
        return self._health

    def _run(self) -> None:
        with LinkEvents() as events:
            while not self._stopping.is_set():
                try:
                    self._listen(events)
                except NotListeningError as error:
                    self._watch.forget(inline=False)
                    self._tell("waiting" if error.heals else "failed", error.text, error.reason)
                except pcapy.PcapError:  # the interface went down or away: opening it again says which
                    pass
                except Exception:  # boundary: of this sensor; a fault of ours must not silence the leg for good
                    log.exception("%s: lỗi không ngờ", self._to.sensor)
                    self._tell("failed", Text("lỗi không ngờ, đang thử lại", "unexpected fault, trying again"), "fault")
                self._pause(events)
        self._beat()
        self._health = msgspec.structs.replace(self._health, state="stopped")

    def _listen(self, events: LinkEvents) -> None:
        """Until stopped, or until the interface is another one. Raises NotListeningError and pcapy.PcapError."""
        interface = self._chosen()
        index = index_of(interface)
        self._interface = interface
        poll = self._poll(events)
        with LiveCapture(interface, clauses(self._to.decoders), self._to.tuning) as live:
            poll.register(live.descriptor, select.POLLIN)
            try:
                self._watch.forget(inline=self._watch.inline)
                self._still(interface, index)
                while not self._stopping.is_set():
                    poll.poll(self._milliseconds(self._watch.next))
                    self._read(live)
                    self._watch.read(poll)
                    if events.happened() and not self._still(interface, index):
                        return
                    self._watch.step(self._clock.monotonic(), interface, poll, promiscuous=self._to.tuning.promiscuous)
                    self._beat_if_due(live)
                self._drain(live)
            finally:
                self._watch.abandon(poll)
                self._dropped_before += max(self._dropped, live.dropped())
                self._dropped = 0

    def _chosen(self) -> str:
        if self._to.interface != AUTO:
            return self._to.interface
        interface = default_route_interface()
        if interface is None:
            raise no_route()
        return interface

    def _still(self, interface: str, index: int | None) -> bool:
        """Whether the handle is still the interface wanted, which may have been renamed or replaced. Tells of a cable pulled out or in."""
        wanted = interface if self._to.interface != AUTO else default_route_interface() or interface
        if wanted != interface or index_of(interface) != index:
            return False
        carrier, inline = has_carrier(interface), self._to.inline or is_bridge_port(interface)
        if (carrier, inline) != (self._carrier, self._watch.inline):
            self._carrier = carrier
            self._watch.forget(inline=inline)
        if carrier:
            self._tell("running", Text("", ""), "")
        else:
            self._tell("waiting", Text(f"{interface} chưa cắm cáp mạng", f"no cable in {interface}"), "no cable")
        return True

    def _read(self, live: LiveCapture) -> None:
        for _ in range(_BATCHES_A_TURN):
            packets = live.batch()
            if not packets:
                return
            self._take(live.link, packets)
            self._beat_if_due(live)

    def _take(self, link: int, packets: Sequence[Packet]) -> None:
        self._received += len(packets)
        decode = self._pipeline(link).decode
        facts = [fact for at, data in packets for fact in decode(at, data)]
        if facts:
            self._put([self._sealed(link, fact) for fact in cast("Sequence[AnyFact]", facts)])

    def _sealed(self, link: int, fact: AnyFact) -> AnyFact:
        """A push with the name of the file that the sealer puts it into."""
        if self._sealer is None or not isinstance(fact, ScreenPushed):
            return fact
        return msgspec.structs.replace(fact, sealed=self._sealer.take(fact, self._rings[link], link))

    def _put(self, facts: Sequence[AnyFact]) -> None:
        self._refused += len(facts) - self._sink.put(facts)

    def _pipeline(self, link: int) -> Pipeline:
        if link not in self._pipelines:
            self._pipelines[link] = Pipeline(self._to.sensor, self._to.leg, link, self._to.decoders, self._sequence)
            if self._sealer:
                self._rings[link] = Ring()
                self._pipelines[link].flows.heed = self._rings[link].add
        return self._pipelines[link]

    def _drain(self, live: LiveCapture) -> None:
        """What the kernel received before we were told to stop."""
        poll = select.poll()
        poll.register(live.descriptor, select.POLLIN)
        until = self._clock.monotonic() + _DRAIN_SECONDS
        while poll.poll(_QUIET_MS) and self._clock.monotonic() < until:
            self._read(live)

    def _pause(self, events: LinkEvents) -> None:
        """Till it is worth trying again: something changed, or time has passed."""
        until = self._clock.monotonic() + self._retry
        self._retry = min(2 * self._retry, LAST_RETRY)
        poll = self._poll(events)
        while not self._stopping.is_set() and self._clock.monotonic() < until and not events.happened():
            poll.poll(self._milliseconds(until))
            self._beat_if_due(None)

    def _poll(self, events: LinkEvents) -> select.poll:
        poll = select.poll()
        poll.register(self._wake, select.POLLIN)
        events.register(poll)
        return poll

    def _milliseconds(self, until: float) -> int:
        """To the next thing to do, at the latest `until`."""
        left = min(until, self._next_beat) - self._clock.monotonic()
        return max(0, math.ceil(left * 1000))

    def _tell(self, state: SensorState, text: Text, reason: str) -> None:
        """Takes on a state; what is new is logged once and heard at once."""
        if self._told == (state, reason, self._interface):
            return
        first, self._told = not self._told, (state, reason, self._interface)
        self._state, self._text = state, text
        if state != "running":
            log.warning("%s: %s", self._to.sensor, text.to(self._to.language))
        else:
            self._retry = FIRST_RETRY
            on = Text(f"đang nghe trên {self._interface}", f"listening on {self._interface}")
            again = Text(f"đã nghe lại được trên {self._interface}", f"listening on {self._interface} again")
            log.info("%s: %s", self._to.sensor, (on if first else again).to(self._to.language))
        self._beat()

    def _beat_if_due(self, live: LiveCapture | None) -> None:
        if self._clock.monotonic() < self._next_beat:
            return
        if live is not None:
            self._dropped = max(self._dropped, live.dropped())
        self._beat()

    def _beat(self) -> None:
        self._next_beat = self._clock.monotonic() + self._to.heartbeat / SECOND
        for ring in self._rings.values():
            ring.forget(self._clock.now())
        flows = [pipeline.flows.counts for pipeline in self._pipelines.values()]
        self._health = SensorHeard(
            at=self._clock.now(),
            sensor=self._to.sensor,
            sequence=next(self._sequence),
            leg=self._to.leg,
            state=self._state,
            interface=self._interface,
            vantage=self._watch.vantage,
            received=self._received,
            dropped=self._dropped_before + self._dropped,
            decoded=sum(pipeline.decoded for pipeline in self._pipelines.values()),
            undecodable=sum(pipeline.undecodable for pipeline in self._pipelines.values()),
            flows=sum(counts.flows for counts in flows),
            flows_dropped=sum(counts.dropped for counts in flows),
            flows_cut=sum(counts.cut for counts in flows),
            message=self._message(),
        )
        self._put([self._health])

    def _message(self) -> str:
        refused, self._refused = self._refused, 0
        full = Text(f"core không nhận kịp {refused} dữ liệu quan sát", f"core had no room for {refused} facts")
        said = [self._text, full] if refused else [self._text]
        return "; ".join(filter(None, (text.to(self._to.language) for text in said)))
