"""A minute of everything at once that a machine on the segment can send to bring a watcher down: each frame from another made-up address."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from collector.decode.frame import IPV4, IPV6
from model.times import MINUTE
from tests.decode import frames
from tests.fuzz import fuzz_dhcp4, fuzz_flows, fuzz_icmp6, fuzz_lldp, fuzz_mdns

ARP, LLDP = 0x0806, 0x88CC
GATEWAY_IP = "192.168.10.1"
_CAST = b"\x0b_googlecast\x04_tcp\x05local\x00"


def made_up(number: int) -> str:
    """One of 2^32 locally administered addresses."""
    return "02:" + ":".join(f"{byte:02x}" for byte in struct.pack(">I", number)) + ":66"


def _record(kind: int, data: bytes, owner: bytes = b"\xc0\x0c") -> bytes:
    return owner + struct.pack(">HHIH", kind, 0x8001, 120, len(data)) + data


def _mdns(count: int, body: bytes) -> bytes:
    return struct.pack(">HHHHHH", 0, 0x8400, 0, count, 0, 0) + body


def named(number: object) -> bytes:
    """A cast stick's advert under a name of its own."""
    name = f"TV{number}".encode()
    instance = bytes([len(name)]) + name + b"\xc0\x0c"
    return _mdns(2, _CAST + struct.pack(">HHIH", 12, 1, 120, len(instance)) + instance + _record(16, b"\x04ca=5", instance))


# Adverts: text without an end, keys without a name, a name that points at itself, one that points into a ladder of pointers, and counts that lie.
_ADVERTS = (
    _mdns(1, _CAST + struct.pack(">HHIH", 16, 1, 120, 9) + b"\xffca=5\x00\x00=="),
    _mdns(1, _CAST + struct.pack(">HHIH", 16, 1, 120, 1200) + b"\x01=" * 600),
    _mdns(2, b"\xc0\x0c" + struct.pack(">HHIH", 12, 1, 120, 2) + b"\xc0\x0c"),
    _mdns(65_535, b"".join(b"\xc0" + bytes([12 + 2 * step]) for step in range(100))),
    _mdns(80, _CAST + struct.pack(">HHIH", 12, 1, 120, 2) + b"\xc0\x0c" + b"".join(_record(12, b"\x02TV\xc0\x0c") for _ in range(79))),
)
_DHCP_OPTIONS = fuzz_dhcp4.SEEDS[0][:240] + b"\x35\x01\x01" + b"\x37\xff" + bytes(range(255)) + b"\x52\xff" + b"\x01\x01" * 127 + b"\x01"
_DHCP_SPLIT = fuzz_dhcp4.SEEDS[0][:240] + b"\x35\x01\x03" + b"\x3c\x01M" * 300 + b"\x0c\x05phone\xff"
_ROUTER = fuzz_icmp6.SEEDS[2] + fuzz_icmp6.SEEDS[2][24:56] * 40
_LLDP = fuzz_lldp.SEEDS[0][:-1] + b"\x10\x0c\x05\x01\xc0\xa8\x0a\x02\x02\x00\x00\x00\x01\x00" * 80


def _v4(payload: bytes, port: int, peer_port: int, **fields: object) -> bytes:
    return frames.ipv4(frames.udp(payload, port, peer_port), **fields)  # type: ignore[arg-type] # fields are the header's


def _ip(number: int) -> str:
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def _answered(ip: str, mac: str) -> bytes:
    return frames.arp(ip, mac, 2, ip)


def _asking(message: bytes, number: int) -> bytes:
    message = message[:28] + frames.mac(made_up(number)) + bytes(10) + message[44:]
    return _v4(message, 68, 67, source="0.0.0.0", target="255.255.255.255")


def multicast(message: bytes, source: str, flags: int = 0) -> bytes:
    """An mDNS answer to everybody."""
    return _v4(message, 5353, 5353, source=source, flags=flags)


def _neighbour(message: bytes, number: int) -> bytes:
    return frames.ipv6(message, 58, f"fe80::{number & 0xFFFF:x}", "ff02::1")


def _said(number: int) -> bytes:
    """The first bytes of a request whose rest never comes."""
    request = fuzz_flows.REQUESTS[number % len(fuzz_flows.REQUESTS)][: 20 + number % 90]
    return frames.ipv4(frames.tcp(50_000 + number % 9_000, 80, 0x18, request, number), 6, _ip(number), "192.168.10.31")


# What goes into the frame of that number.
KINDS: tuple[tuple[int, Callable[[int], bytes]], ...] = (
    (ARP, lambda number: _answered(_ip(number), made_up(number))),
    (ARP, lambda number: _answered(GATEWAY_IP, made_up(number))),
    (IPV4, lambda number: _asking(_DHCP_OPTIONS, number)),
    (IPV4, lambda number: _asking(_DHCP_SPLIT, number)),
    (IPV4, lambda number: _v4(fuzz_dhcp4.SEEDS[2], 67, 68, source=_ip(number), target="255.255.255.255")),
    (IPV4, lambda number: multicast(_ADVERTS[number // 7 % len(_ADVERTS)], _ip(number))),
    (IPV4, lambda number: multicast(named(number), _ip(number))),
    (IPV4, lambda number: multicast(fuzz_mdns.SEEDS[0], _ip(number))),
    (IPV4, lambda number: multicast(fuzz_mdns.SEEDS[0], _ip(number), 0x2000)),
    (IPV4, lambda number: multicast(fuzz_mdns.SEEDS[0], _ip(number), 0x2001)),
    (IPV6, lambda number: _neighbour(_ROUTER, number)),
    (IPV6, lambda number: _neighbour(fuzz_icmp6.SEEDS[1], number)),
    (LLDP, lambda number: _LLDP),
    (IPV4, _said),
)


def minute(start: int, count: int, first: int = 0) -> Iterator[tuple[int, bytes]]:
    """`count` frames of a minute that begins at `start` (ns), each with its time; `first` numbers the first address."""
    for number in range(first, first + count):
        kind, payload = KINDS[number % len(KINDS)]
        yield start + (number - first) * MINUTE // count, frames.ethernet(kind, payload(number), source=made_up(number))
