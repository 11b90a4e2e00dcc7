"""Debian's Alertmanager on loopback, telling one webhook what it would tell people."""

import asyncio
import json
import os
import re
import shutil
from functools import cached_property
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.servers.call import call
from tests.servers.process import LoopbackServer, ServerMissing, ServerProcess, free_port

READY_SECONDS = 30.0

# At once, so that a test waits for the server and not for its habits; `repeat_interval` is Alertmanager's own default.
QUICK = """
route: {receiver: people, group_by: [site, alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 4h}
receivers:
  - name: people
    webhook_configs:
      - url: http://127.0.0.1:9/
        send_resolved: true
"""


class Alertmanager(LoopbackServer):
    """One server without a cluster. What it would tell people goes to `receiver`, a URL: at once, or as a whole `config` of its own says."""

    def __init__(self, receiver: str, *, config: str = "", web_config: str = "") -> None:
        program = shutil.which("prometheus-alertmanager")
        if program is None:
            raise ServerMissing("no Alertmanager: apt-get install -y --no-install-recommends prometheus-alertmanager")
        super().__init__("Alertmanager", READY_SECONDS)
        self._program = program
        self.url = f"http://127.0.0.1:{free_port()}"
        (self.folder / "alertmanager.yml").write_text(re.sub(r"url: \S+", f"url: {receiver}", config or QUICK))
        (self.folder / "web.yml").write_text(web_config)

    def alerts(self, **login: Any) -> list[dict[str, Any]]:
        """The alerts it holds as active, by its own API."""
        found: list[dict[str, Any]] = call("GET", f"{self.url}/api/v2/alerts", **login).json()
        return found

    @cached_property
    def _process(self) -> ServerProcess:
        options = [
            "--config.file=alertmanager.yml",
            f"--storage.path={self.folder / 'data'}",
            f"--web.listen-address={self.url.removeprefix('http://')}",
            # Without gossip: a port less, and no waiting for others at the start.
            "--cluster.listen-address=",
            "--web.config.file=web.yml",
        ]
        return ServerProcess([self._program, *options], self.folder / "output.log", folder=self.folder, env={"PATH": os.defpath})

    def _ready(self) -> bool:
        try:
            return call("GET", f"{self.url}/-/ready").status in (200, 401)
        except OSError:
            return False


class People:
    """What Alertmanager tells: a webhook (format version 4) that keeps every alert it is sent; an async context."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self._changed = asyncio.Condition()

    async def heard(self, status: str, count: int = 1, seconds: float = 20.0) -> list[dict[str, Any]]:
        """Waits until so many alerts came with this status; TimeoutError."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: len(self._of(status)) >= count)
        return self._of(status)

    def _of(self, status: str) -> list[dict[str, Any]]:
        return [one for one in self.told if one["status"] == status]

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_post("/", self._take)
        self._runner = web.AppRunner(application)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        message = json.loads(await request.read())
        assert message["version"] == "4"
        async with self._changed:
            self.told += message["alerts"]
            self._changed.notify_all()
        return web.Response()
