"""DHCPv4 in both directions, field by field against scapy, and options that lie."""

import struct
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether

from collector.decode import dhcp4
from collector.decode.dhcp4_options import addresses, domain_names, fqdn, routes
from collector.decode.error import DecodeError
from model.facts import AddressSeen, DhcpClientSeen, DhcpServerSeen, NameSeen
from tests.decode.frames import PC, TV, TV_IP, decode, mac, only, packet

SERVER, SERVER_IP = "a4:f4:c2:10:20:01", "192.168.10.1"
EVERYBODY = "ff:ff:ff:ff:ff:ff"
COOKIE = b"\x63\x82\x53\x63"
HOSTS = st.ip_addresses(v=4).filter(lambda ip: int(ip) > 0).map(str)
WORDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=30)


def message(options: bytes, operation=1, hardware=TV, own="0.0.0.0", yours="0.0.0.0", relay="0.0.0.0", sname=b"", file=b"", kind=1, length=6) -> bytes:
    addressed = b"".join(ip_address(ip).packed for ip in (own, yours, "0.0.0.0", relay))
    head = struct.pack(">BBBBIHH", operation, kind, length, 0, 7, 0, 0) + addressed + mac(hardware).ljust(16, b"\0")
    return head + sname.ljust(64, b"\0") + file.ljust(128, b"\0") + COOKIE + options


def option(number: int, value: bytes) -> bytes:
    return bytes([number, len(value)]) + value


def client(payload: bytes, **fields):
    return dhcp4.decode(packet(payload, **{"ip": "0.0.0.0", "port": 68, "peer_port": 67} | fields))


def server(payload: bytes, **fields):
    return dhcp4.decode(packet(payload, **{"mac": SERVER, "ip": SERVER_IP, "port": 67, "peer_port": 68} | fields))


@given(
    kind=st.sampled_from(["discover", "request", "decline", "release", "inform"]),
    host=WORDS,
    vendor=WORDS,
    wished=st.lists(st.integers(1, 254), max_size=40),
    requested=HOSTS,
    client_id=st.binary(min_size=2, max_size=40),
    relay=st.sampled_from(["0.0.0.0", "10.0.5.1"]),
    name=WORDS,
)
def test_client_round_trip(kind, host, vendor, wished, requested, client_id, relay, name):
    options = [
        ("message-type", kind),
        ("hostname", host),
        ("vendor_class_id", vendor),
        ("param_req_list", wished),
        ("requested_addr", requested),
        ("client_id", client_id),
        (81, b"\x00\x00\x00" + name.encode()),
        ("server_id", SERVER_IP),
        ("lease_time", 7200),
        (82, b"\x01\x04eth7\x02\x02ab"),
        "end",
    ]
    frame = Ether(src=TV, dst=EVERYBODY) / IP(src="0.0.0.0", dst="255.255.255.255") / UDP(sport=68, dport=67)
    frame /= BOOTP(chaddr=mac(TV), giaddr=relay, xid=9) / DHCP(options=options)
    facts = decode(frame)
    seen = only(facts, DhcpClientSeen)
    assert (seen.mac, seen.ip, seen.message, seen.host_name, seen.vendor_class) == (TV, "", kind, host, vendor)
    assert (seen.parameters, seen.requested_ip, seen.client_id) == (tuple(wished), requested, client_id.hex(":"))
    assert (seen.relay, seen.fqdn, seen.circuit) == ("" if relay == "0.0.0.0" else relay, name, "eth7")
    assert (seen.server_id, seen.lease, seen.remote) == (SERVER_IP, 7200, "ab")
    assert only(facts, NameSeen).name == host
    assert not [fact for fact in facts if isinstance(fact, AddressSeen)]


@given(
    kind=st.sampled_from(["offer", "ack", "nak"]),
    offered=HOSTS,
    mask=HOSTS,
    routers=st.lists(HOSTS, min_size=1, max_size=4),
    dns=st.lists(HOSTS, min_size=1, max_size=4),
    domain=WORDS,
    lease=st.integers(0, 2**32 - 1),
    server_id=HOSTS,
)
def test_server_round_trip(kind, offered, mask, routers, dns, domain, lease, server_id):
    options = [
        ("message-type", kind),
        ("server_id", server_id),
        ("subnet_mask", mask),
        ("router", *routers),
        ("name_server", *dns),
        ("domain", domain),
        ("lease_time", lease),
        ("hostname", "pc-01"),
        (81, b"\x03\xff\xffpc-01.gov.vn"),
        (82, b"\x01\x04eth7\x02\x06\x00\x1c\x23\x00\x00\x01"),
        "end",
    ]
    frame = Ether(src=SERVER, dst=TV) / IP(src=SERVER_IP, dst=offered) / UDP(sport=67, dport=68)
    frame /= BOOTP(op=2, chaddr=mac(TV), yiaddr=offered, xid=9) / DHCP(options=options)
    facts = decode(frame, decoders=["dhcp4"])
    seen = only(facts, DhcpServerSeen)
    assert (seen.mac, seen.ip, seen.message, seen.server_id, seen.client_mac) == (SERVER, SERVER_IP, kind, server_id, TV)
    assert (seen.offered_ip, seen.mask, seen.routers, seen.dns) == (offered, mask, tuple(routers), tuple(dns))
    assert (seen.domain, seen.lease, seen.host_name, seen.fqdn) == (domain, lease, "pc-01", "pc-01.gov.vn")
    assert (seen.circuit, seen.remote) == ("eth7", "00:1c:23:00:00:01")
    bound = [(fact.mac, fact.ip, fact.via) for fact in facts if isinstance(fact, AddressSeen)]
    assert bound == ([(TV, offered, "dhcp")] if kind == "ack" else [])


TYPE = {name: option(53, bytes([number])) for number, name in enumerate(["discover", "offer", "request", "decline", "ack", "nak", "release"], 1)}


def test_overload_goes_on_in_file_then_server_name():
    payload = message(
        TYPE["offer"] + option(52, b"\x03") + option(15, b"a.") + b"\xff",
        operation=2,
        file=option(15, b"b.") + option(6, b"\x08\x08\x08\x08") + b"\xff",
        sname=option(15, b"c") + b"\xff",
    )
    seen = only(server(payload), DhcpServerSeen)
    assert (seen.domain, seen.dns) == ("a.b.c", ("8.8.8.8",))


def test_server_name_field_is_no_option_without_overload():
    payload = message(TYPE["offer"] + b"\xff", operation=2, file=option(6, b"\x08\x08\x08\x08"), sname=option(15, b"c"))
    seen = only(server(payload), DhcpServerSeen)
    assert (seen.domain, seen.dns) == ("", ())


def test_long_options_are_joined():
    payload = message(TYPE["discover"] + option(60, b"a" * 255) + option(12, b"pc") + option(60, b"b" * 5) + b"\xff")
    assert only(client(payload), DhcpClientSeen).vendor_class == "a" * 255 + "b" * 5


def test_routes_and_search_list():
    payload = message(
        TYPE["ack"] + option(121, bytes([0, 10, 0, 0, 1, 24, 192, 168, 20, 10, 0, 0, 2])) + option(119, b"\x02xa\x03gov\x02vn\x00\x02xb\xc0\x03"),
        operation=2,
    )
    seen = only(server(payload), DhcpServerSeen)
    assert seen.routes == (("0.0.0.0/0", "10.0.0.1"), ("192.168.20.0/24", "10.0.0.2"))
    assert seen.search == ("xa.gov.vn.", "xb.gov.vn.")


@pytest.mark.parametrize(
    ("fields", "bound"),
    [
        ({"peer_mac": TV}, True),
        ({"peer_mac": EVERYBODY}, True),
        ({"peer_mac": "a4:f4:c2:10:20:99"}, False),  # on its way through a router: the client lives elsewhere
        ({"peer_mac": TV, "peer_port": 67}, False),  # to a relay
    ],
)
def test_an_acknowledgement_binds_on_the_clients_own_link_only(fields, bound):
    facts = server(message(TYPE["ack"], operation=2, yours=TV_IP), **fields)
    assert [fact.ip for fact in facts if isinstance(fact, AddressSeen)] == ([TV_IP] if bound else [])


@pytest.mark.parametrize(
    ("kind", "fields", "bound"),
    [
        ("request", {"ip": TV_IP}, True),
        ("request", {"ip": TV_IP, "mac": SERVER}, False),  # a router brought it
        ("request", {"ip": "0.0.0.0"}, False),
        ("release", {"ip": TV_IP}, False),  # it is giving the address up
    ],
)
def test_a_renewal_binds_the_address_it_speaks_from(kind, fields, bound):
    facts = client(message(TYPE[kind], own=TV_IP), **fields)
    assert [fact.ip for fact in facts if isinstance(fact, AddressSeen)] == ([TV_IP] if bound else [])


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"kind": 32, "length": 0}, PC),  # InfiniBand and others leave chaddr empty: the frame tells
        ({"kind": 32, "length": 0, "relay": "10.0.5.1"}, ""),
        ({"hardware": "00:00:00:00:00:00"}, ""),
    ],
)
def test_a_client_without_an_ethernet_address(fields, found):
    assert only(client(message(TYPE["discover"], **fields), mac=PC), DhcpClientSeen).mac == found


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (message(b"\xff"), "BOOTP"),
        (message(TYPE["offer"]), "a server's message with a client's operation"),
        (message(TYPE["discover"], operation=2), "and the reverse"),
        (message(option(53, b"\x0d")), "leasequery"),
        (message(option(53, b"\x01\x01\x01")), "a type of three bytes"),
        (message(TYPE["discover"])[:236] + bytes(8), "no cookie"),
    ],
)
def test_nothing_to_say(payload, why):
    assert client(payload) == (), why


def test_cut_header():
    with pytest.raises(DecodeError):
        client(message(b"")[:239])


@pytest.mark.parametrize("broken", [b"\x0c", b"\x0c\x09short", b"\x34\x01\x01"])
def test_options_before_a_fault_are_kept(broken):
    payload = message(TYPE["discover"] + option(60, b"MSFT 5.0") + broken, file=b"\x0c\xf0" * 64)
    with pytest.raises(DecodeError) as caught:
        client(payload)
    assert only(caught.value.facts, DhcpClientSeen).vendor_class == "MSFT 5.0"


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (b"", ""),
        (b"\x00\x00", ""),
        (b"\x00\x00\x00pc.xa.vn", "pc.xa.vn"),
        (b"\x04\x00\x00\x02pc\x02xa\x00", "pc.xa"),
        (b"\x04\x00\x00\x02pc", "pc"),
        (b"\x04\x00\x00\x3fpc", ""),
        (b"\x04\x00\x00\xc0\x00", ""),
    ],
)
def test_fqdn(value, name):
    assert fqdn(value) == name


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (b"", ()),
        (b"\x21" + bytes(9), ()),
        (b"\x20\x0a\x00\x00\x01", ()),
        (b"\x08\x0a\x01\x02\x03\x04\xff", (("10.0.0.0/8", "1.2.3.4"),)),
    ],
)
def test_routes(value, found):
    assert routes(value) == found


@pytest.mark.parametrize("value", [b"\xc0\x00", b"\x01a\xc0\x02", b"\x40a", b"\x05ab", b"\x01a", b"\xc0"])
def test_search_lists_that_point_at_themselves_end(value):
    assert domain_names(value) == ()


def test_a_search_list_is_bounded():
    assert len(domain_names(b"\x01a\x00" + b"\xc0\x00" * 2000)) <= 32


def test_a_list_of_addresses_drops_a_cut_one():
    assert addresses(b"\x01\x02\x03\x04\x05\x06") == ("1.2.3.4",)


@pytest.mark.parametrize(
    ("value", "circuit"),
    [
        (b"\x01\x03\x00\x01\x07", "00:01:07"),
        (b"\x02\x01x\x01\x04Gi07", "Gi07"),
        (b"\x02\xffx", ""),
        (b"\x01", ""),
    ],
)
def test_circuit(value, circuit):
    assert only(client(message(TYPE["discover"] + option(82, value))), DhcpClientSeen).circuit == circuit
