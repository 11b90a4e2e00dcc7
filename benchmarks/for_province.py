"""What a box pays for its province, as CPU of core: rows signed as they are leased, and rows of the view told when they say something new."""

from __future__ import annotations

import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from collector.boxkey import signing
from collector.journal import Batch, Journal
from collector.observing import Observer
from model.site import SiteView, fold
from model.times import MINUTE, SECOND
from tests.journal.made import SITE, THEN, changes
from tests.model.making import AIRPLAY, AT, CAST, KEY, VIDEO, Sensor, declared

ROWS, LEASES, BATCH = 4_000, 10, 200
TURNS = 20 * MINUTE // SECOND


def leasing(folder: Path, *, signed: bool) -> float:
    """CPU of one leased row, µs."""
    by = signing(folder / "box.key", frozenset({"province"})) if signed else None
    with Journal.open(folder / f"{signed}.db", box="bench", signing=by) as journal:
        journal.table.register("province", ["finding"])
        journal.commit(Batch(site=SITE, now=THEN, changes=changes(range(1, ROWS + 1))))
        began = time.process_time()
        leased = sum(len(journal.table.lease("province", BATCH).rows) for _ in range(LEASES))
        return (time.process_time() - began) / leased * 1e6


def screens(count: int) -> SiteView:
    """A site of so many screens."""
    view, sensor = SiteView(declared(zones={"lan": "staff"}), key=KEY, now=AT, max_assets=2 * count), Sensor()
    view.max_new = count + 1
    for n in range(count):
        mac = f"00:e0:4c:{n >> 16:02x}:{n >> 8 & 255:02x}:{n & 255:02x}"
        fold(view, sensor.service(AIRPLAY, mac=mac, ip="", text={"features": VIDEO, "flags": "0x4"}))
        fold(view, sensor.service(CAST, mac=mac, ip="", text={"ca": "5"}))
    return view


def observing(count: int) -> tuple[float, float]:
    """All rows told once after a start, then twenty minutes in which every row is written each second and none says anything new.

    Prints it; ms of CPU a second, and in the worst second.
    """
    view = screens(count)
    dirty = {("asset", row) for row in view.assets}
    tracemalloc.start()
    observer = Observer(view)
    turns = told = 0
    while told < count:
        view.now += SECOND
        told += len(observer.documents(dirty, ()))
        observer.written()
        turns += 1
    print(f"{count} devices: all told in {turns} s, {tracemalloc.get_traced_memory()[0] // told} bytes remembered of each")
    tracemalloc.stop()
    worst, began = 0.0, time.process_time()
    for _ in range(TURNS):
        view.now += SECOND
        before = time.process_time()
        observer.documents(dirty, ())
        observer.written()
        worst = max(worst, time.process_time() - before)
    spent = (time.process_time() - began) / TURNS
    print(f"{count} devices that all speak each second: {spent * 1e3:.2f} ms of CPU a second, {worst * 1e3:.1f} ms in the worst")
    return spent * 1e3, worst * 1e3


def main() -> None:
    """Prints the figures."""
    with tempfile.TemporaryDirectory(prefix="vonggac-bench-") as folder:
        plain, signed = (leasing(Path(folder), signed=each) for each in (False, True))
    print(f"a leased row: {plain:.0f} µs, signed {signed:.0f} µs")
    for count in (500, 20_000):
        observing(count)


if __name__ == "__main__":
    main()
