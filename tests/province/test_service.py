"""`vonggac province` as it is started: from its configuration and its declared folder, until a signal."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from collector import reporting
from collector.config import load
from collector.inspection import signature
from collector.province import service
from collector.refusal import ConfigError
from exporters import maintenance
from exporters.elastic.fleet_asking import SITE
from exporters.elastic.state import index_name
from model.times import DAY, SECOND
from tests.fleet.boxes import Box, FakeClock, told

pytestmark = pytest.mark.servers

VONGGAC = str(Path(sys.executable).parent / "vonggac")

CONFIG = """
state_dir = "state"

[web]
port = 0

[sockets]
dir = "{sockets}"

[province]
urls = ["{url}"]
namespace = "{namespace}"
declared = "declared"
poll = "1s"

[[sinks]]
type = "jsonlines"
path = "told.jsonl"
streams = ["finding"]
"""


def written(folder: Path, url: str, namespace: str, boxes: str = "", more: str = "") -> Path:
    """A configuration and a declared province with two sites."""
    declared = folder / "declared"
    declared.mkdir(exist_ok=True)
    (declared / "province.toml").write_text('province = "79"\nname = "Tỉnh Thử"\n')
    (declared / "sites.csv").write_text("site,name\nxa-a,Trung tâm A\nxa-b,Trung tâm B\n")
    (declared / "boxes.csv").write_text(f"box,site,key\n{boxes}")
    config = folder / "province.toml"
    config.write_text(CONFIG.format(url=url, namespace=namespace, sockets=folder / "s") + more)
    return config


@contextmanager
def running(config: Path):
    """The service in a process of its own; gives the address of its page."""
    process = subprocess.Popen([VONGGAC, "province", "--config", str(config)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, line + (process.stderr.read() if process.poll() is not None else "")
        yield process, found[0].rstrip("/")
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def read(url: str) -> str:
    """The page; nothing while it says that the engine does not answer yet, which a busy one may not when the service has just begun."""
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=30) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        if error.code != 503:
            raise
        return ""


async def until(there, seconds=30.0):
    """The first true answer of `there`, asked again and again."""
    async with asyncio.timeout(seconds):
        while not (found := await asyncio.to_thread(there)):
            await asyncio.sleep(0.1)
        return found


async def test_a_finding_of_a_box_goes_through_the_running_service_to_page_metrics_sink_and_command(engine, namespace, tmp_path):
    clock = FakeClock(time.time_ns())
    box = Box("hop-1", tmp_path, engine.url, namespace, clock)
    config = written(tmp_path, engine.url, namespace, f"hop-1,xa-a,{box.public.hex()}\n")
    opened = told("xa-a", at=clock.now() - SECOND)
    with running(config) as (_, page):
        box.commit("xa-a", opened)
        box.beat("xa-a")
        await box.deliver()
        lines = tmp_path / "told.jsonl"
        line = json.loads(await until(lambda: lines.exists() and lines.read_text()))
        assert line["finding"]["id"] == opened.finding.id if "finding" in line else opened.finding.id in json.dumps(line)
        assert "Trung tâm A" in await asyncio.to_thread(read, page + "/")
        metrics = await until(lambda: re.search(r'vonggac_fleet_sites\{heard="heard"\} 1\.0', text := read(page + "/metrics")) and text)
        assert "vonggac_fleet_store_up 1.0" in metrics
        ack = [VONGGAC, "findings", "ack", opened.finding.id, "--by", "an", "--config", str(config)]
        done = await asyncio.to_thread(subprocess.run, ack, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        acts = engine.documents(f"vonggac-act-{namespace}")
        assert [one["related"]["user"] for one in acts.values()] == [["an"]]
    await box.close()


async def test_each_group_and_the_province_have_a_weekly_report_signed_and_a_maintenance_window_is_shown(engine, namespace, tmp_path, monkeypatch):
    # Sunday, 08:00; due is Monday, 07:00.
    clock, stop, told_at = FakeClock(), asyncio.Event(), asyncio.get_running_loop().create_future()
    box = Box("hop-1", tmp_path, engine.url, namespace, clock)
    key = signature.own_key(tmp_path / "keys")
    more = f'\n[report]\ndir = "reports"\nkey_file = "keys/{signature.KEY}"\n'
    config = written(tmp_path, engine.url, namespace, f"hop-1,xa-a,{box.public.hex()}\n", more)
    (tmp_path / "declared" / "sites.csv").write_text("site,name,group\nxa-a,Trung tâm A,Cụm Đông\nxa-b,Trung tâm B,Cụm Đông\n")
    monkeypatch.setattr(reporting, "_LOOK", 0.05)
    (tmp_path / "state").mkdir()
    window = maintenance.Window(id="w1", site="xa-a", begins=clock.now(), ends=clock.now() + DAY, by="Lan", why="thay tủ mạng")
    maintenance.write(tmp_path / "state" / maintenance.NAME, [window], clock.now())
    running = asyncio.create_task(service.province(load(config), config, told_at.set_result, clock, stop))
    try:
        page = await asyncio.wait_for(told_at, 30)
        box.commit("xa-a", told("xa-a", at=clock.now() - SECOND))
        box.beat("xa-a")
        await box.deliver()
        await until(lambda: "Trung tâm A" in read(page.rstrip("/") + "/phat-hien"))
        heard = {"query": {"term": {SITE: "xa-a"}}}
        await until(lambda: engine.call("POST", f"/{index_name('box', namespace)}/_count", heard).json()["count"])
        assert "thay tủ mạng" in await asyncio.to_thread(read, page.rstrip("/") + "/gui-di")
        assert not (tmp_path / "reports").exists()
        clock.move(23 * 3600)
        found = await until(lambda: len(done := sorted((tmp_path / "reports").glob("*/*.json"))) == 2 and done)
    finally:
        stop.set()
        await asyncio.wait_for(running, 30)
        await box.close()
    assert [path.parent.name[:14] for path in found] == ["nhom-cum-dong-", "tinh-79"]
    for path in found:
        assert {each.name for each in path.parent.iterdir()} == {f"bao-cao-2026-11-23-0700.{ending}" for ending in ("csv", "html", "json", "json.sig")}
        assert signature.checked(path.read_bytes(), path.with_name(path.name + signature.ENDING).read_bytes(), key.public_key())
        report = json.loads(path.read_bytes())
        assert [(each["site"], each["standing"], each["made"] is None) for each in report["sites"]] == [("xa-a", 1, False), ("xa-b", 0, True)]


async def test_the_provinces_own_configuration_shows_the_templates(tmp_path):
    config = written(tmp_path, "http://127.0.0.1:1", "79")
    command = [VONGGAC, "es", "bootstrap", "--dry-run", "--config", str(config)]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "PUT /_index_template/vonggac-state" in done.stdout


@pytest.mark.parametrize(
    ("more", "wanted"),
    [('[[sinks]]\ntype = "elasticsearch"\nurls = ["https://es.example"]\n', "không dùng được ở tỉnh"), ("", "[province] urls")],
    ids=["loop", "no store"],
)
async def test_what_cannot_work_is_refused_in_one_sentence(tmp_path, more, wanted):
    config = written(tmp_path, "http://127.0.0.1:1", "79", more=more)
    if not more:
        config.write_text(config.read_text().replace('urls = ["http://127.0.0.1:1"]', ""))
    with pytest.raises(ConfigError) as refused:
        await service.province(load(config), config, lambda _: None, stop=asyncio.Event())
    assert wanted in refused.value.text.vi
