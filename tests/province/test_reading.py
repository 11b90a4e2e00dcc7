"""Reading and writing the engine, where the engine or what it holds is not as it should be."""

import json

import msgspec
import pytest

from exporters.elastic import ElasticOptions, node
from exporters.elastic.fleet_asking import EngineError
from exporters.elastic.fleet_store import ElasticStore
from model.fleet.declared import FleetDeclared
from model.fleet.silence import Watch
from model.fleet.store import Projected
from model.ports import Observed, Told
from tests.fleet.boxes import NOW, roster, told
from tests.servers import faults
from tests.servers.fault_proxy import FaultProxy

pytestmark = pytest.mark.servers


@pytest.fixture
async def store(engine, namespace):
    made = ElasticStore(ElasticOptions(name="province", urls=(engine.url,), namespace=namespace), lambda: FleetDeclared(province="79"))
    yield made
    await made.close()


def put(engine, namespace, *documents):
    """What anybody with a box's rights may append."""
    rows = [
        row
        for id_, source in documents
        for row in ({"create": {"_index": f"logs-vonggac.finding-{namespace}", "_id": id_}}, {"@timestamp": "2026-11-22T00:00:00Z", **source})
    ]
    reply = engine.call("POST", "/_bulk", rows)
    assert not reply.json()["errors"], [item for item in reply.json()["items"] if "error" in item["create"]]


async def read(store, limit=500):
    survey = await store.survey()
    assert survey.blind == frozenset()
    await store.show(survey.extents)
    found, pages = [], 0
    for extent in survey.extents:
        after = -1
        while after < extent.end:
            page = await store.page(extent, after, limit)
            found += page.documents
            after, pages = page.position, pages + 1
    return found, pages


async def test_nothing_there_is_nothing_to_read(store):
    survey = await store.survey()
    assert (survey.extents, survey.blind) == ((), frozenset())


async def test_documents_come_in_their_order_page_by_page(engine, namespace, store):
    put(engine, namespace, *((f"row-{number:02}", {}) for number in range(25)))
    found, pages = await read(store, 10)
    assert [one.id for one in found] == [f"row-{number:02}" for number in range(25)]
    assert pages == 3


async def test_what_is_not_shaped_as_ours_claims_nothing(engine, namespace, store):
    odd = [
        {"vonggac": {"signed": {"payload": 5}}},
        {"vonggac": {"box": "hop-1"}},
        {"message": "x"},
        {"vonggac.signed.payload": "{}"},
    ]
    put(engine, namespace, *((f"row-{number}", source) for number, source in enumerate(odd)))
    found, _ = await read(store)
    assert len(found) == len(odd)
    assert all(one.signed is None for one in found)


async def test_a_document_too_long_to_read_holds_up_nothing(engine, namespace, store, monkeypatch):
    # As a box may do that means ill: 16 MiB, made small so that the test's own server takes it.
    monkeypatch.setattr(node, "MOST_ANSWER", 100_000)
    long = [(f"long-{number}", {"vonggac": {"signed": {"payload": "x" * 60_000}}}) for number in range(3)]
    put(engine, namespace, ("before", {}), *long, ("huge", {"vonggac": {"signed": {"payload": "x" * 150_000}}}), ("after", {}))
    found, _ = await read(store)
    assert [one.id for one in found] == ["before", "long-0", "long-1", "long-2", "huge", "after"]


async def test_an_index_that_rolled_over_or_was_deleted_is_read_where_it_is(engine, namespace, box_of, centre_of, clock):
    box = box_of("hop-1")
    centre = await centre_of(roster(box.line("xa-a"))).begin()
    box.commit("xa-a", told("xa-a", 1))
    await box.deliver()
    await centre.read()
    stream = f"logs-vonggac.finding-{namespace}"
    assert engine.call("POST", f"/{stream}/_rollover").status == 200
    box.commit("xa-a", told("xa-a", 2))
    await box.deliver()
    await centre.read()
    assert len(centre.told()) == 2
    backing = engine.call("GET", f"/_resolve/index/{stream}").json()["data_streams"][0]["backing_indices"]
    assert engine.call("DELETE", f"/{backing[0]}").status == 200
    box.commit("xa-a", told("xa-a", 3))
    await box.deliver()
    await centre.read()
    assert (len(centre.told()), len(engine.documents(f"vonggac-finding-{namespace}"))) == (1, 3)


async def test_an_index_without_a_working_shard_is_known_to_be_unreadable(engine, namespace, store):
    put(engine, namespace, ("row-1", {}))
    async with FaultProxy(engine.url) as proxy:
        lame = ElasticStore(ElasticOptions(name="province", urls=(proxy.url,), namespace=namespace), lambda: FleetDeclared(province="79"))
        # As a cluster answers that lost the only copy: the index is known by name, and no shard tells anything.
        answer = faults.Answer(
            200, {"Content-Type": "application/json", "X-elastic-product": "Elasticsearch"}, b'{"_shards":{"total":2,"successful":0,"failed":0}}'
        )
        proxy.next(answer, path_part="_stats")
        survey = await lame.survey()
        await lame.close()
    assert (survey.extents, survey.blind) == ((), {"finding"})


async def test_an_index_that_lacks_one_of_its_shards_is_known_to_be_unreadable_in_part(engine, namespace, store):
    put(engine, namespace, ("row-1", {}))
    (extent,) = (await store.survey()).extents
    async with FaultProxy(engine.url) as proxy:
        lame = ElasticStore(ElasticOptions(name="province", urls=(proxy.url,), namespace=namespace), lambda: FleetDeclared(province="79"))
        # As of a province that was given more shards: here one of two answers.
        settings = json.dumps({extent.index: {"settings": {"index": {"number_of_shards": "2"}}}}).encode()
        proxy.next(faults.Answer(200, {"Content-Type": "application/json", "X-elastic-product": "Elasticsearch"}, settings), path_part="_settings")
        surveys = [await lame.survey() for _ in range(2)]
        await lame.close()
    assert surveys[0].blind == surveys[1].blind == {"finding"}
    assert [each.index for each in surveys[1].extents] == [extent.index]
    assert len([one for one in proxy.seen if "_settings" in one.path]) == 1, "asked once: it never changes"


async def test_without_the_template_nothing_is_written(engine, namespace, store):
    bare = ElasticStore(ElasticOptions(name="province", urls=(engine.url,), namespace="Upper"), lambda: FleetDeclared(province="79"))
    with pytest.raises(EngineError):
        await bare.prepare()
    await bare.close()
    assert await store.prepare() is True
    assert await store.prepare() is False


async def test_an_older_state_changes_nothing_and_the_same_again_is_fine(engine, namespace, store):
    await store.prepare()
    newer, older = told("xa-a", sequence=2), told("xa-a", sequence=1)
    for change, version in ((newer, 7), (older, 6), (newer, 7)):
        assert await store.write([Projected(document=Told(change=change), version=version, at=NOW, box="hop-1")]) == []
    # Also within one bulk, whatever the order.
    both = [Projected(document=Told(change=change), version=version, at=NOW, box="hop-1") for change, version in ((newer, 7), (older, 6))]
    assert await store.write(both) == []
    (document,) = engine.documents(f"vonggac-finding-{namespace}").values()
    assert document["vonggac"]["finding"]["sequence"] == 2


async def test_what_the_engine_refuses_for_ever_is_told_and_the_rest_is_written(engine, namespace, store):
    await store.prepare()
    # A name longer than the engine's longest term.
    bad = told("xa-a", 1)
    bad = msgspec.structs.replace(bad, finding=msgspec.structs.replace(bad.finding, facets=(("k" * 40_000, "v"),)))
    states = [Projected(document=Told(change=change), version=1, at=NOW) for change in (bad, told("xa-a", 2))]
    refused = await store.write(states)
    assert len(refused) == 1
    assert len(engine.documents(f"vonggac-finding-{namespace}")) == 1


async def test_what_is_to_be_removed_and_is_not_there_is_removed(engine, namespace, store):
    await store.prepare()
    row = Projected(document=Observed(site="xa-a", at=NOW, kind="asset", id="a1", row="{}"), version=3, at=NOW, box="hop-1")
    for _ in range(2):
        assert await store.write([msgspec.structs.replace(row, gone=True)]) == []
    assert await store.write([row, msgspec.structs.replace(row, document=Told(change=told("xa-a")))]) == []
    assert await store.write([msgspec.structs.replace(row, gone=True)]) == []
    assert engine.documents(f"vonggac-row-{namespace}") == {}


async def test_how_far_was_read_is_there_for_whoever_shows_it(engine, namespace, store):
    await store.prepare()
    watch = Watch(at=NOW, since=NOW - 5)
    await store.write([Projected(document=watch, version=1, at=NOW)])
    document = engine.documents(f"vonggac-box-{namespace}")["province"]
    assert msgspec.json.decode(document["vonggac"]["payload"], type=Watch) == watch
    assert (await store.beats(), await store.acts()) == ([], [])
