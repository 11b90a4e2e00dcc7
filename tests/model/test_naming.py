"""What people call a device, a segment and a pair of them."""

import msgspec
import pytest

from model.declared import Server, Zone
from model.facts import AddressSeen
from model.naming import address_of, name_of, pair_name, segment_name
from model.times import HOUR, MINUTE
from tests.model.making import PC, Sensor, declared, view_of

ROUTER = "192.168.10.1"


def seen(*times_and_ips, mac=PC):
    box = Sensor()
    view = view_of([box(AddressSeen, at, mac=mac, ip=ip) for at, ip in times_and_ips])
    return view.assets[view.by_mac[mac]]


def test_who_takes_another_address_keeps_the_name_he_had():
    liar = seen((0, "192.168.10.77"), (MINUTE, "192.168.10.77"), (MINUTE + 1, ROUTER), (2 * MINUTE, ROUTER))
    assert address_of(liar) == name_of(declared(), liar) == "192.168.10.77"


def test_a_new_address_is_the_name_once_the_old_one_is_long_unused():
    assert address_of(seen((0, "192.168.10.20"), (2 * HOUR, "192.168.10.30"), (2 * HOUR + 1, "192.168.10.30"))) == "192.168.10.30"


@pytest.mark.parametrize(("mac", "called"), [(PC, PC), ("a4:f4:c2:10:20:01", ROUTER)])
def test_nobody_but_the_declared_router_is_called_by_its_address(mac, called):
    lawful = declared(routers=(Server(leg="lan", ip=ROUTER, mac="a4:f4:c2:10:20:01"),))
    assert name_of(lawful, seen((0, ROUTER), (1, ROUTER), mac=mac)) == called


def test_segments_are_called_as_declared_and_else_by_their_id():
    zones = (Zone(leg="lan", role="staff", name="Mạng cán bộ"), Zone(leg="lan", role="citizen", vlan=(10,), name="Wi-Fi khách"), Zone(leg="c", role="staff"))
    site = msgspec.structs.replace(declared(), zones=zones)
    assert [segment_name(site, name) for name in ("lan", "lan/10", "lan/20", "c")] == ["Mạng cán bộ", "Wi-Fi khách", "lan/20", "c"]
    assert pair_name(site, "lan|lan/10") == "Mạng cán bộ ↔ Wi-Fi khách"
