"""The recordings under tests/cases/lab and deploy/demo are whole, small, and speak of the devices their expectations name."""

from __future__ import annotations

import gzip
import json
import struct
from collections.abc import Iterator
from pathlib import Path

import capturefile
import pytest

ROOT = Path(__file__).parents[2]
CASES = sorted((ROOT / "tests" / "cases" / "lab").iterdir())
DEMO = ROOT / "deploy" / "demo"
LIMIT = 50_000  # bytes a case; a few KB is the aim, conversations with a router and a screen the longest
STATES = {"yes", "no", "unknown"}


def macs(frames: list[capturefile.Frame]) -> set[str]:
    """Every station that sent a frame."""
    return {frame.data[6:12].hex(":") for frame in frames}


def check(expected: dict[str, list[dict[str, str]]], heard: set[str]) -> None:
    """Expectations name only stations that were heard, and states of the vocabulary."""
    screens = expected["displays"] + expected.get("left", [])
    named = {str(row["mac"]) for row in screens}
    assert named <= heard
    assert named.isdisjoint(map(str, expected["not_displays"]))
    for row in expected["displays"]:
        assert {row.get(lamp, "yes") for lamp in ("present", "enabled", "open", "in_session", "picture")} <= STATES


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case_is_whole_and_small(case: Path) -> None:
    assert {file.name for file in case.iterdir()} == {"about.md", "capture.pcap", "expected.json"}
    file = case / "capture.pcap"
    assert file.stat().st_size < LIMIT
    frames = list(capturefile.read(file))
    assert sum(len(frame.data) for frame in frames) + 24 + 16 * len(frames) == file.stat().st_size
    check(json.loads((case / "expected.json").read_text()), macs(frames))


def blocks(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The blocks of a little endian pcapng: type and body."""
    place = 0
    while place < len(data):
        kind, size = struct.unpack_from("<II", data, place)
        assert data[place + size - 4 : place + size] == struct.pack("<I", size)
        yield kind, data[place + 8 : place + size - 4]
        place += size


def test_demo_is_small_ordered_and_speaks_of_its_devices() -> None:
    file = DEMO / "commune.pcapng.gz"
    assert file.stat().st_size <= 2_000_000
    bodies = [body for kind, body in blocks(gzip.decompress(file.read_bytes())) if kind == 6]
    times = [(high << 32) + low for _, high, low in (struct.unpack_from("<III", body) for body in bodies)]
    assert times == sorted(times)
    assert times[-1] - times[0] > 9 * 3600 * 1_000_000
    expected = json.loads((DEMO / "expected.json").read_text())
    heard = macs([capturefile.Frame(0, body[20:]) for body in bodies])
    check(expected, heard)
    assert {host["mac"] for host in expected["hosts"]} >= heard


def test_pcap_is_written_as_read(tmp_path: Path) -> None:
    frames = [capturefile.Frame(1_752_541_200_000_001, b"\1" * 60), capturefile.Frame(1_752_541_201_999_999, b"\2" * 1514)]
    capturefile.write_pcap(tmp_path / "a.pcap", frames)
    assert list(capturefile.read(tmp_path / "a.pcap")) == frames


def test_same_frames_give_the_same_compressed_bytes(tmp_path: Path) -> None:
    frames = [capturefile.Frame(1, b"\1" * 61, 0), capturefile.Frame(2, b"\2" * 62, 1)]
    for name in ("a.pcapng.gz", "b.pcapng.gz"):
        capturefile.write_pcapng(tmp_path / name, ["can-bo", "nguoi-dan"], frames)
    assert (tmp_path / "a.pcapng.gz").read_bytes()[10:] == (tmp_path / "b.pcapng.gz").read_bytes()[10:]
