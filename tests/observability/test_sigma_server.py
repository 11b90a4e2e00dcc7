"""Every Sigma rule as a query on the real Elasticsearch: it finds its detector's openings among our own documents, and nothing else."""

import asyncio

import pytest
from sigma.backends.elasticsearch import LuceneBackend
from sigma.collection import SigmaCollection

from collector.registry import build_all
from exporters.elastic import Elastic, ElasticOptions
from model.verdict import Subject
from tests.exporters.elastic.conftest import ORIGIN, installed
from tests.exporters.samples import AT, posture, told
from tests.observability.generators import ROOT

pytestmark = pytest.mark.servers

STEPS = ("opened", "updated", "resolved", "reopened")


def changes(abouts):
    """A life of one finding of each detector; a row's id tells whose it is and which step."""
    for place, about in enumerate(abouts):
        for turn, step in enumerate(STEPS):
            yield about.id, step, told(place * 10 + turn, step=step, detector=about.id, attack=about.attack, subject=Subject("asset", "a1"))


async def test_each_rule_finds_its_own_openings_and_no_other_document(elasticsearch, namespace):
    await asyncio.to_thread(installed, ElasticOptions(urls=(elasticsearch.url,)))
    sent = list(changes([detector.about for detector in build_all()]))
    sink = Elastic(ElasticOptions(urls=(elasticsearch.url,), namespace=namespace, origin=ORIGIN), now=lambda: AT)
    receipts = await sink.send([*(row for _, _, row in sent), posture(9_999)])
    await sink.close()
    assert {receipt.outcome for receipt in receipts} == {"accepted"}
    elasticsearch.documents(f"logs-vonggac.*-{namespace}")
    found = {}
    for path in sorted((ROOT / "deploy/sigma/rules").iterdir()):
        (query,) = LuceneBackend().convert(SigmaCollection.from_yaml(path.read_text()))
        body = {"size": 100, "query": {"query_string": {"query": query}}}
        hits = elasticsearch.call("POST", f"/logs-vonggac.*-{namespace}/_search", body).json()["hits"]["hits"]
        found[path.stem.upper()] = {hit["_id"] for hit in hits}
    expected = {}
    for detector, step, row in sent:
        expected.setdefault(detector, set()).update({row.id} if step in ("opened", "reopened") else ())
    assert found == expected
