"""Opening at the SOC: never without a line in the log, which shows whether a line is missing."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from collector.sealing.envelope import seal
from collector.sealing.errors import SealError
from collector.sealing.opening import Opened, open_file
from model.times import DAY
from tests.decode.frames import AT
from tests.sealing.test_envelope import HEADER, INSIDE


@pytest.fixture
def file(tmp_path: Path, key: X25519PrivateKey) -> Path:
    path = tmp_path / f"{HEADER.id}.vgseal"
    path.write_bytes(seal(HEADER, INSIDE, key.public_key()))
    return path


def opening(file: Path, key: X25519PrivateKey, **changes: Any) -> Opened:
    said = {"by": "Trần Văn B", "why": "vụ 7f3a", "out": file.parent / "vu", "log": file.parent / "log.jsonl", "now": AT, **changes}
    return open_file(file, key, **said)


def log(file: Path) -> list[dict[str, Any]]:
    path = file.parent / "log.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_frames_and_story_are_written_and_the_log_says_who_and_why(file: Path, key: X25519PrivateKey) -> None:
    opened = opening(file, key)
    assert opened.pcap.read_bytes() == INSIDE.pcap
    story = json.loads(opened.story.read_text())
    assert (story["sender_mac"], story["sender_ip"], story["box"]) == (INSIDE.sender_mac, INSIDE.sender_ip, "hop-1")
    assert story["pushes"][0]["action"] == "SetAVTransportURI"
    (line,) = log(file)
    assert (line["by"], line["why"], line["outcome"]) == ("Trần Văn B", "vụ 7f3a", "opened")
    assert line["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest() == story["sha256"]
    assert INSIDE.sender_mac not in json.dumps(line)


def test_what_could_not_be_opened_is_in_the_log_too(file: Path, key: X25519PrivateKey) -> None:
    with pytest.raises(SealError):
        opening(file, X25519PrivateKey.generate())
    with pytest.raises(SealError):
        opening(file, key, now=AT + 2 * DAY)
    assert ["không phải khóa này" in line["outcome"] or "hết hạn" in line["outcome"] for line in log(file)] == [True, True]
    assert not (file.parent / "vu").exists()


def test_each_line_of_the_log_holds_the_hash_of_the_one_before(file: Path, key: X25519PrivateKey) -> None:
    for number in range(3):
        opening(file, key, out=file.parent / f"vu-{number}")
    lines = (file.parent / "log.jsonl").read_bytes().splitlines()
    assert [line["previous"] for line in log(file)] == ["", *(hashlib.sha256(line).hexdigest() for line in lines[:-1])]


def test_without_the_log_nothing_is_opened(file: Path, key: X25519PrivateKey) -> None:
    with pytest.raises(SealError, match="không mở"):
        opening(file, key, log=file.parent / "nowhere" / "log.jsonl")
    assert not (file.parent / "vu").exists()


@pytest.mark.parametrize("missing", ["by", "why"])
def test_nobody_opens_without_a_name_and_a_reason(file: Path, key: X25519PrivateKey, missing: str) -> None:
    with pytest.raises(SealError, match="--by"):
        opening(file, key, **{missing: " \n"})
    assert log(file) == []


def test_nothing_that_is_there_is_overwritten(file: Path, key: X25519PrivateKey) -> None:
    first = opening(file, key)
    first.story.write_text("ghi chú của SOC")
    with pytest.raises(SealError, match="không ghi đè"):
        opening(file, key)
    assert first.story.read_text() == "ghi chú của SOC"
