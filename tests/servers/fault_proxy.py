"""A proxy in front of a real server that goes wrong exactly when, and as often as, a test says."""

import asyncio
import contextlib
import gzip
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self, assert_never

import aiohttp
from aiohttp import web
from yarl import URL

from tests.servers import bulk_body
from tests.servers.certificates import SERVER_NAME, Leaf
from tests.servers.faults import Answer, Drip, Fault, HalfBody, Hang, RefuseItems, Reset
from tests.servers.process import free_port

# RFC 9110 §7.6.1: they belong to one hop and are made anew for the next; the length is computed again.
_ONE_HOP = {"connection", "content-length", "host", "keep-alive", "transfer-encoding"}
_HANG_LIMIT_SECONDS = 300.0


@dataclass(frozen=True)
class Seen:
    """A request that came, and the fault it met (None: passed through)."""

    method: str
    path: str
    fault: Fault | None


@dataclass
class _Planned:
    fault: Fault
    left: float
    path_part: str


class FaultProxy:
    """HTTP/1.1 on loopback in front of `upstream` (its base URL); use as an async context.

    Faults are handed out in the order given, each for its number of requests; then requests pass.
    """

    def __init__(self, upstream: str, *, tls: Leaf | None = None, upstream_tls: ssl.SSLContext | None = None) -> None:
        self.seen: list[Seen] = []
        self.port = free_port()
        self._upstream = upstream
        self._tls = tls
        self._upstream_tls = upstream_tls
        self._planned: list[_Planned] = []
        self._changed = asyncio.Condition()
        self._released = asyncio.Event()

    @property
    def url(self) -> str:
        """Where clients connect, by the name that a right certificate carries."""
        return f"https://{SERVER_NAME}:{self.port}" if self._tls else f"http://127.0.0.1:{self.port}"

    def next(self, fault: Fault, times: int = 1, path_part: str = "") -> None:
        """The next `times` requests whose path holds `path_part` meet `fault`."""
        self._planned.append(_Planned(fault, times, path_part))

    def always(self, fault: Fault, path_part: str = "") -> None:
        """Every request from now on meets `fault`, until `clear`."""
        self._planned.append(_Planned(fault, float("inf"), path_part))

    def clear(self) -> None:
        """Forget the planned faults and let hanging requests go (their connections close)."""
        self._planned.clear()
        self._released.set()
        self._released = asyncio.Event()

    async def served(self, count: int, path_part: str = "", seconds: float = 30.0) -> None:
        """Wait until so many requests, since the proxy began, were answered or dropped; TimeoutError."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: sum(path_part in seen.path for seen in self.seen) >= count)

    @contextlib.asynccontextmanager
    async def refusing(self) -> AsyncIterator[None]:
        """Meanwhile nothing listens: open connections are dropped and new ones refused by the kernel."""
        await self._stop_listening()
        try:
            yield
        finally:
            await self._listen()

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(ssl=self._upstream_tls or True, force_close=True)
        self._client = aiohttp.ClientSession(
            connector=connector,
            auto_decompress=False,
            skip_auto_headers=["Accept", "Accept-Encoding", "Content-Type", "User-Agent"],
        )
        application = web.Application(client_max_size=0)
        application.router.add_route("*", "/{tail:.*}", self._handle)
        # Compressed bodies go on as they came; a request's own cancellation ends a hang or a drip.
        self._runner = web.AppRunner(application, auto_decompress=False, handler_cancellation=True)
        await self._runner.setup()
        await self._listen()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.clear()
        await self._stop_listening()
        await self._runner.cleanup()
        await self._client.close()

    async def _listen(self) -> None:
        context = self._tls.server_context() if self._tls else None
        self._site = web.TCPSite(self._runner, "127.0.0.1", self.port, ssl_context=context, reuse_address=True)
        await self._site.start()

    async def _stop_listening(self) -> None:
        await self._site.stop()
        assert self._runner.server is not None
        for connection in list(self._runner.server.connections):
            connection.force_close()

    def _take(self, path: str) -> Fault | None:
        for planned in self._planned:
            if planned.left > 0 and planned.path_part in path:
                planned.left -= 1
                return planned.fault
        return None

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        fault = self._take(request.path)
        try:
            return await self._meet(fault, request, body)
        finally:
            async with self._changed:
                self.seen.append(Seen(request.method, request.path, fault))
                self._changed.notify_all()

    async def _meet(self, fault: Fault | None, request: web.Request, body: bytes) -> web.StreamResponse:
        match fault:
            case None:
                return _whole(await self._forward(request, body))
            case Answer():
                return _whole(fault)
            case RefuseItems():
                return _whole(await self._refuse_items(fault, request, body))
            case Hang():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._released.wait(), _HANG_LIMIT_SECONDS)
                return _dropped(request)
            case Reset():
                answer = await self._forward(request, body)
                return await _cut(request, answer, fault.after_bytes, reset=True)
            case HalfBody():
                answer = await self._forward(request, body)
                return await _cut(request, answer, len(answer.body) // 2, reset=False)
            case Drip():
                return await _drip(request, await self._forward(request, body), fault)
        assert_never(fault)

    async def _forward(self, request: web.Request, body: bytes, headers: Mapping[str, str] | None = None) -> Answer:
        # As sent: quoting it once more would change ids that are quoted already.
        url = URL(self._upstream + request.raw_path, encoded=True)
        passed = headers if headers is not None else _passed_on(request.headers)
        try:
            async with self._client.request(request.method, url, data=body, headers=passed) as answer:
                return Answer(answer.status, _passed_on(answer.headers), await answer.read())
        except aiohttp.ClientConnectionError as error:
            return Answer(502, {"Content-Type": "text/plain"}, f"Bad Gateway: {error}".encode())

    async def _refuse_items(self, fault: RefuseItems, request: web.Request, body: bytes) -> Answer:
        headers = {k: v for k, v in _passed_on(request.headers).items() if k.lower() != "accept-encoding"}
        if headers.pop("Content-Encoding", "") == "gzip":
            body = gzip.decompress(body)
        items = bulk_body.parse(body, request.path)
        left = bulk_body.without(items, fault)
        if not left:
            kind = {"Content-Type": "application/json", "X-elastic-product": "Elasticsearch"}
            return Answer(200, kind, bulk_body.merged(items, fault, b""))
        answer = await self._forward(request, left, headers)
        if answer.status != 200:
            return answer
        return Answer(200, answer.headers, bulk_body.merged(items, fault, answer.body))


def _passed_on(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.title(): value for name, value in headers.items() if name.lower() not in _ONE_HOP}


def _whole(answer: Answer) -> web.Response:
    return web.Response(status=answer.status, headers=answer.headers, body=answer.body)


async def _begin(request: web.Request, answer: Answer) -> web.StreamResponse:
    response = web.StreamResponse(status=answer.status, headers=answer.headers)
    response.content_length = len(answer.body)
    await response.prepare(request)
    return response


async def _drip(request: web.Request, answer: Answer, fault: Drip) -> web.StreamResponse:
    response = await _begin(request, answer)
    for start in range(0, len(answer.body), fault.bytes_at_once):
        await response.write(answer.body[start : start + fault.bytes_at_once])
        await asyncio.sleep(fault.pause_seconds)
    return response


async def _cut(request: web.Request, answer: Answer, after_bytes: int, *, reset: bool) -> web.StreamResponse:
    if after_bytes == 0:
        return _dropped(request, reset=reset)
    response = await _begin(request, answer)
    await response.write(answer.body[:after_bytes])
    _dropped(request, reset=reset)
    return response


def _dropped(request: web.Request, *, reset: bool = False) -> web.Response:
    transport = request.transport
    if transport is not None and reset:
        # Linger of zero: close() sends RST in place of FIN (tcp(7), SO_LINGER).
        wire: socket.socket = transport.get_extra_info("socket")
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    if transport is not None:
        transport.abort() if reset else transport.close()
    return web.Response()
