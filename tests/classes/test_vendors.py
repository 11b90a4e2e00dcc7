"""The maker of a MAC address, and the table as it is built."""

from __future__ import annotations

import importlib.util
import tracemalloc
import zlib
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector import vendors

ROOT = Path(__file__).parents[2]


def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_vendors", ROOT / "deploy" / "build-vendors.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("mac", "maker"),
    [
        ("28:cf:da:dc:8d:76", "Apple, Inc."),
        ("5c:cf:7f:07:ae:fb", "Espressif Inc."),
        ("48:da:35:6f:12:34", "Shenzhen Sipeed Technology Co., Ltd"),  # 28 bits
        ("00:1b:c5:00:1a:bc", "OpenRB.com, Direct SIA"),  # 36 bits
        ("30:52:53:aa:bb:cc", "BuildJet, Inc. (JetKVM)"),  # ours
        ("5C:CF:7F:07:AE:FB", "Espressif Inc."),
    ],
)
def test_makers(mac: str, maker: str) -> None:
    assert vendors.vendor_of(mac) == maker


LOCAL = ["92:dd:a4:8d:5f:de", "02:07:01:00:00:01", "01:00:5e:00:00:fb", "ff:ff:ff:ff:ff:ff"]
NONE = ["", "hash:a1b2", "28:cf:da", "28cfdadc8d76", "zz:cf:da:dc:8d:76"]


@pytest.mark.parametrize("mac", LOCAL + NONE)
def test_addresses_that_no_maker_gave(mac: str) -> None:
    assert vendors.vendor_of(mac) == ""


def test_a_block_cut_into_smaller_ones_has_no_owner_of_its_own() -> None:
    assert "IEEE Registration Authority" not in vendors.table().names.decode().split("\n")


@pytest.fixture(scope="module")
def rows() -> dict[int, dict[int, str]]:
    module = builder()
    kept: dict[int, dict[int, str]] = module.chosen(module.registered(module.source()), module.added(module.OVERLAY))
    return kept


def owner_in(rows: dict[int, dict[int, str]], number: int) -> str:
    return next((rows[width][number >> 48 - width] for width in (36, 28, 24) if number >> 48 - width in rows[width]), "")


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=2**48 - 1))
def test_the_table_says_what_the_source_says(rows, number: int) -> None:
    mac = ":".join(f"{byte:02x}" for byte in number.to_bytes(6, "big"))
    assert vendors.vendor_of(mac) == ("" if number >> 40 & 3 else owner_in(rows, number))


def test_every_prefix_of_the_source_is_found(rows) -> None:
    table = vendors.table()
    wrong = [
        (width, prefix) for width, prefixes in rows.items() for prefix in prefixes if table.owner(prefix << 48 - width) != owner_in(rows, prefix << 48 - width)
    ]
    assert wrong == []


def test_the_shipped_table_is_the_one_that_the_locked_source_gives() -> None:
    date = vendors.table().about.split()[2]
    assert builder().build(date) == vendors.TABLE.read_bytes(), "run deploy/build-vendors.py"


def test_the_table_is_small() -> None:
    raw = vendors.TABLE.read_bytes()
    tracemalloc.start()
    try:
        vendors.parse(raw)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(raw) < 1 << 20
    assert most < 5 << 20


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: b"",
        lambda raw: raw[:100],
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw.replace(b"/", b"/9", 1),
        lambda raw: raw.partition(b"\n")[0] + b"\n" + zlib.compress(b"short"),
    ],
)
def test_a_broken_table_is_told_in_one_sentence(spoil) -> None:
    with pytest.raises(vendors.BrokenTable, match=r"vendors\.bin is no vendor table: build it again"):
        vendors.parse(spoil(vendors.TABLE.read_bytes()))
