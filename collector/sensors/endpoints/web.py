"""The HTTP side, on aiohttp's low-level server: five paths, no redirect, and for whatever fails a body that osquery takes for a failure.

osquery ignores the status, and takes an empty body or any object without `error` for success, whereupon it deletes what it sent (behaviour 1). So there is
no router, no middleware and no page of aiohttp's own between a request and its answer.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from asyncio import sslproto
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import msgspec
from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from collector.sensors.endpoints.admission import RefusedError
from collector.sensors.endpoints.figures import Figures
from collector.sensors.endpoints.inbox import InboxError
from collector.sensors.endpoints.messages import BodyError
from collector.sensors.endpoints.tls import Identity
from model.posture.figures import Refusal

log = logging.getLogger(__name__)

# Who speaks, its Authorization header, the body; the body of the answer.
Answering = Callable[[Identity, str, bytes], Awaitable[bytes]]
Identify = Callable[[dict[str, Any] | None], Identity]

# How long a body may take to arrive, and a handshake, seconds. The agent itself gives up after 16.
_BODY, _HANDSHAKE = 60.0, 15.0
# An agent writes its answer at once and comes again after two minutes: a connection kept for longer is memory for nothing.
_KEEP_ALIVE, _LINGER = 10.0, 1.0
# What asyncio reads of a TLS connection at once; it keeps a buffer of that size for each (256 KiB unless told), and a PC's answers have some kilobytes:
# one record of TLS.
_READ: Final = 16 << 10
# A body larger than this waits for one of few places: an inflated batch of the largest kind takes tens of megabytes.
_LARGE: Final = 1 << 20
_LARGE_AT_ONCE: Final = 2
_JSON: Final = "application/json"


class Path:
    """One path: what answers, and the most bytes its body may have once inflated."""

    def __init__(self, answer: Answering, most: int) -> None:
        self.answer, self.most = answer, most


class Web:
    """Serves `paths` to whom `identify` knows by its certificate. `carves`: paths by which agents send files, which end here."""

    def __init__(self, paths: Mapping[str, Path], identify: Identify, figures: Figures, carves: frozenset[str] = frozenset()) -> None:
        self._paths, self._identify, self._figures, self._carves = dict(paths), identify, figures, carves
        self._large = asyncio.Semaphore(_LARGE_AT_ONCE)
        self._server: _Server | None = None
        self._listening: asyncio.Server | None = None

    async def start(self, host: str, port: int, context: ssl.SSLContext) -> tuple[str, int]:
        """Listens; where. Raises OSError."""
        # aiohttp's own line for each request would hold the address and the path of whoever knocks.
        self._server = _Server(self.handle, keepalive_timeout=_KEEP_ALIVE, lingering_time=_LINGER, access_log=None, logger=_quiet())
        self._server.figures = self._figures
        loop = asyncio.get_running_loop()
        sslproto.SSLProtocol.max_size = min(sslproto.SSLProtocol.max_size, _READ)
        self._listening = await loop.create_server(self._server, host, port, ssl=context, ssl_handshake_timeout=_HANDSHAKE, backlog=512)
        bound = self._listening.sockets[0].getsockname()
        return str(bound[0]), int(bound[1])

    async def stop(self) -> None:
        """Ends; what is being answered is answered, for a moment."""
        if self._listening is not None and self._server is not None:
            self._listening.close()
            self._server.pre_shutdown()
            await self._server.shutdown(_LINGER)

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answers one request, whatever it is."""
        try:
            path = self._path(request)
            # Before the body: who may not speak is not listened to.
            identity = self._identify(request.get_extra_info("peercert"))
            body = await self._body(request, path.most)
            answer = await path.answer(identity, request.headers.get("Authorization", ""), body)
            return web.Response(body=answer, content_type=_JSON)
        except RefusedError as refused:
            return self._failed(refused.reason, refused.status, refused.words, again=refused.again)
        except (BodyError, web.RequestPayloadError):
            return self._failed("malformed", 400, "this body cannot be read")
        except InboxError as error:
            log.warning("%s", error.text.vi)
            return self._failed("store", 503, "not kept, send it again")
        except Exception:  # boundary: of one request; the agent keeps what it sent, and the fault is told
            log.exception("endpoints")
            return self._failed("fault", 500, "not kept, send it again")

    def _path(self, request: web.BaseRequest) -> Path:
        if request.path in self._carves:
            raise RefusedError("carve", 404, "nothing is ever fetched from a PC")
        path = self._paths.get(request.path)
        if path is None:
            raise RefusedError("path", 404, "there is nothing here")
        if request.method != "POST":
            raise RefusedError("method", 405, "only POST")
        return path

    async def _body(self, request: web.BaseRequest, most: int) -> bytes:
        body, small = bytearray(), min(most, _LARGE)
        if (request.content_length or 0) > most:
            raise RefusedError("size", 413, "the body is too large")
        try:
            async with asyncio.timeout(_BODY):
                if not await _read(request, body, small) and most > small:
                    async with self._large:
                        await _read(request, body, most)
        except (TimeoutError, ConnectionError):
            # Too slow, or switched off in the middle.
            raise RefusedError("slow", 408, "the body did not come") from None
        if len(body) > most:
            raise RefusedError("size", 413, "the body is too large")
        return bytes(body)

    def _failed(self, reason: Refusal, status: int, words: str, *, again: bool = False) -> web.Response:
        self._figures.refused[reason] += 1
        return failure(status, words, again=again)


def failure(status: int, words: str, *, again: bool = False) -> web.Response:
    """An answer that osquery takes for a failure. `again`: it throws its node key away and enrols anew (behaviour 6: a real boolean)."""
    body: dict[str, Any] = {"error": words, "node_invalid": True} if again else {"error": words}
    return web.Response(body=msgspec.json.encode(body), status=status, content_type=_JSON)


async def _read(request: web.BaseRequest, body: bytearray, most: int) -> bool:
    """Reads on until the end, or until there is more than `most` (inflated): whether it was the end."""
    while chunk := await request.content.readany():
        body += chunk
        if len(body) > most:
            return False
    return True


class _Server(web.Server):
    figures: Figures

    def __call__(self) -> RequestHandler:
        return _Handler(self, loop=self._loop, **self._kwargs)


class _Handler(RequestHandler):
    """What the parser cannot read is answered in the same words as all else."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - as aiohttp calls it; its words would be text, which osquery takes for success when there are none
    ) -> web.StreamResponse:
        if isinstance(self._manager, _Server):
            self._manager.figures.refused["malformed"] += 1
        if request.writer.output_size > 0:
            raise ConnectionError from exc
        answer = failure(status, "this is no request")
        answer.force_close()
        return answer


def _quiet() -> logging.Logger:
    """The log of aiohttp's own faults: what a stranger sends is no news of ours."""
    quiet = logging.getLogger(f"{__name__}.aiohttp")
    quiet.setLevel(logging.CRITICAL)
    return quiet
