"""A recorded commune through the whole program to the real server: whatever is stored there is in the schema, field by field."""

import asyncio
from collections import Counter

import pytest

from collector import demo, service
from collector.config.sinks import Elasticsearch as Configured
from tests.exporters.elastic.conftest import ONE_IS_ENOUGH
from tests.exporters.elastic.documents import wrong

pytestmark = pytest.mark.servers


def parts(folder, server, namespace):
    table = {"type": "elasticsearch", "urls": [server.url], "namespace": namespace, "spread": "1s", "rate": 0}
    config = demo._config(folder, 0, "vi")
    return service.Parts(config.model_copy(update={"sinks": (Configured.model_validate(table, context={"base": "."}),)}), demo.FOLDER / "config.toml")


@ONE_IS_ENOUGH
async def test_every_document_of_a_recorded_day_is_in_the_schema(server, namespace, tmp_path):
    stop = asyncio.Event()
    running = asyncio.create_task(service.run_all_in_one(parts(tmp_path, server, namespace), lambda _: None, demo._playing(1.0), stop))
    try:
        found = {}
        async with asyncio.timeout(60):
            while not _enough(found) and not running.done():
                await asyncio.sleep(0.3)
                found = await asyncio.to_thread(server.documents, f"logs-vonggac.*-{namespace}")
    finally:
        stop.set()
        await running
    assert {id_: said for id_, document in found.items() if (said := wrong(document))} == {}
    assert all(document["event"]["id"] == id_ for id_, document in found.items())


def _enough(found):
    """Some of each kind; findings and the view of the network as a day gives them."""
    kinds = Counter(document["event"]["dataset"] for document in found.values())
    rows = {document["vonggac"]["row"]["kind"] for document in found.values() if "row" in document["vonggac"]}
    return kinds["vonggac.finding"] >= 5 and kinds["vonggac.posture"] >= 20 and kinds["vonggac.health"] >= 1 and len(rows) >= 3
