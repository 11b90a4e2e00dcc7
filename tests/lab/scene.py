"""What a scenario of the laboratory is: a folder with its description, what must be found at which vantage, and its recordings. Needs no root.

scenarios/<name>/scenario.toml   hosts, declared data, expectations (`Scenario`)
                 play.py         what happens: `play(stage)`, see stage.py
                 mirror.pcapng.gz, plain.pcapng.gz    recorded by play.py, one interface a leg
                 mirror.told.gz, plain.told.gz        what the box's own sensors told beside its capture, where it has any

The list of findings is whole: what is not in it must not be found, at either vantage.
"""

from __future__ import annotations

import gzip
import hashlib
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from collector.declared import load
from model.declared import Declared
from model.facts import AnyFact
from model.ledger import Change
from model.rows import HASH
from model.site import SiteView
from model.verdict import Verdict

FOLDER = Path(__file__).parent / "scenarios"
VANTAGES = ("mirror", "plain")
SITE = "xa-thu"

Vantage = Literal["mirror", "plain"]


class Segment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A segment, its role, and the box's leg on it (same name). `on`: it is the switch of that other segment. `box`: addresses of the two boxes."""

    name: str = "lan"
    role: str = "citizen"
    on: str = ""
    box: tuple[str, str] = ("", "")


class Found(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A finding that must stand at the end, about the device with `mac` or another `subject`."""

    detector: str
    mac: str = ""
    subject: str = ""
    state: str = "open"
    severity: str
    grade: str
    at: tuple[Vantage, ...] = VANTAGES

    def told(self) -> str:
        """As a line of an error."""
        return f"{self.detector} {self.mac or self.subject}: {self.state}, {self.severity}, {self.grade}"


class Said(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A verdict that must be said live though it is no finding: unknown where the vantage does not allow more, or clear. `words`: a part of its sentences."""

    detector: str
    mac: str = ""
    subject: str = ""
    outcome: str
    words: str = ""
    at: tuple[Vantage, ...] = VANTAGES


class Scenario(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A folder's description. `software`: Debian or Python packages or npm modules that play; `built`: what is made from a published description instead."""

    title: str
    software: tuple[str, ...] = ()
    built: str = ""
    quick: bool = False
    segments: tuple[Segment, ...] = (Segment(),)
    declared: dict[str, str] = {}
    probes: tuple[str, ...] = ()
    config: str = ""
    found: tuple[Found, ...] = ()
    said: tuple[Said, ...] = ()
    name: str = ""

    @property
    def folder(self) -> Path:
        """Where it lives."""
        return FOLDER / self.name

    @property
    def legs(self) -> tuple[str, ...]:
        """The box's legs, in the order of the recordings' interfaces."""
        return tuple(segment.name for segment in self.segments)

    @property
    def tells(self) -> bool:
        """Whether the box asks by itself: then its recording is more than its frames."""
        return bool(self.probes or self.config)

    def recording(self, vantage: Vantage) -> Path:
        """The frames heard at that vantage."""
        return self.folder / f"{vantage}.pcapng.gz"

    def expected(self, vantage: Vantage) -> list[Found]:
        """The findings that must stand there."""
        return [found for found in self.found if vantage in found.at]


def scenarios() -> list[Scenario]:
    """All of them, by name."""
    return [read(path.parent) for path in sorted(FOLDER.glob("*/scenario.toml"))]


def read(folder: Path) -> Scenario:
    """One scenario; msgspec.ValidationError for a key that is not known."""
    return msgspec.convert({**tomllib.loads((folder / "scenario.toml").read_text()), "name": folder.name}, Scenario)


def key_of(vantage: str) -> bytes:
    """The key of the box at that vantage: the same at every playing, so that what it signed and hashed can be replayed."""
    return hashlib.sha256(f"vonggac laboratory {vantage}".encode()).digest()


def declare(scenario: Scenario, folder: Path) -> Declared:
    """Writes the declared folder, and reads it as the box does."""
    folder.mkdir(parents=True)
    zones = "".join(f'\n[[zones]]\nleg = "{each.name}"\nrole = "{each.role}"\n' for each in scenario.segments if each.role)
    for name, text in {"site.toml": f'site = "{SITE}"\n{zones}', **scenario.declared}.items():
        (folder / name).write_text(text if name != "site.toml" or "site =" in text else f'site = "{SITE}"\n{zones}{text}')
    return load(folder, scenario.legs)


def told(scenario: Scenario, vantage: Vantage) -> list[AnyFact]:
    """What the box's own sensors told beside its capture, in the order they did."""
    file = scenario.folder / f"{vantage}.told.gz"
    return [] if not file.exists() else msgspec.json.decode(b"[" + b",".join(gzip.decompress(file.read_bytes()).splitlines()) + b"]", type=list[AnyFact])


class Names:
    """Finds a device of the description in what the box says of it: by the id that its key gives, or by the address where that is kept."""

    def __init__(self, declared: Declared, vantage: Vantage) -> None:
        self._view = SiteView(declared, key=key_of(vantage))

    def fits(self, wanted: Found | Said, subject: str, macs: Sequence[str] = ()) -> bool:
        """Whether what was said is about the wanted device."""
        station = self._view.asset_id(wanted.mac)
        return subject == wanted.subject if wanted.subject else subject == station or wanted.mac in macs or HASH + station in macs


def differences(expected: Iterable[Found], standing: Iterable[Change], names: Names) -> list[str]:
    """What was expected and is not there, and what is there and was not expected; empty when all is as described."""
    left = list(standing)
    wrong = []
    for wanted in expected:
        match = next((change for change in left if same(wanted, change, names)), None)
        if match is None:
            wrong.append(f"missing: {wanted.told()}")
        else:
            left.remove(match)
    return wrong + [f"not expected: {_told(change)}" for change in left]


def same(wanted: Found, change: Change, names: Names) -> bool:
    """Whether that is the wanted finding."""
    finding = change.finding
    like = (finding.detector, finding.state, finding.severity.value, finding.grade.value) == (wanted.detector, wanted.state, wanted.severity, wanted.grade)
    return like and names.fits(wanted, finding.subject.id, change.macs)


def unsaid(wanted: Iterable[Said], verdicts: Sequence[Verdict], names: Names) -> list[str]:
    """The verdicts that were to be said and were not, with what was said instead."""
    wrong = []
    for each in wanted:
        own = [verdict for verdict in verdicts if verdict.detector == each.detector and names.fits(each, verdict.subject.id)]
        if not any(verdict.outcome.value == each.outcome and each.words in _words(verdict) for verdict in own):
            instead = [(verdict.outcome.value, _words(verdict)) for verdict in own]
            wrong.append(f"not said: {each.detector} {each.mac or each.subject}: {each.outcome} {each.words!r}; instead {instead}")
    return wrong


def _words(verdict: Verdict) -> str:
    return f"{verdict.summary.vi} {verdict.reason.vi if verdict.reason else ''}"


def _told(change: Change) -> str:
    finding = change.finding
    whom = ",".join(change.macs) or finding.subject.id
    return f"{finding.detector} {whom}: {finding.state}, {finding.severity.value}, {finding.grade.value} ({finding.summary.vi})"
