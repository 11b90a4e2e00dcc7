"""The journal never grows past its bound; what goes first is what matters least, counted to the row; a full disk loses nothing in memory."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.journal import Batch, Journal, JournalError
from collector.journal.space import HISTORY_SHARE, OUTBOX_SHARE
from model.ports import Receipt
from tests.journal.made import SITE, THEN, asset, change, finding, health, posture

MIB = 1 << 20


def counts(journal: Journal) -> dict[str, int]:
    with sqlite3.connect(journal.path) as plain:
        found = dict(plain.execute("SELECT stream, count(*) FROM outbox GROUP BY stream"))
        tallies = {stream: rows for stream, rows in plain.execute("SELECT stream, rows FROM tally") if rows}
    plain.close()
    assert found == tallies
    return found


@pytest.fixture
def small(opener) -> Journal:
    journal = opener(max_bytes=2 * MIB)
    journal.table.register("es", ["finding", "posture", "health", "observation"])
    return journal


def test_postures_take_no_more_than_half_of_the_outbox(small):
    for n in range(2000):
        small.commit(Batch(site=SITE, now=THEN, documents=[posture(n, at=THEN + n, text="x" * 300)]))
    kept = counts(small)["posture"]
    assert small.queued().lost == {"posture": 2000 - kept}
    with sqlite3.connect(small.path) as plain:
        total = plain.execute("SELECT sum(bytes) FROM outbox").fetchone()[0]
    plain.close()
    assert total <= 2 * MIB * OUTBOX_SHARE * 0.5
    first = small.table.lease("es", 1).rows[0]
    assert first.at == THEN + 2000 - kept


def test_findings_push_out_postures_then_health_and_only_then_the_oldest_findings(small):
    small.commit(Batch(site=SITE, now=THEN, documents=[posture(n, text="x" * 300) for n in range(100)] + [health(THEN + n) for n in range(100)]))
    order = []
    for n in range(1500):
        small.commit(Batch(site=SITE, now=THEN, changes=[change(n % 50, sequence=n + 1, summary="y" * 300)]))
        lost = small.queued().lost
        order += [stream for stream in lost if stream not in order]
        if "finding" in lost:
            break
    assert order == ["posture", "health", "finding"]
    assert counts(small).keys() == {"finding"}
    lost = small.queued().lost
    assert (lost["posture"], lost["health"]) == (100, 100)
    assert lost["finding"] + counts(small)["finding"] == n + 1


def test_the_file_stays_within_its_bound_under_a_flood(small):
    for n in range(1500):
        small.commit(Batch(site=SITE, now=THEN, changes=[change(n % 20, sequence=n + 1, summary="z" * 900)], documents=[posture(n, at=THEN + n)]))
    assert os.stat(small.path).st_size <= 2 * MIB
    lost = small.queued().lost
    assert lost["posture"] + lost["finding"] + sum(counts(small).values()) == 3000


async def test_told_changes_have_a_bound_of_their_own_and_the_latest_of_each_finding_stays(opener):
    journal = opener(max_bytes=2 * MIB)
    journal.commit(Batch(site=SITE, now=THEN, changes=[change(99)]))
    for sequence in range(1, 31):
        journal.commit(Batch(site=SITE, now=THEN, changes=[change(n, sequence=sequence, summary="h" * 300) for n in range(20)]))
    with sqlite3.connect(journal.path) as plain:
        assert plain.execute("SELECT sum(bytes) FROM change").fetchone()[0] <= 2 * MIB * HISTORY_SHARE
    plain.close()
    reader = journal.reader(lambda: None)  # type: ignore[arg-type, return-value]
    quiet, *told = await reader.findings()
    assert quiet == change(99)
    assert await reader.history(finding(99).id) == [change(99)]
    assert [(c.finding.sequence, c.at) for c in told] == [(30, THEN + 30)] * 20
    kept = await reader.history(finding(0).id)
    assert 1 < len(kept) < 30
    assert [c.finding.sequence for c in kept] == list(range(31 - len(kept), 31))


def test_counted_losses_outlive_a_restart(small, opener):
    for n in range(1500):
        small.commit(Batch(site=SITE, now=THEN, documents=[posture(n, at=THEN + n, text="x" * 500)]))
    lost = small.queued().lost
    small.close()
    assert opener(max_bytes=2 * MIB).queued().lost == lost
    assert lost["posture"] > 0


def test_a_view_that_outgrows_the_bound_takes_the_outboxs_room_and_then_is_refused_whole(small):
    small.commit(Batch(site=SITE, now=THEN, changes=[change(n, summary="z" * 900) for n in range(100)]))
    written = 0

    def grow() -> None:
        nonlocal written
        while True:
            small.commit(Batch(site=SITE, now=THEN, rows=[("asset", f"a{written}-{k}", asset(k)) for k in range(100)]))
            written += 1

    with pytest.raises(JournalError, match="đã đầy") as refused:
        grow()
    assert refused.value.kind == "full"
    assert len(small.load(SITE).rows) == written * 100
    assert len(small.load(SITE).findings) == 100
    assert small.queued().lost == {"finding": 100}
    assert counts(small) == {}
    # Once the view is smaller again, all goes on.
    gone = [("asset", f"a0-{k}") for k in range(100)]
    small.commit(Batch(site=SITE, now=THEN, gone=gone, changes=[change(999)]))
    assert counts(small) == {"finding": 1}


@pytest.fixture
def tight(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MiB."""
    if os.geteuid() != 0 and not os.environ.get("CI"):
        pytest.skip("a full disk needs root: it mounts a tmpfs")
    place = tmp_path / "tight"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)], check=True)
    yield place
    subprocess.run(["umount", str(place)], check=True)


def fill(path: Path) -> None:
    """Writes until the disk is full."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT)
    with contextlib.suppress(OSError):
        while os.write(handle, b"\0" * 4096):
            pass
    os.close(handle)
    assert os.statvfs(path).f_bavail == 0


class Teller:
    """Tells one finding and one posture after the other until the journal refuses."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.produced = 0

    def tell(self) -> None:
        n = self.produced
        self.journal.commit(Batch(site=SITE, now=THEN, changes=[change(n, summary="y" * 700)], documents=[posture(n, text="x" * 700)]))
        self.produced += 1

    def tell_on(self) -> None:
        while True:
            self.tell()


def test_on_a_full_disk_no_finding_is_given_up_and_delivery_goes_on(tight, opener):
    journal = opener(tight / "journal.db", max_bytes=64 * MIB)
    journal.table.register("es", ["finding", "posture"])
    teller = Teller(journal)
    for _ in range(100):
        teller.tell()
    fill(tight / "filler")
    with pytest.raises(JournalError, match="đã đầy") as refused:
        teller.tell_on()
    assert refused.value.kind == "full"
    assert not (tight / "journal.db.reserve").exists()
    assert "finding" not in journal.queued().lost
    assert len(journal.load(SITE).findings) == teller.produced
    held = counts(journal)
    assert held["finding"] == teller.produced
    assert held.get("posture", 0) + journal.queued().lost["posture"] == teller.produced
    # The disk is as full as before: what is delivered makes the room for what comes.
    rows = journal.table.lease("es", 20).rows
    journal.table.acknowledge("es", [Receipt(row.seq, "accepted") for row in rows])
    assert counts(journal)["finding"] == held["finding"] - 20
    teller.tell()
    assert counts(journal)["finding"] == held["finding"] - 19


def test_a_core_starts_on_a_full_disk_and_grows_again_once_there_is_room(tight, opener):
    journal = opener(tight / "journal.db", max_bytes=64 * MIB)
    journal.table.register("es", ["finding"])
    journal.commit(Batch(site=SITE, now=THEN, changes=[change(n) for n in range(50)]))
    journal.close()
    fill(tight / "filler")
    journal = opener(tight / "journal.db", max_bytes=64 * MIB)
    assert len(journal.load(SITE).findings) == 50
    rows = journal.table.lease("es", 50).rows
    journal.table.acknowledge("es", [Receipt(row.seq, "accepted") for row in rows])
    assert journal.queued().rows == 0
    (tight / "filler").unlink()
    journal.commit(Batch(site=SITE, now=THEN, rows=[("asset", f"a{n}", asset(n)) for n in range(2000)]))
    assert (tight / "journal.db.reserve").exists()
    assert len(journal.load(SITE).rows) == 2000


def test_a_disk_that_turned_read_only_is_told_and_heals(tight, opener):
    journal = opener(tight / "journal.db", max_bytes=2 * MIB)
    journal.commit(Batch(site=SITE, now=1, findings=[finding(1)]))
    journal.close()
    subprocess.run(["mount", "-o", "remount,ro", str(tight)], check=True)
    try:
        with pytest.raises(JournalError, match="không mở được nhật ký"):
            opener(tight / "journal.db")
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(tight)], check=True)
    assert opener(tight / "journal.db").load(SITE).findings == [finding(1)]
