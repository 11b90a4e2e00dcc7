"""100,000 made-up addresses a minute: memory is bounded, real screens stay, and what is lost is counted."""

from __future__ import annotations

import pytest

from collector.engine import Engine
from detectors.open_display import OpenDisplay
from model.declared import Declared
from model.facts import AddressSeen, DhcpClientSeen, ServiceAdvertised
from model.site import MAX_SEGMENTS, SiteView, fold
from model.times import MINUTE, SECOND

START = 1_752_541_200 * SECOND
FLOOD = 100_000
SCREEN = "00:e0:4c:0d:01:31"


def advert(at, mac, ip="192.168.1.5", instance="TV"):
    return ServiceAdvertised(at=at, leg="lan", mac=mac, ip=ip, service="_googlecast._tcp.local.", instance=instance, port=8009, text=(("ca", "5"),))


def made_up(kind, at, number):
    mac = f"02:{number >> 24 & 255:02x}:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}:00"
    ip = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    match kind:
        case "arp":
            return [AddressSeen(at=at, leg="lan", mac=mac, ip=ip)]
        case "arp twice":
            return [AddressSeen(at=at, leg="lan", mac=mac, ip=ip), AddressSeen(at=at + 1, leg="lan", mac=mac, ip=ip)]
        case "dhcp":
            return [DhcpClientSeen(at=at, leg="lan", mac=mac, message="discover", host_name=f"h{number}", parameters=(1, 3, 6))]
        case _:
            return [advert(at, mac, ip, f"x{number}")]


def flooded(kind, *, minutes=1):
    engine = Engine(SiteView(Declared(site="xa"), now=START, max_assets=1_000, max_probation=500), [OpenDisplay()])
    engine.take(advert(START, SCREEN))
    for number in range(FLOOD):
        for fact in made_up(kind, START + number * minutes * MINUTE // FLOOD, number):
            engine.take(fact)
    return engine


@pytest.mark.parametrize("kind", ["arp", "arp twice", "dhcp", "cast"])
def test_a_flood_neither_grows_the_view_nor_pushes_a_screen_out(kind):
    engine = flooded(kind)
    view = engine.view
    assert len(view.assets) <= view.max_new + 1
    assert len(view.probation) <= view.max_probation
    assert len(view.by_mac) <= len(view.assets)
    assert len(view.by_identity) <= 4 * len(view.assets)
    assert SCREEN in view.by_mac
    assert view.overflowed + view.evicted > FLOOD // 2


def test_a_screen_that_comes_after_the_flood_is_found():
    engine = flooded("dhcp")
    late = "00:f6:20:0d:02:31"
    engine.take(advert(START + 2 * MINUTE, late, "192.168.1.9", "TV khu chờ"))
    found = {engine.view.by_mac[mac] for mac in (SCREEN, late)}
    assert {finding.subject.id for finding in engine.findings.values()} == found


def test_made_up_vlan_tags_make_a_bounded_number_of_segments():
    view = SiteView(Declared(site="xa"), now=START)
    for tag in range(4_096):
        fold(view, DhcpClientSeen(at=START, leg="lan", mac=SCREEN, vlan=(tag, tag), message="discover"))
    assert len(view.segments) == MAX_SEGMENTS
    assert view.overflowed == 4_096 - MAX_SEGMENTS
