"""TCP answers of ports where screens listen (RFC 9293): heard only on a mirror or inline leg, since they are unicast."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from collector.decode.error import DecodeError
from collector.decode.flows.clauses import any_number
from model.facts import PortAnswered

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

# DLNA stacks take any port they find free, and name it in their advert: that such a port refuses is what proves the screen off.
# No port of its own, so that it can stand among the others: a refusal from any port.
ANY_REFUSED = 0

_SYN, _RST, _ACK = 0x02, 0x04, 0x10


def _clause(family: str, at: str, header: int) -> str:
    """SYN+ACK from a screen port, or RST+ACK with number 0 from any; `at` and `header` say where the TCP header starts in `family`."""
    flags, number = f"{at}[{header + 13}]", f"{at}[{header + 4}:4]"
    ports = any_number(f"{at}[{header}:2]", SCREEN_PORTS)
    # The bulk, with neither SYN nor RST, is done with after one test.
    return f"{family} and {flags} & 0x06 != 0 and (({flags} & 0x12 = 0x12 and ({ports})) or ({flags} & 0x14 = 0x14 and {number} = 0))"


# pcap-filter has no tcp[...] for IPv6: there the header is looked for right after the fixed one, and answers behind extension headers are missed.
CLAUSES = (_clause("tcp", "tcp", 0), _clause("ip6[6] = 6", "ip6", 40))


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


def is_refusal(data: bytes, start: int) -> bool:
    """Does the segment at `start` refuse a SYN."""
    return data[start + 13] & _RST != 0 and is_answer(data, start)


def decode(packet: Packet) -> tuple[PortAnswered, ...]:
    """Accepted or refused; nothing for a segment that answers no SYN."""
    if packet.start + 20 > packet.end or not is_answer(packet.data, packet.start):
        return ()
    return (
        PortAnswered(
            at=packet.at,
            mac=packet.mac,
            ip=packet.ip,
            vlan=packet.vlan,
            port=packet.port,
            accepted=not packet.data[packet.start + 13] & _RST,
            peer_mac=packet.peer_mac,
            peer_ip=packet.peer_ip,
        ),
    )
