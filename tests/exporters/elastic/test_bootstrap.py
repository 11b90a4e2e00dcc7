"""`es bootstrap` against the real server."""

import json

import pytest

from exporters.elastic import ElasticOptions, bootstrap, words
from exporters.elastic.state_templates import state_templates
from exporters.elastic.templates import templates
from tests.exporters.elastic.conftest import OPENSEARCH_IS_OTHERWISE
from tests.exporters.samples import told
from tests.servers import faults

pytestmark = pytest.mark.servers


async def test_a_dry_run_shows_the_json_and_asks_no_server():
    steps = await bootstrap(ElasticOptions(urls=("http://127.0.0.1:1",)), dry_run=True)
    shown = {step.what.removeprefix("PUT "): json.loads(step.text) for step in steps}
    assert {step.outcome for step in steps} == {"shown"}
    assert {template.path: template.body for template in templates()}.items() <= shown.items()


@OPENSEARCH_IS_OTHERWISE
async def test_what_is_installed_is_what_was_shown_and_installing_again_changes_nothing(server):
    for _ in range(2):
        for template in templates():
            reply = server.call("GET", template.path).json()
            ((found,),) = reply.values()
            body = found["index_template" if "index_template" in found else "component_template"]
            assert body["_meta"] == template.body["_meta"]
            assert body.get("composed_of") == template.body.get("composed_of")
        assert {step.outcome for step in await bootstrap(ElasticOptions(urls=(server.url,)))} == {"done"}


@OPENSEARCH_IS_OTHERWISE
async def test_the_streams_settings_and_lifecycle_come_from_the_templates(server, namespace, sink_to):
    await sink_to(server.url).send([told(1)])
    stream = f"logs-vonggac.finding-{namespace}"
    simulated = server.call("POST", f"/_index_template/_simulate_index/{stream}").json()["template"]
    assert simulated["lifecycle"]["data_retention"] == "730d"
    (index,) = server.call("GET", f"/{stream}/_settings").json().values()
    assert (index["settings"]["index"]["mode"], index["settings"]["index"]["codec"]) == ("standard", "best_compression")


@OPENSEARCH_IS_OTHERWISE
async def test_the_provinces_own_component_wins(server, namespace, sink_to):
    own = "/_component_template/vonggac-health@custom"
    assert server.call("PUT", own, {"template": {"lifecycle": {"data_retention": "95d"}}}).status == 200
    simulated = server.call("POST", f"/_index_template/_simulate_index/logs-vonggac.health-{namespace}").json()["template"]
    assert simulated["lifecycle"]["data_retention"] == "95d"
    assert server.call("PUT", own, {"template": {}}).status == 200


@OPENSEARCH_IS_OTHERWISE
async def test_a_stream_that_exists_takes_new_fields(server, namespace, sink_to):
    # As an older version would have left it: the same template without most of the fields.
    stream = f"logs-vonggac.finding-{namespace}"
    template = {
        "index_patterns": [stream],
        "data_stream": {},
        "priority": 900,
        "template": {"mappings": {"dynamic": False, "properties": {"message": {"type": "text"}}}},
    }
    assert server.call("PUT", f"/_index_template/older-{namespace}", template).status == 200
    await sink_to(server.url).send([told(1)])
    assert {step.outcome for step in await bootstrap(ElasticOptions(urls=(server.url,)))} == {"done"}
    (index,) = server.call("GET", f"/{stream}/_mapping").json().values()
    assert index["mappings"]["properties"]["vonggac"]["properties"]["finding"]["properties"]["state"]["type"] == "keyword"


@OPENSEARCH_IS_OTHERWISE
async def test_a_server_that_is_away_or_is_none_fails_the_first_step(fault_proxy):
    options = ElasticOptions(urls=(fault_proxy.url,))
    async with fault_proxy.refusing():
        (step,) = await bootstrap(options)
    assert (step.what, step.outcome, step.text) == (f"PUT {templates()[0].path}", "failed", words.NO_WAY.vi)
    fault_proxy.next(faults.captive_portal())
    (step,) = await bootstrap(options)
    assert (step.outcome, step.text) == ("failed", words.STRANGER.vi)
    fault_proxy.next(faults.unauthorized())
    (step,) = await bootstrap(options)
    assert step.text.startswith(words.LOGIN.vi)


@OPENSEARCH_IS_OTHERWISE
async def test_a_field_whose_type_changed_is_told_as_waiting_for_the_next_rollover(fault_proxy, server):
    # As 9.5.0 answers; a stream made so on the shared server could not be removed, this build has no way to delete one.
    error = {"type": "illegal_argument_exception", "reason": "mapper [message] cannot be changed from type [keyword] to [text]"}
    body = json.dumps({"error": error, "status": 400}).encode()
    fault_proxy.next(faults.Answer(400, {"Content-Type": "application/json", "X-elastic-product": "Elasticsearch"}, body), path_part="_mapping")
    steps = await bootstrap(ElasticOptions(urls=(fault_proxy.url,)))
    assert [step.outcome for step in steps[:-1]] == ["done"] * len((*templates(), *state_templates()))
    assert (steps[-1].what, steps[-1].outcome) == ("PUT /logs-vonggac.finding-*/_mapping", "failed")
    assert "_rollover" in steps[-1].text
    assert "[message]" in steps[-1].text
