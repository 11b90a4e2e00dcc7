import errno
import io
import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporters.jsonlines import JsonLines, JsonLinesOptions, JsonLinesStream
from exporters.line_file import LineFile
from exporters.sink import DUPLICATE, OptionsError
from model.verdict import Subject
from tests.exporters.samples import health, posture, told

ROOT = Path(__file__).parents[2]


def row(seq):
    return told(seq, subject=Subject("asset", f"a{seq}"), sequence=seq)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "out" / "findings.jsonl"


def sink(path, **fields):
    return JsonLines(JsonLinesOptions(path=path, **fields))


def lines(path):
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def rows_in(folder):
    return [json.loads(line)["row"] for file in folder.iterdir() for line in file.read_bytes().splitlines()]


def outcomes(receipts):
    return [(receipt.outcome, receipt.reason) for receipt in receipts]


async def test_each_document_is_a_line_that_begins_with_its_rows_id(path):
    assert outcomes(await sink(path).send([told(1), posture(2), health(3)])) == [("accepted", "")] * 3
    finding, verdict, beat = lines(path)
    assert list(finding) == ["row", "stream", "at", "step", "sequence", "finding"]
    assert (finding["row"], finding["stream"], finding["at"], finding["step"]) == ("row-1", "finding", "2025-07-15T02:14:03.000000Z", "opened")
    assert list(finding["finding"])[:3] == ["id", "detector", "state"]
    assert (verdict["posture"]["outcome"], verdict["posture"]["reason"]) == ("unknown", "Cổng thường")
    assert (beat["health"]["queued"], beat["health"]["lost"]) == (3, {"posture": 2})
    assert path.stat().st_mode & 0o007 == 0


async def test_what_was_written_and_not_acknowledged_is_not_written_again(path):
    rows = [row(n) for n in range(700)]
    await sink(path).send(rows[:500])
    again = await sink(path).send(rows[300:])
    assert [receipt.reason for receipt in again].count(DUPLICATE) == 200
    assert [line["row"] for line in lines(path)] == [f"row-{n}" for n in range(700)]


@pytest.mark.parametrize("torn", [b'{"row":"row-9","str', b'{"ro', b"{", b"\0\0\0\0", b'{"row":"row-9"}' + b"\0" * 9])
async def test_a_line_that_a_crash_left_unfinished_is_cut_off(path, torn):
    await sink(path).send([row(1)])
    with path.open("ab") as file:
        file.write(torn)
    await sink(path).send([row(2)])
    assert [line["row"] for line in lines(path)] == ["row-1", "row-2"]


async def test_somebody_elses_unfinished_line_is_ended_and_kept(path):
    path.parent.mkdir()
    path.write_bytes(b"a note of the technician")
    await sink(path).send([row(1)])
    note, ours = path.read_bytes().splitlines()
    assert note == b"a note of the technician"
    assert json.loads(ours)["row"] == "row-1"


@settings(deadline=None)
@given(st.data())
async def test_whatever_byte_a_crash_picks_every_row_is_there_once(data):
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path, most = Path(folder) / "f.jsonl", data.draw(st.integers(1000, 9000))
        acknowledged = 0
        for _ in range(data.draw(st.integers(1, 4))):
            batch = [row(n) for n in range(acknowledged, acknowledged + data.draw(st.integers(1, 6)))]
            whole = path.stat().st_size if path.exists() else 0
            await sink(path, max_bytes=most, keep=50).send(batch)
            if data.draw(st.booleans()):
                acknowledged += len(batch)
            else:
                # The crash came before the sync: any of what was appended to this file may be missing, nothing of before.
                size = path.stat().st_size
                os.truncate(path, data.draw(st.integers(min(whole, size) if size >= whole else 0, size)))
        await sink(path, max_bytes=most, keep=50).send([row(n) for n in range(acknowledged, acknowledged + 6)])
        found = rows_in(Path(folder))
        assert len(found) == len(set(found))
        assert {f"row-{n}" for n in range(acknowledged + 6)} <= set(found)


async def test_files_are_rotated_by_size_and_so_many_kept(path):
    writer = sink(path, max_bytes=4000, keep=2)
    for n in range(30):
        await writer.send([row(n)])
    names = sorted(file.name for file in path.parent.iterdir())
    assert names == ["findings.jsonl", "findings.jsonl.1", "findings.jsonl.2"]
    assert all(file.stat().st_size <= 4000 for file in path.parent.iterdir())
    newest = [line["row"] for name in reversed(names) for line in lines(path.parent / name)]
    assert newest == [f"row-{n}" for n in range(30 - len(newest), 30)]


async def test_a_batch_larger_than_a_file_is_split_and_loses_nothing(path):
    assert outcomes(await sink(path, max_bytes=3000, keep=99).send([row(n) for n in range(40)])) == [("accepted", "")] * 40
    assert sorted(rows_in(path.parent)) == sorted(f"row-{n}" for n in range(40))


async def test_ids_are_remembered_over_a_rotation(path):
    await sink(path, max_bytes=3000, keep=9).send([row(n) for n in range(12)])
    again = await sink(path, max_bytes=3000, keep=9).send([row(n) for n in range(12)])
    assert {receipt.reason for receipt in again} == {DUPLICATE}


async def test_a_file_moved_away_by_others_is_begun_anew(path):
    writer = sink(path)
    await writer.send([row(1)])
    path.rename(path.with_name("moved"))
    await writer.send([row(2)])
    assert [line["row"] for line in lines(path)] == ["row-2"]


def test_a_line_longer_than_a_file_gets_one_of_its_own(tmp_path):
    file = LineFile(tmp_path / "f", max_bytes=10, keep=3, begins=b"x")
    for line in (b"x" * 50, b"x1", b"x" * 60):
        assert file.append([line]) == 1
    assert [(tmp_path / name).read_bytes() for name in ("f.2", "f.1", "f")] == [b"x" * 50 + b"\n", b"x1\n", b"x" * 60 + b"\n"]


@given(st.lists(st.binary(max_size=40).map(lambda b: b.replace(b"\n", b"")), max_size=40), st.integers(0, 50), st.integers(1, 64))
def test_the_tail_is_the_last_lines_whatever_the_block(wanted, count, block):
    import tempfile

    from exporters import line_file

    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(line_file, "_BLOCK", block)
        path = Path(folder) / "f"
        path.write_bytes(b"".join(line + b"\n" for line in wanted) + b"torn")
        file = LineFile(path, max_bytes=10_000, keep=1, begins=b"t")
        assert file.tail(count) == wanted[::-1][:count]


async def test_a_full_disk_is_a_retry_and_leaves_no_half_line(path):
    import resource

    writer = sink(path)
    await writer.send([row(1)])
    size = path.stat().st_size
    limits, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        # The kernel writes up to the limit and refuses the rest (EFBIG), as a full disk does (ENOSPC).
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100, limits[1]))
        receipts = await writer.send([row(2), row(3)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert [receipt.outcome for receipt in receipts] == ["retry", "retry"]
    assert os.strerror(errno.EFBIG) in receipts[0].reason
    assert path.stat().st_size == size
    assert outcomes(await writer.send([row(2), row(3)])) == [("accepted", "")] * 2
    assert [line["row"] for line in lines(path)] == ["row-1", "row-2", "row-3"]


CHILD = """
import asyncio, sys
from pathlib import Path
from exporters.jsonlines import JsonLines, JsonLinesOptions
from tests.exporters.test_jsonlines import row

async def main(path, start):
    sink = JsonLines(JsonLinesOptions(path=Path(path), max_bytes=20_000, keep=10_000))
    while True:
        receipts = await sink.send([row(n) for n in range(start, start + 7)])
        assert [r.outcome for r in receipts] == ["accepted"] * 7
        start += 7
        print(start, flush=True)

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


def test_killed_at_random_moments_the_file_holds_every_row_once(path):
    acknowledged, dice = 0, random.Random(20250627)
    for _ in range(6):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(path), str(acknowledged)], stdout=subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        try:
            for _ in range(dice.randrange(1, 60)):
                acknowledged = int(child.stdout.readline())
        finally:
            child.kill()
            said = child.communicate()[0].split()
        # What the child said after our last look was acknowledged as well; a number cut in two was not.
        acknowledged = max([acknowledged, *(int(number) for number in said if int(number) % 7 == 0)])
    found = rows_in(path.parent)
    assert len(found) == len(set(found))
    assert {f"row-{n}" for n in range(acknowledged)} <= set(found)
    assert len(found) <= acknowledged + 7


@pytest.mark.parametrize("make", [lambda p: p.mkdir(parents=True), lambda p: (p.parent.mkdir(), os.mkfifo(p)), lambda p: p.parent.write_text("a file")])
def test_a_path_that_cannot_be_a_file_is_one_sentence(path, make):
    make(path)
    with pytest.raises(OptionsError) as refused:
        sink(path)
    assert str(path) in refused.value.text.vi
    assert refused.value.text.en.endswith(".")


async def test_the_stream_writes_the_same_lines(path):
    out = io.BytesIO()
    rows = [told(1), posture(2)]
    assert outcomes(await JsonLinesStream(out).send(rows)) == [("accepted", "")] * 2
    await sink(path).send(rows)
    assert out.getvalue() == path.read_bytes()


async def test_a_reader_that_went_away_is_a_retry():
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb", buffering=0) as out:
        (receipt,) = await JsonLinesStream(out).send([told(1)])
    assert receipt.outcome == "retry"
