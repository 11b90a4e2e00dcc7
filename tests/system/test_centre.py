"""A centre of forty PCs with faults put into them reports over mutual TLS: exactly those faults are on the page, in Elasticsearch and in the webhook."""

from __future__ import annotations

import asyncio
import json
import random
import time
from pathlib import Path

import pytest

from collector.catalogue import Signed, opened
from collector.simosquery.driver import Driver, Figures
from collector.simosquery.pc import Flags
from collector.simosquery.tables import FAULTS, pc
from collector.simosquery.world import World
from tests.servers.elasticsearch import Elasticsearch
from tests.servers.process import free_port
from tests.servers.webhook_receiver import WebhookReceiver
from tests.system.program import ONE_BY_ONE, Box, address, fetched, ran, running

pytestmark = pytest.mark.servers

COUNT = 40
# An administrator is one who works so on three days; the centre lives for a minute.
PUT = sorted(set(FAULTS) - {"daily_admin"})
CANARIES = ("079123456789", "canary", "lan.nguyen", "S-1-5-21-")


def made(*words: object) -> None:
    done = ran(*map(str, words))
    assert done.returncode == 0, done


@pytest.fixture(scope="module")
def province(tmp_path_factory) -> Path:
    """What the province makes for the site: certificates, and the signed catalogue."""
    folder = tmp_path_factory.mktemp("tinh")
    made("endpoints", "keygen", "--out", folder / "ca")
    made("endpoints", "enroll-kit", "--site", "diem-1", "--count", COUNT, "--box", "127.0.0.1", "--ca", folder / "ca", "--out", folder / "bo")
    made("endpoints", "catalogue", "keygen", "--out", folder / "khoa")
    made("endpoints", "catalogue", "render", "--province", "37", "--key", folder / "khoa/catalogue.key", "--out", folder / "bo-cau-hoi.json")
    return folder


def catalogue(province: Path) -> Signed:
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    return opened((province / "bo-cau-hoi.json").read_bytes(), [load_pem_public_key((province / "khoa/catalogue.pub").read_bytes())])


def table(province: Path, port: int) -> str:
    files = {"certificate_file": "bo/hop/server.pem", "key_file": "bo/hop/server.key", "ca_file": "bo/hop/ca.pem", "catalogue_file": "bo-cau-hoi.json"}
    lines = [f'{key} = "{province / path}"' for key, path in files.items()]
    keys = f'catalogue_keys = ["{province / "khoa/catalogue.pub"}"]'
    return "\n".join(["[endpoints]", "enabled = true", 'host = "127.0.0.1"', f"port = {port}", "topics_at_once = 50", keys, *lines]) + "\n"


def sinks(box: Box, server: Elasticsearch, namespace: str, receiver: WebhookReceiver, secret: str) -> str:
    file = box.folder / "secret"
    file.write_text(secret)
    file.chmod(0o600)
    elastic = f'[[sinks]]\ntype = "elasticsearch"\nurls = ["{server.url}"]\nnamespace = "{namespace}"\n'
    return f'{elastic}[[sinks]]\ntype = "webhook"\nurl = "{receiver.url}"\nsecret_file = "secret"\nurgencies = ["page", "ticket", "report"]\n{ONE_BY_ONE}'


def wanted(put: dict[str, list[str]]) -> set[tuple[str, str]]:
    return {(name, FAULTS[fault][0]) for name, faults in put.items() for fault in faults}


async def eventually(ask, expected, what: str, patience: float = 90.0):
    """Waits until `ask()`, which runs a program or a request, gives what is expected."""
    end, found = time.monotonic() + patience, None
    while time.monotonic() < end:
        found = await asyncio.to_thread(ask)
        if found == expected:
            return
        await asyncio.sleep(0.5)
    raise AssertionError(f"{what}: missing {expected - found}, too many {found - expected}")


@pytest.mark.timeout(240)
async def test_forty_pcs_give_exactly_the_faults_that_were_put_into_them(
    province: Path, box: Box, elasticsearch: Elasticsearch, namespace: str, webhook_secret: str
) -> None:
    dice, port = random.Random(7), free_port()
    (box.folder / "declared/enrolled.csv").write_bytes((province / "bo/enrolled.csv").read_bytes())
    kits = sorted((province / "bo/may").iterdir())
    put = {kit.name: dice.sample(PUT, number % 4) for number, kit in enumerate(kits)}
    tables, now = catalogue(province).tables, int(time.time())
    worlds = {kit.name: World(pc(number, now, *put[kit.name]), tables) for number, kit in enumerate(kits, start=1)}
    seen: list[Figures] = []
    stop = asyncio.Event()
    async with WebhookReceiver(webhook_secret) as receiver:
        box.write('[[legs]]\nname = "lan"\ninterface = "lo"\n', table(province, port), sinks(box, elasticsearch, namespace, receiver, webhook_secret))
        await asyncio.to_thread(box.ask, "es", "bootstrap")
        with running(box, "run") as service:
            page = await asyncio.to_thread(address, service)
            driver = Driver(f"https://127.0.0.1:{port}", time.time, time.monotonic, seen.append)
            centre = asyncio.create_task(driver.run(kits, worlds, stop, Flags(period=5, distributed_interval=3, config_refresh=30), 3.0, dice))

            def on_the_page():
                lines = box.lines("findings", "list")
                return {(line["subject"]["name"], line["detector"]) for line in lines if line["detector"].startswith("VG-END")}

            def stored():
                documents = elasticsearch.documents(f"logs-vonggac.finding-{namespace}").values()
                return {(each["host"]["name"], each["rule"]["id"]) for each in documents if each["rule"]["id"].startswith("VG-END")}

            def told():
                bodies = [json.loads(one.body) for one in receiver.accepted]
                return {(body["data"]["subject"]["name"], body["data"]["detector"]) for body in bodies if body["data"]["detector"].startswith("VG-END")}

            await eventually(on_the_page, wanted(put), "findings")
            await eventually(stored, wanted(put), "Elasticsearch")
            await eventually(told, wanted(put), "webhook")
            everything = "".join([await asyncio.to_thread(fetched, page), str(elasticsearch.documents(f"logs-vonggac.*-{namespace}")), service.said()])
            everything += "".join(one.body.decode() if isinstance(one.body, bytes) else one.body for one in receiver.accepted)
            roster = [json.loads(line) for line in (await asyncio.to_thread(box.ask, "endpoints", "list", "--format", "json")).splitlines()]
            lost = driver.pcs[0]
            await asyncio.to_thread(box.ask, "endpoints", "revoke", lost.identifier.removeprefix("instance-"), "--by", "Lan", "--why", "mất máy")
            await eventually(lambda: {lost.node_key}, {""}, "the revoked PC's key")
            stop.set()
            await centre
    assert {line["id"] for line in roster if line["seen"]} == set(put)
    assert [each.enrolled for each in driver.pcs] == [1] * COUNT
    assert all(each.answered for each in seen)
    assert not [canary for canary in CANARIES if canary in everything]
