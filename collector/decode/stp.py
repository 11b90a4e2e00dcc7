"""Spanning tree messages (IEEE 802.1D-2004 §9, 802.1Q §14) and Cisco's per-VLAN form: which tree serves this segment, and through which port."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.decode.error import DecodeError
from collector.decode.wire import mac_text
from model.facts import BridgeSeen

if TYPE_CHECKING:
    from collector.decode.packet import Packet

# The LLC SAP of spanning tree, and SNAP, in which PVST+ travels; the few other SNAP frames are sorted out here.
CLAUSES = ("stp", "ether proto 0xaa")
KINDS = (0x42, 0x00000C010B)

_VERSIONS = frozenset({0, 2, 3, 4})
_CONFIGURATION, _RAPID, _CHANGE = 0x00, 0x02, 0x80
_BRIDGED = 35
# RSTP and MSTP add one byte of length before what follows; PVST+ puts its VLAN there as a TLV of type 0.
_VLAN_TLV = b"\x00\x00\x00\x02"


def decode(packet: Packet) -> tuple[BridgeSeen, ...]:
    """The tree as one bridge announces it here, or a bare topology change notice; nothing for other protocol identifiers and versions."""
    data, start, end = packet.data, packet.start, packet.end
    if start + 4 > end:
        raise DecodeError("spanning tree message is cut")
    version, kind = data[start + 2], data[start + 3]
    if data[start] or data[start + 1] or version not in _VERSIONS:
        return ()
    at, mac, vlan = packet.at, packet.mac, packet.vlan
    if kind == _CHANGE:
        return (BridgeSeen(at=at, mac=mac, vlan=vlan, version=version, topology_change=True),)
    if kind not in (_CONFIGURATION, _RAPID):
        return ()
    if start + _BRIDGED > end:
        raise DecodeError("spanning tree message is cut")
    return (
        BridgeSeen(
            at=at,
            mac=mac,
            vlan=vlan,
            version=version,
            root=_identifier(data, start + 5),
            bridge=_identifier(data, start + 17),
            port=data[start + 25] << 8 | data[start + 26],
            cost=int.from_bytes(data[start + 13 : start + 17], "big"),
            tree_vlan=_tree_vlan(data, start + _BRIDGED + (version > 0), end),
            topology_change=bool(data[start + 4] & 1),
        ),
    )


def _identifier(data: bytes, offset: int) -> str:
    """Priority, with the system id that 802.1D-2004 put into its low bits, and address."""
    return f"{data[offset] << 8 | data[offset + 1]}/{mac_text(data, offset + 2)}"


def _tree_vlan(data: bytes, offset: int, end: int) -> int:
    if offset + 6 > end or data[offset : offset + 4] != _VLAN_TLV:
        # Some switches pad the configuration message by a byte before the TLV.
        offset += 1
    if offset + 6 > end or data[offset : offset + 4] != _VLAN_TLV:
        return 0
    return (data[offset + 4] << 8 | data[offset + 5]) & 0x0FFF
