"""OpenSearch answers the province's page as Elasticsearch does, question by question."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from exporters.elastic import ElasticOptions, bootstrap
from exporters.elastic.fleet import ElasticFleet
from model.fleet.declared import FleetDeclared
from model.fleet.ports import NOBODY, Asked
from tests.console.commune import NOW
from tests.fleet.filled import Filled, Place, verify
from tests.servers.fixtures import running
from tests.servers.opensearch import OpenSearch

ASKED = (Asked(limit=100), Asked(sites=("xa-a", "tinh"), severity="critical"), Asked(number=2, states=("open",)), Asked(owner=NOBODY, start=3, limit=4))


@pytest.fixture(scope="module")
def other(places: list[Place]) -> Iterator[Filled]:
    """The same province in an OpenSearch, its indices made by our own templates."""
    with running(OpenSearch) as server:
        options = ElasticOptions(urls=(server.url,), dialect="opensearch", namespace="prov")
        with ThreadPoolExecutor(1) as thread:
            steps = thread.submit(asyncio.run, bootstrap(options)).result()
        assert {step.outcome for step in steps} == {"done"}, steps
        filled = Filled(server, "prov")
        filled.write(places)
        yield filled


async def answers(reader: ElasticFleet, places: list[Place]) -> dict[str, object]:
    """Everything the page asks."""
    told: dict[str, object] = {
        "sites": await reader.sites(),
        "matters": await reader.matters(),
        "some": await reader.matters(["xa-a", "xa-im"]),
        "campaigns": await reader.campaigns(),
        "coverage": await reader.coverage(),
        "owners": await reader.owners(),
        "found": [await reader.findings(asked) for asked in ASKED],
    }
    for place in places:
        site = reader.site(place.site)
        told[place.site] = await asyncio.gather(
            site.findings(), site.verdicts(), site.assets(), site.rows(), site.portals(), site.pcs(), site.status(), site.heartbeats()
        )
        told[f"{place.site} history"] = [await reader.finding(change.finding.id) for change in await site.findings()]
    return told


async def test_every_question_has_the_same_answer(fleet: ElasticFleet, other: Filled, roster: FleetDeclared, places: list[Place]) -> None:
    options = ElasticOptions(urls=(other.server.url,), dialect="opensearch", namespace="prov")
    reader = ElasticFleet(options, lambda: roster, lambda: NOW, verify=verify)
    here, there = await answers(fleet, places), await answers(reader, places)
    version = await reader.wait(-1, 0.0)
    await asyncio.to_thread(other.write, places[-1:])
    assert await reader.wait(version, 20.0) > version
    await reader.close()
    for question, answer in here.items():
        assert there[question] == answer, question
