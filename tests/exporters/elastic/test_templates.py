import json

from exporters.elastic.ecs import stream_name
from exporters.elastic.fields import FIELDS
from exporters.elastic.templates import RETENTION, as_json, mappings, pattern, templates

STREAMS = ("finding", "posture", "health", "observation")


def flat(properties: dict, name: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, node in properties.items():
        path = f"{name}.{key}" if name else key
        found |= flat(node["properties"], path) if "properties" in node else {path: node["type"]}
    return found


def test_the_mapping_is_the_table_of_fields_and_nothing_is_guessed():
    assert mappings()["dynamic"] is False
    assert flat(mappings()["properties"]) == FIELDS


def test_every_stream_has_a_template_above_the_built_in_one():
    bodies = {template.path: template.body for template in templates()}
    for stream in STREAMS:
        body = bodies[f"/_index_template/vonggac-{stream}"]
        assert (body["index_patterns"], body["data_stream"], body["priority"]) == ([f"logs-vonggac.{stream}-*"], {}, 250)
        components = set(body["composed_of"]) - set(body["ignore_missing_component_templates"])
        assert {f"/_component_template/{name}" for name in components} <= set(bodies)
        assert body["composed_of"][-1] == f"vonggac-{stream}@custom"


def test_components_come_before_what_is_composed_of_them():
    kinds = [template.path.split("/")[1] for template in templates()]
    assert kinds == sorted(kinds)


def test_everything_is_kept_long_enough_for_a_rollover_of_thirty_days():
    # The engine's `auto`: 30 days where more than 90 days are kept, 7 days below.
    bodies = {template.path: template.body for template in templates()}
    for stream in STREAMS:
        kept = bodies[f"/_component_template/vonggac-{stream}@lifecycle"]["template"]["lifecycle"]["data_retention"]
        assert kept == RETENTION[stream]
        assert int(kept.removesuffix("d")) > 90


def test_the_pattern_is_that_of_the_streams_rows_go_to():
    for stream in STREAMS:
        assert stream_name(stream, "79").startswith(pattern(stream).removesuffix("*"))


def test_the_json_is_that_of_the_templates():
    assert json.loads(as_json()) == {template.path: template.body for template in templates()}
