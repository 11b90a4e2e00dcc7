"""Link layers: where the payload of a frame starts and what it is.

A reader answers `(kind, start, end, vlan)`. `kind` is one number for the three ways Ethernet says what follows: an EtherType (0x0600 and
up), the SSAP/DSAP of an LLC frame (below 0x0100: 0x42 is spanning tree), or `OUI << 16 | PID` of a SNAP frame (CDP is 0x00000C2000);
`NOBODY` for what no decoder may ask for. Sources: IEEE 802.3 §3.2.6, 802.1Q §9, RFC 1042, tcpdump.org/linktypes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from collector.decode.error import DecodeError
from collector.decode.wire import BROADCAST_MAC, mac_text, station_mac

IPV4 = 0x0800
ARP = 0x0806
IPV6 = 0x86DD
NOBODY = -1

Read = tuple[int, int, int, tuple[int, ...]]

# 802.1Q, 802.1ad, and the QinQ type that switches used before 802.1ad gave one.
_TAGS = frozenset({0x8100, 0x88A8, 0x9100})
_MAX_TAGS = 4
_SNAP = b"\xaa\xaa\x03"
# RFC 1042 and the bridge-tunnel OUI of 802.1H: the PID is an EtherType.
_ETHERTYPE_OUIS = frozenset({0x000000, 0x0000F8})
# Cooked capture: for these hardware types the protocol field is no EtherType (netlink, GRE, 802.11, frame relay).
_NO_ETHERTYPE = frozenset({824, 778, 801, 802, 803, 770})
_ETHERNET_HARDWARE = 1
_COOKED_LLC = 0x0004
_COOKED_BROADCAST = 1
_LOOPBACK_FAMILIES = {2: IPV4, 10: IPV6, 23: IPV6, 24: IPV6, 28: IPV6, 30: IPV6}


class UnknownLinkType(ValueError):
    """No reader for this link type; `number` is its DLT or LINKTYPE value."""

    def __init__(self, number: int) -> None:
        super().__init__(f"link type {number} has no reader")
        self.number = number


class Link(msgspec.Struct, frozen=True):
    """One link type: `read` finds the payload, `addresses` gives (sender, receiver) for a frame that `read` accepted."""

    read: Callable[[bytes], Read]
    addresses: Callable[[bytes], tuple[str, str]]


def link(number: int) -> Link:
    """The link of a DLT or LINKTYPE number; raises `UnknownLinkType`."""
    try:
        return LINKS[number]
    except KeyError:
        raise UnknownLinkType(number) from None


def _untag(data: bytes, kind: int, start: int) -> tuple[int, int, tuple[int, ...]]:
    """Step over VLAN tags; VID 0 carries a priority only and names no VLAN (802.1Q table 9-2)."""
    vlan: tuple[int, ...] = ()
    tags = 0
    while kind in _TAGS:
        tags += 1
        if tags > _MAX_TAGS:
            raise DecodeError("more than four VLAN tags")
        if start + 4 > len(data):
            raise DecodeError("frame ends in a VLAN tag")
        number = (data[start] & 0x0F) << 8 | data[start + 1]
        if number:
            vlan += (number,)
        kind = data[start + 2] << 8 | data[start + 3]
        start += 4
    return kind, start, vlan


def _llc(data: bytes, start: int, end: int, vlan: tuple[int, ...]) -> Read:
    if start + 3 > end:
        raise DecodeError("frame ends in its LLC header")
    if data[start : start + 3] != _SNAP:
        return data[start], start + 3, end, vlan
    if start + 8 > end:
        raise DecodeError("frame ends in its SNAP header")
    owner = data[start + 3] << 16 | data[start + 4] << 8 | data[start + 5]
    number = data[start + 6] << 8 | data[start + 7]
    kind = number if owner in _ETHERTYPE_OUIS else owner << 16 | number
    return kind, start + 8, end, vlan


def _ethernet(data: bytes) -> Read:
    size = len(data)
    if size < 14:
        raise DecodeError("frame shorter than an Ethernet header")
    kind = data[12] << 8 | data[13]
    if kind >= 0x0600 and kind not in _TAGS:
        return kind, 14, size, ()
    kind, start, vlan = _untag(data, kind, 14)
    if kind >= 0x0600:
        return kind, start, size, vlan
    if kind > 1500:  # 1501 to 1535 are neither a length nor a type
        return NOBODY, start, size, vlan
    return _llc(data, start, min(size, start + kind), vlan)


def _ethernet_addresses(data: bytes) -> tuple[str, str]:
    return station_mac(data, 6), mac_text(data, 0)


def _cooked(data: bytes, hardware: int, kind: int, start: int) -> Read:
    if hardware in _NO_ETHERTYPE:
        return NOBODY, start, len(data), ()
    kind, start, vlan = _untag(data, kind, start)
    if kind == _COOKED_LLC:
        return _llc(data, start, len(data), vlan)
    return kind if kind >= 0x0600 else NOBODY, start, len(data), vlan


def _cooked1(data: bytes) -> Read:
    if len(data) < 16:
        raise DecodeError("frame shorter than a cooked header")
    return _cooked(data, data[2] << 8 | data[3], data[14] << 8 | data[15], 16)


def _cooked1_addresses(data: bytes) -> tuple[str, str]:
    known = data[2] << 8 | data[3] == _ETHERNET_HARDWARE and data[4] << 8 | data[5] == 6
    return station_mac(data, 6) if known else "", BROADCAST_MAC if data[1] == _COOKED_BROADCAST else ""


def _cooked2(data: bytes) -> Read:
    if len(data) < 20:
        raise DecodeError("frame shorter than a cooked v2 header")
    return _cooked(data, data[8] << 8 | data[9], data[0] << 8 | data[1], 20)


def _cooked2_addresses(data: bytes) -> tuple[str, str]:
    known = data[8] << 8 | data[9] == _ETHERNET_HARDWARE and data[11] == 6
    return station_mac(data, 12) if known else "", BROADCAST_MAC if data[10] == _COOKED_BROADCAST else ""


def _raw(data: bytes) -> Read:
    version = data[0] >> 4 if data else 0
    if version == 4:
        return IPV4, 0, len(data), ()
    if version == 6:
        return IPV6, 0, len(data), ()
    raise DecodeError("neither IPv4 nor IPv6")


def _loopback(data: bytes) -> Read:
    if len(data) < 4:
        raise DecodeError("frame shorter than a loopback header")
    # DLT_NULL is in the byte order of whoever captured, DLT_LOOP in network order; families are small, so the order shows.
    family = int.from_bytes(data[:4], "little")
    if family > 0xFFFF:
        family = int.from_bytes(data[:4], "big")
    return _LOOPBACK_FAMILIES.get(family, NOBODY), 4, len(data), ()


def _no_addresses(_data: bytes) -> tuple[str, str]:
    return "", ""


# DLT numbers as libpcap gives them and LINKTYPE numbers as files hold them; they differ for raw IP.
LINKS: Mapping[int, Link] = {
    1: Link(_ethernet, _ethernet_addresses),
    113: Link(_cooked1, _cooked1_addresses),
    276: Link(_cooked2, _cooked2_addresses),
    **dict.fromkeys((12, 14, 101, 228, 229), Link(_raw, _no_addresses)),
    **dict.fromkeys((0, 108), Link(_loopback, _no_addresses)),
}
