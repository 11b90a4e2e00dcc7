"""The door and its watchdog: a change that hangs starves it, a province of boxes that all renew on one day does not; and whose key it will use."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from collector.beats import Beats
from collector.clock import SystemClock
from collector.door import tls_of
from collector.enrolment.enroller import Enroller
from collector.enrolment.service import Door
from collector.enrolment.wire import JOIN, DeniedError, Joining, asked
from collector.refusal import ConfigError
from tests.servers.certificates import Certificates

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
QUESTION = asked(JOIN, Joining(token="t" * 43, nonce="0" * 32, box="hop-a", key=KEY.public_key().public_bytes_raw().hex()), KEY)


class Hung(Enroller):
    """A province whose disk answers when the test lets it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, folder, SystemClock())
        self.begun, self.goes_on = threading.Event(), threading.Event()

    def join(self, *_: Any) -> Any:
        self.begun.set()
        assert self.goes_on.wait(30)
        raise DeniedError(403, "không", "no")


async def test_a_change_that_hangs_is_missed_and_its_end_forgives(tmp_path: Path) -> None:
    now = 100.0
    enroller, beats = Hung(tmp_path), Beats(lambda: now)
    door = Door(enroller, SystemClock())
    async with TestClient(TestServer(door.app())) as client, door.beating(beats, turn=0.001):
        now += 61
        # A door at which nobody knocks moves by itself.
        while beats.stuck():
            await asyncio.sleep(0.001)
        knocking = asyncio.create_task(client.post(JOIN, data=QUESTION))
        await asyncio.to_thread(enroller.begun.wait, 30)
        now += 61
        await asyncio.sleep(0.02)
        assert beats.stuck() == ["enrolment"]
        enroller.goes_on.set()
        assert (await knocking).status == 403
        assert beats.stuck() == []


async def test_each_change_that_is_done_counts_however_many_wait(tmp_path: Path) -> None:
    now = 100.0
    enroller, beats = Hung(tmp_path), Beats(lambda: now)
    enroller.goes_on.set()
    door = Door(enroller, SystemClock())
    # Its own trial never comes: the changes themselves are what moves.
    async with TestClient(TestServer(door.app())) as client, door.beating(beats, turn=3_600):
        await client.post(JOIN, data=QUESTION)
        now += 61
        assert beats.stuck() == ["enrolment"]
        assert (await client.post(JOIN, data=QUESTION)).status == 403
        assert beats.stuck() == []


def test_a_key_that_others_may_read_is_refused_but_for_systemds_list_of_readers(
    tmp_path: Path, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, certificate = tmp_path / "key", certificates.right.chain
    key.write_bytes(certificates.right.key.read_bytes())
    key.chmod(0o440)
    with pytest.raises(ConfigError, match="để người khác đọc được"):
        tls_of(certificate, key)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    tls_of(certificate, key)
    key.chmod(0o444)
    with pytest.raises(ConfigError, match="để người khác đọc được"):
        tls_of(certificate, key)
