"""Takes the pictures of docs/page.md from the invented communes: `python -m tests.console.pictures docs/img`."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from exporters.console.app import make_app
from exporters.console.doors import Doors
from model.declared import Declared
from model.detector import About
from tests.console import machines
from tests.console.browser import Tab, chromium
from tests.console.commune import ABOUTS, DECLARED, Hand, Journal, busy
from tests.console.gates import BAD, PORTAL_ABOUTS, declared, province
from tests.console.people import Time, doors, entered
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
PEOPLE = (
    ("users", "/nguoi-dung", 1120, 620, False),
    ("audit", "/so-thao-tac", 1120, 620, True),
    ("take", "/phat-hien", 400, 860, False),
)
VIEWS = (
    (BUSY, busy(), DECLARED, ABOUTS),
    (WIRED, network_site(), SITE, ABOUTS),
    (WATCHED, province(120), declared(120), PORTAL_ABOUTS),
    (REPORTING, machines.centre(), machines.DECLARED, machines.PC_ABOUTS),
)


@asynccontextmanager
async def served(journal: Journal, site: Declared, abouts: Sequence[About], **options: Any) -> AsyncIterator[str]:
    """The page over a journal, by its address."""
    runner = web.AppRunner(make_app(journal, abouts=abouts, declared=lambda: site, **options), shutdown_timeout=1)
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
            await take_people(tab, folder)


async def take_people(tab: Tab, folder: Path) -> None:
    """The log-in, and what only those who logged in see."""
    with tempfile.TemporaryDirectory() as state:
        clock, journal = Time(), busy()
        made = doors(Path(state), clock)
        made.users.add("tuan", "analyst", "một câu dài khác hẳn")
        async with served(journal, DECLARED, ABOUTS, acts=Hand(journal), doors=made) as address:
            await tab.size(400, 620)
            await tab.open(address + "/dang-nhap")
            await tab.picture(folder / "page-login.png")
            history(made, clock)
            await entered(tab, address, "administrator")
            for name, path, width, height, dark in PEOPLE:
                await tab.size(width, height, dark)
                await tab.open(address + path)
                await tab.picture(folder / f"page-{name}.png")


def history(made: Doors, clock: Time) -> None:
    """A morning's lines."""
    for deed, by, about, why, outcome in (
        ("login", "lan", "", "", "done"),
        ("acknowledge", "lan", "000000000001", "", "done"),
        ("login_failed", "hoa", "", "", "wrong password"),
        ("login", "hoa", "", "", "done"),
        ("denied", "hoa", "POST /phat-hien/000000000002/dong", "", "needs act"),
        ("accept", "lan", "000000000004", "chờ mua màn hình mới", "done"),
        ("user_add", "minh", "tuan", "analyst", "done"),
    ):
        clock.seconds += 127
        made.trail.note(deed, by=by, about=about, why=why, outcome=outcome, address="10.9.0.4")  # type: ignore[arg-type] # words of the table above


if __name__ == "__main__":
    asyncio.run(take(Path(sys.argv[1])))
