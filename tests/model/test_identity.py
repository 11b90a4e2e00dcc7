"""A phone that changes its random address is one device; a name everybody has joins nobody."""

from __future__ import annotations

import pytest

from model.declared import Declared
from model.facts import AddressSeen, DhcpClientSeen, NameSeen
from model.identity import signs_of
from model.site import SiteView, fold
from model.times import DAY, HOUR, MINUTE, SECOND

MORNING = 1_752_541_200 * SECOND
ANDROID = {"vendor_class": "android-dhcp-14", "parameters": (1, 3, 6, 15, 26, 28, 51, 58, 59, 43, 114, 108)}


def day_mac(day, phone=0):
    return f"{(day << 4 | 2) & 255:02x}:{phone:02x}:00:00:00:{day & 255:02x}"


def ask(view, at, mac, name="", **said):
    fold(view, DhcpClientSeen(at=at, leg="lan", mac=mac, message="request", host_name=name, **{**ANDROID, **said}))
    fold(view, AddressSeen(at=at + SECOND, leg="lan", mac=mac, ip="192.168.1.50"))


def test_a_phone_with_a_name_of_its_own_is_one_device_over_weeks():
    view = SiteView(Declared(site="xa"), now=MORNING)
    for day in range(14):
        ask(view, MORNING + day * DAY, day_mac(day), "Lan-A12")
    assert len(view.assets) == 1
    asset = next(iter(view.assets.values()))
    assert (asset.seen.first, len(asset.macs)) == (MORNING, 14)
    assert asset.id == view.asset_id(day_mac(0))


def test_the_first_id_is_kept_and_the_others_become_aliases():
    view = SiteView(Declared(site="xa"), now=MORNING)
    ask(view, MORNING, day_mac(0), "Lan-A12")
    ask(view, MORNING + DAY, day_mac(1), "Lan-A12")
    assert view.aliases == {view.asset_id(day_mac(1)): view.asset_id(day_mac(0))}


@pytest.mark.parametrize("name", ["iPhone", "Android", "localhost", ""])
def test_a_name_that_everybody_has_joins_nobody(name):
    view = SiteView(Declared(site="xa"), now=MORNING)
    for day in range(5):
        ask(view, MORNING + day * DAY, day_mac(day), name)
    assert len(view.assets) == 5


def test_the_same_client_identifier_joins_what_has_a_common_name():
    view = SiteView(Declared(site="xa"), now=MORNING)
    for day in range(3):
        ask(view, MORNING + day * DAY, day_mac(day), "iPhone", client_id="ff:aa:bb:cc:dd:00:01")
    assert len(view.assets) == 1


def test_an_identifier_that_is_the_address_is_no_sign():
    view = SiteView(Declared(site="xa"), now=MORNING)
    for day in range(3):
        ask(view, MORNING + day * DAY, day_mac(day), "", client_id="01:" + day_mac(0))
    assert len(view.assets) == 3


def test_two_phones_there_at_once_are_two_whatever_they_say():
    view = SiteView(Declared(site="xa"), now=MORNING)
    ask(view, MORNING, day_mac(0), "Lan-A12")
    ask(view, MORNING + HOUR, day_mac(0), "Lan-A12")
    ask(view, MORNING + 30 * MINUTE, day_mac(1), "Lan-A12")
    assert len(view.assets) == 2


def test_one_sign_alone_is_not_enough():
    view = SiteView(Declared(site="xa"), now=MORNING)
    for day in range(2):
        fold(view, NameSeen(at=MORNING + day * DAY, leg="lan", mac=day_mac(day), name="lan-a12.local.", via="mdns"))
    assert len(view.assets) == 2


def test_a_pc_keeps_its_own_address_and_is_never_joined_by_name():
    view = SiteView(Declared(site="xa"), now=MORNING)
    for number in range(2):
        ask(view, MORNING + number * DAY, f"00:06:5b:00:00:{number:02x}", "PC-TIEPNHAN")
    assert len(view.assets) == 2


def test_signs_are_hashes_under_the_box_key():
    open_view = SiteView(Declared(site="xa"), now=MORNING)
    keyed = SiteView(Declared(site="xa"), now=MORNING, key=b"k" * 32)
    for view in (open_view, keyed):
        ask(view, MORNING, day_mac(0), "Lan-A12")
    one, other = (signs_of(view, next(iter(view.assets.values()))) for view in (open_view, keyed))
    assert one != other
    assert not any("lan" in sign.partition(":")[2] for sign in one)
