"""Real arpspoof, DHCP servers, relay and router advertisers: what is found of them at a mirror port and at a plain one.

With VONGGAC_RECORD set, each case is recorded anew into tests/cases/lab; tests/replay/test_takeovers.py plays them without root.
"""

from __future__ import annotations

import contextlib
import datetime
import os
from pathlib import Path

import capturefile
import pytest
from lab import Net, recording
from takeovers import CASES, SCENARIOS, Place

from tests.replay.takeovers import expected, findings

pytestmark = pytest.mark.root
RECORD = bool(os.environ.get("VONGGAC_RECORD"))
# arpspoof learns its victim's address by an empty datagram to port 67, which is no DHCP.
HEARD = "arp or icmp6 or vrrp or ((udp port 67 or udp port 68) and greater 200)"
START = datetime.datetime(2025, 7, 15, 1, 0, tzinfo=datetime.UTC)
# Each scenario once, at the port that shows most of it; all of them at both when they are recorded.
LIVE = [
    "arpspoof-one-mirror",
    "arpspoof-all-plain",
    "dhcp-two-servers-plain",
    "dhcp-refusals-mirror",
    "ra-two-routers-plain",
    "dhcp-relay-mirror",
    "failover-vrrp-mirror",
]
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
    with recording(place.segment.leg(), heard, HEARD), contextlib.closing(place):
        SCENARIOS[scenario](place)
    if RECORD:
        kept(heard, name)
    assert findings(heard, name) == expected(name)
