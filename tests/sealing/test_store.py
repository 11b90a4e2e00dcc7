"""Sealed files on disk: bounded, ended at their date, whole after a power cut."""

from __future__ import annotations

import errno
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from collector.sealing.envelope import seal
from collector.sealing.store import Store
from model.times import DAY
from tests.decode.frames import AT
from tests.sealing.test_envelope import HEADER, INSIDE


def name(number: int) -> str:
    return f"20250715T021403Z-{number:012x}"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def sealed(key: X25519PrivateKey, number: int, until: int) -> bytes:
    return seal(msgspec.structs.replace(HEADER, id=name(number), until=until), INSIDE, key.public_key())


def test_what_ends_first_makes_room(tmp_path: Path) -> None:
    store = Store(tmp_path, 300)
    for number in range(5):
        store.put(name(number), AT + number, bytes(100))
    assert names(tmp_path) == [f"{name(number)}.vgseal" for number in (2, 3, 4)]


def test_a_further_state_of_a_file_takes_its_place(tmp_path: Path) -> None:
    store = Store(tmp_path, 300)
    for size in (100, 200, 300):
        store.put(name(1), AT, bytes(size))
    assert [path.stat().st_size for path in tmp_path.iterdir()] == [300]


def test_a_file_without_room_is_refused_and_nothing_is_lost(tmp_path: Path) -> None:
    store = Store(tmp_path, 300)
    store.put(name(1), AT, bytes(100))
    with pytest.raises(OSError, match="space") as caught:
        store.put(name(2), AT, bytes(301))
    assert caught.value.errno == errno.ENOSPC
    assert names(tmp_path) == [f"{name(1)}.vgseal"]


def test_files_end_at_their_date_also_after_a_restart(tmp_path: Path, key: X25519PrivateKey) -> None:
    store = Store(tmp_path, 100_000)
    for number in (1, 2):
        store.put(name(number), AT + number * DAY, sealed(key, number, AT + number * DAY))
    again = Store(tmp_path, 100_000)
    assert again.sweep(AT + DAY) == 0
    assert again.sweep(AT + DAY + 1) == 1
    assert names(tmp_path) == [f"{name(2)}.vgseal"]


def test_what_a_power_cut_left_unfinished_is_no_file(tmp_path: Path, key: X25519PrivateKey) -> None:
    (tmp_path / f"{name(1)}.new").write_bytes(b"half")
    (tmp_path / f"{name(2)}.vgseal").write_bytes(sealed(key, 2, AT)[:20])
    store = Store(tmp_path, 100_000)
    assert store.sweep(AT) == 1
    assert names(tmp_path) == []


def test_only_the_owner_gets_at_them(tmp_path: Path) -> None:
    store = Store(tmp_path / "sealed", 1000)
    store.put(name(1), AT, b"x")
    assert (tmp_path / "sealed").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "sealed" / f"{name(1)}.vgseal").stat().st_mode & 0o777 == 0o600
