"""The package for the investigator: what is in it, that it proves itself, that it is the same each time and overwrites nothing."""

from __future__ import annotations

import json
import resource
import subprocess
import zipfile
from pathlib import Path

import pytest

from collector.sensors.portals.evidence import EvidenceError, Store, package
from collector.sensors.portals.evidence.summary import inert
from model.times import SECOND
from tests.portals.evidence.looks import PNG, PORTAL, START, exchanges, finding_change, store_in, story


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return store_in(tmp_path / "e")


@pytest.fixture
def names(store: Store) -> list[str]:
    second = story(START + 61 * SECOND, persona="search_google", attempt=1, failed="", rendered=True)
    return [
        store.keep("look-2", "xa-mau", exchanges(b"2"), None, second),
        store.keep("look-1", "xa-mau", exchanges(), PNG, story()),
    ]


def unpacked(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_everything_is_in_it_and_nothing_else(store: Store, names: list[str], tmp_path: Path) -> None:
    packed = package(store, finding_change(), names, tmp_path / "a.zip", PORTAL)
    second, first = names
    held = unpacked(tmp_path / "a.zip")
    assert set(held) == {f"captures/{first}.warc.gz", f"captures/{second}.warc.gz", f"screenshots/{first}.png", "tom-tat.txt", "manifest.json", "SHA256SUMS"}
    assert set(packed.files) == set(held)
    assert (packed.missing, packed.changed) == ((), ())
    assert held[f"screenshots/{first}.png"] == PNG
    assert held[f"captures/{first}.warc.gz"] == store.warc(first).read_bytes()


def test_it_proves_itself_with_the_usual_tool(store: Store, names: list[str], tmp_path: Path) -> None:
    package(store, finding_change(), names, tmp_path / "a.zip", PORTAL)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        archive.extractall(tmp_path / "out")
    ran = subprocess.run(["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=tmp_path / "out", capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout.count(": OK"), ran.stderr) == (0, 5, "")


def test_the_summary_says_who_saw_what_when_and_how_sure(store: Store, names: list[str], tmp_path: Path) -> None:
    package(store, finding_change(), names, tmp_path / "a.zip", PORTAL)
    text = unpacked(tmp_path / "a.zip")["tom-tat.txt"].decode()
    for said in (
        "NGHIÊM TRỌNG · Cổng thông tin chuyển khách dùng điện thoại sang trang cá cược",
        "Phát hiện: VG-WEB-01/0123456789ab · đang mở",
        "Mức chắc chắn: đã xác nhận",
        "Thấy từ: 15/07/2025 08:04:03 (giờ Việt Nam)",
        "đây là lần thứ 2",
        "Cổng: Cổng thông tin xã Mẫu (mã xa-mau)",
        "Địa chỉ: hxxps://xamau.example/",
        "Đơn vị chủ quản: UBND xã Mẫu · đơn vị xây dựng: Công ty A",
        "1. 15/07/2025 08:04:03 (giờ Việt Nam) · kiểu người truy cập: điện thoại Android (mobile)\n   Nhìn từ: hộp hop-1, vị trí xa-mau · lần nhìn look-1",
        "2. 15/07/2025 08:05:04 (giờ Việt Nam) · kiểu người truy cập: đến từ Google (search_google) · bằng trình duyệt thật",
        "bước 0: địa chỉ được mở · hxxps://xamau.example/ · trả lời 302 · máy chủ 103.28.36.1",
        "bước 1: chuyển hướng HTTP · hxxps://nhacai77.example/vao?a=1 · trả lời 200 · sau 3.5 giây",
        "dấu hiệu: hiện nội dung quảng cáo (promotion) · “nạp rút siêu tốc hxxps://b.example” · ở div#a",
        "sha256sum -c SHA256SUMS",
    ):
        assert said in text
    assert "https://" not in text.replace("hxxps://", "")
    assert "\u202e" not in text


def test_the_manifest_says_it_for_programs_hop_by_hop(store: Store, names: list[str], tmp_path: Path) -> None:
    package(store, finding_change(), names, tmp_path / "a.zip", PORTAL)
    manifest = json.loads(unpacked(tmp_path / "a.zip")["manifest.json"])
    assert (manifest["finding"]["id"], manifest["finding"]["since"], manifest["portal"]["url"]) == (
        "0123456789ab", "2025-07-15T01:04:03.000000Z", "https://xamau.example/",
    )  # fmt: skip
    first = manifest["captures"][0]
    assert (first["persona"], first["vantage"], first["box"], first["intact"]) == ("mobile", "xa-mau", "hop-1", True)
    assert [(sent["url"], sent["status"], sent["started"], sent["address"]) for sent in first["exchanges"]][:1] == [
        ("https://xamau.example/", 302, "2025-07-15T01:04:03.000000Z", "103.28.36.1")
    ]
    assert [hop["host"] for hop in first["hops"]] == ["xamau.example", "nhacai77.example"]


def test_the_same_finding_gives_the_same_bytes(store: Store, names: list[str], tmp_path: Path) -> None:
    package(store, finding_change(), names, tmp_path / "a.zip", PORTAL)
    package(store, finding_change(), [*reversed(names), names[0]], tmp_path / "b.zip", PORTAL)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_nothing_is_written_over(store: Store, names: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"mine")
    with pytest.raises(EvidenceError, match="đã có, không ghi đè"):
        package(store, finding_change(), names, tmp_path / "a.zip")
    assert (tmp_path / "a.zip").read_bytes() == b"mine"
    (tmp_path / "link.zip").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(EvidenceError, match="đã có, không ghi đè"):
        package(store, finding_change(), names, tmp_path / "link.zip")
    assert not (tmp_path / "elsewhere").exists()


def test_no_half_package_is_left(store: Store, names: list[str], tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="không ghi được"):
        package(store, finding_change(), names, tmp_path / "nowhere" / "a.zip")
    with pytest.raises(EvidenceError, match="không phải mã một gói"):
        package(store, finding_change(), ["../../secret"], tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


def test_a_disk_that_fills_while_packing_leaves_no_half_package(store: Store, names: list[str], tmp_path: Path) -> None:
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (700, usual[1]))
    try:
        with pytest.raises(EvidenceError, match="không ghi được"):
            package(store, finding_change(), names, tmp_path / "a.zip", PORTAL)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert not (tmp_path / "a.zip").exists()
    assert package(store, finding_change(), names, tmp_path / "a.zip", PORTAL).missing == ()


def test_what_is_gone_or_was_changed_is_said(store: Store, names: list[str], tmp_path: Path) -> None:
    second, first = names
    store.warc(first).write_bytes(store.warc(first).read_bytes() + b"x")
    store.warc(second).unlink()
    packed = package(store, finding_change(), [*names, "0" * 24], tmp_path / "a.zip", PORTAL)
    assert (packed.missing, packed.changed) == ((second, "0" * 24), (first,))
    held = unpacked(tmp_path / "a.zip")
    assert "CẢNH BÁO: tệp này đã khác so với lúc được giữ lại" in held["tom-tat.txt"].decode()
    assert f"KHÔNG CÒN 2 gói (đã bỏ vì hết chỗ, hoặc hỏng): {second}, {'0' * 24}" in held["tom-tat.txt"].decode()
    manifest = json.loads(held["manifest.json"])
    assert (manifest["captures"][0]["intact"], manifest["missing"]) == (False, [second, "0" * 24])


def test_a_package_without_captures_still_tells_the_finding(store: Store, tmp_path: Path) -> None:
    package(store, finding_change(), [], tmp_path / "a.zip")
    assert "NHỮNG LẦN NHÌN ĐƯỢC GIỮ LẠI (0)" in unpacked(tmp_path / "a.zip")["tom-tat.txt"].decode()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://a.example/", "hxxps://a.example/"),
        ("HTTP://a.example/", "hxxp://a.example/"),
        ("hxxps://a.example/", "hxxps://a.example/"),
        ("ftp://a.example/", "ftp[://]a.example/"),
        ("https://a.example/?u=https://b.example/\u202e\n", "hxxps://a.example/?u=hxxps://b.example/"),
        ("https://a.example/" + "x" * 900, "hxxps://a.example/" + "x" * 581 + "…"),
    ],
)
def test_no_address_can_be_clicked(url: str, told: str) -> None:
    assert inert(url) == told
