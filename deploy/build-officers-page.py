#!/usr/bin/env python3
"""Writes docs/vi-may-doc-gi.md, what officers are told of the questions to their PCs, from the shipped catalogue.

.venv/bin/python deploy/build-officers-page.py
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from collector.catalogue.officers import page  # noqa: E402 - after the path
from collector.catalogue.source import load  # noqa: E402 - same

if __name__ == "__main__":
    (ROOT / "docs" / "vi-may-doc-gi.md").write_text(page(load()), "utf-8")
