"""Reading documents as the server's mapping does."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from exporters.elastic.fields import FIELDS

ECS: dict[str, Any] = json.loads(Path(__file__).with_name("ecs.json").read_text())


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
