"""Addresses that no router can have forwarded: the sender of a link-scoped IP packet is a station of this segment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.decode.icmp6 import is_discovery
from collector.decode.wire import BROADCAST_MAC
from model.facts import AddressSeen

if TYPE_CHECKING:
    from typing import Literal

    from collector.decode.packet import Packet

_IGMP, _UDP = 2, 17
_GROUPS = frozenset({b"\xef\xff\xff\xfa", b"\xff\xff\xff\xff"})

CLAUSES = (
    "igmp",
    "ip and (dst net 224.0.0.0/24 or dst host 239.255.255.250 or dst host 255.255.255.255)",
    # A directed broadcast: the kernel does not know our masks, so the rest is sorted out here, by the frame's own broadcast address.
    "udp and ip[16] < 224 and ip[19] = 255",
    "ip6[24:2] = 0xff02",
)

# A virtual router speaks from its real address with the group's MAC (VRRP: RFC 9568 §7.3; HSRP: RFC 2281 §4), which is no station's.
_VIRTUAL = ("00:00:5e:00:01:", "00:00:5e:00:02:", "00:00:0c:07:ac:", "00:00:0c:9f:f")
_PRIVATE = ("10.", "192.168.", "169.254.", *(f"172.{second}." for second in range(16, 32)), *(f"100.{second}." for second in range(64, 128)))


def is_group4(data: bytes, start: int, protocol: int) -> bool:
    """Is the IPv4 packet at `start` one that `CLAUSES` let through."""
    target = data[start + 16 : start + 20]
    if target[0] < 224:
        return target[3] == 255 and protocol == _UDP
    return target[:3] == b"\xe0\x00\x00" or target in _GROUPS or protocol == _IGMP


def is_group6(data: bytes, start: int) -> bool:
    """Is the IPv6 packet at `start` one that `CLAUSES` let through: link-local multicast."""
    return data[start + 24] == 0xFF and data[start + 25] == 0x02


def decode(packet: Packet) -> tuple[AddressSeen, ...]:
    """The sender's pair where the scope of the destination, or of the source itself, keeps routers out; else nothing.

    Neighbour discovery is left to `icmp6`, which reads the pair that the message itself claims.
    """
    mac = packet.mac
    if not mac or mac.startswith(_VIRTUAL) or is_discovery(packet):
        return ()
    via = _via6(packet.ip, packet.peer_ip) if ":" in packet.ip else _via4(packet)
    if via is None:
        return ()
    return (AddressSeen(at=packet.at, mac=mac, ip=packet.ip, vlan=packet.vlan, via=via),)


def _via4(packet: Packet) -> Literal["multicast", "link"] | None:
    source, target = packet.ip, packet.peer_ip
    first = int(source.partition(".")[0])
    if not 0 < first < 224 or first == 127:
        return None
    # 224.0.0.0/24 (RFC 5771 §4) and limited broadcast (RFC 1812 §5.3.5.1) are never forwarded, so any source is a neighbour's, public ones too.
    if target.startswith("224.0.0.") or target == "255.255.255.255":
        return "multicast"
    # Routers may forward SSDP's group and directed broadcasts; a private source is then still most likely of this site,
    # a public one only if it calls its own network. IGMP is for the next router and goes no further (RFC 3376 §4).
    broadcast = packet.peer_mac == BROADCAST_MAC
    if source.startswith(_PRIVATE) and (broadcast or target == "239.255.255.250"):
        return "multicast"
    if packet.protocol == _IGMP or (broadcast and source.split(".")[:2] == target.split(".")[:2]):
        return "multicast"
    return "link" if source.startswith("169.254.") else None


def _via6(source: str, target: str) -> Literal["multicast", "link"] | None:
    if source in {"::", "::1"} or source.startswith("ff"):
        return None
    if target.startswith("ff02:"):
        return "multicast"
    return "link" if source.startswith("fe80:") else None
