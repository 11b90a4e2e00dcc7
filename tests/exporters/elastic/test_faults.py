"""What goes wrong before the real server: each fault has its receipt, nothing is lost and nothing is stored twice."""

import json
import secrets
import socket

import msgspec
import pytest

from exporters.elastic import words
from exporters.sink import DUPLICATE
from model.times import SECOND
from model.verdict import Evidence
from tests.exporters.elastic.conftest import ONE_IS_ENOUGH
from tests.exporters.samples import AT, told
from tests.servers import faults
from tests.servers.fault_proxy import FaultProxy

pytestmark = [pytest.mark.servers, pytest.mark.usefixtures("server")]

PRODUCT = {"Content-Type": "application/json", "X-elastic-product": "Elasticsearch"}


def answered(status, body, **headers):
    return faults.Answer(status, {**PRODUCT, **headers}, body if isinstance(body, bytes) else json.dumps(body).encode())


def refused_whole(status, kind, reason="…"):
    return answered(status, {"error": {"type": kind, "reason": reason}, "status": status})


@pytest.fixture(scope="module")
def namespace():
    """One stream for the whole file: an engine takes longer to make one than a test takes."""
    return f"t{secrets.token_hex(4)}"


class Rows:
    """Findings of one test, told apart by their ids."""

    def __init__(self, namespace):
        self._mark = secrets.token_hex(4)
        self._target = f"logs-vonggac.*-{namespace}"

    def __call__(self, count=3, start=0, **fields):
        return [msgspec.structs.replace(told(n, **fields), id=f"{self._mark}-{n}") for n in range(start, start + count)]

    def stored(self, server):
        """The numbers of those that the engine has."""
        return sorted(int(id_.partition("-")[2]) for id_ in server.documents(self._target) if id_.startswith(self._mark))


@pytest.fixture
def rows(namespace):
    return Rows(namespace)


def told_of(receipts):
    return [(receipt.outcome, receipt.reason) for receipt in receipts]


OUTAGES = {
    "busy": (faults.too_many_requests(7), words.BUSY, 7 * SECOND),
    "busy until a date": (answered(429, {}, **{"Retry-After": "Tue, 15 Jul 2025 02:15:03 GMT"}), words.BUSY, 60 * SECOND),
    "blocked": (faults.cluster_blocked(), words.BLOCKED, 0),
    "log-in": (faults.unauthorized(), words.LOGIN, 0),
    "right": (refused_whole(403, "security_exception"), words.RIGHTS, 0),
    "forbidden by something in between": (faults.Answer(403, {"Content-Type": "text/html"}, b"<h1>403</h1>"), words.RIGHTS, 0),
    "no such address": (faults.Answer(404, {"Content-Type": "text/html"}, b"<h1>404</h1>"), words.NOT_THERE, 0),
    "unavailable": (faults.unavailable(), words.FAILING, 0),
    "captive portal": (faults.captive_portal(), words.STRANGER, 0),
    "JSON of a stranger": (faults.Answer(200, {"Content-Type": "application/json"}, b'{"items":[]}'), words.STRANGER, 0),
    "another engine": (faults.Answer(406, {"Content-Type": "application/json"}, b'{"error":"Content-Type header is not supported"}'), words.STRANGER, 0),
    "no media type": (faults.Answer(200, {}, b"hello"), words.STRANGER, 0),
    "an odd media type": (faults.Answer(200, {"Content-Type": "image/png"}, b"\x89PNG"), words.STRANGER, 0),
    "version": (refused_whole(400, "media_type_header_exception"), words.VERSION, 0),
    "older version": (refused_whole(400, "illegal_argument_exception", "contains unrecognized parameter: [require_data_stream]"), words.VERSION, 0),
    "a request nobody understands": (refused_whole(400, "parse_exception"), words.ODD, 0),
    "half of a JSON text": (answered(200, b'{"items":[{"crea'), words.STRANGER, 0),
    "an answer to something else": (answered(200, {"items": []}), words.ODD, 0),
    "answers for other ids": (answered(200, {"items": [{"create": {"_id": "x", "status": 201}}] * 3}), words.ODD, 0),
    "answers of another shape": (answered(200, {"items": [7, None, {"index": {}}]}), words.ODD, 0),
    "redirect": (faults.Answer(302, {"Location": "http://127.0.0.1:1/"}), words.MOVED, 0),
    "too long an answer": (answered(200, b" " * (17 << 20)), words.CUT, 0),
}


def said(sentence, server):
    """A stranger that answers OpenSearch's way is told by what it says; Elasticsearch names itself in each answer."""
    unlike = (words.STRANGER, words.ODD)
    return tuple(one.vi for one in unlike) if server.dialect == "opensearch" and sentence in unlike else sentence.vi


@pytest.mark.parametrize("warm", [False, True], ids=["first", "later"])
@pytest.mark.parametrize("case", OUTAGES)
async def test_an_outage_keeps_everything_and_says_why(case, warm, fault_proxy, server, sink_to, rows):
    fault, sentence, after = OUTAGES[case]
    sink = sink_to(fault_proxy.url)
    if warm:
        # The client checks whom it talks to only until it was sure once.
        assert told_of(await sink.send(rows(1, start=9))) == [("accepted", "")]
    fault_proxy.next(fault)
    receipts = await sink.send(rows())
    assert [receipt.seq for receipt in receipts] == [0, 1, 2]
    assert {receipt.outcome for receipt in receipts} == {"retry"}
    assert all(receipt.reason.startswith(said(sentence, server)) for receipt in receipts), receipts[0].reason
    assert {receipt.after for receipt in receipts} == {after}
    assert told_of(await sink.send(rows())) == [("accepted", "")] * 3
    assert rows.stored(server) == [0, 1, 2] + [9] * warm


@pytest.mark.parametrize(
    "fault", [faults.Reset(after_bytes=1), faults.Reset(after_bytes=40), faults.HalfBody()], ids=["after a byte", "after forty", "half a body"]
)
async def test_a_lost_acknowledgement_is_a_duplicate_the_next_time(fault, fault_proxy, server, sink_to, rows):
    sink = sink_to(fault_proxy.url)
    fault_proxy.next(fault, path_part="_bulk")
    assert told_of(await sink.send(rows())) == [("retry", words.CUT.vi)] * 3
    assert told_of(await sink.send(rows())) == [("accepted", DUPLICATE)] * 3
    assert rows.stored(server) == [0, 1, 2]


async def test_a_reset_before_any_answer_loses_and_doubles_nothing(fault_proxy, server, sink_to, rows):
    sink = sink_to(fault_proxy.url)
    assert told_of(await sink.send(rows(1, start=9))) == [("accepted", "")]
    # The HTTP library repeats a PUT once by itself where a kept connection was reset: the second reset is the first that the sink sees.
    fault_proxy.next(faults.Reset(), times=2, path_part="_bulk")
    first = await sink.send(rows())
    assert {receipt.outcome for receipt in first} == {"retry"}
    assert told_of(await sink.send(rows())) == [("accepted", DUPLICATE)] * 3
    fault_proxy.next(faults.Reset(), path_part="_bulk")
    again = await sink.send(rows(3, start=3))
    assert {receipt.outcome for receipt in again} <= {"accepted", "retry"}
    await sink.send(rows(3, start=3))
    assert rows.stored(server) == [*range(6), 9]


@pytest.mark.parametrize("fault", [faults.Hang(), faults.Drip(1, 0.2)], ids=["hang", "drip"])
async def test_a_server_that_is_too_slow_is_an_outage(fault, fault_proxy, sink_to, rows):
    fault_proxy.next(fault)
    receipts = await sink_to(fault_proxy.url, timeout=SECOND).send(rows())
    assert told_of(receipts) == [("retry", words.SILENT.vi)] * 3


async def test_a_slow_answer_that_arrives_counts(fault_proxy, sink_to, rows):
    fault_proxy.next(faults.Drip(64, 0.01))
    assert told_of(await sink_to(fault_proxy.url).send(rows())) == [("accepted", "")] * 3


async def test_a_closed_port_is_an_outage(fault_proxy, sink_to, rows):
    sink = sink_to(fault_proxy.url)
    async with fault_proxy.refusing():
        assert told_of(await sink.send(rows())) == [("retry", words.NO_WAY.vi)] * 3
    assert told_of(await sink.send(rows())) == [("accepted", "")] * 3


@ONE_IS_ENOUGH
async def test_a_name_that_does_not_exist_is_said_to_be_one(sink_to, monkeypatch, rows):
    def nobody(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    # The machine's resolver would ask a server elsewhere.
    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    receipts = await sink_to("http://khong-co.invalid:9200").send(rows())
    assert told_of(receipts) == [("retry", words.NO_NAME.vi)] * 3


async def test_a_redirect_gets_neither_documents_nor_password(fault_proxy, server, sink_to, rows):
    async with FaultProxy(server.url) as elsewhere:
        for status in (301, 302, 303, 307, 308):
            fault_proxy.next(faults.Answer(status, {"Location": f"{elsewhere.url}/_bulk"}))
            assert told_of(await sink_to(fault_proxy.url).send(rows()))[0] == ("retry", words.MOVED.vi)
        assert elsewhere.seen == []
    assert rows.stored(server) == []


ITEMS = {
    "busy": (429, "es_rejected_execution_exception", "retry", words.BUSY),
    "failing": (500, "exception", "retry", words.FAILING),
    "right": (403, "security_exception", "retry", words.RIGHTS),
    "template": (404, "index_not_found_exception", "retry", words.TEMPLATE),
    "no room for a stream": (400, "validation_exception", "retry", words.CLUSTER),
    "closed": (400, "index_closed_exception", "retry", words.CLUSTER),
    "some other conflict": (409, "resource_already_exists_exception", "retry", words.ODD),
    "mapping": (400, "document_parsing_exception", "rejected", words.REFUSED),
    "argument": (400, "illegal_argument_exception", "rejected", words.REFUSED),
    "too long": (413, "illegal_argument_exception", "rejected", words.TOO_LARGE),
    "stored before": (409, "version_conflict_engine_exception", "accepted", None),
}


@pytest.mark.parametrize("case", ITEMS)
async def test_one_item_is_answered_for_itself_and_the_others_are_stored(case, fault_proxy, server, sink_to, rows):
    status, kind, outcome, sentence = ITEMS[case]
    fault_proxy.next(faults.RefuseItems({1}, status, kind, "vì sao"), path_part="_bulk")
    receipts = await sink_to(fault_proxy.url).send(rows())
    assert [receipt.outcome for receipt in receipts] == ["accepted", outcome, "accepted"]
    assert receipts[1].reason.startswith(sentence.vi if sentence else DUPLICATE)
    if outcome != "accepted" and status != 413:
        assert "vì sao" in receipts[1].reason
    assert rows.stored(server) == [0, 2]


async def test_a_full_disk_is_an_outage(fault_proxy, sink_to, rows):
    fault_proxy.next(faults.flood_stage(), path_part="_bulk")
    receipts = await sink_to(fault_proxy.url).send(rows())
    assert {receipt.outcome for receipt in receipts} == {"retry"}
    assert all(receipt.reason.startswith(words.FULL.vi) for receipt in receipts)


async def test_too_long_a_bulk_is_halved_until_it_fits(fault_proxy, server, sink_to, rows):
    fault_proxy.next(faults.too_large(), times=2, path_part="_bulk")
    assert told_of(await sink_to(fault_proxy.url).send(rows(4))) == [("accepted", "")] * 4
    # Four rows, two rows: refused. Then one, one, two.
    assert len([one for one in fault_proxy.seen if "_bulk" in one.path]) == 5
    fault_proxy.always(faults.too_large(), path_part="_bulk")
    assert told_of(await sink_to(fault_proxy.url).send(rows(2, start=7))) == [("rejected", words.TOO_LARGE.vi)] * 2


async def test_after_an_outage_the_rest_is_not_even_tried(fault_proxy, sink_to, rows):
    long = tuple(Evidence("mdns", "x" * 1000, AT) for _ in range(200))
    fault_proxy.always(faults.unavailable())
    receipts = await sink_to(fault_proxy.url).send(rows(20, evidence=long))
    assert [receipt.seq for receipt in receipts] == list(range(20))
    assert {receipt.outcome for receipt in receipts} == {"retry"}
    assert len(fault_proxy.seen) == 1
