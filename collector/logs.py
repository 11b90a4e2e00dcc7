"""How services log: one line to the error output, for people at a terminal and for the system journal alike."""

from __future__ import annotations

import logging
import os
import sys


def start(level: int = logging.INFO) -> None:
    """Sets up logging for a service. Under systemd the journal has the time; at a terminal we write it."""
    under_systemd = "JOURNAL_STREAM" in os.environ
    form = "%(levelname)s %(name)s: %(message)s" if under_systemd else "%(asctime)s %(levelname)s %(name)s: %(message)s"
    logging.basicConfig(level=level, format=form, stream=sys.stderr, datefmt="%d/%m/%Y %H:%M:%S", force=True)
    # The client libraries speak of every request; our sinks say what matters, once.
    for noisy in ("aiohttp", "elastic_transport", "elasticsearch", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
