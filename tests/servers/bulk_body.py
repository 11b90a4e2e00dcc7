"""Takes items out of a `_bulk` request and puts refusals in their places in the answer."""

import json
from dataclasses import dataclass
from typing import Any

from tests.servers.faults import RefuseItems


@dataclass(frozen=True)
class Item:
    """One operation: its action (`create`, `index`, `update`, `delete`), names, and its lines as sent."""

    action: str
    names: dict[str, Any]
    lines: bytes


def parse(body: bytes, path: str) -> list[Item]:
    """The items of a newline-delimited `_bulk` body; `path` may name the default index (`/INDEX/_bulk`)."""
    default = path.strip("/").split("/")[0]
    lines = [line + b"\n" for line in body.split(b"\n") if line]
    items = []
    while lines:
        head = lines.pop(0)
        ((action, meta),) = json.loads(head).items()
        names = {"_index": meta.get("_index", default)} | ({"_id": meta["_id"]} if "_id" in meta else {})
        items.append(Item(action, names, head if action == "delete" else head + lines.pop(0)))
    return items


def without(items: list[Item], fault: RefuseItems) -> bytes:
    """The request body that is left for the server; empty when every item is refused."""
    return b"".join(item.lines for position, item in enumerate(items) if position not in fault.positions)


def merged(items: list[Item], fault: RefuseItems, answer: bytes) -> bytes:
    """The server's answer with the refused items in the places where the client expects them."""
    reply: dict[str, Any] = json.loads(answer) if answer else {"took": 0, "errors": False, "items": []}
    stored = iter(reply["items"])
    reply["items"] = [_refused(item, fault) if position in fault.positions else next(stored) for position, item in enumerate(items)]
    reply["errors"] = reply["errors"] or any(position in fault.positions for position in range(len(items)))
    return json.dumps(reply).encode()


def _refused(item: Item, fault: RefuseItems) -> dict[str, Any]:
    # In answers a data stream goes by the index behind it.
    name = item.names["_index"]
    behind = {"_index": f".ds-{name}-2026.11.22-000001"} if name.startswith("logs-") else {}
    return {item.action: item.names | behind | fault.result()}
