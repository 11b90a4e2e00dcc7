"""The small door of the process that exports: its metrics, and whether it and core live. No page: who has the sinks' secrets shows nothing else."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import web

from exporters.console import guard
from exporters.console.speech import Speech

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

    from model.ports import JournalReader
    from model.text import Language

# How long core is waited for, seconds.
_READY = 2.0


def make_machine_app(reader: JournalReader, metrics: Handler, failures: tuple[type[Exception], ...], language: Language = "vi") -> web.Application:
    """`/metrics`, `/-/healthy` and `/-/ready` (503 while core does not answer: `failures` are what the reader raises then), to be bound to loopback."""

    async def healthy(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    silent: tuple[type[Exception], ...] = (OSError, EOFError, *failures)

    async def ready(_: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(_READY):
                await reader.status()
        except silent:
            return web.Response(status=503, text="core does not answer\n")
        return web.Response(text="ready\n")

    app = web.Application(middlewares=[guard.host_check((), Speech(language))], client_max_size=1024)
    app.on_response_prepare.append(guard.harden)
    app.add_routes([web.get("/metrics", metrics), web.get("/-/healthy", healthy), web.get("/-/ready", ready)])
    return app
