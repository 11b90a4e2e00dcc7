"""Recordings of the real probe program in the laboratory (tests/cases/probes), judged again without root: the same verdicts, and what an hour later says."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from collector.decode.pipeline import Pipeline
from collector.engine import Engine
from collector.registry import build_all
from model.declared import Declared, Zone
from model.facts import SensorHeard
from model.site import SiteView
from model.times import HOUR, MINUTE, SECOND
from model.verdict import Subject
from model.wirefacts import ProbeRan
from tests.decode.frames import read

CASES = sorted(path for path in (Path(__file__).parents[1] / "cases/probes").iterdir() if path.is_dir())
LEGS = {"can-bo": "staff", "nguoi-dan": "citizen"}
LIMIT = 20_000  # bytes a case


def expected(case: Path) -> dict:
    return json.loads((case / "expected.json").read_text())


def facts_of(case: Path) -> tuple[bytes, list]:
    """The key, and everything that was told, in order of time."""
    told = json.loads((case / "runs.json").read_text())
    facts = [msgspec.convert({key: value for key, value in run.items() if value != ""} | {"fact": "probe"}, ProbeRan) for run in told["runs"]]
    for leg in LEGS:
        pipeline = Pipeline(f"capture:{leg}", leg, 1)
        for _, at, data in read(case / f"{leg}.pcap"):
            facts += pipeline.decode(at, data)
    return bytes.fromhex(told["key"]), sorted(facts, key=lambda fact: fact.at)


def played(case: Path, key: bytes = b"") -> Engine:
    """A site whose legs were listened to from five minutes before to an hour after."""
    own, facts = facts_of(case)
    zones = (*(Zone(leg=leg, role=role) for leg, role in LEGS.items()), Zone(leg="nguoi-dan", vlan=(20,), role="citizen"))
    start, end = facts[0].at, facts[-1].at
    engine = Engine(SiteView(Declared(site="xa-thu", legs=tuple(LEGS), zones=zones), key=key or own, now=start), build_all())
    beats = [SensorHeard(at=at, sensor=f"capture:{leg}", leg=leg, vantage="plain") for leg in LEGS for at in range(start - 5 * MINUTE, end + HOUR, MINUTE)]
    for fact in sorted([*facts, *beats], key=lambda fact: fact.at):
        engine.tick(max(engine.view.now, fact.at // SECOND * SECOND))
        engine.take(fact)
    engine.tick(end + HOUR)
    return engine


def verdict_of(engine: Engine, case: Path):
    return engine.verdicts["VG-NET-01", Subject("segments", expected(case)["pair"])]


def test_there_are_recordings_of_every_kind():
    assert {case.name for case in CASES} >= {
        "flat", "separate", "isolated-both", "isolated-one", "one-way", "mdns-reflector", "relayed", "same-prefix", "dhcp-relay", "vrrp", "tagged", "roaming",
        "routed",
    }  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_is_whole_and_small(case):
    assert {file.name for file in case.iterdir()} == {"about.md", "expected.json", "runs.json", "can-bo.pcap", "nguoi-dan.pcap"}
    assert sum(file.stat().st_size for file in case.iterdir()) < LIMIT


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_recording_is_judged_as_in_the_laboratory(case):
    verdict = verdict_of(played(case), case)
    told = {"outcome": verdict.outcome.value, "ladder": dict(verdict.state)["ladder"]}
    if verdict.outcome.value == "violation":
        told |= {"severity": verdict.severity.value, "grade": verdict.grade.value, **{key: value for key, value in verdict.state if key == "ways"}}
    assert told == {key: value for key, value in expected(case).items() if key not in {"pair", "techniques"}}
    seen = dict(piece.value.split(" ", 1) for piece in verdict.evidence if piece.kind == "probe" and piece.value.count(" ") == 1)
    assert {name: seen.get(name) for name in expected(case)["techniques"]} == expected(case)["techniques"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_recording_proves_anything_to_a_box_with_another_key(case):
    verdicts = played(case, b"another box's key").verdicts.items()
    rungs = {dict(verdict.state)["ladder"] for (rule, subject), verdict in verdicts if rule == "VG-NET-01" and subject.kind == "segments"}
    assert rungs
    assert rungs.isdisjoint({"proven_shared_l2", "shared_l2", "routed_reachable"})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_probe_of_ours_becomes_a_device(case):
    view = played(case).view
    ours = {run["client"] for run in json.loads((case / "runs.json").read_text())["runs"] if run["client"].startswith("ee:b5:")}
    assert ours.isdisjoint(view.by_mac)
