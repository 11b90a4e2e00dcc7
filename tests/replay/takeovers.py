"""The recorded takeovers of addresses: what is declared, and what must be found in each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from model.declared import Declared, Server
from tests import corpus
from tests.replay.played import played

RULES = ("VG-NET-04", "VG-NET-08")


def case(name: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((corpus.LAB / name / "expected.json").read_text())["takeover"]
    return told


def names() -> list[str]:
    """Cases that say what is taken over."""
    return sorted(path.parent.name for path in corpus.LAB.glob("*/expected.json") if "takeover" in json.loads(path.read_text()))


def expected(name: str) -> list[list[str]]:
    """Rows of rule, MAC address, severity."""
    return sorted(case(name)["findings"])


def findings(capture: Path, name: str) -> list[list[str]]:
    """What is found in a capture with the declared data of the case."""
    lists = {kind: tuple(Server(leg="file", **server) for server in servers) for kind, servers in case(name)["declared"].items()}
    player = played(capture, known=Declared(site="xa-thu", legs=("file",), **lists))
    told = [change for change in player.engine.standing() if change.finding.detector in RULES]
    return sorted([change.finding.detector, mac, change.finding.severity.value] for change in told for mac in change.macs)
