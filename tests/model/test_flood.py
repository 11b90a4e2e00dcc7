"""100,000 made-up addresses a minute: memory is bounded, real screens stay, and what is lost is counted."""

from __future__ import annotations

import pytest

from collector.engine import Engine
from detectors.open_display import OpenDisplay
from model.declared import Declared
from model.facts import AddressSeen, DhcpClientSeen, ServiceAdvertised
from model.site import MAX_SEGMENTS, SiteView, fold
from model.times import HOUR, MINUTE, SECOND
from model.turned import MOST, TurnedAway

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


def test_a_screen_that_comes_in_the_flood_is_found_once_it_speaks_again():
    engine = Engine(SiteView(Declared(site="xa"), now=START, max_assets=1_000, max_probation=500), [OpenDisplay()])
    late = "00:f6:20:0d:02:31"
    for number in range(3_000):
        at = START + number * SECOND // 1_000
        engine.take(*made_up("dhcp", at, number))
        if number in {1_000, 1_400}:
            engine.take(advert(at, late))
    assert late not in engine.view.by_mac
    engine.take(advert(START + 3 * SECOND, late))
    assert [finding.subject.id for finding in engine.findings.values()] == [engine.view.by_mac[late]]


def test_made_up_stations_that_come_back_use_up_their_own_share_alone():
    view = SiteView(Declared(site="xa"), now=START)
    for again in range(3):
        for number in range(4_000):
            (fact,) = made_up("dhcp", START + again * 2 * SECOND + number, number)
            fold(view, fact)
    assert len(view.assets) == view.max_new + MOST


def test_those_turned_away_are_forgotten_and_the_latest_last():
    turned = TurnedAway(remembered=10)
    for number in range(1_000):
        assert not turned.may_enter(f"s{number}", START + number)
    assert len(turned) <= 20
    later = START + MINUTE
    assert not turned.may_enter("s900", later)
    assert turned.may_enter("s995", later)


def test_the_offices_own_devices_are_not_the_first_to_make_room():
    view = SiteView(Declared(site="xa"), now=START, max_assets=100)
    own = [f"00:e0:4c:0d:02:{number:02x}" for number in range(40)]
    for minute in range(3):
        for mac in own:
            fold(view, DhcpClientSeen(at=START + minute * MINUTE, leg="lan", mac=mac, message="request"))
    for number in range(400):
        fold(view, *made_up("dhcp", START + 3 * MINUTE + number, number))
    assert len(view.assets) == 100
    assert [mac for mac in own if mac not in view.by_mac] == []


def test_what_was_heard_for_long_and_no_more_makes_room_as_any():
    view = SiteView(Declared(site="xa"), now=START, max_assets=100)
    for minute in (0, 2):
        fold(view, DhcpClientSeen(at=START + minute * MINUTE, leg="lan", mac=SCREEN, message="request"))
    for number in range(400):
        fold(view, *made_up("dhcp", START + 2 * HOUR + number, number))
    assert SCREEN not in view.by_mac
