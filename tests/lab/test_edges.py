"""Real mappings, a phone's line and a hidden router: what is found of them at a mirror port and at a plain one.

With VONGGAC_RECORD set, each case is recorded anew into tests/cases/lab; tests/replay/test_edges.py plays them without root.
"""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import capturefile
import pytest
from edges import CASES, SCENARIOS, Place
from lab import Net, recording

from tests.replay.edges import expected, findings

pytestmark = pytest.mark.root
RECORD = bool(os.environ.get("VONGGAC_RECORD"))
START = datetime.datetime(2025, 7, 15, 1, 0, tzinfo=datetime.UTC)
# Each scenario once, at the port that shows most of it; all of them at both when they are recorded.
LIVE = ["mapping-upnp-mirror", "mapping-natpmp-mirror", "mapping-deleted-mirror", "tether-phone-plain", "hidden-router-mirror", "containers-mirror"]
BOTH = [f"{name}-{vantage}" for name in SCENARIOS for vantage in ("mirror", "plain")]


def kept(heard: Path, name: str) -> None:
    frames = list(capturefile.read(heard))
    shift = int(START.timestamp()) * 1_000_000 - frames[0].at
    (CASES / name).mkdir(exist_ok=True)
    capturefile.write_pcap(CASES / name / "capture.pcap", [frame.moved(frame.at + shift) for frame in frames])


@pytest.mark.parametrize("name", BOTH if RECORD else LIVE)
def test_it_is_found_as_in_the_recording(net: Net, name: str) -> None:
    scenario, _, vantage = name.rpartition("-")
    place = Place(net, net.segment("lan", flooding=vantage == "mirror"))
    heard = net.folder / "heard.pcap"
    with recording(place.segment.leg(), heard):
        SCENARIOS[scenario](place)
    if RECORD:
        kept(heard, name)
    assert findings(heard, name) == expected(name)
