"""The sensor of the box's own USB sockets: what is there, plugged in, taken out. It reads sysfs and hears the kernel, without privilege."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyudev

from collector.decode.usb import device_of
from model.endpointfacts import PeripheralSeen, SocketsListed
from model.facts import SensorHeard
from model.posture.usb import same
from model.text import Language, Text
from model.times import MINUTE, SECOND

if TYPE_CHECKING:
    from collector.clock import Clock
    from model.fact import Fact
    from model.ports import FactSink
    from model.posture.told import Peripheral

log = logging.getLogger(__name__)

SENSOR: Final = "peripherals"
HEARTBEAT: Final = MINUTE
# With udevd, events come when its rules are done; without it (a small image) the kernel's own are all there is.
_UDEVD: Final = Path("/run/udev/control")
_ATTRIBUTES: Final = ("idVendor", "idProduct", "serial", "manufacturer", "product", "bDeviceClass", "bDeviceSubClass", "bDeviceProtocol")
_INTERFACE: Final = ("bInterfaceClass", "bInterfaceSubClass", "bInterfaceProtocol")
# How long a device may take to show its interfaces, seconds.
_SETTLE: Final = 2.0
_BLIND = Text("không nghe được cổng USB của hộp: %s", "the box's USB sockets cannot be heard: %s")


class Sockets:
    """Runs in a loop until stopped. `mark` hashes serial numbers: none leaves this class."""

    def __init__(self, sink: FactSink, clock: Clock, mark: Callable[[str], str], language: Language = "vi") -> None:
        self._sink, self._clock, self._mark, self._language = sink, clock, mark, language
        self._sequence = count(1)
        self._there: dict[str, Peripheral] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`. What cannot be heard is told by heartbeats and the log."""
        try:
            context = pyudev.Context()
            monitor = pyudev.Monitor.from_netlink(context, source="udev" if _UDEVD.exists() else "kernel")
            monitor.filter_by("usb", "usb_device")
            monitor.start()
        except (ImportError, OSError) as error:
            log.warning(_BLIND.to(self._language), error)
            await self._beat(stop, Text(_BLIND.vi % error, _BLIND.en % error))
            return
        # Listening came first: what is plugged in meanwhile is told twice, never missed.
        self._look(context)
        loop = asyncio.get_running_loop()
        loop.add_reader(monitor.fileno(), self._hear, monitor)
        try:
            await self._beat(stop, None)
        finally:
            loop.remove_reader(monitor.fileno())

    def _look(self, context: pyudev.Context) -> None:
        for device in context.list_devices(subsystem="usb", DEVTYPE="usb_device"):
            self._arrived(device, settled=True)
        there = tuple(sorted({same(device) for device in self._there.values()}))
        self._put(SocketsListed(at=self._clock.now(), sensor=SENSOR, sequence=next(self._sequence), there=there))

    def _hear(self, monitor: pyudev.Monitor) -> None:
        while (device := monitor.poll(timeout=0)) is not None:
            if device.action == "remove":
                self._left(device.sys_name)
            elif device.action in {"add", "bind", "change"}:
                self._arrived(device)
                # Its interfaces come after it, with "bind": by them alone a token for signatures is told from a stick. One that never binds is told too.
                asyncio.get_running_loop().call_later(_SETTLE, self._arrived, device, True)

    def _arrived(self, device: pyudev.Device, settled: bool = False) -> None:
        if not Path(device.sys_path).exists():
            # Taken out meanwhile.
            return
        known = device_of(_read(device, _ATTRIBUTES), list(_interfaces(device)), self._mark)
        if known is not None and not (known.interfaces or settled):
            return
        if known is not None and self._there.get(device.sys_name) != known:
            self._there[device.sys_name] = known
            self._put(self._fact(known, device.sys_name, there=True))

    def _left(self, port: str) -> None:
        known = self._there.pop(port, None)
        # Two of a kind without serial numbers are one device to core: it is gone when both are.
        if known is not None and not any(same(other) == same(known) for other in self._there.values()):
            self._put(self._fact(known, port, there=False))

    def _fact(self, device: Peripheral, port: str, *, there: bool) -> PeripheralSeen:
        return PeripheralSeen(at=self._clock.now(), sensor=SENSOR, sequence=next(self._sequence), device=device, port=port, there=there)

    def _put(self, fact: Fact) -> None:
        self._sink.put([fact])  # type: ignore[list-item]  # all kinds made here are of AnyFact

    async def _beat(self, stop: asyncio.Event, blind: Text | None) -> None:
        while not stop.is_set():
            state = "failed" if blind else "running"
            said = blind.to(self._language) if blind else ""
            self._put(SensorHeard(at=self._clock.now(), sensor=SENSOR, sequence=next(self._sequence), state=state, message=said))  # type: ignore[arg-type]  # one of its words
            try:
                await asyncio.wait_for(stop.wait(), HEARTBEAT / SECOND)
            except TimeoutError:
                continue


def _read(device: pyudev.Device, names: tuple[str, ...]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name in names:
        try:
            found[name] = device.attributes.asstring(name)
        except (KeyError, UnicodeDecodeError, OSError):  # not there, not text, or unplugged this moment
            continue
    return found


def _interfaces(device: pyudev.Device) -> Iterator[Mapping[str, str]]:
    for child in device.children:
        if child.device_type == "usb_interface":
            yield _read(child, _INTERFACE)
