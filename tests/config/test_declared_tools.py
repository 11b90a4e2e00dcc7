"""tools.csv and kms_servers.csv: approvals with an owner and a last day, lawful activation servers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from collector.declared import load
from collector.refusal import ConfigError
from model.declared import KmsServer
from model.times import SECOND, VIETNAM

ROOT = Path(__file__).parents[2]


def folder(tmp_path: Path, **files: str) -> Path:
    (tmp_path / "site.toml").write_text('site = "xa"\nlegs = ["lan"]\n')
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text)
    return tmp_path


def test_no_file_is_not_declared_and_an_empty_one_approves_nobody(tmp_path):
    bare = load(folder(tmp_path), ("lan",))
    assert (bare.tools, bare.kms_servers) == (None, None)
    empty = load(folder(tmp_path, tools="product,owner,until\n", kms_servers="ip\n"), ("lan",))
    assert (empty.tools, empty.kms_servers) == ((), ())


@pytest.mark.parametrize("name", ["UltraViewer", "ultraviewer", " ULTRAVIEWER "])
def test_an_approval_is_read_with_vietnamese_headings(tmp_path, name):
    text = f"phần mềm;địa chỉ mac;người phụ trách;hết hạn;khung giờ\n{name};00-06-5B-10-20-21;Tổ hỗ trợ;31/12/2026;07:00-17:30\n"
    [tool] = load(folder(tmp_path, tools=text), ("lan",)).tools or ()
    assert (tool.product, tool.mac, tool.owner, tool.hours) == ("ultraviewer", "00:06:5b:10:20:21", "Tổ hỗ trợ", "07:00-17:30")
    # The whole of the last day counts.
    assert datetime.fromtimestamp(tool.until // SECOND, VIETNAM).isoformat() == "2027-01-01T00:00:00+07:00"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Ultraviever,A,31/12/2026,", '"product"'),
        ("UltraViewer,,31/12/2026,", '"owner"'),
        ("UltraViewer,A,,", '"until"'),
        ("UltraViewer,A,31/02/2026,", '"until"'),
        ("UltraViewer,A,31/12/2026,7h-17h", '"hours"'),
    ],
)
def test_a_broken_approval_is_told_with_its_line_and_column(tmp_path, line, said):
    with pytest.raises(ConfigError) as error:
        load(folder(tmp_path, tools=f"product,owner,until,hours\n{line}\n"), ("lan",))
    assert "tools.csv" in str(error.value)
    assert said in str(error.value)
    assert "2" in str(error.value)


def test_a_misspelt_product_is_answered_with_the_nearest(tmp_path):
    with pytest.raises(ConfigError, match="ultraviewer"):
        load(folder(tmp_path, tools="product,owner,until\nultravewer,A,31/12/2026\n"), ("lan",))


def test_servers_are_addresses(tmp_path):
    text = "địa chỉ ip,mac\n10.49.0.20,\n10.49.0.21,00:06:5b:10:20:21\n"
    servers = load(folder(tmp_path, kms_servers=text), ("lan",)).kms_servers
    assert servers == (KmsServer(ip="10.49.0.20"), KmsServer(ip="10.49.0.21", mac="00:06:5b:10:20:21"))
    named = load(folder(tmp_path, kms_servers="ip,tên máy chủ\n10.49.0.20,KMS.tinh.gov.vn\n"), ("lan",)).kms_servers
    assert named == (KmsServer(ip="10.49.0.20", name="kms.tinh.gov.vn"),)
    with pytest.raises(ConfigError, match=r"kms_servers\.csv"):
        load(folder(tmp_path, kms_servers="ip\nkms.tinh.gov.vn\n"), ("lan",))


def test_the_samples_hold():
    sample = load(ROOT / "declared/examples/commune")
    assert [tool.product for tool in sample.tools or ()] == ["ultraviewer"]
    assert sample.kms_servers == (KmsServer(ip="10.49.0.20"),)
