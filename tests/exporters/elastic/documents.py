"""Reading documents as the server's mapping does, and holding them to the published schema."""

import ipaddress
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from exporters.elastic.fields import FIELDS

ECS: dict[str, Any] = json.loads(Path(__file__).with_name("ecs.json").read_text())
# In `_source` and in no mapping: what the province checks and nobody searches (docs/decisions/012).
KEPT_ONLY = {"vonggac.signed.payload", "vonggac.signed.signature"}

# Of each type of field, whether a value is one.
_FITS: dict[str, Callable[[Any], object]] = {
    "date": lambda v: datetime.fromisoformat(v).tzinfo is not None and v.endswith("Z"),
    "keyword": lambda v: isinstance(v, str) and v,
    "text": lambda v: isinstance(v, str) and v,
    "long": lambda v: type(v) is int,
    "boolean": lambda v: type(v) is bool,
    "float": lambda v: type(v) is float,
    "ip": lambda v: str(ipaddress.ip_address(v)) == v,
    "flattened": lambda v: isinstance(v, dict) and all(isinstance(one, str) for one in v.values()),
}


def wrong(document: dict[str, Any]) -> list[str]:
    """What of a document is not as ECS and our own table have it, one sentence each: names, types, lists, allowed values and those that go together."""
    return [*_fields(document), *_event(document["event"])]


def _fields(document: dict[str, Any]) -> Iterator[str]:
    for name, value, listed in leaves(document):
        if name in KEPT_ONLY:
            continue
        if name not in FIELDS:
            yield f"{name} is no field of ours"
        elif not _FITS[FIELDS[name]](value):
            yield f"{name} is no {FIELDS[name]}: {value!r}"
        if not name.startswith("vonggac.") and name not in ECS["fields"]:
            yield f"{name} is not in ECS {ECS['version']}"
        elif name in ECS["fields"] and listed is not ECS["fields"][name].endswith("[]"):
            yield f"{name} is {'a list' if listed else 'one value'}, ECS has it otherwise"


def _event(event: dict[str, Any]) -> Iterator[str]:
    for name in ("kind", "outcome"):
        if name in event and event[name] not in ECS[f"{name}s"]:
            yield f"event.{name} is {event[name]}"
    if "kind" not in event:
        yield "event.kind is missing"
    for category in event["category"]:
        if category not in ECS["categories"]:
            yield f"event.category is {category}"
        # Each category names the types that are expected with it.
        elif not set(event["type"]) & set(ECS["categories"][category]):
            yield f"none of event.type {event['type']} is expected with {category}"
    expected = {kind for category in event["category"] for kind in ECS["categories"].get(category, ())}
    if odd := set(event["type"]) - expected:
        yield f"event.type {sorted(odd)} is expected with none of {event['category']}"


def leaves(document: Any, name: str = "") -> Iterator[tuple[str, Any, bool]]:
    """Dotted name, value, and whether it stood in a list. What is mapped as `flattened` is one leaf."""
    if isinstance(document, dict) and FIELDS.get(name) != "flattened":
        for key, value in document.items():
            yield from leaves(value, f"{name}.{key}" if name else key)
    elif isinstance(document, list):
        for value in document:
            yield from ((leaf, found, True) for leaf, found, _ in leaves(value, name))
    else:
        yield name, document, False
