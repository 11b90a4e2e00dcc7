"""Each fault of the proxy is what its name says, in front of the real Elasticsearch."""

import asyncio
import gzip
import json
from typing import Any

import aiohttp
import pytest

from tests.servers import faults
from tests.servers.certificates import Certificates
from tests.servers.elasticsearch import Elasticsearch
from tests.servers.fault_proxy import FaultProxy
from tests.servers.faults import Drip, Fault, HalfBody, Hang, RefuseItems, Reset

pytestmark = pytest.mark.servers

NDJSON = {"Content-Type": "application/x-ndjson"}


def _rows(index: str, *ids: str) -> bytes:
    rows = [row for id_ in ids for row in ({"create": {"_index": index, "_id": id_}}, {"message": id_})]
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


async def _post(proxy: FaultProxy, body: bytes, path: str = "/_bulk", **headers: str) -> tuple[int, dict[str, str], bytes]:
    async with (
        aiohttp.ClientSession() as client,
        client.post(proxy.url + path, data=body, headers=NDJSON | headers) as answer,
    ):
        return answer.status, dict(answer.headers), await answer.read()


def _item_statuses(body: bytes) -> list[int]:
    return [result["status"] for item in json.loads(body)["items"] for result in item.values()]


async def _stored(server: Elasticsearch, index: str) -> set[str]:
    return set(await asyncio.to_thread(server.documents, index))


async def test_without_a_fault_it_is_not_there(fault_proxy: FaultProxy, namespace: str) -> None:
    body = gzip.compress(_rows(namespace, "a", "b"))
    status, headers, answer = await _post(fault_proxy, body, **{"Content-Encoding": "gzip", "Accept-Encoding": "gzip"})
    assert (status, _item_statuses(answer)) == (200, [201, 201])
    assert {name.lower(): value for name, value in headers.items()}["x-elastic-product"] == "Elasticsearch"


@pytest.mark.parametrize("fault", [Reset(), Reset(after_bytes=20), HalfBody()], ids=repr)
async def test_a_lost_answer_loses_no_document(fault: Fault, fault_proxy: FaultProxy, elasticsearch: Elasticsearch, namespace: str) -> None:
    fault_proxy.next(fault)
    with pytest.raises(aiohttp.ClientError) as lost:
        await _post(fault_proxy, _rows(namespace, "a"))
    assert isinstance(lost.value, aiohttp.ClientPayloadError) == (fault != Reset())
    assert _item_statuses((await _post(fault_proxy, _rows(namespace, "a")))[2]) == [409]
    assert await _stored(elasticsearch, namespace) == {"a"}


@pytest.mark.parametrize(("fault", "error"), [(Reset(7), ConnectionResetError), (HalfBody(), asyncio.IncompleteReadError)])
async def test_how_the_connection_ends(fault: Fault, error: type[Exception], fault_proxy: FaultProxy) -> None:
    fault_proxy.next(fault)
    reader, writer = await asyncio.open_connection("127.0.0.1", fault_proxy.port)
    writer.write(b"GET /_cluster/health HTTP/1.1\r\nHost: x\r\n\r\n")
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
    with pytest.raises(error):
        await reader.readexactly(length)
    writer.close()


async def test_a_drip_arrives_whole(fault_proxy: FaultProxy, namespace: str) -> None:
    fault_proxy.next(Drip(bytes_at_once=64, pause_seconds=0.01))
    async with (
        aiohttp.ClientSession() as client,
        client.post(f"{fault_proxy.url}/_bulk", data=_rows(namespace, "a"), headers=NDJSON) as answer,
    ):
        pieces = [piece async for piece in answer.content.iter_any()]
    assert len(pieces) > 1
    assert _item_statuses(b"".join(pieces)) == [201]


async def test_a_hang_ends_only_by_the_client(fault_proxy: FaultProxy, elasticsearch: Elasticsearch, namespace: str) -> None:
    fault_proxy.next(Hang())
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.3)) as client:
        with pytest.raises(TimeoutError):
            await client.post(f"{fault_proxy.url}/_bulk", data=_rows(namespace, "a"), headers=NDJSON)
    await fault_proxy.served(1)
    assert await _stored(elasticsearch, namespace) == set()


@pytest.mark.parametrize(
    ("fault", "status", "mark"),
    [
        (faults.too_many_requests(7), 429, b"es_rejected_execution_exception"),
        (faults.too_large(), 413, b""),
        (faults.cluster_blocked(), 403, b"cluster_block_exception"),
        (faults.unauthorized(), 401, b"security_exception"),
        (faults.unavailable(), 503, b"Service Unavailable"),
        (faults.captive_portal(), 200, b"<html>"),
    ],
)
async def test_a_canned_answer_never_reaches_the_server(
    fault: faults.Answer, status: int, mark: bytes, fault_proxy: FaultProxy, elasticsearch: Elasticsearch, namespace: str
) -> None:
    fault_proxy.next(fault, times=2)
    for _ in range(2):
        got, headers, body = await _post(fault_proxy, _rows(namespace, "a"))
        assert (got, mark in body) == (status, True)
        assert headers.get("Retry-After") == fault.headers.get("Retry-After")
        assert "x-elastic-product" not in {name.lower() for name in headers}
    assert await _stored(elasticsearch, namespace) == set()
    assert _item_statuses((await _post(fault_proxy, _rows(namespace, "a")))[2]) == [201]


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
async def test_chosen_items_are_refused_and_not_stored(encoding: str, fault_proxy: FaultProxy, elasticsearch: Elasticsearch, namespace: str) -> None:
    body = _rows(namespace, "a", "b", "c")
    if encoding == "gzip":
        body = gzip.compress(body)
    fault_proxy.next(RefuseItems({1}))
    status, _, answer = await _post(fault_proxy, body, **{"Content-Encoding": encoding})
    reply: dict[str, Any] = json.loads(answer)
    assert (status, reply["errors"], _item_statuses(answer)) == (200, True, [201, 429, 201])
    refused = reply["items"][1]["create"]
    assert (refused["_id"], refused["error"]["type"]) == ("b", "es_rejected_execution_exception")
    assert await _stored(elasticsearch, namespace) == {"a", "c"}


async def test_all_items_refused_never_reach_the_server(fault_proxy: FaultProxy, elasticsearch: Elasticsearch, namespace: str) -> None:
    fault_proxy.next(RefuseItems(range(2), status=400, kind="document_parsing_exception", reason="bad"))
    _, headers, answer = await _post(fault_proxy, _rows(namespace, "a", "b"), f"/{namespace}/_bulk")
    assert _item_statuses(answer) == [400, 400]
    assert headers["X-elastic-product"] == "Elasticsearch"
    assert await _stored(elasticsearch, namespace) == set()


async def test_a_full_disk_refuses_every_item(fault_proxy: FaultProxy, elasticsearch: Elasticsearch, namespace: str) -> None:
    fault_proxy.next(faults.flood_stage())
    status, _, answer = await _post(fault_proxy, _rows(namespace, "a", "b"))
    assert (status, _item_statuses(answer)) == (200, [429, 429])
    settings = {"settings": {"index.blocks.read_only_allow_delete": True}}
    await asyncio.to_thread(elasticsearch.call, "PUT", f"/{namespace}", settings)
    _, _, real = await _post(fault_proxy, _rows(namespace, "a", "b"))
    assert _item_statuses(real) == [429, 429]
    types = [[item["create"]["error"]["type"] for item in json.loads(body)["items"]] for body in (answer, real)]
    assert types[0] == types[1] == ["cluster_block_exception"] * 2


async def test_refusing_is_a_closed_port_and_passes(fault_proxy: FaultProxy) -> None:
    async with aiohttp.ClientSession() as client:
        assert (await client.get(f"{fault_proxy.url}/_cluster/health")).status == 200
        async with fault_proxy.refusing():
            with pytest.raises(aiohttp.ClientConnectorError):
                await client.get(f"{fault_proxy.url}/_cluster/health")
        assert (await client.get(f"{fault_proxy.url}/_cluster/health")).status == 200
    assert len(fault_proxy.seen) == 2


async def test_faults_come_in_order_and_by_path(fault_proxy: FaultProxy, namespace: str) -> None:
    fault_proxy.next(faults.unavailable(), path_part="_bulk")
    fault_proxy.next(faults.too_large())
    fault_proxy.always(faults.unauthorized())
    assert (await _post(fault_proxy, b"{}", "/elsewhere"))[0] == 413
    assert (await _post(fault_proxy, b"{}"))[0] == 503
    assert (await _post(fault_proxy, b"{}"))[0] == 401
    fault_proxy.clear()
    assert (await _post(fault_proxy, _rows(namespace, "a")))[0] == 200
    await fault_proxy.served(3, "_bulk")


async def test_a_dead_server_is_a_bad_gateway() -> None:
    async with FaultProxy("http://127.0.0.1:1") as proxy:
        assert (await _post(proxy, b"{}"))[0] == 502


@pytest.mark.parametrize("name", ["right", "wrong_name", "expired", "stranger"])
async def test_the_certificate_in_front_is_the_one_asked_for(name: str, certificates: Certificates, elasticsearch: Elasticsearch) -> None:
    trust = certificates.client_context()
    async with (
        FaultProxy(elasticsearch.url, tls=getattr(certificates, name)) as proxy,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust)) as client,
    ):
        if name == "right":
            assert (await client.get(f"{proxy.url}/_cluster/health")).status == 200
        else:
            with pytest.raises(aiohttp.ClientConnectorCertificateError):
                await client.get(f"{proxy.url}/_cluster/health")
