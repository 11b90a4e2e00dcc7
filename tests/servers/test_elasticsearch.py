"""The real Elasticsearch does what the tests of sinks will rely on."""

import ssl
import urllib.error

import pytest

from tests.servers.call import Login, call
from tests.servers.certificates import Certificates
from tests.servers.elasticsearch import EDGE, Elasticsearch

pytestmark = pytest.mark.servers

AT = {"@timestamp": "2026-11-22T00:00:00Z"}


def _append(stream: str, *ids: str) -> list[object]:
    return [row for id_ in ids for row in ({"create": {"_index": stream, "_id": id_}}, {**AT, "message": id_})]


def _statuses(server: Elasticsearch, rows: list[object], login: Login | None = None) -> list[int]:
    reply = server.call("POST", "/_bulk", rows, **({"login": login} if login else {}))
    assert reply.status == 200, reply.body
    return [result["status"] for item in reply.json()["items"] for result in item.values()]


def _template(server: Elasticsearch, pattern: str) -> None:
    body = {
        "index_patterns": [pattern],
        "data_stream": {},
        "priority": 500,
        "template": {
            "settings": {"number_of_replicas": 0},
            "mappings": {"dynamic": False, "properties": {"vonggac": {"properties": {"n": {"type": "long"}}}}},
        },
    }
    assert server.call("PUT", f"/_index_template/test-{pattern.strip('*')}", body).status == 200


def test_the_same_id_is_created_once(elasticsearch: Elasticsearch, namespace: str) -> None:
    path = f"/vonggac-test-{namespace}/_create/a"
    assert elasticsearch.call("PUT", path, AT).status == 201
    assert elasticsearch.call("PUT", path, AT).status == 409
    assert elasticsearch.documents(f"vonggac-test-{namespace}") == {"a": AT}


def test_a_bulk_makes_the_data_stream_of_its_template(elasticsearch: Elasticsearch, namespace: str) -> None:
    stream = f"logs-vonggac.finding-{namespace}"
    _template(elasticsearch, stream)
    assert _statuses(elasticsearch, _append(stream, "a", "b", "a")) == [201, 201, 409]
    found = elasticsearch.call("GET", f"/_resolve/index/{stream}").json()["data_streams"]
    assert [one["name"] for one in found] == [stream]
    assert set(elasticsearch.documents(stream)) == {"a", "b"}


def test_a_document_against_the_mapping_is_a_400_of_its_own(elasticsearch: Elasticsearch, namespace: str) -> None:
    stream = f"logs-vonggac.observation-{namespace}"
    _template(elasticsearch, stream)
    rows = [*_append(stream, "a"), {"create": {"_index": stream, "_id": "b"}}, {**AT, "vonggac": {"n": "many"}}]
    assert _statuses(elasticsearch, rows) == [201, 400]


def test_a_restart_keeps_documents_and_address(elasticsearch: Elasticsearch, namespace: str) -> None:
    stream, url = f"logs-vonggac.finding-{namespace}", elasticsearch.url
    _template(elasticsearch, stream)
    assert _statuses(elasticsearch, _append(stream, "a")) == [201]
    elasticsearch.stop()
    assert elasticsearch.pid is None
    with pytest.raises(urllib.error.URLError):
        call("GET", f"{url}/_cluster/health")
    elasticsearch.start()
    assert elasticsearch.url == url
    assert _statuses(elasticsearch, _append(stream, "a", "b")) == [409, 201]


def test_the_edge_login_appends_and_nothing_else(secured_elasticsearch: Elasticsearch, namespace: str) -> None:
    server, stream = secured_elasticsearch, f"logs-vonggac.finding-{namespace}"
    _template(server, stream)
    assert _statuses(server, _append(stream, "a"), EDGE) == [201]
    assert _statuses(server, _append("logs-other-x", "a"), EDGE) == [403]
    assert server.call("GET", f"/{stream}/_search", login=EDGE).status == 403
    assert server.call("PUT", "/_index_template/mine", {"index_patterns": ["x"]}, login=EDGE).status == 403
    assert server.call("GET", f"/{stream}/_search", login=Login(EDGE.user, "wrong")).status == 401
    assert set(server.documents(stream)) == {"a"}


def test_the_certificate_is_right_by_one_name_only(secured_elasticsearch: Elasticsearch, certificates: Certificates) -> None:
    tls = certificates.client_context()
    assert call("GET", secured_elasticsearch.url, login=EDGE, tls=tls).status == 405  # this build has no `GET /`
    with pytest.raises(urllib.error.URLError) as refused:
        call("GET", secured_elasticsearch.wrong_name_url, login=EDGE, tls=tls)
    assert isinstance(refused.value.reason, ssl.SSLCertVerificationError)
