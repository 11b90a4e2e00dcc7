"""Recorded takeovers of addresses and ways out, and their honest twins: found without root as they were found live."""

from __future__ import annotations

import pytest

from tests import corpus
from tests.replay import takeovers


def test_there_are_recordings_of_each_scenario_at_both_vantages():
    both = {name.rpartition("-")[0] for name in takeovers.names()}
    assert len(takeovers.names()) == 2 * len(both) >= 14


@pytest.mark.parametrize("name", takeovers.names())
def test_the_recording_gives_what_was_found_live(name):
    assert takeovers.findings(corpus.LAB / name / "capture.pcap", name) == takeovers.expected(name)
