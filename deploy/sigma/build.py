"""Makes the Sigma rules (deploy/sigma/rules) and the table of ATT&CK ids (docs/attack.md) from what the detectors say of themselves.

Run: .venv/bin/python deploy/sigma/build.py
"""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import yaml

from collector.registry import build_all
from model.detector import About

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deploy" / "sigma" / "rules"
TABLE = ROOT / "docs" / "attack.md"
# Enterprise ATT&CK 18.1 as published: names by id, without what was revoked or deprecated.
ATTACK = json.loads((ROOT / "deploy" / "sigma" / "attack-18.1.json").read_text())
# An id is for ever: analysts' exceptions and dashboards name rules by it.
_NAMESPACE = uuid.UUID("6f2f0c5e-6a0b-5d5e-9a52-1f6a3a5f7b10")
_DATE = "2026-11-22"

_HEAD = """\
# ATT&CK

Made by `deploy/sigma/build.py` from the detectors' `about.attack`; a test compares it with the code and every id with Enterprise ATT&CK 18.1.

A rule names a technique only where it sees the technique at work. What it finds neglected names the mitigations (M...) that are missing: an open
screen or an old Windows is no attack, and no SOC should count it as one. Documents keep the two apart: `threat.technique.id` and `vonggac.mitigations`.

| rule | findings | says | techniques | mitigations |
|---|---|---|---|---|
"""
_FOOT = """
Not named, though near: T1078, T1555.003, T1005 (accounts, saved passwords and kept papers are only exposed, nobody was seen taking them), T1562.004 (who
switched a firewall off is not seen), T1588.002 (a pirated Windows is no adversary's tool), T1133 (a port that is open is not a service in use), T1505.003
(a web shell is not seen from outside), T1091 (a stick that was plugged in replicated nothing that we saw), T1021.001 (Remote Desktop switched on is no session;
VG-NET-07 sees sessions). VG-END-08 names T1219 for the tools it finds installed too: whether somebody uses them stands in the finding.

© 2025 The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation.
"""


def techniques(about: About) -> list[str]:
    """What it sees at work."""
    return [code for code in about.attack if code.startswith("T")]


def mitigations(about: About) -> list[str]:
    """What it finds missing."""
    return [code for code in about.attack if code.startswith("M")]


def tags(about: About) -> list[str]:
    """Sigma's own namespace for techniques and their tactics; it has none for mitigations, nor for the findings of the inspections."""
    tactics = dict.fromkeys(tactic for code in techniques(about) for tactic in ATTACK["techniques"][code]["tactics"])
    seen = [f"attack.{name}" for name in (*tactics, *(code.lower() for code in techniques(about)))]
    return seen + [f"vonggac.{code.lower()}" for code in mitigations(about)] + [f"vonggac.finding-{number}" for number in about.findings]


def rule(about: About) -> dict[str, Any]:
    """One rule: a finding of this detector began."""
    return {
        "title": f"{about.id} {about.title.en}",
        "id": str(uuid.uuid5(_NAMESPACE, about.id)),
        "status": "experimental",
        "description": f"{about.title.vi}. How bad one finding is stands in event.severity (21, 47, 73, 99); level is that of the kind.",
        "author": "Vọng Gác",
        "date": _DATE,
        "tags": tags(about),
        "logsource": {"product": "vonggac", "service": "finding"},
        "detection": {
            "selection": {"event.kind": "alert", "rule.id": about.id, "vonggac.finding.step": ["opened", "reopened"]},
            "condition": "selection",
        },
        "falsepositives": ["What docs/detectors.md says of this rule"],
        "level": "high" if techniques(about) else "medium",
    }


def rules() -> dict[str, str]:
    """The text of every rule by the name of its file."""
    abouts = [detector.about for detector in build_all()]
    return {f"{about.id.lower()}.yml": yaml.safe_dump(rule(about), allow_unicode=True, sort_keys=False, width=150) for about in abouts}


def table() -> str:
    """docs/attack.md."""
    return _HEAD + "".join(_row(detector.about) for detector in build_all()) + _FOOT


def _row(about: About) -> str:
    seen = ", ".join(f"{code} {ATTACK['techniques'][code]['name']}" for code in techniques(about))
    missing = ", ".join(f"{code} {ATTACK['mitigations'][code]}" for code in mitigations(about))
    numbers = ", ".join(map(str, about.findings))
    return f"| {about.id} | {numbers} | {about.title.vi} | {seen} | {missing} |\n"


def main() -> None:
    """Writes both; a rule whose detector is gone goes too."""
    RULES.mkdir(exist_ok=True)
    made = rules()
    for path in RULES.glob("*.yml"):
        if path.name not in made:
            path.unlink()
    for name, text in made.items():
        (RULES / name).write_text(text)
    TABLE.write_text(table())


if __name__ == "__main__":
    main()
