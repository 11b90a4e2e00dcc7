"""Capture files and frames written by hand from the formats' descriptions, so that no reader of ours or libpcap's vouches for itself."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

Packet = tuple[int, bytes]  # ns since the epoch, frame

PC = bytes.fromhex("309c23000020")
TV = bytes.fromhex("a8610a000030")
BROADCAST = b"\xff" * 6
MDNS_GROUP = bytes.fromhex("01005e0000fb")
MDNS_GROUP_6 = bytes.fromhex("3333000000fb")
IPV4, ARP, IPV6 = 0x0800, 0x0806, 0x86DD


def ethernet(payload: bytes, ethertype: int, source: bytes = TV, target: bytes = BROADCAST, tags: Sequence[tuple[int, int]] = ()) -> bytes:
    """A frame; `tags` are (TPID, VLAN id), outer first."""
    inserted = b"".join(struct.pack(">HH", tpid, vlan) for tpid, vlan in tags)
    return target + source + inserted + struct.pack(">H", ethertype) + payload


def ipv4(protocol: int, payload: bytes, source: str = "192.168.10.30", target: str = "224.0.0.251") -> bytes:
    addresses = bytes(int(part) for part in (source + "." + target).split("."))
    head = struct.pack(">BBHHHBB", 0x45, 0, 20 + len(payload), 1, 0, 255, protocol)
    total = sum(struct.unpack(">9H", head + addresses))
    # A bridge under netfilter drops packets whose header checksum is wrong.
    checksum = ~(total + (total >> 16)) & 0xFFFF
    return head + struct.pack(">H", checksum) + addresses + payload


def ipv6(protocol: int, payload: bytes) -> bytes:
    source = bytes.fromhex("fe80000000000000aa610afffe000030")
    target = bytes.fromhex("ff0200000000000000000000000000fb")
    return struct.pack(">IHBB", 0x6000_0000, len(payload), protocol, 255) + source + target + payload


def udp(source: int, target: int, payload: bytes = b"payload") -> bytes:
    return struct.pack(">HHHH", source, target, 8 + len(payload), 0) + payload


def tcp(source: int, target: int, flags: int, payload: bytes = b"") -> bytes:
    return struct.pack(">HHIIBBHHH", source, target, 1, 0, 0x50, flags, 1024, 0, 0) + payload


def arp(source: bytes = TV, operation: int = 1) -> bytes:
    addresses = source + bytes([192, 168, 10, 30]) + bytes(6) + bytes([192, 168, 10, 1])
    return struct.pack(">HHBBH", 1, IPV4, 6, 4, operation) + addresses


def mdns(number: int = 0, tags: Sequence[tuple[int, int]] = (), source: bytes = TV) -> bytes:
    """A frame that mDNS filters take; `number` tells frames apart."""
    return ethernet(ipv4(17, udp(5353, 5353, b"frame %06d" % number)), IPV4, source, MDNS_GROUP, tags)


def cooked1(payload: bytes, protocol: int) -> bytes:
    """LINKTYPE_LINUX_SLL (113)."""
    return struct.pack(">HHH", 1, 1, 6) + TV + b"\0\0" + struct.pack(">H", protocol) + payload


def cooked2(payload: bytes, protocol: int) -> bytes:
    """LINKTYPE_LINUX_SLL2 (276)."""
    return struct.pack(">HHIHBB", protocol, 0, 2, 1, 1, 6) + TV + b"\0\0" + payload


def null(payload: bytes, family: int = 2, order: str = "<") -> bytes:
    """LINKTYPE_NULL (0): the address family in the byte order of the machine that recorded."""
    return struct.pack(order + "I", family) + payload


def pcap(packets: Sequence[Packet], link: int = 1, order: str = "<", units: int = 10**6, snap: int = 262_144) -> bytes:
    """A classic file; `units` in a second: 10**6 or 10**9."""
    magic = 0xA1B2C3D4 if units == 10**6 else 0xA1B23C4D
    out = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snap, link)]
    for at, data in packets:
        seconds, rest = divmod(at, 10**9)
        out.append(struct.pack(order + "IIII", seconds, rest * units // 10**9, len(data), len(data)) + data)
    return b"".join(out)


@dataclass
class Pcapng:
    """A pcapng file, block by block."""

    order: str = "<"
    blocks: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.section()

    def section(self) -> Pcapng:
        return self.block(0x0A0D0D0A, struct.pack(self.order + "IHHq", 0x1A2B3C4D, 1, 0, -1))

    def interface(self, link: int = 1, options: bytes = b"", snap: int = 0) -> Pcapng:
        return self.block(1, struct.pack(self.order + "HHI", link, 0, snap) + options)

    def option(self, code: int, value: bytes) -> bytes:
        return struct.pack(self.order + "HH", code, len(value)) + value + b"\0" * (-len(value) % 4)

    def packet(self, at: int, data: bytes, interface: int = 0, units: int = 10**6) -> Pcapng:
        ticks = at * units // 10**9
        head = struct.pack(self.order + "IIIII", interface, ticks >> 32, ticks & 0xFFFFFFFF, len(data), len(data))
        return self.block(6, head + data)

    def old_packet(self, at: int, data: bytes) -> Pcapng:
        ticks = at // 1000
        head = struct.pack(self.order + "HHIIII", 0, 0, ticks >> 32, ticks & 0xFFFFFFFF, len(data), len(data))
        return self.block(2, head + data)

    def simple_packet(self, data: bytes) -> Pcapng:
        return self.block(3, struct.pack(self.order + "I", len(data)) + data)

    def block(self, kind: int, body: bytes) -> Pcapng:
        body += b"\0" * (-len(body) % 4)
        length = struct.pack(self.order + "I", len(body) + 12)
        self.blocks.append(struct.pack(self.order + "I", kind) + length + body + length)
        return self

    def bytes(self) -> bytes:
        return b"".join(self.blocks)


def packed(data: bytes) -> bytes:
    """gzip, at no particular time."""
    return gzip.compress(data, mtime=0)
