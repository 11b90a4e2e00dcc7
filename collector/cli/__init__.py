"""The command line, `vonggac` (architecture §4). Each command imports what it needs when it runs: `--help` and `replay` stay quick."""

from __future__ import annotations

import gc
import os
import sys
from io import TextIOWrapper


def main() -> None:
    """Entry point. Exit status: 0 ran, 1 ran and something is refused or broken, 2 usage."""
    # Imports and facts are many objects and no garbage: looking for it after every 700 new ones costs a short replay a tenth of its start.
    gc.set_threshold(50_000, 20, 20)
    # A terminal that knows no Vietnamese letters shows question marks in their place: better than nothing and a traceback.
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        from collector.cli.app import app  # noqa: PLC0415 - typer costs 60 ms, paid when a command runs

        status: str | int | None = app()
    except SystemExit as ended:
        status = ended.code
    except KeyboardInterrupt:  # while modules were loaded
        status = 130
    if sys.argv[1:2] == ["replay"]:
        _leave(status)
    sys.exit(status)


def _leave(status: str | int | None) -> None:
    """Ends the process at once, all said: it holds nothing but memory, and taking a site apart row by row would cost a short replay a sixth of its time."""
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except (OSError, ValueError, AttributeError):  # the reader is gone, the disk is full: Python's own way out tells
        return
    if not isinstance(status, str):
        os._exit(status or 0)
