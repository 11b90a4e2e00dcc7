"""The recorded ways in and out: what is declared, and what must be found in each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from model.declared import Declared, Server, Zone
from tests import corpus
from tests.replay.played import played

RULES = ("VG-NET-05", "VG-NET-09")


def case(name: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((corpus.LAB / name / "expected.json").read_text())["edge"]
    return told


def names() -> list[str]:
    """Cases that say what is at the edge."""
    return sorted(path.parent.name for path in corpus.LAB.glob("*/expected.json") if "edge" in json.loads(path.read_text()))


def expected(name: str) -> list[list[str]]:
    """Rows of rule, MAC address, severity."""
    return sorted(case(name)["findings"])


def findings(capture: Path, name: str) -> list[list[str]]:
    """What is open at the end of a capture of an officers' segment with the routers of the case."""
    given = case(name)["routers"]
    routers = None if given is None else tuple(Server(leg="file", **server) for server in given)
    known = Declared(site="xa-thu", legs=("file",), zones=(Zone(leg="file", role="staff"),), routers=routers)
    standing = played(capture, known=known).engine.standing()
    told = [change for change in standing if change.finding.detector in RULES and change.finding.state == "open"]
    return sorted([change.finding.detector, mac, change.finding.severity.value] for change in told for mac in change.macs)
