"""Asks the SOC's echo by way of each leg, a few times a day, and tells core what it saw."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import socket
import ssl
from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import aiohttp
import msgspec

from collector.interfaces import default_route_interface
from collector.sensors.lines.hop import bound, first_hop, hardware_of
from model.times import SECOND
from model.wirefacts import LineTold, ProbeRan

if TYPE_CHECKING:
    from aiohappyeyeballs.types import AddrInfoType

    from collector.clock import Clock
    from model.facts import AnyFact
    from model.ports import FactSink

log = logging.getLogger(__name__)

SENSOR = "lines"
AUTO = "auto"
# Knocking takes three seconds a port that is dropped, eight at once.
_DEADLINE, _CONNECT = 60.0, 10.0
BETWEEN = 1.5
_MOST_BODY = 4096
# Not agreed to, or done a moment ago for another leg: the address is told all the same.
_NO_KNOCK = frozenset({403, 429})
_MOST_PORTS = 64


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to ask and how: legs with their interfaces, ns between two rounds and before the first, `knock`: have agreed ports tried too."""

    echo: str
    token: str
    legs: Sequence[tuple[str, str]]
    period: int
    first: int
    knock: bool = False


class Answer(msgspec.Struct, frozen=True):
    """What the echo says; only what is of these types is believed."""

    address: str
    knocked: tuple[int, ...] = ()
    open: tuple[int, ...] | None = None


_decoder = msgspec.json.Decoder(Answer)


class BadAnswerError(Exception):
    """The echo refused, or did not speak as one."""


class Lines:
    """The sensor; its facts are of the legs."""

    def __init__(self, asking: Asking, sink: FactSink, clock: Clock, context: ssl.SSLContext | None = None) -> None:
        """`context` for an echo whose certificate is of the SOC's own authority."""
        self._asking = asking
        self._sink = sink
        self._clock = clock
        self._context = context
        self._numbers = count(1)

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop."""
        wait = self._asking.first
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), wait / SECOND)
            if stop.is_set():
                return
            for leg, interface in self._asking.legs:
                await self.ask(leg, interface)
                # The echo takes one question a second from an address, which several legs may have in common.
                await asyncio.sleep(BETWEEN)
            wait = self._asking.period

    async def ask(self, leg: str, interface: str) -> None:
        """One leg, once; also that it could not be asked is told."""
        at = self._clock.now()
        name = default_route_interface() or "" if interface == AUTO else interface
        try:
            async with asyncio.timeout(_DEADLINE):
                told = await self._line(at, leg, name)
        except (OSError, TimeoutError, aiohttp.ClientError, BadAnswerError) as error:
            why = getattr(error, "strerror", None) or str(error) or "quá hạn"
            log.info("%s line: %s", leg, why)
            self._put(ProbeRan(at=at, sensor=SENSOR, sequence=next(self._numbers), leg=leg, probe="line", outcome="failed", detail=why[:200]))
            return
        self._put(told)
        self._put(ProbeRan(at=at, sensor=SENSOR, sequence=next(self._numbers), leg=leg, probe="line", outcome="sent"))

    def _put(self, fact: AnyFact) -> None:
        self._sink.put([fact])

    async def _line(self, at: int, leg: str, interface: str) -> LineTold:
        answer = await self._answer(interface)
        host = urlsplit(self._asking.echo).hostname or ""
        [(*_, (towards, *_)), *_] = await asyncio.get_running_loop().getaddrinfo(host, None, family=socket.AF_INET, type=socket.SOCK_DGRAM)
        hop = await first_hop(interface, str(towards))
        return LineTold(
            at=at,
            sensor=SENSOR,
            sequence=next(self._numbers),
            leg=leg,
            address=answer.address,
            gateway_mac=hardware_of(hop, interface) if hop else "",
            first_hop=hop,
            open_ports=answer.open,
            knocked=answer.knocked[:_MOST_PORTS],
        )

    async def _answer(self, interface: str) -> Answer:
        """Raises OSError, aiohttp.ClientError, BadAnswerError."""

        def by_interface(_: AddrInfoType) -> socket.socket:
            return bound(interface, socket.SOCK_STREAM)

        connector = aiohttp.TCPConnector(family=socket.AF_INET, socket_factory=by_interface, force_close=True, ssl=self._context or True)
        headers = {"Authorization": f"Bearer {self._asking.token}"}
        timeout = aiohttp.ClientTimeout(total=_DEADLINE, sock_connect=_CONNECT)
        base = self._asking.echo.rstrip("/")
        async with aiohttp.ClientSession(connector=connector, headers=headers, timeout=timeout, trust_env=False) as session:
            status, body = await _fetched(session, "POST", base + "/knock") if self._asking.knock else (0, b"")
            if status in _NO_KNOCK or not self._asking.knock:
                status, body = await _fetched(session, "GET", base + "/echo")
        if status != 200:
            raise BadAnswerError(f"soc-echo: {status}")
        try:
            answer = _decoder.decode(body)
            return Answer(str(ipaddress.ip_address(answer.address)), answer.knocked, answer.open and answer.open[:_MOST_PORTS])
        except (ValueError, RecursionError) as error:
            raise BadAnswerError("soc-echo: không hiểu câu trả lời") from error


async def _fetched(session: aiohttp.ClientSession, method: str, url: str) -> tuple[int, bytes]:
    async with session.request(method, url, allow_redirects=False) as response:
        return response.status, await response.content.read(_MOST_BODY)
