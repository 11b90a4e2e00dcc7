"""The laboratory's recordings, replayed without root, give what the playing gave: tests/lab/test_scenarios.py holds that to the same description."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab.scene import VANTAGES, Names, declare, differences, scenarios
from tests.replay.scenes import replayed

ALL = scenarios()
# All recordings of the repository together; a scenario's are some KB.
LIMIT = 20_000_000
CASES = [pytest.param(scenario, vantage, id=f"{scenario.name}-{vantage}") for scenario in ALL for vantage in VANTAGES]


@pytest.mark.parametrize(("scenario", "vantage"), CASES)
def test_a_recording_gives_what_the_playing_gave(scenario, vantage, tmp_path):
    names = Names(declare(scenario, tmp_path / "names"), vantage)
    assert differences(scenario.expected(vantage), replayed(scenario, vantage, tmp_path), names) == []


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_a_scenario_is_described_whole(scenario):
    assert {file.name for file in scenario.folder.iterdir() if file.is_file()} - {"mirror.told.gz", "plain.told.gz"} == {
        "scenario.toml", "play.py", "mirror.pcapng.gz", "plain.pcapng.gz",
    }  # fmt: skip
    assert scenario.software or scenario.built


def test_recordings_stay_small():
    root = Path(__file__).parents[2]
    recordings = [path for folder in ("tests", "deploy") for pattern in ("*.pcap", "*.pcapng.gz", "*.told.gz") for path in (root / folder).rglob(pattern)]
    assert len(recordings) > 2 * len(ALL)
    assert sum(path.stat().st_size for path in recordings) < LIMIT
