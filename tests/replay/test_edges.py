"""Recorded mappings, a phone's line and a hidden router, and their honest twins: found without root as they were found live."""

from __future__ import annotations

import pytest

from tests import corpus
from tests.replay import edges


def test_there_are_recordings_of_each_scenario_at_both_vantages():
    both = {name.rpartition("-")[0] for name in edges.names()}
    assert len(edges.names()) == 2 * len(both) >= 12


@pytest.mark.parametrize("name", edges.names())
def test_the_recording_gives_what_was_found_live(name):
    assert edges.findings(corpus.LAB / name / "capture.pcap", name) == edges.expected(name)
