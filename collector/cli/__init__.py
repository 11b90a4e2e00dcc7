"""The command line, `vonggac` (architecture §4). Each command imports what it needs when it runs: `--help` and `replay` stay quick."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Entry point. Exit status: 0 ran, 1 ran and something is refused or broken, 2 usage."""
    # Imports and facts are many objects and no garbage: looking for it after every 700 new ones costs a short replay a tenth of its start.
    gc.set_threshold(50_000, 20, 20)
    from collector.cli.app import app  # noqa: PLC0415 - typer costs 60 ms, paid when a command runs

    sys.exit(app())
