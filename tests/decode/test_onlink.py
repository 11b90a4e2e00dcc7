"""Which sources an IP packet proves to be on this segment."""

import pytest

from collector.decode import onlink
from tests.decode.frames import TV, packet

EVERYBODY = "ff:ff:ff:ff:ff:ff"
ROUTER = "a4:f4:c2:10:20:01"


@pytest.mark.parametrize(
    ("source", "target", "peer_mac", "protocol", "via"),
    [
        ("192.168.10.31", "224.0.0.251", "01:00:5e:00:00:fb", 17, "multicast"),
        ("203.0.113.5", "224.0.0.252", "01:00:5e:00:00:fc", 17, "multicast"),  # link-local group: never forwarded, so it is a neighbour
        ("192.168.10.31", "255.255.255.255", EVERYBODY, 17, "multicast"),
        ("192.168.10.31", "239.255.255.250", "01:00:5e:7f:ff:fa", 17, "multicast"),
        ("203.0.113.5", "239.255.255.250", "01:00:5e:7f:ff:fa", 17, None),  # a routed group
        ("192.168.10.31", "192.168.10.255", EVERYBODY, 17, "multicast"),
        ("10.9.8.7", "172.16.0.255", EVERYBODY, 17, "multicast"),
        ("147.229.181.5", "147.229.183.255", EVERYBODY, 17, "multicast"),  # public, but it calls its own network
        ("203.0.113.5", "192.168.10.255", EVERYBODY, 17, None),  # a directed broadcast from outside
        ("192.168.10.31", "192.168.10.255", ROUTER, 17, None),  # an ordinary host that ends in .255
        ("203.0.113.5", "239.1.2.3", "01:00:5e:01:02:03", 2, "multicast"),  # IGMP
        ("203.0.113.5", "239.1.2.3", "01:00:5e:01:02:03", 17, None),
        ("192.168.10.31", "239.1.2.3", "01:00:5e:01:02:03", 17, None),  # a video stream: the kernel keeps it out
        ("0.0.0.0", "255.255.255.255", EVERYBODY, 17, None),
        ("127.0.0.1", "224.0.0.251", "01:00:5e:00:00:fb", 17, None),
        ("224.0.0.251", "224.0.0.251", "01:00:5e:00:00:fb", 17, None),
        ("192.168.20.9", "192.168.10.31", TV, 17, None),  # routed unicast binds nothing
        ("169.254.7.7", "192.168.10.31", TV, 17, "link"),
        ("fe80::31", "ff02::fb", "33:33:00:00:00:fb", 17, "multicast"),
        ("2001:db8::31", "ff02::fb", "33:33:00:00:00:fb", 17, "multicast"),
        ("2001:db8::31", "ff05::c", "33:33:00:00:00:0c", 17, None),
        ("fe80::31", "ff05::c", "33:33:00:00:00:0c", 17, "link"),
        ("fe80::31", "fe80::1", ROUTER, 17, "link"),
        ("2001:db8::31", "2001:db8::1", ROUTER, 17, None),
        ("::", "ff02::16", "33:33:00:00:00:16", 58, None),
    ],
)
def test_scope_decides(source, target, peer_mac, protocol, via):
    facts = onlink.decode(packet(b"\x8f" + bytes(20), mac=TV, ip=source, peer_ip=target, peer_mac=peer_mac, protocol=protocol))
    assert [(fact.mac, fact.ip, fact.via) for fact in facts] == ([(TV, source, via)] if via else [])


@pytest.mark.parametrize("mac", ["", "00:00:5e:00:01:0a", "00:00:5e:00:02:0a", "00:00:0c:07:ac:01", "00:00:0c:9f:f0:01"])
def test_a_virtual_routers_mac_is_no_station(mac):
    assert onlink.decode(packet(b"", mac=mac)) == ()


def test_neighbour_discovery_is_left_to_its_own_decoder():
    assert onlink.decode(packet(b"\x87" + bytes(23), ip="fe80::31", peer_ip="ff02::1", protocol=58)) == ()
