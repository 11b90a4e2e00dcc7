"""What OpenSearch knows of our templates: no lifecycle in a template, no component that may be missing, other names of types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from exporters.elastic.ecs import stream_name
from exporters.elastic.templates import RETENTION, Template

_LIFECYCLE = "@lifecycle"
# Where the province's own settings go; made empty, and only where there is none.
_OWN = "@custom"


def adapted(templates: Iterable[Template], namespace: str) -> list[Template]:
    """The same requests for OpenSearch, and the data streams of `namespace`: they come first, so that no document can make an ordinary index."""
    wanted = list(templates)
    return [*_own(wanted), *(_one(template) for template in wanted if not template.path.endswith(_LIFECYCLE)), *_streams(namespace)]


def may_stand(template: Template) -> bool:
    """Whether the thing is to be left as it is where it is there already."""
    return template.path.startswith("/_data_stream/") or template.path.endswith("?create=true")


def _own(templates: Iterable[Template]) -> Iterator[Template]:
    names = {name for template in templates for name in template.body.get("composed_of", ()) if name.endswith(_OWN)}
    return (Template(f"/_component_template/{name}?create=true", {"template": {}}) for name in sorted(names))


def _streams(namespace: str) -> Iterator[Template]:
    return (Template(f"/_data_stream/{stream_name(stream, namespace)}", {}) for stream in RETENTION)


def _one(template: Template) -> Template:
    body = dict(template.body)
    body.pop("ignore_missing_component_templates", None)
    if "composed_of" in body:
        body["composed_of"] = [name for name in body["composed_of"] if not name.endswith(_LIFECYCLE)]
    return Template(template.path, {key: _translated(value) for key, value in body.items()})


def _translated(node: object) -> object:
    """`flattened` is `flat_object` here, without a length; `index.mode` does not exist."""
    if isinstance(node, dict):
        if node.get("type") == "flattened":
            return {"type": "flat_object"}
        return {key: _translated(value) for key, value in node.items() if not (key == "mode" and value == "standard")}
    return [_translated(value) for value in node] if isinstance(node, list) else node
