"""The page of a box as its reader meets it: first contentful paint in Chromium and what goes over the wire. `.venv/bin/python benchmarks/page_paint.py`.

The program is `vonggac demo` after both networks were played: one commune with all its findings.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
# A browser that is missing is an error here.
os.environ.setdefault("CI", "true")

from measure import Figure

from tests.console.browser import chromium
from tests.system.program import PATIENCE, VONGGAC, address, spawned

PAINTS = 9
# Both by page.md.
PAINT_BAR, WEIGHT_BAR = 0.5, 200.0


async def looked_at(url: str, profile: Path) -> tuple[list[float], float]:
    """Seconds of each paint, the browser's first left out; kB of the page with all it asks for, from an empty cache."""
    async with chromium(profile) as browser:
        tab = await browser.tab()
        await tab.call("Page.bringToFront")
        await tab.open(url)
        weight = sum(size for asked, size in tab.bytes.items() if "/events" not in asked)
        return [await tab.painted(url) for _ in range(PAINTS)], weight / 1024


def figures() -> list[Figure]:
    """Paint and weight of the overview of a box."""
    with tempfile.TemporaryDirectory(prefix="vonggac-bench-") as place:
        folder = Path(place)
        program = spawned([str(VONGGAC), "demo", "--port", "0", "--seconds", "2"], folder / "demo.log")
        try:
            url = address(program)
            program.wait_for("đã phát hết", PATIENCE)
            paints, weight = asyncio.run(looked_at(url, folder / "profile"))
        finally:
            program.stop()
    return [
        Figure("a box's overview in Chromium, first contentful paint", paints, PAINT_BAR, " s"),
        Figure("the same with style and script, compressed", [weight], WEIGHT_BAR, " kB"),
    ]


if __name__ == "__main__":
    for figure in figures():
        print("  ".join(figure.cells()))
