"""OpenSearch: who is there is asked on each connection, streams are there before the first document, nothing else is taken for them."""

import json

import pytest

from exporters.elastic import ElasticOptions, bootstrap, words
from exporters.elastic.answer import Sent, of_items
from exporters.elastic.opensearch_templates import adapted
from exporters.elastic.templates import RETENTION, templates
from exporters.sink import DUPLICATE
from tests.exporters.elastic.conftest import ONE_IS_ENOUGH, OPENSEARCH
from tests.exporters.samples import told
from tests.servers import faults
from tests.servers.fault_proxy import FaultProxy

AT_OPENSEARCH = [pytest.mark.servers, OPENSEARCH]


def marked(test):
    for mark in AT_OPENSEARCH:
        test = mark(test)
    return test


def told_of(receipts):
    return [(receipt.outcome, receipt.reason) for receipt in receipts]


def paths(proxy):
    return [one.path for one in proxy.seen]


def answered(document):
    return faults.Answer(200, {"Content-Type": "application/json"}, json.dumps(document).encode())


@marked
async def test_streams_and_the_provinces_own_components_stand_and_installing_again_keeps_them(server, namespace):
    options = ElasticOptions(urls=(server.url,), dialect="opensearch", namespace=namespace)
    first = await bootstrap(options)
    assert {step.outcome for step in first} == {"done"}, first
    streams = {one["name"] for one in server.call("GET", f"/_data_stream/logs-vonggac.*-{namespace}").json()["data_streams"]}
    assert streams == {f"logs-vonggac.{stream}-{namespace}" for stream in RETENTION}
    own = "/_component_template/vonggac-health@custom"
    shards = {"template": {"settings": {"index": {"refresh_interval": "7s"}}}}
    assert server.call("PUT", own, shards).status == 200
    again = await bootstrap(options)
    assert {step.outcome for step in again} == {"done"}, again
    assert server.call("GET", own).json()["component_templates"][0]["component_template"]["template"]["settings"]["index"]["refresh_interval"] == "7s"
    assert server.call("PUT", own, {"template": {}}).status == 200


@marked
async def test_an_ordinary_index_in_place_of_the_stream_is_said_and_nothing_counts_as_delivered(server, namespace, sink_to):
    stream, sink = f"logs-vonggac.finding-{namespace}", sink_to(server.url)
    # As a server without our templates would do; they cannot be taken away from the streams that others of these tests made.
    other = f"/_index_template/ordinary-{namespace}"
    assert server.call("PUT", other, {"index_patterns": [stream], "priority": 900}).status == 200
    for _ in range(2):
        assert told_of(await sink.send([told(1)])) == [("retry", words.NO_STREAM.vi)]
    for path in (other, f"/{stream}"):
        assert server.call("DELETE", path).status == 200
    assert told_of(await sink.send([told(1)])) == [("accepted", "")]
    assert told_of(await sink.send([told(1)])) == [("accepted", DUPLICATE)]


@marked
async def test_a_stranger_is_asked_who_it_is_and_sent_no_document(fault_proxy, sink_to):
    sink = sink_to(fault_proxy.url)
    for fault in (faults.captive_portal(), answered({"version": {"distribution": "other"}}), answered([]), faults.Answer(200, {}, b"\xff")):
        fault_proxy.next(fault)
        assert told_of(await sink.send([told(1)])) == [("retry", words.STRANGER.vi)]
    assert set(paths(fault_proxy)) == {"/"}
    fault_proxy.next(faults.unauthorized())
    (receipt,) = await sink.send([told(1)])
    assert (receipt.outcome, receipt.trouble) == ("retry", "login")
    assert told_of(await sink.send([told(1)])) == [("accepted", "")]


@marked
async def test_a_connection_is_asked_once_and_a_new_one_anew(fault_proxy, sink_to):
    sink = sink_to(fault_proxy.url)
    for n in range(3):
        assert told_of(await sink.send([told(n)])) == [("accepted", "")]
    assert paths(fault_proxy) == ["/", *["/_bulk"] * 3]
    async with fault_proxy.refusing():
        assert told_of(await sink.send([told(3)])) == [("retry", words.NO_WAY.vi)]
    assert told_of(await sink.send([told(3)])) == [("accepted", "")]
    assert paths(fault_proxy)[4:] == ["/", "/_bulk"]


@marked
async def test_an_answer_over_a_connection_made_in_between_counts_only_when_it_is_proved(fault_proxy, sink_to):
    sink = sink_to(fault_proxy.url)
    assert told_of(await sink.send([told(0)])) == [("accepted", "")]
    # The kept connection is reset, the HTTP library repeats the PUT over a new one, and what is there says all is well.
    fault_proxy.next(faults.Reset(), path_part="_bulk")
    fault_proxy.next(answered({"items": [{"create": {"_id": "row-1", "status": 201}}]}), path_part="_bulk")
    fault_proxy.next(faults.captive_portal())
    assert told_of(await sink.send([told(1)])) == [("retry", words.STRANGER.vi)]
    assert told_of(await sink.send([told(1)]))[0][0] == "accepted"


@marked
async def test_the_wrong_dialect_delivers_nothing(server, sink_to):
    assert told_of(await sink_to(server.url, dialect="elasticsearch").send([told(1)]))[0][0] == "retry"
    (step,) = await bootstrap(ElasticOptions(urls=(server.url,)))
    assert step.outcome == "failed"


@pytest.mark.servers
@ONE_IS_ENOUGH
async def test_an_elasticsearch_is_no_opensearch(server, sink_to):
    sink = sink_to(server.url, dialect="opensearch")
    assert told_of(await sink.send([told(1)]))[0][0] == "retry"
    # The server of the tests has no `GET /`; this is what a whole one says.
    root = {"version": {"number": "9.5.0", "build_flavor": "default"}, "tagline": "You Know, for Search"}
    async with FaultProxy(server.url) as proxy:
        proxy.always(faults.Answer(200, {"Content-Type": "application/json", "X-elastic-product": "Elasticsearch"}, json.dumps(root).encode()))
        assert told_of(await sink_to(proxy.url, dialect="opensearch").send([told(1)])) == [("retry", words.STRANGER.vi)]


def test_templates_hold_nothing_that_opensearch_refuses():
    bodies = {template.path: json.dumps(template.body) for template in adapted(templates(), "79")}
    for path, text in bodies.items():
        for word in ("flattened", "lifecycle", "ignore_missing", '"mode"'):
            assert word not in path + text
    composed = json.loads(bodies["/_index_template/vonggac-finding"])["composed_of"]
    assert composed == ["vonggac@mappings", "vonggac@settings", "vonggac-finding@custom"]
    assert list(bodies)[:4] == [f"/_component_template/vonggac-{stream}@custom?create=true" for stream in sorted(RETENTION)]
    assert list(bodies)[-4:] == [f"/_data_stream/logs-vonggac.{stream}-79" for stream in RETENTION]


@pytest.mark.parametrize("status", [200, 201, 409])
def test_what_is_stored_elsewhere_than_in_a_stream_is_not_delivered(status):
    def receipt(index):
        error = {"error": {"type": "version_conflict_engine_exception"}} if status == 409 else {}
        (found,) = of_items([Sent(1, "row-1", b"")], {"items": [{"create": {"_index": index, "_id": "row-1", "status": status, **error}}]}, 0, "vi")
        return found.outcome

    assert receipt(".ds-logs-vonggac.finding-79-000001") == "accepted"
    assert receipt("logs-vonggac.finding-79") == "retry"
