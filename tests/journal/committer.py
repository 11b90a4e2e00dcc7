"""A core that commits one finding after another, telling which commits returned, until it is killed."""

from __future__ import annotations

import sys
from pathlib import Path

from collector.journal import Batch, Journal
from tests.journal.made import SITE, asset, change, posture


def main() -> None:
    """`committer.py JOURNAL FIRST`: writes numbers to standard output, each after its commit."""
    journal = Journal.open(Path(sys.argv[1]), box="hop-01")
    journal.table.register("es", ["finding", "posture"])
    n = int(sys.argv[2])
    while True:
        journal.commit(Batch(site=SITE, now=n, rows=[("asset", f"a{n}", asset(n))], changes=[change(n)], documents=[posture(n)]))
        sys.stdout.write(f"{n}\n")
        sys.stdout.flush()
        n += 1


if __name__ == "__main__":
    main()
