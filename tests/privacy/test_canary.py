"""A citizen's own device leaves the box only as hash, class and times: names and addresses planted in every fact are found in no output."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest
from aiohttp.test_utils import TestClient, TestServer

from collector.core import Core
from collector.factqueue import FactQueue
from collector.journal import Journal
from collector.registry import build_all
from exporters import contract
from exporters.console.app import make_app
from exporters.elastic.ecs import Origin, document
from exporters.prometheus import Metrics
from exporters.render import alert
from model.declared import Declared, RegisteredAsset, Zone
from model.facts import AddressSeen, DhcpClientSeen, NameSeen, SensorHeard, ServiceAsked, UpnpAsked
from model.ports import Observed, Receipt, Told
from model.times import SECOND
from model.wirefacts import ScreenTold
from tests.core.test_core import HandClock

START = 1_752_541_200 * SECOND
MAC, IP, IP6, NAME = "da:a1:19:7c:55:e3", "10.77.66.55", "fe80::d8a1:19ff:fe7c:55e3", "Dien-thoai-cua-Hoa"
CANARIES = (MAC, MAC.replace(":", "-").upper(), MAC.replace(":", ""), IP, IP6, NAME, NAME.lower(), "7c55e3", "hoa-rieng")
SCREEN_MAC = "1c:a4:10:00:00:34"
STAFF_MAC, STAFF_NAME = "00:06:5b:0d:01:12", "PC-TIEPNHAN02"
PAGES = ("/", "/phat-hien", "/thiet-bi", "/man-hinh", "/ban-do", "/bo-thu", "/gui-di", "/metrics")


def citizens_facts():
    where = {"leg": "nguoi-dan", "sensor": "capture:nguoi-dan", "mac": MAC}
    yield SensorHeard(at=START, sensor="capture:nguoi-dan", leg="nguoi-dan")
    for second in range(5):
        at = START + second * SECOND
        yield DhcpClientSeen(
            at=at, message="request", host_name=NAME, vendor_class="android-dhcp-14", parameters=(1, 3, 6, 15, 26, 28, 51, 58, 59, 43), requested_ip=IP, **where
        )
        yield AddressSeen(at=at, ip=IP, via="arp", **where)
        yield AddressSeen(at=at, ip=IP6, via="nd", **where)
        yield NameSeen(at=at, ip=IP, name=f"{NAME.lower()}.local.", via="mdns", **where)
        yield ServiceAsked(at=at, ip=IP, services=("_googlecast._tcp.local.", "hoa-rieng._airplay._tcp.local."), **where)
        yield UpnpAsked(at=at, ip=IP, target="urn:dial-multiscreen-org:service:dial:1", user_agent="hoa-rieng/1.0", **where)


def screens_facts():
    """A screen of the citizens' room tells, when it is asked, that it plays a film from the device."""
    where = {"leg": "nguoi-dan", "sensor": "screens", "mac": SCREEN_MAC, "ip": "10.77.66.9"}
    media = {"playing": True, "what": f"http://{IP}:8090/{NAME}/phim.mp4"}
    for second, address in ((3, IP), (5, IP), (6, f"[{IP6}]")):
        told = {**media, "what": media["what"].replace(IP, address)}
        yield ScreenTold(at=START + second * SECOND, sequence=second, family="dlna", asked="transport", **told, **where)


def staff_facts():
    where = {"leg": "can-bo", "sensor": "capture:can-bo", "mac": STAFF_MAC}
    yield SensorHeard(at=START, sensor="capture:can-bo", leg="can-bo")
    for second in range(3):
        at = START + second * SECOND
        yield DhcpClientSeen(at=at, message="request", host_name=STAFF_NAME, vendor_class="MSFT 5.0", parameters=(1, 3, 6, 15, 31, 33, 43, 44, 46, 47), **where)
        yield AddressSeen(at=at, ip="192.168.10.12", via="arp", **where)


@pytest.fixture
def declared():
    zones = (Zone(leg="can-bo", role="staff"), Zone(leg="nguoi-dan", role="citizen"))
    register = (RegisteredAsset(mac="00:06:5b:00:00:01", name="Máy khác"),)
    return Declared(site="xa", name="Xã A", legs=("can-bo", "nguoi-dan"), zones=zones, register=register, enrolled=())


@pytest.fixture
async def outputs(tmp_path, declared):
    """Everything the box writes, says or serves after hearing both devices, by where it came out."""
    detectors, clock, said = build_all(), HandClock(START), {}
    with Journal.open(tmp_path / "journal.sqlite", box="hop") as journal:
        queue = FactQueue()
        core = Core(box="hop", sites={"xa": declared}, detectors=detectors, journal=journal, queue=queue, clock=clock, key=b"k" * 32, observed=True)
        outbox, reader = journal.outbox(), journal.reader(core.status)
        await outbox.register("all", ("finding", "posture", "health", "observation"))
        core.start()
        queue.put((*citizens_facts(), *screens_facts(), *staff_facts()))
        told = "SELECT count(*) FROM outbox WHERE key LIKE 'observed|xa|asset|%'"
        while not 0 < core.status().assets == journal.table.ask(lambda c: c.execute(told).fetchone()[0]):
            clock.pass_(SECOND)
            queue.wake()
            await asyncio.sleep(0)
        core.stop()
        said["assets"] = msgspec.json.encode(await reader.assets()).decode()
        said["inventory"] = "\n".join(contract.encode(contract.asset_line(asset, "citizen")).decode() for asset in await reader.assets())
        rows = []
        while leased := await outbox.lease("all", 100, 0.05):
            rows += leased
            await outbox.acknowledge("all", [Receipt(row.seq, "accepted") for row in leased])
        said["rows"] = "\n".join(row.document.row for row in rows if isinstance(row.document, Observed))
        said["documents"] = msgspec.json.encode([document(row, "25", Origin()) for row in rows]).decode()
        said["alerts"] = "\n".join(alert(row.document.change) for row in rows if isinstance(row.document, Told))
        metrics = Metrics(reader, now=clock.now, version="0")
        app = make_app(reader, abouts=[detector.about for detector in detectors], declared=lambda: declared, metrics=metrics.scrape)
        async with TestClient(TestServer(app)) as client:
            for page in PAGES:
                answer = await client.get(page)
                said[page] = await answer.text()
                assert answer.status == 200, page
    for file in sorted(Path(tmp_path).iterdir()):
        said[file.name] = file.read_bytes().decode("utf-8", "replace")
    return said


async def test_no_canary_of_a_citizens_device_is_in_any_output(outputs):
    found = [(where, canary) for where, text in outputs.items() for canary in CANARIES if canary in text]
    assert found == []


async def test_a_screen_tells_which_device_it_plays_from_by_code(outputs):
    [veiled] = [asset["id"] for asset in msgspec.json.decode(outputs["assets"]) if any(mac.startswith("hash:") for mac in asset["macs"])]
    assert f"what=hxxp://{veiled}" in outputs["documents"]


async def test_the_device_itself_is_there_as_hash_class_and_times(outputs):
    assets = msgspec.json.decode(outputs["assets"])
    veiled = [asset for asset in assets if any(mac.startswith("hash:") for mac in asset["macs"])]
    assert [(asset["device_class"], asset["names"], asset["ips"]) for asset in veiled] == [("phone_android", {}, {})]
    assert veiled[0]["seen"] == {"first": START, "last": START + 4 * SECOND}


async def test_what_the_province_is_told_of_is_what_the_journal_holds(outputs):
    told = [msgspec.json.decode(row) for row in outputs["rows"].splitlines()]
    for asset in msgspec.json.decode(outputs["assets"]):
        assert asset in told


async def test_the_offices_own_device_keeps_its_name(outputs):
    assert STAFF_NAME in outputs["inventory"]
    assert STAFF_MAC in outputs["/thiet-bi"]
