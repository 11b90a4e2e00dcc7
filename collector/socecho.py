"""`vonggac soc-echo`: tells a box from which public address it comes, and, where its site agreed in writing, which ports let the outside in.

It tries ports of the caller's own address alone: whom else to try cannot be asked for. The address is that of the connection; what a proxy's header says
is not believed, so no proxy may stand before it.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import hmac
import ipaddress
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from aiohttp import web

from collector.clock import Clock
from collector.config.consents import Consent, load_consents
from collector.config.sinks import is_loopback
from collector.door import opened, place, tls_of
from collector.refusal import ConfigError
from collector.token import read_token
from model.text import Text
from model.times import SECOND, VIETNAM

log = logging.getLogger(__name__)

# A site asks a few times a day; whoever asks oftener is not a box. Seconds between two questions, and between two knocks, from one address.
ECHO_PAUSE, KNOCK_PAUSE = 1.0, 600.0
_KNOCK_SECONDS = 3.0
_AT_ONCE = 8
_MOST_BODY = 1024
_MOST_CALLERS = 10_000
_OPEN_WORLD = Text(
    "soc-echo nghe ngoài máy này thì phải có --certificate và --key: mã của điểm không được đi trần trên mạng",
    "soc-echo needs --certificate and --key to listen beyond this machine: a site's token must not cross a network in clear",
)


class Echo:
    """The handlers. `pauses`: seconds between two questions and between two knocks of a site."""

    def __init__(self, sites: Sequence[tuple[Consent, str]], clock: Clock, pauses: tuple[float, float] = (ECHO_PAUSE, KNOCK_PAUSE)) -> None:
        """`sites` with their tokens."""
        self._sites = [(consent, token.encode()) for consent, token in sites]
        self._clock = clock
        self._pauses = pauses
        self._last: dict[tuple[str, str, str], float] = {}

    def app(self) -> web.Application:
        """The service."""
        app = web.Application(client_max_size=_MOST_BODY)
        app.add_routes([web.get("/echo", self.echo), web.post("/knock", self.knock)])
        return app

    async def echo(self, request: web.Request) -> web.Response:
        """The caller's address."""
        self._of(request, "echo", self._pauses[0])
        return web.json_response({"address": _caller(request)})

    async def knock(self, request: web.Request) -> web.Response:
        """The caller's address, the ports tried there and those that accepted a connection, which is closed at once."""
        consent = self._of(request, "knock", self._pauses[1])
        address = _caller(request)
        today = datetime.datetime.fromtimestamp(self._clock.now() // SECOND, VIETNAM).date()
        ports = consent.allows(address, today)
        if not ports:
            log.warning("soc-echo: %s (%s): no written consent", consent.site, address)
            raise web.HTTPForbidden(text="no written consent for this address")
        log.info("soc-echo: %s: trying %d ports of %s, agreed by %s until %s", consent.site, len(ports), address, consent.signed_by, consent.until)
        found = await _open_ports(address, ports)
        log.info("soc-echo: %s: %s lets in at %s", consent.site, address, found or "none of them")
        return web.json_response({"address": address, "knocked": ports, "open": found})

    def _of(self, request: web.Request, what: str, pause: float) -> Consent:
        """Whose token it is. Raises HTTPUnauthorized, HTTPTooManyRequests."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        given = token.strip().encode("utf-8", "surrogateescape")
        # All are compared, each in the same time whatever is right of it.
        known = [consent for consent, own in self._sites if hmac.compare_digest(own, given)]
        if scheme.lower() != "bearer" or not known:
            raise web.HTTPUnauthorized(text="unknown site")
        now, asked = self._clock.monotonic(), (known[0].site, what, _caller(request))
        if asked in self._last and now - self._last[asked] < pause:
            raise web.HTTPTooManyRequests(text="too soon", headers={"Retry-After": str(int(pause))})
        if len(self._last) >= _MOST_CALLERS:
            self._last = {known: at for known, at in self._last.items() if now - at < KNOCK_PAUSE}
        self._last[asked] = now
        return known[0]


def _caller(request: web.Request) -> str:
    """The address at the other end of the connection."""
    peer = request.transport.get_extra_info("peername") if request.transport else None
    if not peer:
        raise web.HTTPBadRequest
    address = ipaddress.ip_address(peer[0].partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


async def _open_ports(address: str, ports: Sequence[int]) -> list[int]:
    few = asyncio.Semaphore(_AT_ONCE)

    async def accepts(port: int) -> bool:
        async with few:
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(_KNOCK_SECONDS):
                    _, writer = await asyncio.open_connection(address, port)
                writer.close()
                return True
        return False

    told = await asyncio.gather(*map(accepts, ports))
    return [port for port, accepted in zip(ports, told, strict=True) if accepted]


async def run(listen: str, consents: Path, certificate: Path | None, key: Path | None, clock: Clock, announce: Callable[[str], None]) -> None:
    """The service until a signal. Raises ConfigError."""
    from collector.reloading import stopping  # noqa: PLC0415 - after what may be refused, for it installs signal handlers

    host, _ = place(listen)
    tls = await asyncio.to_thread(tls_of, certificate, key or certificate) if certificate is not None else None
    if tls is None and not is_loopback(host):
        raise ConfigError(_OPEN_WORLD)
    sites = [(consent, read_token(consent.token_file)) for consent in await asyncio.to_thread(load_consents, consents)]
    stop = stopping(hangup=True)
    async with opened(Echo(sites, clock).app(), listen, tls) as url:
        announce(url)
        await stop.wait()
