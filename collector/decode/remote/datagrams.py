"""Datagrams of the products that have a shape of their own, by port."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.decode.remote import anydesk, rdp, rustdesk, teamviewer

if TYPE_CHECKING:
    from collector.decode.packet import Packet
    from model.wirefacts import RemoteSeen

PORTS = (*anydesk.LAN_PORTS, rustdesk.RENDEZVOUS_PORT, rustdesk.LAN_PORT, rdp.PORT, teamviewer.PORT)
MARKS = (teamviewer.MARK,)
CLAUSES = (*anydesk.CLAUSES, *rustdesk.CLAUSES, *rdp.CLAUSES, *teamviewer.CLAUSES)

_READERS = {
    **dict.fromkeys(anydesk.LAN_PORTS, anydesk.datagram),
    rustdesk.RENDEZVOUS_PORT: rustdesk.datagram,
    rustdesk.LAN_PORT: rustdesk.datagram,
    rdp.PORT: rdp.datagram,
}


def decode(packet: Packet) -> tuple[RemoteSeen, ...]:
    """The facts of one datagram; of TeamViewer's on any port."""
    read = _READERS.get(packet.peer_port) or _READERS.get(packet.port) or teamviewer.datagram
    return read(packet)
