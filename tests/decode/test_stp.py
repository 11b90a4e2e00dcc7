"""Spanning tree: whose tree serves the segment, and through which port."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.l2 import LLC, SNAP, STP, Dot3

from collector.decode import stp
from collector.decode.error import DecodeError
from model.facts import BridgeSeen
from tests.decode.frames import decode, only, packet
from tests.fuzz.fuzz_stp import SEEDS

PORT = "a4:f4:c2:10:20:09"
MAC = st.binary(min_size=6, max_size=6).map(lambda raw: raw.hex(":"))
NUMBER = st.integers(0, 65535)


def sent(message, header=None):
    return Dot3(src=PORT, dst="01:80:c2:00:00:00") / (header or LLC(dsap=0x42, ssap=0x42, ctrl=3)) / message


@given(
    version=st.sampled_from([0, 2, 3]),
    flags=st.integers(0, 255),
    root=st.tuples(NUMBER, MAC),
    bridge=st.tuples(NUMBER, MAC),
    port=NUMBER,
    cost=st.integers(0, 2**32 - 1),
)
def test_round_trip(version, flags, root, bridge, port, cost):
    tree = {"rootid": root[0], "rootmac": root[1], "bridgeid": bridge[0], "bridgemac": bridge[1], "pathcost": cost, "portid": port}
    message = STP(version=version, bpdutype=2 if version else 0, bpduflags=flags, **tree) / (b"\0" * bool(version))
    fact = only(decode(sent(message)), BridgeSeen)
    assert (fact.version, fact.root, fact.bridge) == (version, f"{root[0]}/{root[1]}", f"{bridge[0]}/{bridge[1]}")
    assert (fact.port, fact.cost, fact.topology_change, fact.tree_vlan) == (port, cost, bool(flags & 1), 0)
    assert (fact.mac, fact.ip) == (PORT, "")


@given(vlan=st.integers(1, 4094), version=st.sampled_from([0, 2]), padded=st.booleans())
def test_a_tree_for_each_vlan(vlan, version, padded):
    message = STP(version=version, bpdutype=version) / (b"\0" * (bool(version) or padded) + b"\0\0\0\x02" + vlan.to_bytes(2, "big"))
    snap = LLC(dsap=0xAA, ssap=0xAA, ctrl=3) / SNAP(OUI=0x00000C, code=0x010B)
    assert only(decode(sent(message, snap)), BridgeSeen).tree_vlan == vlan


def test_a_change_notice_names_no_tree():
    [fact] = stp.decode(packet(SEEDS[3]))
    assert (fact.topology_change, fact.root, fact.version) == (True, "", 0)


@pytest.mark.parametrize("message", [b"\0\x01\0\0" + SEEDS[0][4:], b"\0\0\x07\0" + SEEDS[0][4:], b"\0\0\0\x05" + SEEDS[0][4:]])
def test_other_protocols_and_versions_say_nothing(message):
    assert stp.decode(packet(message)) == ()


@pytest.mark.parametrize("message", [b"", b"\0\0\0", SEEDS[0][:34], SEEDS[1][:20]])
def test_malformed(message):
    with pytest.raises(DecodeError):
        stp.decode(packet(message))
