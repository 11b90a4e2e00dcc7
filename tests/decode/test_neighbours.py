"""LLDP and CDP: the box at the other end of the cable."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.contrib.cdp import (
    CDPAddrRecordIPv4,
    CDPAddrRecordIPv6,
    CDPMsgAddr,
    CDPMsgCapabilities,
    CDPMsgDeviceID,
    CDPMsgNativeVLAN,
    CDPMsgPlatform,
    CDPMsgPortID,
    CDPMsgSoftwareVersion,
    CDPMsgVTPMgmtDomain,
    CDPv2_HDR,
)
from scapy.contrib.lldp import (
    LLDPDUChassisID,
    LLDPDUEndOfLLDPDU,
    LLDPDUGenericOrganisationSpecific,
    LLDPDUManagementAddress,
    LLDPDUPortDescription,
    LLDPDUPortID,
    LLDPDUSystemCapabilities,
    LLDPDUSystemDescription,
    LLDPDUSystemName,
    LLDPDUTimeToLive,
)
from scapy.layers.l2 import LLC, SNAP, Dot3, Ether

from collector.decode import cdp, lldp
from collector.decode.error import DecodeError
from model.facts import NameSeen, NeighbourSeen
from tests.decode.frames import decode, only, packet

PORT, BOX = "a4:f4:c2:10:20:09", "a4:f4:c2:10:20:01"
TEXT = st.text("abcdefghijklmnopqrstuvwxyzABC0123456789/-.", min_size=1, max_size=40)
ADDRESS = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)).map(str)
ENABLED = {"repeater": "repeater", "mac_bridge": "bridge", "wlan_access_point": "wlan", "router": "router", "telephone": "phone", "station_only": "station"}


def lldpdu(*tlvs):
    frame = Ether(src=PORT, dst="01:80:c2:00:00:0e", type=0x88CC)
    for tlv in (*tlvs, LLDPDUEndOfLLDPDU()):
        frame /= tlv
    return frame


def organisation(owner, subtype, data):
    return LLDPDUGenericOrganisationSpecific(org_code=owner, subtype=subtype, data=data)


FIRST = (LLDPDUChassisID(subtype=4, id=BOX), LLDPDUPortID(subtype=5, id="gi1/0/7"), LLDPDUTimeToLive(ttl=120))


@given(
    name=TEXT,
    description=TEXT,
    port=TEXT,
    ttl=st.integers(0, 65535),
    words=st.sets(st.sampled_from(sorted(ENABLED))),
    address=ADDRESS,
    vlan=st.integers(1, 4094),
)
def test_lldp_round_trip(name, description, port, ttl, words, address, vlan):
    raw = ip_address(address).packed
    facts = decode(
        lldpdu(
            FIRST[0],
            LLDPDUPortID(subtype=5, id=port),
            LLDPDUTimeToLive(ttl=ttl),
            LLDPDUPortDescription(description="Cổng 7"),
            LLDPDUSystemName(system_name=name),
            LLDPDUSystemDescription(description=description),
            LLDPDUSystemCapabilities(**{f"{word}_enabled": 1 for word in words}, repeater_available=1),
            LLDPDUManagementAddress(management_address_subtype=1 if len(raw) == 4 else 2, management_address=raw),
            organisation(0x0080C2, 1, vlan.to_bytes(2, "big")),
            organisation(0x0012BB, 9, b"Maker"),
            organisation(0x0012BB, 10, b"SW-24"),
        )
    )
    fact = only(facts, NeighbourSeen)
    assert (fact.via, fact.mac, fact.chassis, fact.port, fact.ttl) == ("lldp", PORT, BOX, port, ttl)
    assert (fact.name, fact.description, fact.port_description, fact.model) == (name, description, "Cổng 7", "Maker SW-24")
    assert set(fact.capabilities) == {ENABLED[word] for word in words}
    assert (fact.management, fact.native_vlan) == ((address,), vlan)
    assert (only(facts, NameSeen).name, only(facts, NameSeen).via) == (name, "lldp")


@pytest.mark.parametrize(
    ("chassis", "port", "told"),
    [
        (b"\x02\x07\x04" + bytes.fromhex("a4f4c2102001"), b"\x04\x07\x03" + bytes.fromhex("a4f4c2102009"), (BOX, PORT)),
        (b"\x02\x06\x05\x01\xc0\xa8\x0a\x02", b"\x04\x03\x07\x31\x32", ("192.168.10.2", "12")),
        (b"\x02\x06\x07sw-01", b"\x04\x04\x07\x00\x01\x02", ("sw-01", "00:01:02")),  # locally assigned bytes are shown in hex
    ],
)
def test_lldp_identifiers(chassis, port, told):
    [fact] = lldp.decode(packet(chassis + port + b"\x06\x02\x00\x78\x00\x00", ip=""))
    assert (fact.chassis, fact.port) == told


HEAD = b"\x02\x07\x04" + bytes.fromhex("a4f4c2102001") + b"\x04\x04\x05gi1"


def test_lldp_goodbye():
    [fact] = lldp.decode(packet(HEAD + b"\x06\x02\x00\x00", ip=""))
    assert fact.ttl == 0


@pytest.mark.parametrize("message", [b"", HEAD, b"\x04\x04\x05gi1\x06\x02\x00\x78", HEAD + b"\x06\x01\x78", b"\x02\x01\x04" + HEAD[9:] + b"\x06\x02\x00\x78"])
def test_lldp_without_what_must_be_there(message):
    with pytest.raises(DecodeError):
        lldp.decode(packet(message, ip=""))


def test_what_stands_before_a_cut_tlv_counts():
    with pytest.raises(DecodeError) as fault:
        lldp.decode(packet(HEAD + b"\x06\x02\x00\x78\x0a\x20sw", ip=""))
    assert [fact.port for fact in fault.value.facts] == ["gi1"]


def test_the_first_of_each_tlv_counts():
    facts = lldp.decode(packet(HEAD + b"\x06\x02\x00\x78" + b"\x0a\x03sw1\x0a\x03sw2", ip=""))
    assert only(facts, NeighbourSeen).name == "sw1"


def cdpdu(*tlvs):
    frame = Dot3(src=PORT, dst="01:00:0c:cc:cc:cc") / LLC(dsap=0xAA, ssap=0xAA, ctrl=3) / SNAP(OUI=0x00000C, code=0x2000)
    return frame / CDPv2_HDR(ttl=180, msg=list(tlvs))


def record(address):
    return CDPAddrRecordIPv4(addr=address) if "." in address else CDPAddrRecordIPv6(addr=address)


@given(name=TEXT, port=TEXT, platform=TEXT, bits=st.integers(0, 0xFFFF), vlan=st.integers(1, 4094), addresses=st.lists(ADDRESS, max_size=4, unique=True))
def test_cdp_round_trip(name, port, platform, bits, vlan, addresses):
    facts = decode(
        cdpdu(
            CDPMsgDeviceID(val=name),
            CDPMsgAddr(naddr=len(addresses), addr=[record(address) for address in addresses]),
            CDPMsgPortID(iface=port),
            CDPMsgCapabilities(cap=bits),
            CDPMsgSoftwareVersion(val="IOS 12.4\r\nCopyright"),
            CDPMsgPlatform(val=platform),
            CDPMsgVTPMgmtDomain(val="xa-tan-an"),
            CDPMsgNativeVLAN(vlan=vlan),
        )
    )
    fact = only(facts, NeighbourSeen)
    assert (fact.via, fact.mac, fact.chassis, fact.name, fact.port, fact.model, fact.ttl) == ("cdp", PORT, name, name, port, platform, 180)
    assert (fact.description, fact.domain, fact.native_vlan, fact.management) == ("IOS 12.4 Copyright", "xa-tan-an", vlan, tuple(addresses))
    masks = {"router": 0x01, "bridge": 0x0E, "station": 0x10, "repeater": 0x40, "phone": 0x80}
    assert set(fact.capabilities) == {word for word, mask in masks.items() if bits & mask}
    assert only(facts, NameSeen).name == name


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\x03\xb4\0\0\0\x01\0\x06R1",  # version 3
        b"\x02\xb4\0\0",
        b"\x02\xb4\0\0\0\x03\0\x07gi1",  # no device
        b"\x02\xb4\0\0\0\x01\0\x06R1\0\x03\0\x03",  # a length below its own four bytes
        b"\x02\xb4\0\0\0\x01\0\x06R1\0\x03\0\x40gi1",
    ],
)
def test_malformed_cdp(message):
    with pytest.raises(DecodeError):
        cdp.decode(packet(message, ip=""))


def test_addresses_that_lie_about_their_length_are_left_out():
    lie = b"\x02\xb4\0\0\0\x01\0\x06R1" + b"\0\x02\0\x11\xff\xff\xff\xff\x01\x01\xcc\xff\xff\xc0\xa8\x0a\x01"
    assert only(cdp.decode(packet(lie, ip="")), NeighbourSeen).management == ()


# Frames that lldpd 1.0.16 sent into a namespace of the laboratory; its software revision, which was the recording machine's, is taken out.
BY_LLDPD = bytes.fromhex(
    "0180c200000ea4f4c210200988cc020704a4f4c2102009040703a4f4c2102009060200780a0973772d74616e672d310c0e4d616e616765642073776974636"
    "80e04009c0080100c0501c0a80a0202000000030010181102fe8000000000000002e04cfffe1020310200000002000803737730fe0900120f030100000000"
    "fe0900120f010080000036fe070012bb01003f040000"
)
BY_LLDPD_AS_CDP = bytes.fromhex(
    "01000ccccccca4f4c21020090054aaaa0300000c2000027820fa0001000d73772d74616e672d3100020011000000010101cc0004c0a80a02000300077377300"
    "004000800000010000500124d616e6167656420737769746368000600094c696e7578"
)


def test_what_lldpd_sends():
    fact = only(decode(BY_LLDPD), NeighbourSeen)
    assert (fact.via, fact.chassis, fact.port, fact.ttl, fact.port_description) == ("lldp", PORT, PORT, 120, "sw0")
    assert (fact.name, fact.description, fact.capabilities) == ("sw-tang-1", "Managed switch", ("station",))
    assert fact.management == ("192.168.10.2", "fe80::2e0:4cff:fe10:2031")


def test_what_lldpd_sends_as_cdp():
    fact = only(decode(BY_LLDPD_AS_CDP), NeighbourSeen)
    assert (fact.via, fact.chassis, fact.port, fact.ttl, fact.model) == ("cdp", "sw-tang-1", "sw0", 120, "Linux")
    assert (fact.description, fact.capabilities, fact.management) == ("Managed switch", ("station",), ("192.168.10.2",))
