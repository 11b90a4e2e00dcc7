"""The quick ones of the laboratory's scenarios, live at both vantages; `make lab` plays all of them. Each is as its folder describes it."""

from __future__ import annotations

import os

import play
import pytest
import scene
import stage

pytestmark = pytest.mark.root

QUICK = [scenario for scenario in scene.scenarios() if scenario.quick]
PROGRAMS = ("Xvnc", "gmediarender", "radvd")


@pytest.fixture
def laboratory() -> None:
    """Without root or its programs (deploy/setup.sh dev) a playing fails under CI and is skipped elsewhere."""
    missing = [*stage.needed(*PROGRAMS), *(["root"] if os.geteuid() != 0 else [])]
    if missing and not os.environ.get("CI"):
        pytest.skip(f"the laboratory needs {', '.join(missing)}")


@pytest.mark.usefixtures("laboratory")
@pytest.mark.parametrize("scenario", QUICK, ids=lambda scenario: scenario.name)
def test_a_playing_is_as_described(scenario: scene.Scenario) -> None:
    played = play.play(scenario)
    assert played.wrong == []
    assert set(played.seconds) == {(vantage, found) for vantage in scene.VANTAGES for found in scenario.expected(vantage)}


def test_a_finding_that_is_not_described_is_told() -> None:
    scenario = next(scenario for scenario in QUICK if scenario.found)
    names = scene.Names(scene.Declared(site=scene.SITE), "mirror")
    [wrong, *_] = scene.differences(scenario.found, [], names)
    assert wrong.startswith("missing: VG-NET-")


def test_the_table_has_a_row_for_each_finding() -> None:
    scenario = next(scenario for scenario in QUICK if scenario.name == "dlna-push")
    rows = play.row_of(play.Played(scenario, seconds={("mirror", scenario.found[0]): 0.25}))
    assert [row.split("|")[4].split()[0] for row in rows] == ["VG-NET-02", "VG-NET-03"]
    assert "by_design: 0.2 s" in rows[0]
    assert rows[1].endswith("| nothing |")
