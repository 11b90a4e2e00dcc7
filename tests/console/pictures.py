"""Takes the pictures of docs/page.md from the busy commune: `python -m tests.console.pictures docs/img`."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from aiohttp import web

from exporters.console import make_app
from tests.console.browser import chromium
from tests.console.commune import ABOUTS, DECLARED, busy

PICTURES = (
    ("overview", "/", 1120, 780, False),
    ("finding", "/phat-hien/000000000001", 1120, 780, True),
    ("screens", "/man-hinh", 1120, 560, False),
    ("phone", "/", 360, 740, False),
)


async def take(folder: Path) -> None:
    """Writes the pictures into `folder`."""
    runner = web.AppRunner(make_app(busy(), abouts=ABOUTS, declared=lambda: DECLARED), shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    with tempfile.TemporaryDirectory() as profile:
        async with chromium(Path(profile)) as browser:
            tab = await browser.tab()
            for name, path, width, height, dark in PICTURES:
                await tab.size(width, height, dark)
                await tab.open(f"http://127.0.0.1:{port}{path}")
                await tab.until("document.querySelector('#live.on')")
                await tab.picture(folder / f"page-{name}.png")
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(take(Path(sys.argv[1])))
