"""A core killed at any moment loses nothing it had committed, and leaves no half of anything."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

from collector.journal import Journal
from model.ports import Receipt, Told
from tests.journal.made import SITE

ROOT = Path(__file__).parents[2]


def killed_after(path: Path, first: int, lines: int, spin: int) -> list[int]:
    """Starts a committer, kills it some instants after its `lines`-th commit; the commits it told of."""
    command = [sys.executable, "-m", "tests.journal.committer", str(path), str(first)]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    told = []
    try:
        told = [int(child.stdout.readline()) for _ in range(lines)]
        # Not at the instant of a line, which is always just after a commit.
        for _ in range(spin):
            pass
    finally:
        os.kill(child.pid, signal.SIGKILL)
        rest, _ = child.communicate()
    # A last line cut in the middle was never told.
    return told + [int(line) for line in rest.splitlines(keepends=True) if line.endswith("\n")]


def test_every_commit_told_of_is_there_whole_and_each_is_delivered_once(tmp_path):
    path = tmp_path / "journal.db"
    dice = random.Random(20250603)
    told: list[int] = []
    for _ in range(8):
        first = told[-1] + 2 if told else 0
        told += killed_after(path, first, dice.randint(1, 60), dice.randint(0, 60_000))
    with Journal.open(path, box="hop-01") as journal:
        assert journal.notice is None
        held = journal.load(SITE)
        numbers = sorted(int(finding.id, 16) for finding in held.findings)
        assert set(told) <= set(numbers)
        assert len(held.rows) == len(numbers)
        delivered = []
        while rows := journal.table.lease("es", 500).rows:
            delivered += [row.document for row in rows]
            journal.table.acknowledge("es", [Receipt(row.seq, "accepted") for row in rows])
        findings = [int(document.change.finding.id, 16) for document in delivered if isinstance(document, Told)]
        assert sorted(findings) == numbers
        assert len(delivered) == 2 * len(numbers)
    with sqlite3.connect(path) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    plain.close()
