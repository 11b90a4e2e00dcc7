"""DHCPv6: who asks, what for, and what servers give; through relays too."""

from ipaddress import IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.dhcp6 import (
    DUID_EN,
    DUID_LL,
    DUID_LLT,
    DUID_UUID,
    VENDOR_CLASS_DATA,
    DHCP6_Advertise,
    DHCP6_Confirm,
    DHCP6_Decline,
    DHCP6_InfoRequest,
    DHCP6_Rebind,
    DHCP6_Reconf,
    DHCP6_RelayForward,
    DHCP6_RelayReply,
    DHCP6_Release,
    DHCP6_Renew,
    DHCP6_Reply,
    DHCP6_Request,
    DHCP6_Solicit,
    DHCP6OptClientFQDN,
    DHCP6OptClientId,
    DHCP6OptClientLinkLayerAddr,
    DHCP6OptDNSDomains,
    DHCP6OptDNSServers,
    DHCP6OptIA_NA,
    DHCP6OptIA_PD,
    DHCP6OptIA_TA,
    DHCP6OptIAAddress,
    DHCP6OptIAPrefix,
    DHCP6OptIfaceId,
    DHCP6OptOptReq,
    DHCP6OptRelayMsg,
    DHCP6OptServerId,
    DHCP6OptVendorClass,
)
from scapy.layers.inet import UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import Ether

from collector.decode import dhcp6
from collector.decode.error import DecodeError
from model.facts import AddressSeen, Dhcp6ClientSeen, Dhcp6ServerSeen, NameSeen
from tests.decode.frames import PC, TV, decode, only, packet

ROUTER = "a4:f4:c2:10:20:01"
CLIENT_MESSAGES = {
    "solicit": DHCP6_Solicit,
    "request": DHCP6_Request,
    "confirm": DHCP6_Confirm,
    "renew": DHCP6_Renew,
    "rebind": DHCP6_Rebind,
    "release": DHCP6_Release,
    "decline": DHCP6_Decline,
    "inform": DHCP6_InfoRequest,
}
SERVER_MESSAGES = {"advertise": DHCP6_Advertise, "reply": DHCP6_Reply, "reconfigure": DHCP6_Reconf}
MAC = st.binary(min_size=6, max_size=6).filter(lambda raw: not raw[0] & 1 and any(raw)).map(lambda raw: raw.hex(":"))
HOST = st.ip_addresses(v=6).filter(lambda ip: ip.packed[0] != 0xFF and int(ip) > 1).map(str)
LABEL = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=20)


def sent(message, source="fe80::31", target="ff02::1:2", mac=TV, ports=(546, 547)):
    return Ether(src=mac, dst="33:33:00:01:00:02") / IPv6(src=source, dst=target) / UDP(sport=ports[0], dport=ports[1]) / message


@given(
    message=st.sampled_from(sorted(CLIENT_MESSAGES)),
    duid=st.one_of(st.builds(lambda m: (DUID_LLT(lladdr=m), m), MAC), st.builds(lambda m: (DUID_LL(lladdr=m), m), MAC), st.just((DUID_EN(), ""))),
    fqdn=LABEL,
    wished=st.lists(st.integers(1, 150), min_size=1, max_size=12),
    vendor=st.sampled_from(["MSFT 5.0", "android-dhcp-13"]),
    addresses=st.lists(HOST.filter(lambda ip: ip != "::"), max_size=3),
)
def test_client_round_trip(message, duid, fqdn, wished, vendor, addresses):
    identifier, mac = duid
    body = CLIENT_MESSAGES[message]() / DHCP6OptClientId(duid=identifier) / DHCP6OptClientFQDN(fqdn=fqdn) / DHCP6OptOptReq(reqopts=wished)
    body /= DHCP6OptVendorClass(enterprisenum=311, vcdata=[VENDOR_CLASS_DATA(data=vendor)])
    body /= DHCP6OptIA_NA(iaid=1, ianaopts=[DHCP6OptIAAddress(addr=address) for address in addresses])
    facts = decode(sent(body))
    fact = only(facts, Dhcp6ClientSeen)
    assert (fact.mac, fact.ip, fact.message, fact.duid, fact.duid_mac) == (TV, "fe80::31", message, bytes(identifier).hex(":"), mac)
    assert (fact.fqdn, fact.parameters, fact.enterprise, fact.vendor_class) == (fqdn, tuple(wished), 311, vendor)
    assert fact.addresses == tuple(addresses)
    assert only(facts, NameSeen).name == fqdn
    assert only(facts, AddressSeen).ip == "fe80::31"


@given(
    message=st.sampled_from(sorted(SERVER_MESSAGES)),
    address=HOST.filter(lambda ip: ip != "::"),
    prefix=st.tuples(HOST, st.integers(0, 128)),
    dns=st.lists(HOST, min_size=1, max_size=3),
    domains=st.lists(st.lists(LABEL, min_size=1, max_size=3).map(".".join), min_size=1, max_size=3),
)
def test_server_round_trip(message, address, prefix, dns, domains):
    body = SERVER_MESSAGES[message]() / DHCP6OptServerId(duid=DUID_LL(lladdr=ROUTER)) / DHCP6OptClientId(duid=DUID_LL(lladdr=TV))
    body /= DHCP6OptIA_TA(iaid=1, iataopts=[DHCP6OptIAAddress(addr=address)])
    body /= DHCP6OptIA_PD(iaid=2, iapdopt=[DHCP6OptIAPrefix(prefix=prefix[0], plen=prefix[1])])
    body /= DHCP6OptDNSServers(dnsservers=dns) / DHCP6OptDNSDomains(dnsdomains=[domain + "." for domain in domains])
    fact = only(decode(sent(body, "fe80::1", "fe80::31", ROUTER, (547, 546))), Dhcp6ServerSeen)
    assert (fact.mac, fact.ip, fact.message) == (ROUTER, "fe80::1", message)
    assert (fact.server_id, fact.client_id) == ("00:03:00:01:" + ROUTER, "00:03:00:01:" + TV)
    assert (fact.addresses, fact.prefixes) == ((address,), (f"{prefix[0]}/{prefix[1]}",))
    assert (fact.dns, fact.search) == (tuple(dns), tuple(domain + "." for domain in domains))


def relayed(message, *options, link="2001:db8:10::1", peer="fe80::31", kind=DHCP6_RelayForward):
    body = kind(linkaddr=link, peeraddr=peer)
    for option in options:
        body /= option
    return body / DHCP6OptRelayMsg(message=message)


def solicit(duid):
    return DHCP6_Solicit() / DHCP6OptClientId(duid=duid) / DHCP6OptClientFQDN(fqdn="pc-01")


@pytest.mark.parametrize(
    ("message", "mac"),
    [
        (relayed(solicit(DUID_UUID()), DHCP6OptClientLinkLayerAddr(clladdr=PC)), PC),  # the relay says (RFC 6939)
        (relayed(solicit(DUID_LL(lladdr=PC))), PC),  # only the identifier says
        (relayed(relayed(solicit(DUID_LLT(lladdr=PC))), link="::"), PC),
    ],
)
def test_behind_a_relay_the_client_is_not_the_frame(message, mac):
    facts = decode(sent(message, "2001:db8:10::1", "2001:db8::547", ROUTER, (547, 547)))
    fact = only(facts, Dhcp6ClientSeen)
    assert (fact.mac, fact.ip, fact.relay) == (mac, "fe80::31", "2001:db8:10::1")
    assert only(facts, NameSeen).mac == mac
    assert not [fact for fact in facts if isinstance(fact, AddressSeen)]


def test_a_client_nobody_can_name_is_left_out():
    assert decode(sent(relayed(solicit(DUID_UUID())), "2001:db8:10::1", "2001:db8::547", ROUTER, (547, 547))) == []


def test_the_port_of_the_switch():
    message = relayed(solicit(DUID_LL(lladdr=PC)), DHCP6OptIfaceId(ifaceid=b"ge-0/0/7"))
    assert only(decode(sent(message, ports=(547, 547))), Dhcp6ClientSeen).circuit == "ge-0/0/7"


def test_what_a_relay_writes_after_the_message_is_its_own():
    duid = DHCP6OptClientId(duid=DUID_LL(lladdr=PC))
    body = DHCP6_RelayForward(linkaddr="2001:db8:10::1", peeraddr="fe80::31") / DHCP6OptRelayMsg(message=DHCP6_Solicit() / duid)
    fact = only(decode(sent(body / DHCP6OptIfaceId(ifaceid=b"ge-0/0/7") / DHCP6OptOptReq(reqopts=[23]), ports=(547, 547))), Dhcp6ClientSeen)
    assert (fact.circuit, fact.parameters) == ("ge-0/0/7", ())


def test_a_relay_inside_a_switch_names_no_link():
    message = relayed(relayed(solicit(DUID_LL(lladdr=PC)), DHCP6OptIfaceId(ifaceid=b"gi7"), link="::"), link="2001:db8:20::1")
    fact = only(decode(sent(message, ports=(547, 547))), Dhcp6ClientSeen)
    assert (fact.relay, fact.circuit) == ("2001:db8:20::1", "gi7")


def test_an_answer_on_its_way_to_a_relay():
    reply = DHCP6_Reply() / DHCP6OptServerId(duid=DUID_LL(lladdr=ROUTER))
    fact = only(decode(sent(relayed(reply, kind=DHCP6_RelayReply), "2001:db8::547", "2001:db8:10::1", ROUTER, (547, 547))), Dhcp6ServerSeen)
    assert (fact.message, fact.relay) == ("reply", "2001:db8:10::1")


@pytest.mark.parametrize(
    ("duid", "mac"),
    [
        ("0001000100000000" + "00e04c102031", TV),
        ("00030001" + "00e04c102031", TV),
        ("00030001" + "01e04c102031", ""),  # a group address is nobody's
        ("00030006" + "00e04c102031", ""),  # not Ethernet
        ("00030001" + "00e04c1020", ""),
        ("00020000013700", ""),
        ("", ""),
    ],
)
def test_duid_mac(duid, mac):
    assert dhcp6.duid_mac(bytes.fromhex(duid)) == mac


@pytest.mark.parametrize(
    ("value", "name"),
    [(b"\x00\x05pc-01", "pc-01"), (b"\x01\x05PC-01\x03gov\x02vn\x00", "pc-01.gov.vn"), (b"\x00", ""), (b"", ""), (b"\x00\x09pc", ""), (b"\x00\xc0\x00", "")],
)
def test_fqdn(value, name):
    assert dhcp6.fqdn(value) == name


HEADER = b"\x01\xab\xcd\xef"
RELAY = b"\x0c\x00" + IPv6Address("fd00::1").packed + IPv6Address("fe80::31").packed


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\x01\xab",
        HEADER + b"\x00\x01\x00\x09abc",  # over the end
        HEADER + b"\x00\x01\x00",
        HEADER + b"\x00\x03\x00\x10" + bytes(12) + b"\x00\x05\x00\x20",  # an address over its association's end
        HEADER + b"\x00\x63\x00\x00" * 300,
        RELAY[:20],
        RELAY,
        RELAY + b"\x00\x09\x00\xff\x01",
        RELAY + b"\x00\x09\x00\x00",
        (RELAY + b"\x00\x09\x01\x00") * 10 + HEADER,
    ],
)
def test_malformed(message):
    with pytest.raises(DecodeError):
        dhcp6.decode(packet(message, ip="fe80::31"))


def test_what_was_read_before_the_fault_stands():
    with pytest.raises(DecodeError) as fault:
        dhcp6.decode(packet(HEADER + b"\x00\x06\x00\x02\x00\x17\x00\x01\x00\x09", ip="fe80::31"))
    assert [fact.parameters for fact in fault.value.facts] == [(23,)]


def test_nine_envelopes_are_the_most():
    message = HEADER
    for _ in range(9):
        message = RELAY + b"\x00\x09" + len(message).to_bytes(2, "big") + message
        assert dhcp6.decode(packet(message, ip="fe80::31")) == ()  # without an identifier the client has no name
    with pytest.raises(DecodeError):
        dhcp6.decode(packet(RELAY + b"\x00\x09" + len(message).to_bytes(2, "big") + message, ip="fe80::31"))


@pytest.mark.parametrize("kind", [0, 14, 15, 22, 255])
def test_other_messages_say_nothing(kind):
    assert dhcp6.decode(packet(bytes([kind]) + bytes(20), ip="fe80::31")) == ()
