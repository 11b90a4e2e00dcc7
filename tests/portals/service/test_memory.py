"""A portal's memory across a power cut: whole, the old or the new one, and nothing left lying about."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from collector.sensors.portals.memory import Memories, Memory


def test_a_memory_is_on_disk_before_it_takes_the_place_of_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced, sync = set(), os.fsync

    def recorded(handle: int) -> None:
        synced.add(os.fstat(handle).st_ino)
        sync(handle)

    monkeypatch.setattr(os, "fsync", recorded)
    memories = Memories(tmp_path)
    for next_at in (1, 2):
        memories.keep(Memory(portal="xa-a", next_at=next_at))
        (path,) = tmp_path.iterdir()
        # A rename keeps the inode.
        assert path.stat().st_ino in synced
    assert Memories(tmp_path).of("xa-a").next_at == 2


def test_what_was_being_written_when_the_power_went_is_swept(tmp_path: Path) -> None:
    Memories(tmp_path).keep(Memory(portal="xa-a", next_at=42))
    (tmp_path / "tmpx1y2z3.part").write_bytes(b"half")
    assert Memories(tmp_path).of("xa-a").next_at == 42
    assert [path.suffix for path in tmp_path.iterdir()] == [".mem"]
