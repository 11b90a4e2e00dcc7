"""The sealer: which pushes go into which file, with which frames, and what is not sealed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from collector.capturefile import CaptureFile
from collector.evidence import allowed_by
from collector.sealing.envelope import Contents, Header, header_of, unseal
from collector.sealing.sealer import MOST_A_MINUTE, Sealer
from collector.sealing.store import Store
from model.declared import Declared, Screen
from model.times import DAY, HOUR, MINUTE, SECOND
from tests.decode.flows.talk import MEDIA, OK, PHONE, SCREEN, SET_URI, Talk, soap
from tests.decode.frames import AT, ETHERNET
from tests.sealing.conftest import Heard, listened

MONTH = 30 * DAY


class Clock:
    """A clock that stands at the time of the capture."""

    def now(self) -> int:
        return AT

    def monotonic(self) -> float:
        return 0.0


@contextmanager
def sealing(folder: Path, key: X25519PrivateKey, **options: Any) -> Iterator[Sealer]:
    """A sealer at work; after the block all is written."""
    sealer = Sealer(Store(folder, 1 << 20), key.public_key(), Clock(), box="hop-1", keep=MONTH, **options)
    sealer.start()
    try:
        yield sealer
    finally:
        sealer.stop()


def opened(folder: Path, key: X25519PrivateKey) -> list[tuple[Header, Contents]]:
    return [unseal(path.read_bytes(), key, AT) for path in sorted(folder.glob("*.vgseal"))]


def test_a_push_its_answer_and_what_follows_are_one_file_with_their_frames(tmp_path: Path, key: X25519PrivateKey) -> None:
    talk = Talk(49494)
    heard = listened([*talk.client(SET_URI), *talk.server(OK), *talk.client(soap("Play", "<Speed>1</Speed>")), *talk.server(OK)])
    with sealing(tmp_path, key) as sealer:
        names = {sealer.take(fact, heard.ring, ETHERNET) for fact in heard.facts}
    ((header, inside),) = opened(tmp_path, key)
    assert names == {header.id}
    assert (header.box, header.leg, header.at, header.until) == ("hop-1", "lan", heard.facts[0].at, heard.facts[0].at + MONTH)
    assert (inside.sender_mac, inside.sender_ip, inside.screen_mac, inside.screen_ip) == (PHONE, "192.168.10.101", SCREEN, "192.168.10.34")
    assert inside.pushes[0].url == MEDIA
    (tmp_path / "frames.pcap").write_bytes(inside.pcap)
    read = [packet for _, packets in CaptureFile(tmp_path / "frames.pcap", ("tcp",)).batches() for packet in packets]
    assert [data for _, data in read] == heard.frames
    assert read[0][0] == heard.facts[0].at


def test_a_new_minute_and_another_sender_are_other_files(tmp_path: Path, key: X25519PrivateKey, heard: Heard) -> None:
    fact = heard.facts[0]
    others = [fact, msgspec.structs.replace(fact, at=fact.at + MINUTE), msgspec.structs.replace(fact, mac="6a:00:00:00:00:01", ip="192.168.10.9")]
    with sealing(tmp_path, key) as sealer:
        names = [sealer.take(each, heard.ring, ETHERNET) for each in others for _ in range(3)]
    assert len(set(names)) == len(opened(tmp_path, key)) == 3


def test_a_stop_and_what_was_allowed_beforehand_are_not_sealed(tmp_path: Path, key: X25519PrivateKey, heard: Heard) -> None:
    fact = heard.facts[0]
    screen = Screen(mac=SCREEN, name="TV", approved_senders=(PHONE,), hours="07:00-17:00")
    allowed = allowed_by({"xa": Declared(site="xa", legs=("lan",), screens=(screen,))})
    night = msgspec.structs.replace(fact, at=fact.at // DAY * DAY + 20 * HOUR)
    day = msgspec.structs.replace(fact, at=fact.at // DAY * DAY + 2 * HOUR)
    with sealing(tmp_path, key, approved=allowed) as sealer:
        assert sealer.take(msgspec.structs.replace(night, kind="stop"), heard.ring, ETHERNET) == ""
        assert sealer.take(day, heard.ring, ETHERNET) == ""
        assert sealer.take(night, heard.ring, ETHERNET) != ""
        assert sealer.take(msgspec.structs.replace(day, mac="6a:00:00:00:00:01"), heard.ring, ETHERNET) != ""
    assert len(opened(tmp_path, key)) == 2


def test_a_phone_that_lists_receivers_leaves_one_file_an_hour_that_ends_after_a_day(tmp_path: Path, key: X25519PrivateKey, heard: Heard) -> None:
    start = heard.facts[0].at // HOUR * HOUR
    with sealing(tmp_path, key) as sealer:
        for minute in range(0, 60, 5):
            sealer.take(msgspec.structs.replace(heard.facts[0], family="cast", kind="session", at=start + minute * MINUTE), heard.ring, ETHERNET)
    (path,) = tmp_path.glob("*.vgseal")
    assert header_of(path.read_bytes()).until == start + DAY


def test_invented_senders_fill_no_disk_and_are_said_once(tmp_path: Path, key: X25519PrivateKey, heard: Heard, caplog: pytest.LogCaptureFixture) -> None:
    def invented(number: int, at: int) -> str:
        mac = f"6a:00:00:00:{number >> 8:02x}:{number & 255:02x}"
        return sealer.take(msgspec.structs.replace(heard.facts[0], mac=mac, at=at), heard.ring, ETHERNET)

    start = heard.facts[0].at // MINUTE * MINUTE
    with sealing(tmp_path, key) as sealer:
        names = [invented(number, start + number) for number in range(2000)]
        assert len([name for name in names if name]) == MOST_A_MINUTE
        assert invented(1, start + MINUTE + SECOND) != ""
    assert [record.message for record in caplog.records].count("quá nhiều thiết bị gửi lên màn hình trong một phút: không niêm phong thêm") == 1
    assert len(opened(tmp_path, key)) == MOST_A_MINUTE + 1


def test_a_disk_that_fails_is_said_and_the_sealer_goes_on(tmp_path: Path, key: X25519PrivateKey, heard: Heard, caplog: pytest.LogCaptureFixture) -> None:
    with sealing(tmp_path / "sealed", key) as sealer:
        (tmp_path / "sealed").rmdir()
        assert sealer.take(heard.facts[0], heard.ring, ETHERNET) != ""
    assert "không ghi được chứng cứ niêm phong" in caplog.text
