"""Frames for the decoders' tests: read from captures, or laid out by hand where scapy would not make anything so wrong."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pcapy

from collector.decode.packet import Packet
from collector.decode.pipeline import Pipeline

AT = 1_752_537_600_000_000_000  # 2025-07-15 00:00 UTC
TV, PC = "00:e0:4c:10:20:31", "00:06:5b:10:20:21"
TV_IP, PC_IP = "192.168.10.31", "192.168.10.21"
ETHERNET = 1


def read(path: Path) -> Iterator[tuple[int, int, bytes]]:
    """`(link type, at, frame)` of each record."""
    reader = pcapy.open_offline(str(path))
    link = reader.datalink()
    while True:
        header, data = reader.next()
        if header is None:
            return
        seconds, micros = header.getts()
        yield link, (seconds * 1_000_000 + micros) * 1000, data


def facts_of(path: Path, decoders=None) -> list:
    """Every fact of a capture file."""
    pipeline, facts = None, []
    for link, at, data in read(path):
        pipeline = pipeline or Pipeline("capture", "lab", link, decoders)
        facts += pipeline.decode(at, data)
    return facts


def decode(frame, link=ETHERNET, decoders=None) -> list:
    """The facts of one frame, given as bytes or as a scapy packet."""
    return list(Pipeline("capture", "lab", link, decoders).decode(AT, bytes(frame)))


def only(facts, kind):
    """The one fact of this kind."""
    found = [fact for fact in facts if isinstance(fact, kind)]
    assert len(found) == 1, facts
    return found[0]


def packet(payload: bytes, **fields) -> Packet:
    """What a decoder is handed for this payload, from the TV to everybody."""
    given = {"at": AT, "mac": TV, "peer_mac": "ff:ff:ff:ff:ff:ff", "vlan": (), "data": payload, "start": 0, "end": len(payload)}
    given |= {"ip": TV_IP, "peer_ip": "224.0.0.251", "hops": 255, "protocol": 17} | fields
    return Packet(**given)


def mac(text: str) -> bytes:
    return bytes.fromhex(text.replace(":", ""))


def ethernet(kind: int, payload: bytes, *tags: tuple[int, int], source=TV, target="ff:ff:ff:ff:ff:ff") -> bytes:
    """A frame; `tags` are (TPID, TCI), outer first."""
    inserted = b"".join(struct.pack(">HH", *tag) for tag in tags)
    return mac(target) + mac(source) + inserted + struct.pack(">H", kind) + payload


def arp(sender=TV_IP, hardware=TV, operation=1, target="192.168.10.1") -> bytes:
    pair = mac(hardware) + ip_address(sender).packed
    return struct.pack(">HHBBH", 1, 0x0800, 6, 4, operation) + pair + bytes(6) + ip_address(target).packed


def ipv4(payload: bytes, protocol=17, source=TV_IP, target="224.0.0.251", flags=0, ttl=255, options=b"", total=None) -> bytes:
    header = 20 + len(options)
    size = header + len(payload) if total is None else total
    start = struct.pack(">BBHHHBBH", 0x40 | header // 4, 0, size, 1, flags, ttl, protocol, 0)
    return start + ip_address(source).packed + ip_address(target).packed + options + payload


def ipv6(payload: bytes, following=17, source="fe80::31", target="ff02::fb", hops=255, length=None) -> bytes:
    size = len(payload) if length is None else length
    return struct.pack(">IHBB", 6 << 28, size, following, hops) + ip_address(source).packed + ip_address(target).packed + payload


def udp(payload: bytes, source: int, target: int, length=None) -> bytes:
    return struct.pack(">HHHH", source, target, 8 + len(payload) if length is None else length, 0) + payload


def tcp(source: int, target: int, flags: int, payload=b"", number=0, offset=5) -> bytes:
    return struct.pack(">HHIIBBHHH", source, target, number, 1, offset << 4, flags, 1024, 0, 0) + payload
