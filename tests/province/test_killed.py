"""kill -9 between the store and the journal: state is written again, people are told once."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from collector.journal import Journal
from model.ports import Receipt
from tests.fleet.boxes import roster, told

pytestmark = pytest.mark.servers

ROOT = Path(__file__).parents[2]
FINDINGS = 90


def drained(path):
    """What waited in the province's journal, answered now: a row queued anew would be told anew."""
    ids = []
    with Journal.open(path, box="province-79") as journal:
        while rows := journal.table.lease("soc", 1000).rows:
            ids += [row.id for row in rows]
            journal.table.acknowledge("soc", [Receipt(row.seq, "accepted") for row in rows])
    return ids


async def test_each_row_is_told_once_by_its_id_whenever_the_province_is_killed(engine, namespace, box_of, tmp_path):
    box = box_of("hop-1")
    box.commit("xa-a", *(told("xa-a", number) for number in range(FINDINGS)))
    await box.deliver()
    (tmp_path / "declared.json").write_bytes(msgspec.json.encode(roster(box.line("xa-a"))))
    heard: list[str] = []
    for left in (1, 2, 1, 3, 0):
        command = [sys.executable, "-m", "tests.province.dying", tmp_path, engine.url, namespace, str(left)]
        done = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == (-signal.SIGKILL if left else 0), done.stderr
        heard += drained(tmp_path / "province.db")
    assert len(heard) == len(set(heard))
    assert set(heard) == set(engine.documents(f"logs-vonggac.finding-{namespace}"))
    assert len(engine.documents(f"vonggac-finding-{namespace}")) == FINDINGS
