"""What must hold of whatever a decoder makes of hostile bytes; every target calls `probe`."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence

import msgspec

from collector.decode.error import DecodeError
from collector.decode.packet import Decode, Packet
from model.fact import StationFact
from model.facts import Dhcp6ServerSeen
from model.text import Text

AT = 1_752_537_600_000_000_000
MAC = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")
ADDRESSES = frozenset({"ip", "peer_ip", "owner_ip", "offered_ip", "requested_ip", "relay", "mask", "client", "client_ip", "router_ip"})
ADDRESS_LISTS = frozenset({"addresses", "dns", "routers", "joined", "left", "management"})
MACS = frozenset({"mac", "peer_mac", "client_mac", "duid_mac", "told", "carrier", "router_mac"})
# The longest text of a fact; `circuit` and `client_id` are hex of a whole option, of which a datagram may hold many pieces.
MAX_TEXT = 3 * 65535


def packet(data: bytes, **fields: object) -> Packet:
    """The bytes as a decoder is handed them, from a plausible sender."""
    given: dict[str, object] = {"at": AT, "mac": "00:e0:4c:10:20:31", "peer_mac": "ff:ff:ff:ff:ff:ff", "vlan": (), "data": data, "start": 0, "end": len(data)}
    given |= {"ip": "192.168.10.31", "peer_ip": "224.0.0.251", "hops": 255, "protocol": 17, "port": 5353, "peer_port": 5353} | fields
    return msgspec.convert(given, Packet)


def probe(decode: Decode, given: Packet) -> None:
    """Run the decoder twice: facts, nothing or `DecodeError`, the same both times, and every fact canonical and serialisable."""
    first, second = _run(decode, given), _run(decode, given)
    assert list(first) == list(second), "the same bytes gave other facts"
    for fact in first:
        check(fact)


def check(fact: StationFact) -> None:
    """One fact's fields are canonical texts and in bounds, and survive the way over a socket."""
    assert msgspec.json.decode(msgspec.json.encode(fact), type=type(fact)) == fact
    for name in fact.__struct_fields__:
        value = getattr(fact, name)
        if isinstance(value, str):
            assert len(value) <= MAX_TEXT
            assert value.isprintable() or not any(ord(character) < 32 for character in value), (name, value)
        # A DHCPv6 server's identifier is a DUID.
        if (name in ADDRESSES or (name == "server_id" and not isinstance(fact, Dhcp6ServerSeen))) and value:
            assert str(ipaddress.ip_address(value)) == value, (name, value)
        if name in ADDRESS_LISTS:
            assert all(str(ipaddress.ip_address(address)) == address for address in value), (name, value)
        if name in MACS and value:
            assert MAC.fullmatch(value), (name, value)
    assert all(0 < tag < 4096 for tag in fact.vlan)


def sentence(text: Text) -> None:
    """What a refusal says can be shown on a terminal and stands in both languages."""
    assert text.vi.isprintable(), text
    assert text.en.isprintable(), text
    assert text.vi, text


def _run(decode: Decode, given: Packet) -> Sequence[StationFact]:
    try:
        return decode(given)
    except DecodeError as fault:
        return fault.facts
