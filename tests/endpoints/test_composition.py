"""The server out of a configuration: in one process with core, as a service of its own, and in one sentence why not."""

from __future__ import annotations

import asyncio
import json
import os

import aiohttp
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from collector.clock import SystemClock
from collector.config import load
from collector.endpoints import catalogue_of, endpoints_of, inbox_path
from collector.factqueue import FactQueue
from collector.marks import mark_of
from collector.refusal import ConfigError
from collector.service import Parts, run_all_in_one, serving_pcs
from collector.sites import sites_of
from collector.sockets import SocketReader, path_of
from model.posture.rows import TakenRow
from model.rows import Sensor
from tests.endpoints.certificates import Authority
from tests.endpoints.composed import signed, written
from tests.endpoints.conftest import PREFIX, client_context
from tests.system.program import PATIENCE, Box, ran, running


@pytest.fixture
def place(tmp_path):
    path, authority = written(tmp_path)
    return path, authority


def composed(path, sink=None):
    config = load(path)
    return endpoints_of(config, tuple(sites_of(config).values()), sink or FactQueue(), SystemClock())


def refusal(path) -> str:
    with pytest.raises(ConfigError) as caught, composed(path):
        pass
    return caught.value.text.vi


async def told(authority: Authority, address: tuple[str, int], *calls: tuple[str, dict], pc: str = "pc-01") -> list[dict]:
    """What a PC is answered, enrolled first."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=client_context(authority.path, authority.pc(pc)))) as session:

        async def post(path: str, body: dict) -> dict:
            async with session.post(f"https://{address[0]}:{address[1]}{PREFIX}{path}", json=body) as answer:
                return await answer.json()

        key = (await post("enroll", {"platform_type": "2"}))["node_key"]
        return [await post(path, {"node_key": key, **body}) for path, body in calls]


def test_a_box_serves_no_pcs_unless_told(tmp_path):
    (tmp_path / "config.toml").write_text("")
    config = load(tmp_path / "config.toml")
    assert config.endpoints.enabled is False
    (tmp_path / "declared").mkdir()
    (tmp_path / "declared" / "site.toml").write_text('site = "xa"\n')
    parts = Parts(config, tmp_path / "config.toml")
    with serving_pcs(parts, FactQueue()):
        assert not (tmp_path / "state").exists()
    assert [expected.sensor for expected in parts.declared().sensors] == ["capture:lan"]


def test_where_pcs_are_served_their_sensor_is_expected(place):
    legs = "".join(f'[[legs]]\nname = "{leg}"\ninterface = "{leg}0"\n' for leg in ("a", "b"))
    place[0].write_text(place[0].read_text() + legs)
    config = load(place[0])
    assert "endpoints" in [expected.sensor for expected in sites_of(config)["xa"].sensors]
    for name in ("xa-a", "xa-b"):
        (config.declared / name).mkdir()
        (config.declared / name / "site.toml").write_text(f'site = "{name}"\nlegs = ["{name[-1]}"]\n')
    (config.declared / "site.toml").unlink()
    # One server for all: its heartbeat is the first site's.
    assert ["endpoints" in [expected.sensor for expected in site.sensors] for site in sites_of(config).values()] == [True, False]


async def test_in_one_process_with_core_what_a_pc_tells_is_in_the_journal(short_path, port):
    """`vonggac run` as far as PCs go: no frame is listened to here."""
    path, authority = written(short_path, port)
    config = load(path)
    stop = asyncio.Event()
    everything = asyncio.create_task(run_all_in_one(Parts(config, path), lambda _: None, serving_pcs, stop))
    reader = SocketReader(path_of(config.sockets.dir, "read"))
    try:
        async with asyncio.timeout(PATIENCE):
            while not await listens(port):
                assert not everything.done(), everything
                await asyncio.sleep(0.05)
            (asked,) = await told(authority, ("127.0.0.1", port), ("distributed/read", {}))
            assert len(asked["queries"]) == 8
            while not [row for row in await reader.rows() if isinstance(row, TakenRow) and row.sequence]:
                await asyncio.sleep(0.05)
            sensors = {row.sensor: row.state for row in await reader.rows() if isinstance(row, Sensor)}
        assert sensors == {"endpoints": "running"}
    finally:
        await reader.close()
        stop.set()
        await everything


async def listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def test_the_shipped_catalogue_makes_a_small_configuration_and_short_answers(place):
    catalogue = catalogue_of(load(place[0]))
    config = json.dumps(catalogue.config("windows"))
    assert 1_000 < len(config) < 512 << 10
    assert max(len(query.sql) for query in catalogue.queries.values()) < 32 << 10


async def test_every_question_goes_out_as_it_was_signed(place):
    path, authority = place
    catalogue = catalogue_of(load(path))
    with composed(path) as server:
        stop = asyncio.Event()
        task = asyncio.create_task(server.run(stop))
        await asyncio.wait_for(server.listening.wait(), PATIENCE)
        reads = [("distributed/read", {})] * 5
        config, *asked = await told(authority, server.address, ("config", {}), *reads)
        stop.set()
        await task
    sent = {name.partition(":")[0]: sql for each in asked for name, sql in each["queries"].items()}
    assert sent == {topic: query.sql for topic, query in catalogue.asked["windows"].items()}
    for topic, scheduled in config["schedule"].items():
        assert scheduled["query"] == catalogue.asked["windows"][topic].sql
    assert {table: given["query"] for table, given in config["auto_table_construction"].items()} == {table.name: table.query for table in catalogue.tables}


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda folder: (folder / "catalogue.json").write_bytes(signed(key=Ed25519PrivateKey.generate())), "not signed with a key that this box trusts"),
        (lambda folder: (folder / "catalogue.json").write_bytes(signed().replace(b"SELECT", b"select", 1)), "was changed since"),
        (lambda folder: (folder / "catalogue.json").unlink(), "No such file"),
        (lambda folder: (folder / "province.pem").write_text("x"), "PEM"),
        (lambda folder: next(folder.glob("*.key")).chmod(0o644), "ai cũng đọc được"),
        (lambda folder: (folder / "state").write_text("x"), "state/endpoints"),
    ],
)
def test_what_cannot_be_used_is_named_before_anything_is_served(place, tmp_path, spoil, sentence):
    with composed(place[0]):
        pass
    for path in sorted((tmp_path / "state").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (tmp_path / "state").rmdir()
    spoil(tmp_path)
    assert sentence in refusal(place[0])


def test_an_older_catalogue_is_refused_once_a_newer_was_known(place, tmp_path):
    config = load(place[0])
    (tmp_path / "catalogue.json").write_bytes(signed(edition=3))
    assert catalogue_of(config).version.endswith(".3")
    (tmp_path / "catalogue.json").write_bytes(signed(edition=2))
    with pytest.raises(ConfigError, match="older than"):
        catalogue_of(config)


def test_the_version_that_was_known_is_on_disk_before_it_takes_the_place_of_the_old_one(place, tmp_path, monkeypatch):
    synced, sync = set(), os.fsync

    def recorded(handle):
        synced.add(os.fstat(handle).st_ino)
        sync(handle)

    monkeypatch.setattr(os, "fsync", recorded)
    config = load(place[0])
    catalogue_of(config)
    known = config.state_dir / "endpoints" / "catalogue"
    assert known.read_text()
    assert known.stat().st_ino in synced


def test_files_come_as_credentials_where_none_is_named(place, tmp_path, monkeypatch):
    path, _ = place
    text = path.read_text()
    config = path.with_name("other.toml")
    config.write_text("".join(line for line in text.splitlines(keepends=True) if "_file" not in line))
    assert "Thiếu [endpoints] certificate_file" in refusal(config)
    folder = tmp_path / "credentials"
    folder.mkdir()
    for name, key in (("certificate", "certificate_file"), ("key", "key_file"), ("ca", "ca_file"), ("catalogue", "catalogue_file")):
        given = next(line.partition('"')[2].rstrip('"\n') for line in text.splitlines() if line.startswith(key))
        os.link(tmp_path / given, folder / name)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    with composed(config) as server:
        assert server.address == ("", 0)


def test_no_catalogue_without_a_key_of_the_province(place):
    path, _ = place
    path.write_text("".join(line for line in path.read_text().splitlines(keepends=True) if "catalogue_keys" not in line))
    with pytest.raises(ConfigError, match="catalogue_keys"):
        load(path)


def test_a_mark_is_the_same_on_this_box_alone(place, tmp_path):
    config = load(place[0])
    mark = mark_of(config)
    assert mark("S-1-5-21-1") == mark_of(config)("S-1-5-21-1")
    assert len(mark("\ud800")) == 16
    (tmp_path / "state" / "mark.key").unlink()
    assert mark_of(config)("S-1-5-21-1") != mark("S-1-5-21-1")


async def test_as_a_service_of_its_own_it_hands_core_what_pcs_tell(short_path):
    """The installed program, core and `endpoints serve` apart, the first one killed in between."""
    path, authority = written(short_path)
    box = Box(short_path)
    config = load(path)
    with running(box, "endpoints", "serve") as served:
        await asyncio.to_thread(served.wait_for, "nhận máy tính ở 127.0.0.1 cổng ", PATIENCE)
        port = int(served.said().rpartition("cổng ")[2].split()[0])
        # Core is not there yet: the PC does not mind.
        (asked,) = await told(authority, ("127.0.0.1", port), ("distributed/read", {}))
        assert "error" not in asked
        with running(box, "core") as core:
            await asyncio.to_thread(core.wait_for, "lõi đang chạy", PATIENCE)
            reader = SocketReader(path_of(config.sockets.dir, "read"))
            async with asyncio.timeout(PATIENCE):
                while not [row for row in await reader.rows() if isinstance(row, TakenRow) and row.sequence]:
                    await asyncio.sleep(0.1)
            await reader.close()
    assert "Traceback" not in served.said()
    assert inbox_path(config).exists()


def test_the_service_says_why_it_has_nothing_to_do(short_path):
    box = Box(short_path).site().write()
    done = ran("endpoints", "serve", "--config", box.config)
    assert done.returncode == 1
    assert "[endpoints] enabled = true" in done.stderr
