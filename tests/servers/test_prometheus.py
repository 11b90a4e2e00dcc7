"""Debian's Prometheus scrapes a small exporter and answers about it."""

import os
import urllib.error
from collections.abc import Callable, Sequence

import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from tests.servers.call import call
from tests.servers.process import ServerFailed, free_port
from tests.servers.prometheus import Prometheus

pytestmark = pytest.mark.servers


async def test_it_scrapes_a_target_and_answers_a_query(
    start_prometheus: Callable[[Sequence[str]], Prometheus],
) -> None:
    registry = CollectorRegistry()
    Gauge("vonggac_test_open", "open findings", ["severity"], registry=registry).labels("high").set(7)

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(registry), headers={"Content-Type": "text/plain; version=0.0.4"})

    application = web.Application()
    application.router.add_get("/metrics", metrics)
    runner, port = web.AppRunner(application), free_port()
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        prometheus = start_prometheus([f"127.0.0.1:{port}"])
        ((labels, value),) = await prometheus.until("vonggac_test_open")
        assert (labels["severity"], labels["job"], value) == ("high", "vonggac", 7.0)
        assert prometheus.query(f'up{{instance="127.0.0.1:{port}"}}')[0][1] == 1.0
        with pytest.raises(ServerFailed, match="parse error"):
            prometheus.query("vonggac_test_open{")
    finally:
        await runner.cleanup()


def test_nothing_of_it_is_left_after_close() -> None:
    with Prometheus([]) as prometheus:
        pid = prometheus.pid
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert not prometheus.folder.exists()
    with pytest.raises(urllib.error.URLError):
        call("GET", f"{prometheus.url}/-/ready")
