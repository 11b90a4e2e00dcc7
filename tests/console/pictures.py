"""Takes the pictures of docs/page.md from the invented communes: `python -m tests.console.pictures docs/img`."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from exporters.console import make_app
from model.declared import Declared
from model.detector import About
from tests.console import machines
from tests.console.browser import chromium
from tests.console.commune import ABOUTS, DECLARED, Journal, busy
from tests.console.gates import BAD, PORTAL_ABOUTS, declared, province
from tests.console.wires import SITE, network_site

BUSY = (
    ("overview", "/", 1120, 780, False),
    ("finding", "/phat-hien/000000000001", 1120, 780, True),
    ("screens", "/man-hinh", 1120, 560, False),
    ("phone", "/", 360, 740, False),
)
WIRED = (
    ("map", "/ban-do", 1240, 1180, False),
    ("map-phone", "/ban-do", 360, 740, True),
    ("asset", f"/thiet-bi/a{21:016x}", 1120, 640, False),
)
WATCHED = (
    ("portals", "/cong", 1180, 900, False),
    ("portal", f"/cong/{BAD}", 1180, 1180, True),
    ("portal-phone", f"/cong/{BAD}", 360, 1100, False),
)
REPORTING = (
    ("pcs", "/may-tinh", 1200, 900, False),
    ("pcs-phone", "/may-tinh", 400, 900, True),
    ("pc", f"/may-tinh/{machines.BAD}", 1200, 1000, False),
)
VIEWS = (
    (BUSY, busy(), DECLARED, ABOUTS),
    (WIRED, network_site(), SITE, ABOUTS),
    (WATCHED, province(120), declared(120), PORTAL_ABOUTS),
    (REPORTING, machines.centre(), machines.DECLARED, machines.PC_ABOUTS),
)


@asynccontextmanager
async def served(journal: Journal, site: Declared, abouts: Sequence[About]) -> AsyncIterator[str]:
    """The page over a journal, by its address."""
    runner = web.AppRunner(make_app(journal, abouts=abouts, declared=lambda: site), shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def take(folder: Path) -> None:
    """Writes the pictures into `folder`."""
    with tempfile.TemporaryDirectory() as profile:
        async with chromium(Path(profile)) as browser:
            tab = await browser.tab()
            for pictures, journal, site, abouts in VIEWS:
                async with served(journal, site, abouts) as address:
                    for name, path, width, height, dark in pictures:
                        await tab.size(width, height, dark)
                        await tab.open(address + path)
                        await tab.until("document.querySelector('#live.on')")
                        await tab.picture(folder / f"page-{name}.png")


if __name__ == "__main__":
    asyncio.run(take(Path(sys.argv[1])))
