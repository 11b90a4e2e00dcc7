"""TCP answers (RFC 9293) of ports where screens listen, and those that let another network in: heard only on a mirror or inline leg, being unicast."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from typing import TYPE_CHECKING, Literal

from collector.decode.error import DecodeError
from collector.decode.flows.clauses import any_number
from model.facts import PortAnswered
from model.wirefacts import InboundAnswered

if TYPE_CHECKING:
    from collector.decode.packet import Packet

PROTOCOL = 6

# Port -> what listens there, with its source. Left out although screens use them, since half of a LAN does too: 80, 443, 515, 554, 8080,
# and 49152-49154 (first ports of DLNA stacks, but Windows RPC answers there on every PC).
SCREEN_PORTS: Mapping[int, str] = {
    1024: "Panasonic projector control (NTCONTROL greeting)",
    3000: "LG webOS SSAP",
    3001: "LG webOS SSAP over TLS",
    3629: "Epson ESC/VP.net",
    4352: "PJLink (JBMIA PJLink specification class 2)",
    5555: "Android debug bridge: full control of an Android box",
    6466: "Android TV remote",
    6467: "Android TV remote, pairing",
    7000: "AirPlay (Apple: TCP and UDP ports used by Apple software products)",
    7010: "AirPlay on older panels (SMART support page)",
    7011: "AirPlay on older panels (SMART support page)",
    7100: "AirPlay mirroring before 2015; UxPlay",
    7236: "Wi-Fi Display RTSP: the one that ANSWERS here is the source ([MS-MICE] §1.3)",
    7250: "Miracast over infrastructure ([MS-MICE] §1.9)",
    8001: "Samsung remote control",
    8002: "Samsung remote control over TLS",
    8008: "Google Cast and DIAL",
    8009: "Google Cast over TLS",
    8060: "Roku external control",
    8443: "Google Cast set-up over TLS",
    9715: "Hitachi, Maxell projector control",
    20060: "Sony Bravia simple IP control",
    20200: "Vivitek NovoConnect",
    50915: "WolfVision Cynap",
    53100: "Mersive Solstice",
    55000: "Samsung remote control to 2015",
}

# DLNA stacks take any port they find free, and name it in their advert: that such a port refuses is what proves the screen off. And whatever port
# answers another network, somebody was let in. No port of its own, so that it can stand among the others.
ANY = 0

# What a system sets as time to live (RFC 1700: 64; Windows: 128; network devices: 255): with it a packet left its sender on this very segment.
_FRESH = (64, 128, 255)
# The same past one router: it came from another segment of the site.
_ROUTED = (63, 127, 254)
# RFC 1918 is where inside hosts are; what carriers and links keep for themselves is neither inside nor outside (RFC 6598, 3927, 2544).
_INSIDE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
_NEITHER = ("100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8", "198.18.0.0/15", "0.0.0.0/8", "224.0.0.0/3")
# A server opens the data connection of FTP in active mode to its client, from this port (RFC 959 §3.2).
_FTP_DATA = 20

Passage = Literal["outside", "routed"]

_SYN, _RST, _ACK = 0x02, 0x04, 0x10


def _clause(family: str, at: str, header: int) -> str:
    """SYN+ACK from a screen port, or RST+ACK with number 0 from any; `at` and `header` say where the TCP header starts in `family`."""
    flags, number = f"{at}[{header + 13}]", f"{at}[{header + 4}:4]"
    ports = any_number(f"{at}[{header}:2]", SCREEN_PORTS)
    # The bulk, with neither SYN nor RST, is done with after one test.
    return f"{family} and {flags} & 0x06 != 0 and (({flags} & 0x12 = 0x12 and ({ports})) or ({flags} & 0x14 = 0x14 and {number} = 0))"


def _nets(side: str, *nets: str) -> str:
    return " or ".join(f"{side} net {net}" for net in nets)


# Of ordinary traffic the answer comes from outside: only those of inside hosts pass. IPv6 has no private addresses that tell; there the time to live does.
_ACCEPTS = "tcp[13] & 0x12 = 0x12"
_INBOUND = (
    f"tcp and {_ACCEPTS} and ({_nets('src', *_INSIDE)}) and not ({_nets('dst', *_NEITHER)})"
    f" and (not ({_nets('dst', *_INSIDE)}) or {any_number('ip[8]', _ROUTED)})",
    f"ip6[6] = 6 and ip6[53] & 0x12 = 0x12 and ({any_number('ip6[7]', _FRESH)}) and ip6[8] & 0xe0 = 0x20 and ip6[24] & 0xe0 = 0x20"
    " and (ip6[8:4] != ip6[24:4] or ip6[12:4] != ip6[28:4])",
)

# pcap-filter has no tcp[...] for IPv6: there the header is looked for right after the fixed one, and answers behind extension headers are missed.
CLAUSES = (_clause("tcp", "tcp", 0), _clause("ip6[6] = 6", "ip6", 40), *_INBOUND)


def read(data: bytes, start: int, end: int) -> tuple[int, int, int]:
    """`(source port, destination port, payload start)`."""
    if start + 20 > end:
        raise DecodeError("TCP header is cut")
    body = start + (data[start + 12] >> 4) * 4
    if body < start + 20:
        raise DecodeError("TCP data offset below its header")
    return data[start] << 8 | data[start + 1], data[start + 2] << 8 | data[start + 3], min(body, end)


def number(data: bytes, start: int) -> int:
    """The sequence number of the segment's first byte, of a header that `read` accepted. A SYN takes one number itself."""
    return int.from_bytes(data[start + 4 : start + 8]) + (data[start + 13] >> 1 & 1)


def is_answer(data: bytes, start: int) -> bool:
    """Does the segment at `start` answer a SYN: SYN+ACK accepts, RST+ACK with sequence number 0 refuses (RFC 9293 §3.10.7.1).

    A reset that ends a live connection carries the connection's own number.
    """
    flags = data[start + 13] & (_SYN | _RST | _ACK)
    return flags == _SYN | _ACK or (flags == _RST | _ACK and not any(data[start + 4 : start + 8]))


def is_acceptance(data: bytes, start: int) -> bool:
    """Does the segment at `start` accept a connection."""
    return data[start + 13] & (_SYN | _RST | _ACK) == _SYN | _ACK


def passage(source: bytes, target: bytes, hops: int, peer_port: int) -> Passage | None:
    """Whom an acceptance from `source` to `target` let in: somebody outside, another segment of the site, or (None) nobody that matters."""
    if peer_port == _FTP_DATA:
        return None
    if len(source) == 16:
        # Two prefixes of 64 bits are two links (RFC 4291 §2.5.4); which of them are the site's own is for the view to say, which knows the advertisements.
        apart = source[0] >> 5 == 1 and target[0] >> 5 == 1 and source[:8] != target[:8]
        return "outside" if apart and hops in _FRESH else None
    if not _is_inside(source) or _is_neither(target):
        return None
    if not _is_inside(target):
        return "outside"
    return "routed" if hops in _ROUTED and source[:3] != target[:3] else None


def _is_inside(ip: bytes) -> bool:
    return ip[0] == 10 or (ip[0] == 172 and ip[1] >> 4 == 1) or (ip[0] == 192 and ip[1] == 168)


def _is_neither(ip: bytes) -> bool:
    return (ip[0] == 100 and ip[1] >> 6 == 1) or ip[:2] == b"\xa9\xfe" or ip[0] in (0, 127) or (ip[0] == 198 and ip[1] >> 1 == 9) or ip[0] >= 224


def decode(packet: Packet) -> tuple[PortAnswered | InboundAnswered, ...]:
    """Accepted or refused, and whether that let another network in; nothing for a segment that answers no SYN."""
    if packet.start + 20 > packet.end or not is_answer(packet.data, packet.start):
        return ()
    accepted = is_acceptance(packet.data, packet.start)
    screen = (_answered(packet, accepted),) if packet.port in SCREEN_PORTS or not accepted else ()
    source, target = ip_address(packet.ip).packed, ip_address(packet.peer_ip).packed
    way = passage(source, target, packet.hops, packet.peer_port) if accepted else None
    return (*screen, *((_let_in(packet, way),) if way else ()))


def _answered(packet: Packet, accepted: bool) -> PortAnswered:
    return PortAnswered(
        at=packet.at,
        mac=packet.mac,
        ip=packet.ip,
        vlan=packet.vlan,
        port=packet.port,
        accepted=accepted,
        peer_mac=packet.peer_mac,
        peer_ip=packet.peer_ip,
    )


def _let_in(packet: Packet, way: Passage) -> InboundAnswered:
    return InboundAnswered(
        at=packet.at,
        # Past a router the frame is the router's, not the station's.
        mac=packet.mac if packet.hops in _FRESH else "",
        ip=packet.ip,
        vlan=packet.vlan,
        port=packet.port,
        peer_ip=packet.peer_ip,
        peer_mac=packet.peer_mac,
        routed=way == "routed",
    )
