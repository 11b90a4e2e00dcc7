"""Against the real server: documents arrive once, as they were made, in our mapping."""

import msgspec
import pytest

from exporters.elastic import ElasticOptions
from exporters.elastic.answer import Sent
from exporters.elastic.ecs import document
from exporters.elastic.fields import FIELDS
from exporters.elastic.sink import bulks, one_by_one
from exporters.sink import DUPLICATE
from model.verdict import Evidence, Subject
from tests.exporters.elastic.conftest import ORIGIN, installed
from tests.exporters.elastic.documents import KEPT_ONLY, leaves
from tests.exporters.elastic.test_ecs import rows as all_shapes
from tests.exporters.samples import AT, told
from tests.servers.elasticsearch import Elasticsearch
from tests.servers.fixtures import running

pytestmark = pytest.mark.servers


def outcomes(receipts):
    return [(receipt.seq, receipt.outcome, receipt.reason) for receipt in receipts]


def shapes():
    return [msgspec.structs.replace(row, seq=seq, id=f"shape-{seq}") for seq, row in enumerate(all_shapes())]


def stored(server, namespace):
    return server.documents(f"logs-vonggac.*-{namespace}")


async def test_every_shape_of_document_arrives_as_it_was_made(server, namespace, sink_to):
    rows = shapes()
    receipts = await sink_to(server.url).send(rows)
    assert outcomes(receipts) == [(row.seq, "accepted", "") for row in rows]
    assert stored(server, namespace) == {row.id: document(row, namespace, ORIGIN)[1] for row in rows}


async def test_streams_are_data_streams_made_by_the_first_bulk_and_map_nothing_else(server, namespace, sink_to):
    await sink_to(server.url).send(shapes())
    names = {one["name"] for one in server.call("GET", f"/_resolve/index/logs-vonggac.*-{namespace}").json()["data_streams"]}
    assert names == {f"logs-vonggac.{stream}-{namespace}" for stream in ("finding", "posture", "health", "observation")}
    for name in names:
        (index,) = server.call("GET", f"/{name}/_mapping").json().values()
        assert index["mappings"]["dynamic"] == "false"
        assert mapped(index["mappings"]["properties"]) == fields_of(server)
    for source in stored(server, namespace).values():
        assert {leaf for leaf, _, _ in leaves(source)} <= set(FIELDS) | KEPT_ONLY


def fields_of(server):
    other = {"flattened": "flat_object"} if server.dialect == "opensearch" else {}
    return {name: other.get(kind, kind) for name, kind in FIELDS.items()}


def mapped(properties, name=""):
    found = {}
    for key, node in properties.items():
        path = f"{name}.{key}" if name else key
        found |= mapped(node["properties"], path) if "properties" in node else {path: node["type"]}
    return found


async def test_what_is_stored_is_found_by_ecs_fields(server, namespace, sink_to):
    await sink_to(server.url).send(shapes())
    stored(server, namespace)
    queries = ['host.ip:"192.168.1.0/24"', 'host.ip:"fe80::1"', "threat.technique.id:T1557", "event.severity:[73 TO 99]", "labels.severity:high", "message:PHỤ"]
    for query in queries:
        body = {"query": {"query_string": {"query": query}}}
        found = server.call("POST", f"/logs-vonggac.finding-{namespace}/_search", body).json()["hits"]["hits"]
        assert "shape-0" in {hit["_id"] for hit in found}, query


async def test_the_same_rows_again_are_duplicates_and_stored_once(server, namespace, sink_to):
    sink, rows = sink_to(server.url), [told(n, subject=Subject("asset", f"a{n}")) for n in range(5)]
    await sink.send(rows[:3])
    assert outcomes(await sink.send(rows)) == [(n, "accepted", DUPLICATE if n < 3 else "") for n in range(5)]
    assert set(stored(server, namespace)) == {row.id for row in rows}


async def test_a_poisonous_document_is_refused_with_the_reason_and_the_others_are_stored(server, namespace, sink_to):
    poison = told(1, times=2**63)  # beyond the engine's long
    receipts = await sink_to(server.url).send([told(0), poison, told(2)])
    assert [receipt.outcome for receipt in receipts] == ["accepted", "rejected", "accepted"]
    kind = "mapper" if server.dialect == "opensearch" else "document"
    assert receipts[1].reason.startswith(f"máy chủ từ chối tài liệu: “{kind}_parsing_exception ")
    assert "vonggac.finding.times" in receipts[1].reason
    assert set(stored(server, namespace)) == {"row-0", "row-2"}


@pytest.mark.parametrize("compress", [True, False])
async def test_long_rows_go_in_several_bulks(server, namespace, sink_to, fault_proxy, compress):
    evidence = tuple(Evidence("mdns", f"{n}" * 1000, AT) for n in range(200))
    rows = [told(n, evidence=evidence) for n in range(8)]
    receipts = await sink_to(fault_proxy.url, compress=compress).send(rows)
    assert {receipt.outcome for receipt in receipts} == {"accepted"}
    assert len(fault_proxy.seen) > 1
    assert len(stored(server, namespace)) == 8


def test_bulks_keep_the_order_and_the_limit():
    rows = [Sent(n, str(n), b"x" * size) for n, size in enumerate([40, 40, 40, 200, 10, 90, 1])]
    split = bulks(rows, 100)
    assert [row.seq for bulk in split for row in bulk] == list(range(7))
    assert [[len(row.lines) for row in bulk] for bulk in split] == [[40, 40], [40], [200], [10, 90], [1]]
    assert bulks([]) == []


def test_the_first_bulk_is_short_and_each_is_at_most_twice_the_one_before():
    made = one_by_one((Sent(n, str(n), b"x" * 10) for n in range(40)), most=100, first=25)
    assert [len(next(made)), len(next(made))] == [2, 5]
    assert [[row.seq for row in bulk] for bulk in made] == [list(range(7, 17)), list(range(17, 27)), list(range(27, 37)), [37, 38, 39]]


async def test_a_cluster_without_room_for_a_stream_is_an_outage_and_no_fault_of_the_document(server, namespace, sink_to):
    def limit(shards):
        server.call("PUT", "/_cluster/settings", {"persistent": {"cluster.max_shards_per_node": shards}})

    sink = sink_to(server.url)
    limit(1)
    try:
        receipts = await sink.send([told(0)])
    finally:
        limit(None)
    assert receipts[0].outcome == "retry"
    assert "shards" in receipts[0].reason
    assert outcomes(await sink.send([told(0)])) == [(0, "accepted", "")]


async def test_a_whole_cluster_blocked_and_a_full_disk_are_outages(server, namespace, sink_to):
    sink = sink_to(server.url)
    assert outcomes(await sink.send([told(0)])) == [(0, "accepted", "")]
    server.call("PUT", "/_cluster/settings", {"persistent": {"cluster.blocks.read_only": True}})
    try:
        blocked = await sink.send([told(1)])
    finally:
        server.call("PUT", "/_cluster/settings", {"persistent": {"cluster.blocks.read_only": None}})
    assert (blocked[0].outcome, "bị khóa ghi" in blocked[0].reason) == ("retry", True)
    index = f"/logs-vonggac.finding-{namespace}/_settings"
    server.call("PUT", index, {"index.blocks.read_only_allow_delete": True})
    full = await sink.send([told(1)])
    assert (full[0].outcome, "ổ đĩa" in full[0].reason) == ("retry", True)
    server.call("PUT", index, {"index.blocks.read_only_allow_delete": None})
    assert outcomes(await sink.send([told(1)])) == [(1, "accepted", "")]


@pytest.fixture(scope="module")
def small():
    """A server of its own: no templates yet, and little patience for long bodies."""
    with running(lambda: Elasticsearch(settings={"http.max_content_length": "24kb"})) as server:
        yield server


async def test_without_its_template_nothing_is_stored_and_the_sentence_says_what_to_do(small, namespace, sink_to):
    sink = sink_to(small.url)
    receipts = await sink.send([told(0)])
    assert receipts[0].outcome == "retry"
    assert "vonggac es bootstrap" in receipts[0].reason
    assert small.documents("logs-*") == {}
    assert {step.outcome for step in installed(ElasticOptions(urls=(small.url,)))} == {"done"}
    assert outcomes(await sink.send([told(0)])) == [(0, "accepted", "")]


async def test_a_body_over_the_servers_limit_is_halved_and_a_row_over_it_refused(small, namespace, sink_to):
    assert {step.outcome for step in installed(ElasticOptions(urls=(small.url,)))} == {"done"}
    rows = [told(n) for n in range(30)]
    rows[7] = told(7, evidence=tuple(Evidence("mdns", f"{n}" * 400, AT) for n in range(200)))
    receipts = await sink_to(small.url, compress=False).send(rows)
    assert [receipt.seq for receipt in receipts] == list(range(30))
    assert {receipt.seq for receipt in receipts if receipt.outcome != "accepted"} == {7}
    assert (receipts[7].outcome, "413" in receipts[7].reason) == ("rejected", True)
    assert set(stored(small, namespace)) == {f"row-{n}" for n in range(30) if n != 7}
