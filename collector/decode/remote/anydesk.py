"""AnyDesk: its direct connections on TCP 7070 (TLS with a certificate of its own making) and its calls into the LAN.

Connections to the maker's relays are TLS on 443, 80 and 6568: `tls` tells them by name or certificate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.decode.remote import tls
from collector.decode.remote.ends import joined, receiver, sender, used

if TYPE_CHECKING:
    from collector.decode.flows.head import Head
    from collector.decode.packet import Packet
    from model.wirefacts import RemoteSeen, RemoteStage

DIRECT_PORT = 7070
LIMIT = ANSWER_LIMIT = 4096
GROUP = "239.255.102.18"
LAN_PORTS = (50001, 50002, 50003)
CLAUSES = (f"udp and dst host {GROUP}",)

# More than the hello, certificate and keys of whoever asks.
_SENT = 2200


def decode(head: Head) -> tuple[RemoteSeen, ...] | None:
    """Either side of a direct connection shows the certificate; whoever accepts it is controlled."""
    return _between(head, "connecting")


def session(head: Head) -> tuple[RemoteSeen, ...] | None:
    """It went on beyond its handshake."""
    if len(head.data) < _SENT or not head.answer:
        return None if head.data.startswith(tls.START) else ()
    return _between(head, "session")


def _between(head: Head, stage: RemoteStage) -> tuple[RemoteSeen, ...] | None:
    if not head.data.startswith(tls.START):
        return ()
    if not (tls.is_anydesk(head.data) or tls.is_anydesk(head.answer)):
        return None
    packet = head.packet
    return joined(packet, sender(packet), receiver(packet), "anydesk", stage, at=head.at)


def datagram(packet: Packet) -> tuple[RemoteSeen, ...]:
    """Whoever calls the group that only AnyDesk uses runs it."""
    return used(packet, sender(packet), "anydesk", "listening", "lan") if packet.peer_ip == GROUP else ()
