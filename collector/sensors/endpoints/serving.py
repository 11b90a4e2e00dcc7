"""The sensor at work: serves PCs, feeds core, says that it is alive, and takes a renewed certificate without being started again."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

from collector.clock import Clock
from collector.refusal import ConfigError
from collector.sensors.endpoints import tls
from collector.sensors.endpoints.admission import Admission
from collector.sensors.endpoints.api import CARVES, SENSOR, Api
from collector.sensors.endpoints.feeding import Feeding
from collector.sensors.endpoints.figures import Figures
from collector.sensors.endpoints.inbox import Inbox, InboxError
from collector.sensors.endpoints.web import Web
from model.endpointfacts import EndpointsCounted
from model.facts import SensorHeard, SensorState
from model.ports import FactSink
from model.posture.figures import CERTIFICATE
from model.text import Language, Text

log = logging.getLogger(__name__)

HEARTBEAT: Final = 60.0
_LISTENS = Text("nhận máy tính ở %s cổng %d", "PCs are served on %s port %d")
_STANDS_STILL = Text("không ghi được hộp thư đến: máy tính phải giữ câu trả lời lại", "the inbox cannot be written: PCs have to keep what they would tell")


class Place(NamedTuple):
    """Where it listens, with which certificate; the paths begin with `prefix`."""

    host: str
    port: int
    prefix: str
    files: tls.Files


class Endpoints:
    """The server with all its parts. `address` once it listens."""

    def __init__(
        self, place: Place, api: Api, admission: Admission, inbox: Inbox, feeding: Feeding, sink: FactSink, clock: Clock, figures: Figures, *,
        close: Callable[[], Awaitable[None]] | None = None, language: Language = "vi",
    ) -> None:  # fmt: skip
        """`close`: what is to be let go of at the end, in the sensor's loop. Raises ConfigError for certificate files that cannot be used."""
        self.address: tuple[str, int] = ("", 0)
        self.listening = asyncio.Event()
        self._place, self._admission, self._inbox, self._feeding = place, admission, inbox, feeding
        self._sink, self._clock, self._figures, self._close, self._language = sink, clock, figures, close, language
        self._door = tls.door_of(place.files)
        self._written = tls.written(place.files)
        carves = frozenset(place.prefix + carve for carve in CARVES)
        self._web = Web(api.paths(place.prefix), admission.identify, figures, carves)
        figures.enrolled = len(admission)

    @property
    def turned_away(self) -> Counter[str]:
        """Handshakes that failed, by why."""
        return self._door.failed

    async def run(self, stop: asyncio.Event) -> None:
        """Serves until `stop`. Raises ConfigError when it cannot listen."""
        try:
            self.address = await self._web.start(self._place.host, self._place.port, self._door)
        except OSError as error:
            where, why = f"{self._place.host}:{self._place.port}", error.strerror or str(error)
            raise ConfigError(Text(f"Không nhận được máy tính ở {where}: {why}.", f"Cannot listen for PCs on {where}: {why}.")) from None
        log.info(_LISTENS.to(self._language), *self.address)
        self.listening.set()
        tasks = [asyncio.create_task(self._feeding.run()), asyncio.create_task(self._beat())]
        stopped = asyncio.create_task(stop.wait())
        try:
            # A task of ours that ends by a fault ends the sensor: its silence is seen, a server that hands nothing on would not be.
            done, _ = await asyncio.wait([*tasks, stopped], return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in (*tasks, stopped):
                task.cancel()
            await asyncio.gather(*tasks, stopped, return_exceptions=True)
            await self._web.stop()
            await self._tell("stopped")
            if self._close is not None:
                await self._close()

    async def _beat(self) -> None:
        while True:
            self._renew()
            await self._tell("running")
            _give_back()
            await asyncio.sleep(HEARTBEAT)

    def _renew(self) -> None:
        """Takes certificate and key anew when they were written: a box's certificate lives for months only."""
        written = tls.written(self._place.files)
        if written == self._written:
            return
        try:
            tls.load(self._door, self._place.files)
        except ConfigError as error:
            log.warning("%s", error.text.to(self._language))
            return
        self._written = written

    async def _tell(self, state: SensorState) -> None:
        """The heartbeat, with what somebody should look into; and the figures."""
        now, figures = self._clock.now(), self._figures
        try:
            depth, message = await self._inbox.depth(), self._admission.alarm
        except InboxError:
            # Nothing can be kept: to the SOC the PCs are out of sight, and VG-COV-01 says so.
            depth, message, state = None, _STANDS_STILL, "failed" if state == "running" else state
        counts = figures.as_counts() | {f"handshake.{why}": times for why, times in self.turned_away.items()}
        if depth is not None:
            counts |= {"inbox_facts": depth.facts, "inbox_bytes": depth.bytes, "inbox_oldest": depth.oldest, "inbox_lost": depth.lost}
        if (until := tls.expiry(self._place.files)) is not None:
            counts[CERTIFICATE] = until
        lost = depth.lost if depth else 0
        beat = SensorHeard(
            at=now, sensor=SENSOR, state=state, received=figures.batches, decoded=figures.lines, undecodable=figures.quarantined, dropped=lost,
            message=message.to("vi") if message else "",
        )  # fmt: skip
        # At the end of the service nobody may be there to take it.
        with contextlib.suppress(RuntimeError):
            self._sink.put([beat, EndpointsCounted(at=now, sensor=SENSOR, counts=counts)])


def _give_back() -> None:
    """Gives the kernel the memory of connections that ended: of 130 MiB that a thousand PCs at once took, the C library would keep 100 for ever."""
    ctypes.CDLL(None).malloc_trim(0)
