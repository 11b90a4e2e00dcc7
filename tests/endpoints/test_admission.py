"""Who may speak: the certificate decides, a node key belongs to one PC, and `node_invalid` is said of keys truly unknown or revoked only (behaviour 6)."""

from __future__ import annotations

import asyncio
import os
import shutil
import ssl
from datetime import timedelta

import aiohttp
import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from collector.refusal import ConfigError
from collector.sensors.endpoints import inbox, tls
from collector.sensors.endpoints.inbox import InboxError
from model.declared import Revoked
from model.endpointfacts import EndpointsCounted
from model.facts import SensorHeard
from model.posture.figures import CERTIFICATE
from model.text import Text
from model.times import DAY, MINUTE
from tests.endpoints.answering import ON
from tests.endpoints.certificates import Authority
from tests.endpoints.conftest import client_context, snapshot, until


@pytest.mark.parametrize(
    ("given", "counted"),
    [("none", "no_certificate"), ("expired", "expired"), ("stranger", "foreign"), ("server", "foreign")],
)
async def test_a_wrong_certificate_never_comes_in_and_is_counted(box, tmp_path, given, counted):
    pairs = {
        "none": lambda: None,
        "expired": lambda: box.authority.pc("pc-01", life=timedelta(days=-1)),
        "stranger": lambda: Authority(tmp_path, "Another CA").pc("pc-01"),
        "server": lambda: box.authority.pc("pc-01", use=ExtendedKeyUsageOID.SERVER_AUTH),
    }
    host, port = box.server.address
    context = client_context(box.authority.path, pairs[given]())
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context)) as session:
        with pytest.raises(aiohttp.ClientError):
            await session.post(f"https://{host}:{port}/osquery/enroll", json={})
    await until(lambda: box.server.turned_away[counted])
    assert box.server.turned_away == {counted: 1}
    async with box.pc("pc-02") as other:
        assert len(await other.read()) == 3


async def test_the_client_refuses_a_box_it_does_not_know(box, tmp_path):
    context = client_context(Authority(tmp_path, "Another CA").path, box.authority.pc("pc-01"))
    with pytest.raises(ssl.SSLCertVerificationError):
        await asyncio.open_connection(*box.server.address, ssl=context)


@pytest.mark.parametrize("subject", [("pc-01", "xa", "box"), ("pc-01", "xa", ""), ("PC 01", "xa", "pc"), ("pc-01", "another-site", "pc"), ("", "xa", "pc")])
async def test_a_certificate_that_names_no_pc_of_this_box_may_nothing(box, subject):
    async with box.pc(pair=box.authority.pc(subject[0], subject[1], subject[2]), enrol=False) as pc:
        told = await pc.enrol()
    assert told == {"error": "this certificate is no PC's of this box"}
    assert box.figures.refused == {"foreign": 1}


async def test_a_key_of_another_pc_is_refused_counted_and_told_to_the_soc(box, caplog):
    async with box.pc("pc-01") as pc, box.pc("pc-02") as other:
        for path in ("config", "log", "distributed/read", "distributed/write"):
            told = await other.post(path, {"node_key": pc.key, "log_type": "result", "data": [snapshot("bluetooth", [ON])]})
            assert told == {"error": "this node key belongs to another PC"}
        assert (await pc.post("config", {"node_key": pc.key}))["node_invalid"] is False
    assert box.figures.refused == {"key_stolen": 4}
    assert [fact for fact in await box.inbox.after(0, 99) if fact.pc == "pc-01" and hasattr(fact, "topic")] == []
    await box.server._tell("running")
    beat = [fact for fact in box.core.facts if isinstance(fact, SensorHeard)][-1]
    assert "pc-01" in beat.message
    assert "pc-02" in beat.message
    assert caplog.text.count("pc-02") == 1
    box.clock.ahead += 2 * DAY
    assert box.admission.alarm is None


async def test_an_unknown_key_is_told_to_enrol_anew(box):
    async with box.pc() as pc:
        for key in ("", "0" * 40, "mẫu", pc.key + "0"):
            assert await pc.post("config", {"node_key": key}) == {"error": "this node key is not known", "node_invalid": True}


async def test_the_header_is_the_bodys_key_or_absent(box):
    async with box.pc() as pc:
        body = {"node_key": pc.key}
        assert "error" not in await pc.post("config", body, headers={"Authorization": f"NodeKey {pc.key}"})
        assert "error" not in await pc.post("config", body, headers={"Authorization": "Basic eDp5"})
        told = await pc.post("config", body, headers={"Authorization": "NodeKey " + "0" * 40})
        assert told == {"error": "two node keys in one request"}
    assert box.figures.refused == {"key_differs": 1}


@pytest.mark.parametrize("whole", [False, True])
async def test_a_certificate_revoked_on_the_box_is_out_at_once(box, whole):
    async with box.pc() as pc, box.pc("pc-02") as other:
        serial = "" if whole else pc.pair.serial.upper()
        inbox.revoke(box.folder / "inbox.sqlite", pc="pc-01", serial=serial, at=box.clock.now(), by="Lan", why="mất máy")
        # On a connection that stands already.
        for path in ("config", "log", "distributed/read", "distributed/write", "enroll"):
            assert await pc.post(path, {"node_key": pc.key}) == {"error": "this certificate was revoked", "node_invalid": True}
        assert "error" not in await other.post("config", {"node_key": other.key})
    assert box.figures.refused == {"revoked": 5}
    async with box.pc("pc-01", enrol=False) as renewed:
        assert ("error" in await renewed.enrol()) == whole


async def test_a_certificate_declared_revoked_is_out_from_that_day_on(make_box):
    days: list[Revoked] = []
    box = await make_box(revoked=days)
    pairs = {name: box.authority.pc(name) for name in ("pc-01", "pc-02", "pc-03")}
    now = box.clock.now()
    days += [
        Revoked(id="pc-01", serial=pairs["pc-01"].serial, day=now - DAY, by="Lan", why="mất máy"),
        Revoked(id="pc-02", day=now + DAY, by="Lan", why="trả máy"),
        Revoked(id="pc-03", day=now - 9 * DAY, by="Lan", why="máy cũ, chứng chỉ mới cấp sau đó"),
    ]
    await box.close()
    box.open()
    await box.listening()

    async def refused() -> list[str]:
        told = []
        for name, pair in pairs.items():
            async with box.pc(name, pair=pair, enrol=False) as pc:
                told += [name] if "error" in await pc.enrol() else []
        return told

    assert await refused() == ["pc-01"]
    box.clock.ahead += 2 * DAY
    assert await refused() == ["pc-01", "pc-02"]


async def test_a_certificate_that_expires_ends_what_it_opened(box):
    async with box.pc() as pc:
        box.clock.ahead += 91 * DAY
        assert await pc.post("config", {"node_key": pc.key}) == {"error": "this certificate expired"}


async def test_a_certificate_that_was_renewed_keeps_its_node_key(box):
    async with box.pc() as pc, box.pc("pc-01", pair=box.authority.pc("pc-01"), enrol=False) as renewed:
        assert renewed.pair.serial != pc.pair.serial
        assert "error" not in await renewed.post("config", {"node_key": pc.key})


async def test_enrolling_again_and_again_is_slowed_down_for_that_certificate_alone(box):
    async with box.pc("pc-01", enrol=False) as pc, box.pc("pc-02", enrol=False) as other:
        told = [await pc.enrol() for _ in range(8)]
        assert ["node_key" in each for each in told] == 5 * [True] + 3 * [False]
        assert all(each == {"error": "this certificate enrolled too often"} for each in told[5:])
        assert "node_key" in await other.enrol()
        box.clock.ahead += MINUTE
        assert "node_key" in await pc.enrol()
    assert box.figures.refused == {"enrolments": 3}


async def test_two_machines_with_one_certificate_do_not_throw_each_other_out(box):
    """As clones of one disk do, which exhausted another server's memory (behaviour 17)."""
    async with box.pc("pc-01") as one, box.pc("pc-01") as copy:
        for _ in range(3):
            assert "error" not in await one.post("config", {"node_key": one.key})
            assert "error" not in await copy.post("config", {"node_key": copy.key})
    assert len(box.admission) == 1


async def test_an_enrolment_that_cannot_be_kept_is_none(box, monkeypatch):
    async def broken(_):
        raise InboxError(Text("đĩa đầy", "disk full"))

    async with box.pc(enrol=False) as pc:
        monkeypatch.setattr(box.inbox, "enrol", broken)
        told = await pc.enrol()
    assert told == {"error": "not kept, send it again"}
    assert len(box.admission) == 0


async def test_no_key_is_on_disk(box):
    async with box.pc() as pc:
        key = pc.key.encode()
        await pc.read()
    for path in box.folder.glob("inbox.sqlite*"):
        assert key not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0


async def test_a_renewed_certificate_is_taken_without_a_restart(box):
    host, port = box.server.address
    context = client_context(box.authority.path, box.authority.pc("pc-01"))

    async def serial() -> str:
        _, writer = await asyncio.open_connection(host, port, ssl=context)
        writer.close()
        return writer.get_extra_info("peercert")["serialNumber"]

    before = await serial()
    renewed = box.authority.box()
    shutil.copy(renewed.certificate, box.files.certificate)
    shutil.copy(renewed.key, box.files.key)
    box.server._renew()
    assert int(await serial(), 16) == int(renewed.serial, 16) != int(before, 16)
    await box.server._tell("running")
    (*_, told) = [fact for fact in box.core.facts if isinstance(fact, EndpointsCounted)]
    assert told.counts[CERTIFICATE] == tls.expiry(box.files) > box.clock.now() // 10**9
    box.files.certificate.write_text("no certificate")
    box.server._renew()
    assert tls.expiry(box.files) is None
    assert int(await serial(), 16) == int(renewed.serial, 16)


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o644])
def test_a_key_that_anybody_may_read_is_refused(tmp_path, mode):
    authority = Authority(tmp_path)
    own = authority.box()
    own.key.chmod(mode)
    with pytest.raises(ConfigError, match="chmod 600"):
        tls.door_of(tls.Files(own.certificate, own.key, authority.path))


@pytest.mark.parametrize("missing", ["certificate", "key", "authority"])
def test_files_that_will_not_do_are_named(tmp_path, missing):
    authority = Authority(tmp_path)
    own = authority.box()
    files = tls.Files(own.certificate, own.key, authority.path)
    broken = getattr(files, missing)
    for spoil in (lambda: broken.write_text("x"), lambda: os.unlink(broken)):
        spoil()
        broken.chmod(0o600) if broken.exists() else None
        with pytest.raises(ConfigError):
            tls.door_of(files)


async def test_connections_are_bounded(box):
    box.server._door.most = 3
    context = client_context(box.authority.path, box.authority.pc("pc-01"))
    open_ones = [await asyncio.open_connection(*box.server.address, ssl=context) for _ in range(3)]
    with pytest.raises((ssl.SSLError, ConnectionError)):
        await asyncio.open_connection(*box.server.address, ssl=context)
    assert box.server.turned_away == {"crowded": 1}
    for _, writer in open_ones:
        writer.close()
    await until(lambda: len(box.server._door._open) == 0)
    _, writer = await asyncio.open_connection(*box.server.address, ssl=context)
    writer.close()
