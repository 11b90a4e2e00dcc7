"""What the facts script compares with on the PC: names, words and hosts out of the catalogue's lists, in one file beside it. None of it leaves the PC."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

FILE = "vg-facts.json"
_LISTS = Path(__file__).parents[1] / "catalogue" / "lists"


def written(version: str, government: Iterable[str], domains: Iterable[str]) -> bytes:
    """The file. `version` of the catalogue; `government`: hosts of government log-ins; `domains`: mail domains of the province's organisations."""
    names = _list("names")
    homes = {each["id"]: f"AppData\\{each['home']}" for each in _list("browsers")["browser"] if "home" in each}
    known: dict[str, Any] = {
        "version": version,
        "government": sorted({host.lower() for host in government}),
        "domains": sorted({domain.lower() for domain in domains}),
        "generic_accounts": names["generic_accounts"],
        "document_endings": names["document_endings"],
        # For -like: one character of any kind is ? there.
        "document_words": [word.replace("_", "?") for word in names["document_words"]],
        "virtual_cards": [word.strip("%") for word in _list("virtual_cards")["words"]],
        "browsers": homes,
    }
    return json.dumps(known, ensure_ascii=False, indent=1).encode()


@cache
def _list(name: str) -> dict[str, Any]:
    return tomllib.loads((_LISTS / f"{name}.toml").read_text("utf-8"))
