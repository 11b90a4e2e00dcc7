"""The diagram of docs/architecture.md is that of the code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_diagram_is_drawn_from_the_code_as_it_is() -> None:
    done = subprocess.run([sys.executable, ROOT / "deploy" / "build-architecture.py", "--check"], check=False)
    assert done.returncode == 0, "run deploy/build-architecture.py and look at what changed"


def test_no_arrow_points_up() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    arrows = [line.split(" --> ") for line in text.splitlines() if " --> " in line]
    assert arrows
    assert not [arrow for arrow in arrows if arrow[0].strip() in ("model", "detectors", "collector_decode") and arrow[1] not in ("model",)]
    assert not [arrow for arrow in arrows if "collector_probe" in (arrow[0].strip(), arrow[1])]
