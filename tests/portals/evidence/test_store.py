"""Captures on disk: found again, bounded, oldest unneeded first, whole after a crash at any moment."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.sensors.portals.evidence import EvidenceError, Recorded, Store
from collector.sensors.portals.evidence.warcfile import read
from model.times import SECOND
from tests.portals.evidence.looks import PNG, START, HandClock, exchanges, noise, store_in, story

ROOT = Path(__file__).parents[3]
BODY = 20_000


def keep(store: Store, number: int, clock: HandClock | None = None, portal: str = "xa-mau") -> str:
    """A capture of some 20 kB, no two alike."""
    if clock:
        clock.at += SECOND
    answer = Recorded(url="https://a.example/", started=START, status=200, body=noise(BODY, number))
    return store.keep(f"look-{number}", portal, [answer], None, story(START + number))


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_a_capture_is_found_again(tmp_path: Path) -> None:
    store = store_in(tmp_path / "e")
    name = store.keep("look-1", "xa-mau", exchanges(), PNG, story(), page="<html>")
    capture = store_in(tmp_path / "e").capture(name)
    assert capture is not None
    assert (capture.look, capture.portal, capture.kept, capture.story, capture.picture, capture.page) == ("look-1", "xa-mau", START, story(), "image/png", True)
    assert [(sent.status, sent.address, sent.trouble) for sent in capture.sent] == [
        (302, "103.28.36.1", ""), (200, "2001:db8::1", "tls:name"), (0, "", "refused:private"),
    ]  # fmt: skip
    assert capture.sent[1].sha256 == hashlib.sha256(exchanges()[1].body).hexdigest()
    assert store.picture(name) == ("image/png", PNG)
    assert not any(record.wrong for record in read(store.warc(name)))


def test_the_name_is_what_the_file_says(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    name = store.keep("../../etc/passwd\0\n", "../xa-mau", exchanges(), None, story(persona="../x"))
    warc = store.warc(name)
    assert hashlib.sha256(warc.read_bytes()).hexdigest().startswith(name)
    assert files(tmp_path) == {f"{name}.warc.gz", f"{name}.json"}
    assert warc.parent.parent == tmp_path


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    store = store_in(tmp_path / "e")
    name = keep(store, 1)
    assert (tmp_path / "e").stat().st_mode & 0o777 == 0o700
    assert store.warc(name).stat().st_mode & 0o777 == 0o600
    assert store.warc(name).with_name(f"{name}.json").stat().st_mode & 0o777 == 0o600


def test_the_same_look_twice_is_one(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    assert keep(store, 1) == keep(store, 1)
    assert store.health().captures == 1


def test_captures_of_a_portal_and_for_a_finding(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    first, second, other = keep(store, 1), keep(store, 2), keep(store, 3, portal="xa-khac")
    store.confirm(second, "f1")
    assert [each.name for each in store.captures()] == [first, second, other]
    assert [each.name for each in store.captures("xa-mau")] == [first, second]
    assert [each.name for each in store.captures(finding="f1")] == [second]


def test_room_is_made_by_the_oldest_that_no_finding_needs(tmp_path: Path) -> None:
    clock = HandClock()
    store = store_in(tmp_path, 5 * (BODY + 5_000), clock)
    names = [keep(store, number, clock) for number in range(4)]
    assert store.confirm(names[0], "f1")
    names += [keep(store, number, clock) for number in range(4, 7)]
    there = [name for name in names if store.capture(name)]
    assert there == [names[0], *names[4 - len(there) + 4 :]]
    health = store.health()
    assert (health.dropped, health.dropped_confirmed, health.confirmed, health.lost) == (7 - len(there), 0, 1, 0)
    assert health.size <= 5 * (BODY + 5_000)
    assert health.size == sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())


def test_confirmed_ones_go_last_and_are_counted(tmp_path: Path) -> None:
    clock = HandClock()
    store = store_in(tmp_path, 3 * (BODY + 5_000), clock)
    names = []
    for number in range(3):
        names.append(keep(store, number, clock))
        store.confirm(names[-1], "f")
    last = keep(store, 9, clock)
    assert store.capture(last) is not None
    assert store.capture(names[0]) is None
    assert store.health().dropped_confirmed >= 1


def test_what_is_larger_than_the_store_is_lost_and_costs_nothing_else(tmp_path: Path) -> None:
    store = store_in(tmp_path, 100_000)
    first = keep(store, 1)
    answer = Recorded(url="https://a.example/", started=START, status=200, body=noise(200_000, 5))
    assert store.keep("big", "p", [answer], None, story()) == ""
    assert store.capture(first) is not None
    assert (store.health().lost, store.health().dropped) == (1, 0)
    assert len(files(tmp_path)) == 2


def test_a_hold_survives_a_restart(tmp_path: Path) -> None:
    clock = HandClock()
    store = store_in(tmp_path, 1 << 20, clock)
    held, free = keep(store, 1, clock), keep(store, 2, clock)
    assert store.confirm(held, "f1")
    assert store.confirm(held, "f1")
    assert store.confirm(held, "f2")
    again = store_in(tmp_path, 3 * (BODY + 5_000), clock)
    assert again.health().confirmed == 1
    capture = again.capture(held)
    assert capture is not None
    assert capture.findings == ("f1", "f2")
    kept = [keep(again, number, clock) for number in (3, 4)]
    assert [again.capture(name) is not None for name in (held, free, kept[1])] == [True, False, True]


def test_there_is_nothing_to_hold(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    assert store.confirm("0" * 24, "f") is False
    for name in ("", "../../../etc/passwd", "A" * 24, "0" * 23, "0" * 24 + "\n"):
        with pytest.raises(EvidenceError, match="không phải mã một gói chứng cứ"):
            store.capture(name)


def test_halves_are_swept_away_at_the_start(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    whole, no_index, no_warc, torn = (keep(store, number) for number in range(4))
    store.warc(no_index).with_name(f"{no_index}.json").unlink()
    store.warc(no_warc).unlink()
    store.warc(torn).with_name(f"{torn}.json").write_text("{")
    (tmp_path / "x.part").write_bytes(b"half")
    (tmp_path / "notes.txt").write_bytes(b"somebody's")
    assert store_in(tmp_path).health().captures == 1
    assert files(tmp_path) == {f"{whole}.warc.gz", f"{whole}.json", "notes.txt"}


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from collector.sensors.portals.evidence import files
from tests.portals.evidence.looks import exchanges, store_in, story
left = int(sys.argv[2])
real = files.Part.settle
def settle(self, place):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    real(self, place)
files.Part.settle = settle
store = store_in(Path(sys.argv[1]))
for number in range(3):
    print(store.keep(f"look-{number}", "p", exchanges(str(number).encode()), None, story()), flush=True)
"""


@pytest.mark.parametrize("at", [1, 2, 3, 4, 5])
def test_what_was_told_is_there_after_a_kill_at_any_moment(tmp_path: Path, at: int) -> None:
    ran = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), str(at), str(ROOT)], capture_output=True, text=True, check=False)
    assert ran.returncode == -signal.SIGKILL
    told = ran.stdout.split()
    store = store_in(tmp_path)
    assert store.health().captures == len(told) == (at - 1) // 2
    assert all(not record.wrong for name in told for record in read(store.warc(name)))
    assert files(tmp_path) == {f"{name}{suffix}" for name in told for suffix in (".json", ".warc.gz")}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 128 KiB; without root it fails under CI and is skipped elsewhere."""
    if os.geteuid() != 0 and not os.environ.get("CI"):
        pytest.skip("a disk that fills up needs root: it is mounted")
    place = tmp_path / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(place)], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.mark.root
def test_a_full_disk_gives_up_the_oldest_first(small_disk: Path) -> None:
    clock = HandClock()
    store = store_in(small_disk, 1 << 30, clock)
    names = [keep(store, number, clock) for number in range(8)]
    there = [name for name in names if store.capture(name)]
    assert there == names[-len(there) :]
    assert len(there) >= 2
    assert (store.health().lost, store.health().dropped) == (0, 8 - len(there))
    assert not [name for name in files(small_disk) if name.endswith(".part")]
    assert not any(record.wrong for name in there for record in read(store.warc(name)))


@pytest.mark.root
def test_a_disk_that_others_filled_loses_the_capture_and_nothing_else(small_disk: Path) -> None:
    (small_disk / "others").write_bytes(bytes(120 << 10))
    store = store_in(small_disk)
    assert keep(store, 1) == ""
    assert (store.health().lost, store.health().captures) == (1, 0)
    assert files(small_disk) == {"others"}


def test_a_folder_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EvidenceError, match="không dùng được thư mục chứng cứ") as caught:
        keep(store_in(tmp_path / "file" / "e"), 1)
    assert "\n" not in caught.value.text.vi


def test_nothing_is_made_by_asking(tmp_path: Path) -> None:
    store = store_in(tmp_path / "e")
    assert store.captures() == []
    assert store.capture("0" * 24) is None
    assert store.picture("0" * 24) is None
    assert not (tmp_path / "e").exists()
