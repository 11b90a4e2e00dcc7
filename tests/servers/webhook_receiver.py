"""An on-call endpoint on loopback that checks every delivery with the `standardwebhooks` package."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError

from tests.servers.certificates import SERVER_NAME, Leaf
from tests.servers.process import free_port

REFUSED = 401


@dataclass(frozen=True)
class Delivery:
    """One POST that came: headers in lower case, body as sent, why it was refused, what was answered."""

    headers: Mapping[str, str]
    body: bytes
    refused: str | None
    status: int

    @property
    def id(self) -> str:
        """Standard Webhooks message id, empty when there was none."""
        return self.headers.get("webhook-id", "")

    def json(self) -> Any:
        """The body parsed as JSON."""
        return json.loads(self.body)


class WebhookReceiver:
    """Answers 204 to a well-signed message, 401 to any other, or what a test asked for; an async context."""

    def __init__(self, secret: str, *, tls: Leaf | None = None) -> None:
        self.deliveries: list[Delivery] = []
        self.port = free_port()
        self._verifier = Webhook(secret)
        self._tls = tls
        self._answers: list[tuple[int, Mapping[str, str]]] = []
        self._changed = asyncio.Condition()

    @property
    def url(self) -> str:
        """Where to post, by the name that a right certificate carries."""
        origin = f"https://{SERVER_NAME}" if self._tls else "http://127.0.0.1"
        return f"{origin}:{self.port}/alerts"

    @property
    def accepted(self) -> list[Delivery]:
        """Deliveries that were well signed and answered with a 2xx status, in order."""
        return [one for one in self.deliveries if one.refused is None and 200 <= one.status < 300]

    def answer_next(self, status: int, times: int = 1, headers: Mapping[str, str] | None = None) -> None:
        """The next `times` well-signed messages are answered with this status."""
        self._answers += [(status, headers or {})] * times

    def well(self) -> None:
        """From now on as if no other answer had been asked for."""
        self._answers.clear()

    async def received(self, count: int, seconds: float = 30.0) -> list[Delivery]:
        """Wait until so many deliveries came, refused ones included; TimeoutError."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: len(self.deliveries) >= count)
        return self.deliveries

    async def accepted_ids(self, count: int, seconds: float = 30.0) -> set[str]:
        """Wait until so many different message ids were accepted; all accepted ids; TimeoutError."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: len({one.id for one in self.accepted}) >= count)
        return {one.id for one in self.accepted}

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_post("/alerts", self._handle)
        self._runner = web.AppRunner(application)
        await self._runner.setup()
        await self.listen()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._runner.cleanup()

    async def listen(self) -> None:
        """Listen (again) on the same port."""
        context = self._tls.server_context() if self._tls else None
        self._site = web.TCPSite(self._runner, "127.0.0.1", self.port, ssl_context=context, reuse_address=True)
        await self._site.start()

    async def stop_listening(self) -> None:
        """Be away: connections are refused until `listen`; what was recorded stays."""
        await self._site.stop()
        assert self._runner.server is not None
        for connection in list(self._runner.server.connections):
            connection.force_close()

    async def _handle(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = await request.read()
        refused = self._why_refused(headers, body)
        status, extra = self._answer(refused)
        async with self._changed:
            self.deliveries.append(Delivery(headers, body, refused, status))
            self._changed.notify_all()
        return web.Response(status=status, headers=extra, text=refused if refused and status == REFUSED else None)

    def _why_refused(self, headers: dict[str, str], body: bytes) -> str | None:
        try:
            self._verifier.verify(body, headers)
        # The package lets a malformed signature header, and a body that is no JSON, out as ValueError.
        except (WebhookVerificationError, ValueError) as error:
            return str(error) or type(error).__name__
        return None

    def _answer(self, refused: str | None) -> tuple[int, Mapping[str, str]]:
        if refused is not None:
            return REFUSED, {}
        return self._answers.pop(0) if self._answers else (204, {})
