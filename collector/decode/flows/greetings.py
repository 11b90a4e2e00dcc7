"""Projectors that tell whoever connects whether they want a password: Panasonic's NTCONTROL and Epson's ESC/VP.net, heard while others do.

Epson: "ESC/VP.net" Specifications: sixteen bytes each way; type 3 connects, byte 14 of the answer is a status, byte 15 counts the headers that follow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.decode.screens import greetings
from model.wirefacts import ScreenTold

if TYPE_CHECKING:
    from collector.decode.flows.head import Head

NTCONTROL_PORT, EPSON_PORT = 1024, 3629
NTCONTROL_START, EPSON_START = b"NTCO", b"ESC/"
NTCONTROL_LIMIT = greetings.LONGEST


def ntcontrol(head: Head) -> tuple[ScreenTold, ...] | None:
    """The projector speaks first: its greeting ends with a carriage return."""
    if head.packet.port != NTCONTROL_PORT:
        return ()
    if b"\r" not in head.data:
        return None
    told, packet = greetings.ntcontrol(head.data), head.packet
    if told is None:
        return ()
    return (
        ScreenTold(at=head.at, mac=packet.mac, ip=packet.ip, vlan=packet.vlan, family="ntcontrol", asked="greeting", port=NTCONTROL_PORT, **told._asdict()),
    )


def epson(head: Head) -> tuple[ScreenTold, ...] | None:
    """A sender says hello and the projector answers; the sender is the one that is read, the projector the one that is told of."""
    if not head.data.startswith(greetings.EPSON_HELLO):
        return None if greetings.EPSON_HELLO.startswith(head.data) else ()
    if min(len(head.data), len(head.answer)) < greetings.EPSON_LENGTH:
        return None
    told, packet = greetings.epson(head.answer, asked=head.data), head.packet
    if told is None:
        return ()
    return (
        ScreenTold(at=head.at, mac=packet.peer_mac, ip=packet.peer_ip, vlan=packet.vlan, family="epson", asked="greeting", port=EPSON_PORT, **told._asdict()),
    )
