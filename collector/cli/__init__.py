"""The command line, `vonggac` (architecture §4). Each command imports what it needs when it runs: `--help` and `replay` stay quick."""

from __future__ import annotations

import sys


def main() -> None:
    """Entry point. Exit status: 0 ran, 1 ran and something is refused or broken, 2 usage."""
    from collector.cli.app import app  # noqa: PLC0415 - typer costs 60 ms, paid when a command runs

    sys.exit(app())
