"""Makes the capture that speed is measured on: 900 MB, 700,000 frames of 20 minutes at a centre of 150 hosts, about 1.5 % of them control traffic.

    .venv/bin/python benchmarks/make_capture.py

Control traffic is what the hosts of the recorded commune and of the laboratory's cases said, said again by other hosts at the pace of an
office: devices repeat themselves byte for byte but for the IP header's counter and checksum. The rest is conversations in frames of 1,300
bytes (TCP with its handshake and a TLS greeting, QUIC, media over UDP). The same seed gives the same bytes; the file is kept in the user's
cache folder, since it is too big for a repository.
"""

from __future__ import annotations

import gzip
import heapq
import os
import random
import struct
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from scapy.layers.dns import DNS, DNSQR
from scapy.layers.inet import IP, UDP
from scapy.layers.inet6 import ICMPv6ND_NS, ICMPv6NDOptSrcLLAddr, IPv6
from scapy.layers.l2 import ARP, Ether

ROOT = Path(__file__).parents[1]
VERSION = 2  # another number, another file: raise it with every change to what is written
SEED = 20_250_715
FRAMES = 700_000
CONTROL = 10_500
HOSTS = 150
FLOWS = 3_000
START = 1_752_541_200_000_000  # 2025-07-15 08:00 in Viet Nam, microseconds
LENGTH = 1_200_000_000  # 20 minutes
QUIET = 60_000_000
QUIET_RATE = round(CONTROL * 1_000_000 / LENGTH)  # frames a second
BULK = 1_296  # what makes the file 900 MB

_FILE = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, 1)
_RECORD = struct.Struct("<IIII")
_PCAPNG_PACKET = struct.Struct("<IIIII")
_ROUTER = bytes.fromhex("d4ca6d10200a")
_POOL = 1 << 20


def folder() -> Path:
    """Where the benchmarks keep what they make."""
    place = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vonggac" / "benchmarks"
    place.mkdir(parents=True, exist_ok=True)
    return place


def capture() -> Path:
    """The capture, made if it is not there yet."""
    file = folder() / f"centre-v{VERSION}.pcap"
    if not file.exists():
        print(f"making {file} (900 MB, once)", file=sys.stderr)
        part = file.with_suffix(".part")
        write(part)
        part.rename(file)
    return file


def quiet() -> Path:
    """The control traffic alone, its first minute: what a port hears when nobody works."""
    file = folder() / f"quiet-v{VERSION}.pcap"
    if not file.exists():
        part = file.with_suffix(".part")
        with part.open("wb") as out:
            out.write(_FILE)
            for at, data in control(random.Random(SEED)):
                if at < QUIET:
                    out.write(_record(at, data))
        part.rename(file)
    return file


def write(file: Path) -> None:
    """The whole capture, in the order of time."""
    dice = random.Random(SEED)
    spoken = control(dice)
    with file.open("wb", buffering=1 << 20) as out:
        out.write(_FILE)
        for at, data in heapq.merge(spoken, bulk(dice, FRAMES - len(spoken)), key=lambda frame: frame[0]):
            out.write(_record(at, data))


def control(dice: random.Random) -> list[tuple[int, bytes]]:
    """`CONTROL` frames: each thing that a host says is said at its own interval, from a moment of its own."""
    said: list[tuple[int, bytes]] = []
    templates = [*recorded(), *chatter()]
    weights = [dice.choice((1, 2, 2, 4, 8)) for _ in templates]
    rate = CONTROL / sum(weights)
    for template, weight in zip(templates, weights, strict=True):
        times = max(1, round(rate * weight))
        step = LENGTH // times
        first, number = dice.randrange(step), dice.randrange(65_536)
        said += [(first + turn * step + dice.randrange(1000), renumbered(template, number + turn)) for turn in range(times)]
    said.sort(key=lambda frame: frame[0])
    return said[:CONTROL]


def renumbered(data: bytes, number: int) -> bytes:
    """The frame sent again: the same but for the IPv4 header's identification and checksum."""
    if data[12:14] != b"\x08\x00" or data[14] != 0x45:
        return data
    header = bytearray(data[14:34])
    header[4:6] = (number & 0xFFFF).to_bytes(2, "big")
    header[10:12] = b"\0\0"
    total = sum(struct.unpack(">10H", header))
    total = (total & 0xFFFF) + (total >> 16)
    header[10:12] = (~(total + (total >> 16)) & 0xFFFF).to_bytes(2, "big")
    return data[:14] + bytes(header) + data[34:]


def recorded() -> list[bytes]:
    """Distinct frames to groups and to everybody from our own recordings, and the answers that came by SSDP.

    Without goodbyes: said again every few minutes, they would make screens that come and go as none does.
    """
    frames = [*_pcapng(ROOT / "deploy" / "demo" / "commune.pcapng.gz")]
    for file in sorted((ROOT / "tests" / "cases" / "lab").glob("*/capture.pcap")):
        frames += [] if file.parent.name.endswith(("goodbye", "byebye", "stop")) else _pcap(file)
    chosen = (frame for frame in frames if (frame[0] & 1 or b"HTTP/1.1 200" in frame[42:54]) and b"ssdp:byebye" not in frame)
    return list(dict.fromkeys(frame[:18] + b"\0\0" + frame[20:24] + b"\0\0" + frame[26:] if frame[12:14] == b"\x08\x00" else frame for frame in chosen))


def chatter() -> list[bytes]:
    """What every PC and phone says all day: ARP, neighbour discovery, questions for names and for screens."""
    frames: list[bytes] = []
    for host in range(HOSTS):
        mac, ip = _mac(host), _ip(host)
        link_local = f"fe80::{host + 1:x}:20ff:fe00:{host + 1:x}"
        everybody = Ether(src=mac, dst="ff:ff:ff:ff:ff:ff")
        frames.append(bytes(everybody / ARP(op=1, hwsrc=mac, psrc=ip, pdst="192.168.20.1")))
        frames.append(bytes(Ether(src=mac, dst=":".join(f"{octet:02x}" for octet in _ROUTER)) / ARP(op=2, hwsrc=mac, psrc=ip, pdst="192.168.20.1")))
        solicitation = ICMPv6ND_NS(tgt="fe80::1") / ICMPv6NDOptSrcLLAddr(lladdr=mac)
        frames.append(bytes(Ether(src=mac, dst="33:33:ff:00:00:01") / IPv6(src=link_local, dst="ff02::1:ff00:1", hlim=255) / solicitation))
        frames.append(_udp(mac, ip, "224.0.0.252", 50_000 + host, 5355, bytes(DNS(id=host, rd=0, qd=[DNSQR(qname=f"pc-{host}")]))))
        questions = [DNSQR(qname=f"{service}._tcp.local", qtype="PTR") for service in ("_airplay", "_googlecast", "_ipp")]
        frames.append(_udp(mac, ip, "224.0.0.251", 5353, 5353, bytes(DNS(id=0, rd=0, qd=questions[: 1 + host % 3]))))
        if host % 3 == 0:
            search = 'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: upnp:rootdevice\r\n\r\n'
            frames.append(_udp(mac, ip, "239.255.255.250", 49_152 + host, 1900, search.encode()))
    return frames


def bulk(dice: random.Random, frames: int) -> Iterator[tuple[int, bytes]]:
    """Conversations, `FLOWS` of them side by side, a frame each in turn as dice fall."""
    pool = dice.randbytes(_POOL)
    flows = [_Flow(dice, number) for number in range(FLOWS)]
    step = LENGTH / frames
    for turn in range(frames):
        yield int(turn * step), flows[dice.randrange(FLOWS)].frame(dice, pool)


class _Flow:
    """One conversation of a host with a server behind the router; half are TCP, a third QUIC, the rest media."""

    def __init__(self, dice: random.Random, number: int) -> None:
        host = dice.randrange(HOSTS)
        self._host = bytes.fromhex(_mac(host).replace(":", ""))
        self._ip = bytes(map(int, _ip(host).split(".")))
        self._server = bytes([203, dice.randrange(1, 250), dice.randrange(250), dice.randrange(1, 250)])
        self._kind = ("tcp", "tcp", "tcp", "quic", "quic", "media")[number % 6]
        self._port = 1024 + number % 60_000
        self._far = {"tcp": 443, "quic": 443, "media": 3480}[self._kind]
        self._sent = 0
        self._number = dice.randrange(1 << 31)

    def frame(self, dice: random.Random, pool: bytes) -> bytes:
        """The conversation's next frame; downloads, so mostly towards the host."""
        self._sent += 1
        up = self._sent in {1, 3, 4} or (self._sent > 6 and self._sent % 16 == 0)
        place = dice.randrange(_POOL - 1500)
        if self._kind == "tcp":
            return self._tcp(up, pool[place : place + BULK - 54])
        body = BULK - 42
        if self._kind == "quic":
            first = bytes([0xC3, 0, 0, 0, 1, 8]) if self._sent <= 2 else b"\x41"
            return self._udp(up, first + pool[place : place + body - len(first)])
        return self._udp(up, b"\x80\x60" + pool[place : place + body - 2])

    def _tcp(self, up: bool, body: bytes) -> bytes:
        flags = {1: 0x02, 2: 0x12, 3: 0x10}.get(self._sent, 0x18)
        if self._sent <= 3:
            body = b""
        elif self._sent == 4:
            body = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + body[:510]
        else:
            body = b"\x17\x03\x03" + (len(body) - 5).to_bytes(2, "big") + body[5:]
        self._number = (self._number + len(body)) & 0xFFFFFFFF
        ports = (self._port, self._far) if up else (self._far, self._port)
        header = struct.pack(">HHIIBBHHH", *ports, self._number, self._number ^ 0x5555, 0x50, flags, 65_535, 0, 0)
        return self._ip_frame(up, 6, header + body)

    def _udp(self, up: bool, body: bytes) -> bytes:
        ports = (self._port, self._far) if up else (self._far, self._port)
        return self._ip_frame(up, 17, struct.pack(">HHHH", *ports, 8 + len(body), 0) + body)

    def _ip_frame(self, up: bool, protocol: int, body: bytes) -> bytes:
        macs = _ROUTER + self._host if up else self._host + _ROUTER
        ends = self._ip + self._server if up else self._server + self._ip
        header = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(body), self._sent & 0xFFFF, 0x4000, 60, protocol, 0)
        return macs + b"\x08\x00" + header + ends + body


def _record(at: int, data: bytes) -> bytes:
    return _RECORD.pack(*divmod(START + at, 1_000_000), len(data), len(data)) + data


def _mac(host: int) -> str:
    return f"30:9c:23:10:{host >> 8:02x}:{host & 255:02x}"


def _ip(host: int) -> str:
    return f"192.168.20.{host + 20}"


def _udp(mac: str, ip: str, group: str, source: int, port: int, body: bytes) -> bytes:
    octets = [int(part) for part in group.split(".")]
    target = f"01:00:5e:{octets[1] & 0x7F:02x}:{octets[2]:02x}:{octets[3]:02x}"
    return bytes(Ether(src=mac, dst=target) / IP(src=ip, dst=group, ttl=1, id=0) / UDP(sport=source, dport=port) / body)


def _pcap(file: Path) -> Iterator[bytes]:
    data = file.read_bytes()
    place = len(_FILE)
    while place < len(data):
        kept = _RECORD.unpack_from(data, place)[2]
        place += _RECORD.size + kept
        yield data[place - kept : place]


def _pcapng(file: Path) -> Iterator[bytes]:
    data = gzip.decompress(file.read_bytes())
    place = 0
    while place < len(data):
        kind, size = struct.unpack_from("<II", data, place)
        if kind == 6:
            kept = _PCAPNG_PACKET.unpack_from(data, place + 8)[3]
            yield data[place + 28 : place + 28 + kept]
        place += size


def main(arguments: Sequence[str]) -> int:
    """Makes the capture (again with --again) and tells where it is."""
    if "--again" in arguments:
        (folder() / f"centre-v{VERSION}.pcap").unlink(missing_ok=True)
    file = capture()
    print(f"{file}  {file.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
