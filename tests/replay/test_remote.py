"""Recordings of remote control: each end with its product, stage and guard, and nothing of who logged in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import corpus
from tests.replay.played import json_of, played

CASES = [path for path in corpus.lab_captures() if "remote" in json.loads((path.parent / "expected.json").read_text())]


def told(player):
    """Of each device the worst sign that stands."""
    return {
        change.macs[0]: {**dict(change.finding.facets), "severity": str(change.finding.severity)}
        for change in player.engine.standing()
        if change.finding.detector == "VG-NET-07"
    }


def wanted(capture: Path):
    return {row.pop("mac"): row for row in json.loads((capture.parent / "expected.json").read_text())["remote"]}


def assert_as_described(capture: Path, description: Path) -> None:
    found, expected = told(played(capture)), wanted(description)
    assert found.keys() == expected.keys()
    for mac, row in expected.items():
        # What a server tells of its guard comes after the finding; its sentence has it at once, its facets within the hold.
        assert {**found[mac], "security": row["security"]} == row


@pytest.mark.parametrize("capture", CASES, ids=lambda path: path.parent.name)
def test_both_ends_are_found_as_far_as_they_went(capture):
    assert_as_described(capture, capture)


def test_there_are_recordings_of_each_kind():
    assert {path.parent.name for path in CASES} >= {"remote-vnc-open", "remote-vnc-refused", "remote-vnc-password", "remote-rdp-xrdp"}


def test_the_name_in_a_cookie_is_in_no_output():
    capture = next(path for path in CASES if path.parent.name == "remote-rdp-xrdp")
    assert b"mstshash=thu" in capture.read_bytes()
    told = json_of(played(capture))
    assert b"VG-NET-07" in told
    assert b"mstshash" not in told
    assert b"thu" not in told.replace(b"xa-thu", b"")


@pytest.mark.parametrize(("name", "words"), [("remote-vnc-open", "không cần mật khẩu"), ("remote-rdp-xrdp", "không có NLA")])
def test_a_weak_guard_is_said_in_words(name, words):
    capture = next(path for path in CASES if path.parent.name == name)
    said = [change.finding.summary.vi for change in played(capture).engine.standing() if change.finding.detector == "VG-NET-07"]
    assert any(words in sentence for sentence in said)
