"""What a power cut may take: not the list or the version that a command has just replaced, which is on disk before it stands in the old one's place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from collector.portalfile import append


@pytest.fixture
def on_disk(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """The inodes that were synced; a rename keeps the inode."""
    seen: set[int] = set()
    sync = os.fsync

    def synced(handle: int) -> None:
        seen.add(os.fstat(handle).st_ino)
        sync(handle)

    monkeypatch.setattr(os, "fsync", synced)
    return seen


def test_the_list_of_portals_is_on_disk_before_it_takes_the_place_of_the_old_one(tmp_path: Path, on_disk: set[int]) -> None:
    (tmp_path / "portals.csv").write_text("id,url,name,level\n")
    append(tmp_path, {"id": "xa-a", "url": "https://xa-a.gov.vn/", "name": "Xã A", "level": "commune"})
    assert "https://xa-a.gov.vn/" in (tmp_path / "portals.csv").read_text()
    assert (tmp_path / "portals.csv").stat().st_ino in on_disk
