#!/usr/bin/env python3
"""Writes the diagram in docs/architecture.md from the imports of the code itself. A test runs it again and compares."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- diagram: deploy/build-architecture.py -->", "<!-- end of diagram -->"
TOPS = ("model", "detectors", "exporters", "collector")
# Modules of `collector` that belong together though they lie side by side; what is in none of these is "collector (roots)".
GROUPS = {
    "collector/sensors": "sensors: move bytes",
    "collector/decode": "decode: bytes to facts (pure)",
    "collector/journal": "journal: SQLite, one writer",
    "collector/sockets": "sockets: where processes meet",
    "collector/config": "config",
    "collector/cli": "command line",
    "collector/probe": "probe: sends frames, imports none of ours",
    "collector/province": "province: many boxes, one picture",
    "collector/endpoints": "endpoints",
}
NAMES = {"model": "model: view, ledger, verdicts (pure)", "detectors": "detectors: one rule a file (pure)", "exporters": "exporters: sinks, page, report"}
# An arrow of fewer imports is a detail of one module.
LEAST = 3


def group_of(path: str) -> str:
    """The box in the diagram that a module (`collector/cli/app`) stands in."""
    folder = next((folder for folder in GROUPS if path.startswith(folder + "/")), "")
    return folder or path.partition("/")[0]


def imports(file: Path) -> Iterator[str]:
    """Modules of ours that a file imports, as paths."""
    for node in ast.walk(ast.parse(file.read_text())):
        names = [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            if name.partition(".")[0] in TOPS:
                # `from collector import sites`: the module is in the names.
                tail = [f"{name}.{alias.name}" for alias in node.names] if isinstance(node, ast.ImportFrom) and name in TOPS else [name]
                yield from (each.replace(".", "/") + "/" for each in tail)


def arrows() -> Counter[tuple[str, str]]:
    """How often one group imports another."""
    found: Counter[tuple[str, str]] = Counter()
    for top in TOPS:
        for file in sorted((ROOT / top).rglob("*.py")):
            here = group_of(file.relative_to(ROOT).as_posix())
            found.update((here, there) for there in map(group_of, imports(file)) if there != here)
    return found


def diagram() -> str:
    """The diagram as Mermaid."""
    counted = arrows()
    drawn = sorted((one, other) for (one, other), times in counted.items() if times >= LEAST)
    boxes = sorted({box for arrow in drawn for box in arrow} | {"collector/probe"})
    lines = ["```mermaid", "flowchart TD"]
    lines += [f'  {box.replace("/", "_")}["{GROUPS.get(box) or NAMES.get(box, "collector: roots and parts")}"]' for box in boxes]
    lines += [f"  {one.replace('/', '_')} --> {other.replace('/', '_')}" for one, other in drawn]
    return "\n".join([*lines, "```"])


def page(text: str) -> str:
    """The page with the diagram of now."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n\n{diagram()}\n\n{END}{tail}"


if __name__ == "__main__":
    made = page(PAGE.read_text())
    if "--check" in sys.argv[1:]:
        sys.exit(made != PAGE.read_text())
    PAGE.write_text(made)
