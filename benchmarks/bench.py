"""All benchmarks: every figure beside its goal, as far as it can be a ratio measured against a peer in the same minutes.

    make bench                       all of it, some half an hour; as root, since the live parts make network namespaces
    .venv/bin/python benchmarks/bench.py replay facts     some parts; the document stays as it is

`judge` needs the outside corpus (VONGGAC_CORPUS) and is left out, which is said, where it is not there and was not asked for.

Writes the table of docs/performance.md, and fails when a figure is worse than its goal, or than what is on record where a goal is missed,
by more than noise.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import fleet
import following
import living
import offline
import page_paint
import pcs_centre
import pcs_storm
import portals_fleet
import portals_judge
import soc
import takeovers
from measure import Figure, machine

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- measured by make bench -->", "<!-- end of what make bench writes -->"
TOOLS = ("tcpdump", "ndpiReader", "tcpreplay", "ip", "ethtool")
# What each part needs beside the program; those not named need all of TOOLS.
NEEDS = {"judge": (), "portals": ("nginx", "dnsmasq"), "facts": (), "flows": (), "pcs": (), "soc": (), "fleet": ()}
WITHOUT_ROOT = {"replay", "start", "facts", "flows", "judge", "portals", "pcs", "soc", "fleet"}

PARTS: dict[str, Callable[[], list[Figure]]] = {
    "replay": lambda: offline.replaying(7),
    "start": lambda: offline.starting(9),
    "facts": lambda: offline.scaling(5),
    "flows": lambda: following.figures(5),
    "flood": lambda: living.flooded(5),
    "delay": lambda: living.delayed(200),
    "takeover": lambda: takeovers.figures(60, 5),
    "idle": living.idle,
    "page": lambda: [*living.started_again(3), *page_paint.figures()],
    "judge": lambda: portals_judge.figures(3),
    "portals": lambda: portals_fleet.figures(100),
    "pcs": lambda: [*pcs_storm.figures(200, 60), *pcs_centre.morning(200), *pcs_centre.steady(2_500, 600), *pcs_centre.office_hours()],
    "soc": lambda: soc.figures(5, 100),
    "fleet": fleet.figures,
}


def main(wanted: Sequence[str]) -> int:
    """Measures the parts named, all for none. Exit status 1: something got worse; 2: it cannot be measured here."""
    if unknown := [part for part in wanted if part not in PARTS]:
        print(f"bench: no part {unknown[0]!r}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    parts = list(wanted or PARTS)
    if not wanted and portals_judge.VARIABLE not in os.environ:
        parts.remove("judge")
        print(f"bench: judge is left out: {portals_judge.VARIABLE} names no corpus", file=sys.stderr)
    needed = dict.fromkeys(tool for part in parts for tool in NEEDS.get(part, TOOLS))
    if missing := [tool for tool in needed if shutil.which(tool) is None]:
        print(f"bench: not installed: {', '.join(missing)}; as root: apt-get install -y --no-install-recommends $(cat deploy/apt-bench.txt)", file=sys.stderr)
        return 2
    if os.geteuid() != 0 and not set(parts) <= WITHOUT_ROOT:
        print(f"bench: the live parts need root: they make network namespaces; without: bench.py {' '.join(sorted(WITHOUT_ROOT))}", file=sys.stderr)
        return 2
    # Where a program is used, Python keeps what it compiled.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    figures: list[Figure] = []
    for part in parts:
        for figure in PARTS[part]():
            figures.append(figure)
            print("  ".join(figure.cells()), flush=True)
    if not wanted:
        record(figures)
    worse = [figure for figure in figures if figure.worse]
    for figure in worse:
        print(f"bench: worse than on record: {figure.name}: {figure.median:.3g}", file=sys.stderr)
    return 1 if worse else 0


def record(figures: Sequence[Figure]) -> None:
    """Writes the table into the document, between its two marks."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    said = f"{time.strftime('%Y-%m-%d', time.gmtime())}, `make bench`, on {machine()}; load while it ran {load}."
    rows = ["| measured | minimum / **median** / maximum | goal | |", "|---|---|---|---|", *("| " + " | ".join(figure.cells()) + " |" for figure in figures)]
    before, _, rest = DOCUMENT.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCUMENT.write_text(before + "\n".join([BEGIN, said, "", *rows, END]) + after)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
