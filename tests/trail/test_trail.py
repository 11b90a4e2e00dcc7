"""The trail: lines that follow one another, and what shows when somebody changed them."""

from __future__ import annotations

import json
import multiprocessing
import os
from pathlib import Path

import pytest

from collector import chain
from collector.trail import FileTrail

NOW = 1_752_545_643 * 10**9


def trail(tmp_path: Path) -> FileTrail:
    made = FileTrail(tmp_path / "page-audit.jsonl", lambda: NOW)
    made.note("login", by="lan", address="192.168.1.9")
    made.note("acknowledge", by="lan", about="7f3a90c1d2e4")
    made.note("logout", by="lan")
    return made


def test_lines_are_told_newest_first_and_follow_one_another(tmp_path: Path) -> None:
    made = trail(tmp_path)
    assert [(entry.deed, entry.by, entry.at) for entry in made.latest(2)] == [
        ("logout", "lan", "2025-07-15T02:14:03.000000Z"),
        ("acknowledge", "lan", "2025-07-15T02:14:03.000000Z"),
    ]
    assert [good for _, good in chain.checked(made.path)] == [True, True, True]
    assert made.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("meddle", "follows"),
    [
        (lambda lines: [lines[0], lines[2]], [True, False]),
        (lambda lines: lines[1:], [False, True]),
        (lambda lines: [lines[0], lines[1].replace("lan", "ban"), lines[2]], [True, True, False]),
        (lambda lines: [lines[0], "{", lines[2]], [True, False, False]),
        (lambda lines: [lines[1], lines[0], lines[2]], [False, False, False]),
    ],
    ids=["one-taken-out", "first-taken-out", "one-changed", "one-broken", "two-swapped"],
)
def test_a_line_taken_out_or_changed_shows(tmp_path: Path, meddle, follows: list[bool]) -> None:
    made = trail(tmp_path)
    lines = made.path.read_text().splitlines()
    made.path.write_text("\n".join(meddle(lines)) + "\n")
    assert [good for _, good in chain.checked(made.path)] == follows


def test_hostile_text_stays_on_its_line_and_is_cut(tmp_path: Path) -> None:
    made = trail(tmp_path)
    made.note("login_failed", by="x\n" + '{"at":"forged"}' + "\x1b" * 9_000, outcome="wrong\u202e")
    made.note("logout", by="lan")
    assert [good for _, good in chain.checked(made.path)] == [True] * 5
    line = json.loads(made.path.read_text().splitlines()[3])
    assert len(line["by"]) <= 500
    assert "\x1b" not in line["by"]
    assert "\u202e" not in line["outcome"]


def test_half_a_line_that_a_power_cut_left_shows_and_swallows_no_other(tmp_path: Path) -> None:
    made = trail(tmp_path)
    made.path.write_bytes(made.path.read_bytes()[:-20])
    made.note("login", by="minh")
    made.note("logout", by="minh")
    assert [good for _, good in chain.checked(made.path)] == [True, True, False, True, True]
    assert [(entry.deed, entry.by) for entry in made.latest(2)] == [("logout", "minh"), ("login", "minh")]


def test_a_disk_that_takes_half_a_line_keeps_none_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, write = trail(tmp_path), os.write
    before = made.path.read_bytes()
    # What a nearly full disk does; tmpfs and ext4 do so at a page's end only.
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:40]))
    with pytest.raises(OSError, match="No space left"):
        made.note("login", by="minh")
    monkeypatch.undo()
    assert made.path.read_bytes() == before
    made.note("login", by="minh")
    assert [good for _, good in chain.checked(made.path)] == [True] * 4


def test_only_the_end_of_a_long_file_is_read(tmp_path: Path) -> None:
    made = trail(tmp_path)
    assert [json.loads(line)["deed"] for line in chain.last_lines(made.path, made.path.stat().st_size - 1)] == ["acknowledge", "logout"]
    assert chain.last_lines(tmp_path / "none", 100) == []
    assert FileTrail(tmp_path / "none", lambda: NOW).latest(5) == []


def _twenty(path: Path, by: str) -> None:
    made = FileTrail(path, lambda: NOW)
    for number in range(20):
        made.note("acknowledge", by=by, about=str(number))


def test_processes_that_write_at_once_keep_one_chain(tmp_path: Path) -> None:
    path = tmp_path / "page-audit.jsonl"
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_twenty, args=(path, by)) for by in ("lan", "minh")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [good for _, good in chain.checked(path)] == [True] * 40


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0 and not os.environ.get("CI"), reason="only root gives files away")
def test_a_command_of_roots_leaves_the_file_to_the_folders_owner(tmp_path: Path) -> None:
    os.chown(tmp_path, 65534, 65534)
    chain.ready(tmp_path / "asked-for-only")
    assert (tmp_path / "asked-for-only").stat().st_uid == 65534
    made = trail(tmp_path)
    assert (made.path.stat().st_uid, made.path.stat().st_gid) == (65534, 65534)
