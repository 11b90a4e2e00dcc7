"""The templates that make our data streams: an administrator installs them once; a box's own key cannot and need not."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from exporters.elastic.ecs import nested
from exporters.elastic.fields import FIELDS
from model.ports import Stream

# Above the 100 of the built-in template for logs-*-*.
PRIORITY = 250
VERSION = 1

# More than 90 days: only then does the engine's automatic rollover by age come every 30 days and not sooner (its RolloverConfiguration).
# `create` knows an id only in the write index: a row sent again after a rollover is stored twice, so rollovers had better be rare.
RETENTION: dict[Stream, str] = {"finding": "730d", "posture": "400d", "health": "100d", "observation": "100d"}

_OPTIONS: dict[str, dict[str, Any]] = {"keyword": {"ignore_above": 1024}, "flattened": {"ignore_above": 1024}}


class Template(NamedTuple):
    """One request: PUT `body` at `path`."""

    path: str
    body: dict[str, Any]


def templates() -> tuple[Template, ...]:
    """All component and index templates, in the order in which they have to be installed."""
    return (
        _component("vonggac@mappings", {"mappings": mappings()}),
        _component("vonggac@settings", {"settings": _settings()}),
        *(_component(f"vonggac-{stream}@lifecycle", {"lifecycle": {"data_retention": kept}}) for stream, kept in RETENTION.items()),
        *(_index_template(stream) for stream in RETENTION),
    )


def mappings() -> dict[str, Any]:
    """The mapping of all our streams."""
    return {"dynamic": False, "properties": _properties(nested({name: {"type": kind} for name, kind in FIELDS.items()}))}


def as_json() -> str:
    """The templates as one JSON object, path to body, for people to read."""
    return msgspec.json.format(msgspec.json.encode({template.path: template.body for template in templates()}), indent=2).decode()


def pattern(stream: Stream) -> str:
    """What matches a stream in every namespace."""
    return f"logs-vonggac.{stream}-*"


def _component(name: str, template: dict[str, Any]) -> Template:
    return Template(f"/_component_template/{name}", {"template": template, "version": VERSION, "_meta": _meta()})


def _index_template(stream: Stream) -> Template:
    own = f"vonggac-{stream}@custom"
    body = {
        "index_patterns": [pattern(stream)],
        "data_stream": {},
        "priority": PRIORITY,
        # The last is the province's: its retention, replicas and tiers win over ours and outlive an upgrade.
        "composed_of": ["vonggac@mappings", "vonggac@settings", f"vonggac-{stream}@lifecycle", own],
        "ignore_missing_component_templates": [own],
        "version": VERSION,
        "_meta": _meta(),
    }
    return Template(f"/_index_template/vonggac-{stream}", body)


def _settings() -> dict[str, Any]:
    # Named, because 9.x would make every logs-*-* stream logsdb, which rebuilds _source and forgets how it was sent.
    return {"index": {"mode": "standard", "codec": "best_compression", "number_of_shards": 1, "auto_expand_replicas": "0-1"}}


def _meta() -> dict[str, str]:
    return {"managed_by": "vonggac", "description": "Vọng Gác: cảnh báo, hiện trạng và nhịp tim của các hộp"}


def _properties(tree: dict[str, Any]) -> dict[str, Any]:
    """A tree of `{"type": ...}` leaves as the engine's nested `properties`."""
    return {name: _leaf(node["type"]) if isinstance(node.get("type"), str) else {"properties": _properties(node)} for name, node in tree.items()}


def _leaf(kind: str) -> dict[str, Any]:
    return {"type": kind, **_OPTIONS.get(kind, {})}
