"""The template of the province's plain indices: the fields of the streams, and what state has beside them."""

from __future__ import annotations

from typing import Any, get_args

from exporters.elastic.state import StateIndex
from exporters.elastic.templates import PRIORITY, VERSION, Template, mappings

STATES: tuple[StateIndex, ...] = get_args(StateIndex)
NAME = "vonggac-state"

# `vonggac.payload` stands in no mapping: it is kept and not indexed.
_BESIDE = {
    "target": {"type": "keyword", "ignore_above": 1024},
    "heard_at": {"type": "date"},
    "refused": {"type": "keyword", "ignore_above": 1024},
}


def state_templates() -> tuple[Template, ...]:
    """The one index template of all state indices, of every namespace."""
    body = {
        "index_patterns": [f"vonggac-{state}-*" for state in STATES],
        "priority": PRIORITY,
        "template": {
            "settings": {"index": {"number_of_shards": 1, "auto_expand_replicas": "0-1", "codec": "best_compression"}},
            "mappings": state_mappings(),
        },
        "version": VERSION,
        "_meta": {"managed_by": "vonggac", "description": "Vọng Gác: hiện trạng của tỉnh"},
    }
    return (Template(f"/_index_template/{NAME}", body),)


def state_mappings() -> dict[str, Any]:
    """The mapping of a state index."""
    whole = mappings()
    own = whole["properties"]["vonggac"]["properties"]
    return {**whole, "properties": {**whole["properties"], "vonggac": {"properties": {**own, **_BESIDE}}}}
