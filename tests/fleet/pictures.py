"""Takes the pictures of docs/page.md from an invented province: `python -m tests.fleet.pictures docs/img`."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from aiohttp import web

from exporters.console.fleet_app import fleet_app
from exporters.elastic import ElasticOptions
from exporters.elastic.fleet import ElasticFleet
from tests.console.browser import chromium
from tests.console.commune import NOW, busy
from tests.fleet.filled import ABOUTS, Filled, declared_of, small, verify
from tests.servers.elasticsearch import Elasticsearch

PICTURES = (
    ("province", "/", 1240, 1500, False),
    ("province-phone", "/", 360, 1400, True),
    ("province-coverage", "/do-bao-phu", 1180, 760, False),
    ("site", "/diem/xa-a/", 1120, 900, False),
    ("coverage", "/diem/xa-a/do-bao-phu", 1120, 640, False),
)


async def take(server: Elasticsearch, folder: Path) -> None:
    """Writes the pictures into `folder`."""
    places = small()
    filled, roster = Filled(server, "pictures"), declared_of(places)
    filled.install()
    filled.write(places)
    reader = ElasticFleet(ElasticOptions(urls=(server.url,), namespace="pictures"), lambda: roster, lambda: NOW, verify=verify)
    runner = web.AppRunner(fleet_app(reader, None, lambda: roster, busy(), lambda: NOW, abouts=ABOUTS), shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    with tempfile.TemporaryDirectory() as profile:
        async with chromium(Path(profile)) as browser:
            tab = await browser.tab()
            for name, path, width, height, dark in PICTURES:
                await tab.size(width, height, dark)
                await tab.open(f"http://127.0.0.1:{runner.addresses[0][1]}{path}")
                await tab.until("document.querySelector('#live.on')")
                await tab.picture(folder / f"page-{name}.png")
    await runner.cleanup()
    await reader.close()


if __name__ == "__main__":
    with Elasticsearch() as running:
        asyncio.run(take(running, Path(sys.argv[1])))
