"""RustDesk: LAN discovery, the rendezvous server and the relay (rustdesk/hbb_common: rendezvous.proto, bytes_codec.rs; rustdesk: src/lan.rs).

A message is a `RendezvousMessage` of Protocol Buffers with one field, whose number tells what it is; over TCP its length stands before it. Names and
ids in them are kept nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.decode.remote.ends import receiver, sender, used

if TYPE_CHECKING:
    from collector.decode.flows.head import Head
    from collector.decode.packet import Packet
    from model.wirefacts import RemoteSeen

RENDEZVOUS_PORT, RELAY_PORT, LAN_PORT = 21116, 21117, 21119
PORTS = (RENDEZVOUS_PORT, RELAY_PORT)
LIMIT = ANSWER_LIMIT = 2048
CLAUSES = (
    f"udp port {RENDEZVOUS_PORT} or udp port {LAN_PORT}",
)  # fmt: skip

_FIELDS = range(6, 31)
_DISCOVERY, _REQUEST_RELAY = 22, 18
_LENGTH_DELIMITED = 2
# What a relay carries beyond the two requests to be joined.
_SENT = _SHOWN = 256


def decode(head: Head) -> tuple[RemoteSeen, ...] | None:
    """A client's first message to a server of the product."""
    body = _framed(head.data)
    if body is None:
        return None if len(head.data) < LIMIT else ()
    if field_of(body) not in _FIELDS:
        return ()
    return used(head.packet, sender(head.packet), "rustdesk", "connecting", "payload", at=head.at)


def session(head: Head) -> tuple[RemoteSeen, ...] | None:
    """A relay joined two partners, and both speak: it is used for nothing else."""
    body = _framed(head.data)
    if head.packet.peer_port != RELAY_PORT or (body is not None and field_of(body) != _REQUEST_RELAY):
        return ()
    if body is None or len(head.data) < _SENT or len(head.answer) < _SHOWN:
        return None
    return used(head.packet, sender(head.packet), "rustdesk", "session", "payload", at=head.at)


def datagram(packet: Packet) -> tuple[RemoteSeen, ...]:
    """A call into the LAN or its answer: the program runs there; or a word with the rendezvous server."""
    field = field_of(packet.data[packet.start : packet.end])
    if LAN_PORT in (packet.port, packet.peer_port):
        return used(packet, sender(packet), "rustdesk", "listening", "lan") if field == _DISCOVERY else ()
    if field not in _FIELDS:
        return ()
    end = sender(packet) if packet.peer_port == RENDEZVOUS_PORT else receiver(packet)
    return used(packet, end, "rustdesk", "connecting", "payload")


def field_of(message: bytes) -> int:
    """The number of the one field that a message consists of; 0 where it is no such message."""
    tag, at = _varint(message, 0)
    size, at = _varint(message, at)
    return tag >> 3 if at and tag & 7 == _LENGTH_DELIMITED and at + size == len(message) else 0


def _framed(data: bytes) -> bytes | None:
    """The first message of a stream: the lowest two bits of its first byte tell how many bytes its length has. None where it did not all come."""
    width = (data[0] & 3) + 1 if data else 0
    size = int.from_bytes(data[:width], "little") >> 2
    return data[width : width + size] if width and len(data) >= width + size else None


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of Protocol Buffers and where it ends; (0, 0) where it is cut or beyond four bytes."""
    value = 0
    for place in range(4):
        if at + place >= len(data):
            break
        byte = data[at + place]
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return value, at + place + 1
    return 0, 0
