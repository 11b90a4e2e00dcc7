"""`vonggac evidence` as the SOC uses it, and the box's own key as people get it wrong."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

import msgspec
import pytest

from collector.sealing.envelope import seal
from collector.sealing.keys import public_key
from model.times import DAY
from tests.sealing.test_envelope import HEADER, INSIDE
from tests.system.program import Box, ran


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1, done
    (line,) = done.stderr.splitlines()
    assert line.startswith("vonggac: ")
    return line


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    done = ran("evidence", "keygen", "--out", tmp_path / "keys")
    assert (done.returncode, done.stderr) == (0, "")
    return tmp_path / "keys"


def sealed(keys: Path, until: int) -> Path:
    path = keys.parent / f"{HEADER.id}.vgseal"
    path.write_bytes(seal(msgspec.structs.replace(HEADER, until=until), INSIDE, public_key(keys / "soc-evidence.pub")))
    return path


def opening(file: Path, keys: Path, *more: str | Path) -> subprocess.CompletedProcess[str]:
    return ran("evidence", "open", file, "--key", keys / "soc-evidence.key", "--by", "Trần Văn B", "--why", "vụ 7f3a", "--out", file.parent / "vu", *more)


def test_a_file_is_opened_and_the_log_beside_the_key_says_so(keys: Path) -> None:
    done = opening(sealed(keys, time.time_ns() + DAY), keys)
    assert (done.returncode, done.stderr) == (0, "")
    assert INSIDE.sender_mac in done.stdout
    assert "http://" not in done.stdout
    assert json.loads((keys.parent / "vu" / f"{HEADER.id}.json").read_text())["sender_ip"] == INSIDE.sender_ip
    assert (keys.parent / "vu" / f"{HEADER.id}.pcap").read_bytes() == INSIDE.pcap
    (line,) = (keys / "evidence-audit.jsonl").read_text().splitlines()
    assert json.loads(line)["by"] == "Trần Văn B"


def test_the_log_may_be_elsewhere(keys: Path, tmp_path: Path) -> None:
    assert opening(sealed(keys, time.time_ns() + DAY), keys, "--audit", tmp_path / "nhat-ky.jsonl").returncode == 0
    assert len((tmp_path / "nhat-ky.jsonl").read_text().splitlines()) == 1
    assert not (keys / "evidence-audit.jsonl").exists()


def test_a_file_past_its_end_is_refused(keys: Path) -> None:
    assert "hết hạn" in sentence(opening(sealed(keys, time.time_ns() - 1), keys))


def test_a_damaged_file_another_file_and_no_file_are_refused(keys: Path, tmp_path: Path) -> None:
    file = sealed(keys, time.time_ns() + DAY)
    file.write_bytes(file.read_bytes()[:-3])
    assert "hỏng" in sentence(opening(file, keys))
    assert "không phải chứng cứ niêm phong" in sentence(opening(keys / "soc-evidence.pub", keys))
    assert "Không có tệp" in sentence(opening(tmp_path / "nowhere.vgseal", keys))


def test_another_key_is_refused(keys: Path, tmp_path: Path) -> None:
    ran("evidence", "keygen", "--out", tmp_path / "others")
    assert "không phải khóa này" in sentence(opening(sealed(keys, time.time_ns() + DAY), tmp_path / "others"))


def test_a_key_that_others_can_read_is_refused(keys: Path) -> None:
    (keys / "soc-evidence.key").chmod(0o644)
    assert "chmod 600" in sentence(opening(sealed(keys, time.time_ns() + DAY), keys))


def test_a_key_with_a_passphrase(tmp_path: Path) -> None:
    (tmp_path / "mat-khau").write_text("bí mật\n")
    (tmp_path / "mat-khau").chmod(0o600)
    keys = tmp_path / "keys"
    assert ran("evidence", "keygen", "--out", keys, "--passphrase-file", tmp_path / "mat-khau").returncode == 0
    file = sealed(keys, time.time_ns() + DAY)
    assert "cần --passphrase-file" in sentence(opening(file, keys))
    assert opening(file, keys, "--passphrase-file", tmp_path / "mat-khau").returncode == 0


def test_keys_are_not_overwritten(keys: Path) -> None:
    assert "không ghi đè" in sentence(ran("evidence", "keygen", "--out", keys))


@pytest.mark.parametrize("command", [("run",), ("collect",), ("config", "check")])
def test_a_box_with_a_wrong_or_missing_key_of_the_soc_does_not_start(box: Box, command: tuple[str, ...]) -> None:
    box.write('[[legs]]\ninterface = "lo"\n[evidence]\nsoc_public_key_file = "soc.pub"\n')
    assert "Không có tệp khóa" in sentence(ran(*command, "--config", box.config))
    (box.folder / "soc.pub").write_text("ghi chú")
    assert "không phải khóa công khai X25519" in sentence(ran(*command, "--config", box.config))
