"""TLS handshakes (RFC 8446 §4, RFC 5246 §7.4): the server name of a ClientHello, and the owner of a certificate sent in the clear.

An Encrypted Client Hello shows only its provider's name; a hello over several segments is read as far as it came. In TLS 1.3 certificates are encrypted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from collector.decode.remote import hosts
from collector.decode.remote.ends import is_inside, joined, receiver, sender, used

if TYPE_CHECKING:
    from collector.decode.flows.head import Head
    from model.wirefacts import ActivationSought, RemoteSeen

START = b"\x16\x03"
LIMIT = 4096
HELLO, CERTIFICATE = 1, 11

_HANDSHAKE = 0x16
_SERVER_NAME = 0
_MOST_MESSAGES = 8
# Issuer and subject stand at the front of a certificate.
_ENOUGH = 768
# The subject of the certificate that every AnyDesk makes for itself, as DER has it: UTF8String, 14 bytes.
_ANYDESK = b"\x0c\x0eAnyDesk Client"

Told = tuple["RemoteSeen | ActivationSought", ...]


class Message(NamedTuple):
    """One handshake message as far as it came; `whole` or not."""

    kind: int
    body: bytes
    whole: bool


def decode(head: Head) -> Told | None:
    """Whom a client asks for by name, or that either side shows a remote-control product's certificate."""
    if not head.data.startswith(START):
        return ()
    for message in messages(handshake(head.data)):
        if message.kind == HELLO and (host := server_name(message.body)):
            return hosts.facts(head.packet, sender(head.packet), host, "tls", at=head.at)
        if message.kind == CERTIFICATE and _ANYDESK in message.body:
            return _anydesk(head)
        if not message.whole:
            return () if len(message.body) > _ENOUGH and message.kind == CERTIFICATE else None
    # What follows in a segment of its own begins like a handshake again, and is read then.
    return ()


def is_anydesk(data: bytes) -> bool:
    """Does this side of a connection show AnyDesk's certificate."""
    return any(message.kind == CERTIFICATE and _ANYDESK in message.body for message in messages(handshake(data)))


def handshake(data: bytes) -> bytes:
    """The handshake bytes of the records one after another; ends at the first of another kind, as what follows is encrypted."""
    parts, at = [], 0
    while at + 5 <= len(data) and data[at] == _HANDSHAKE:
        size = data[at + 3] << 8 | data[at + 4]
        parts.append(data[at + 5 : at + 5 + size])
        at += 5 + size
    return b"".join(parts)


def messages(data: bytes) -> Iterator[Message]:
    """The handshake messages in these bytes."""
    at = 0
    for _ in range(_MOST_MESSAGES):
        if at + 4 > len(data):
            return
        size = int.from_bytes(data[at + 1 : at + 4])
        body = data[at + 4 : at + 4 + size]
        yield Message(data[at], body, len(body) == size)
        at += 4 + size


def server_name(hello: bytes) -> str:
    """The host name that a ClientHello (without its header) asks for, lower case; empty where it names none, or is cut before."""
    at = 34  # version, random
    for width in (1, 2, 1):  # session, cipher suites, compression
        at = _after(hello, at, width)
    end = min(len(hello), at + 2 + int.from_bytes(hello[at : at + 2]))
    at += 2
    while at + 4 <= end:
        kind, size = int.from_bytes(hello[at : at + 2]), int.from_bytes(hello[at + 2 : at + 4])
        if kind == _SERVER_NAME:
            return _host(hello[at + 4 : min(at + 4 + size, end)])
        at += 4 + size
    return ""


def _after(data: bytes, at: int, width: int) -> int:
    """Where a vector with a length of `width` bytes ends."""
    return at + width + int.from_bytes(data[at : at + width])


def _host(names: bytes) -> str:
    """RFC 6066 §3: a list of names, of which only the first of type host_name may count."""
    size = int.from_bytes(names[3:5])
    raw = names[5 : 5 + size]
    return raw.decode("ascii", "replace").lower() if names[2:3] == b"\0" and len(raw) == size else ""


def _anydesk(head: Head) -> tuple[RemoteSeen, ...]:
    """Between two computers of this network it is a direct connection, else one to the maker's relays."""
    packet = head.packet
    served, client = sorted((sender(packet), receiver(packet)), key=lambda end: end.port)
    if is_inside(served.ip):
        return joined(packet, client, served, "anydesk", "connecting", at=head.at)
    return used(packet, client, "anydesk", "connecting", "payload", at=head.at)
