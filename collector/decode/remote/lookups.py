"""DNS over UDP, question or answer (RFC 1035 §4): tells only of names that the tables of remote control and piracy know, and of KMS servers found.

Nobody's other look-ups leave this module. DNS over TLS or HTTPS is not seen; the ClientHello to the product's own servers then is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.decode.dnsmessage import INTERNET, name, read
from collector.decode.error import DecodeError
from collector.decode.llmnr import host_address
from collector.decode.remote import hosts
from collector.decode.remote.ends import End, receiver, sender, sought
from model.remote.names import pirate_of

if TYPE_CHECKING:
    from collector.decode.dnsmessage import Labels, Message, Record
    from collector.decode.packet import Packet
    from model.wirefacts import ActivationSought, RemoteSeen

PORT = 53
CLAUSES = ("udp port 53",)

_RESPONSE, _OPCODE, _TRUNCATED = 0x8000, 0x7800, 0x0200
_SRV = 33
_KMS = (b"_vlmcs", b"_tcp")
_SRV_FIXED = 6  # priority, weight, port (RFC 2782)

Told = tuple["RemoteSeen | ActivationSought", ...]


def decode(packet: Packet) -> Told:
    """What one message tells of the station that asked: the sender of a question, the receiver of an answer."""
    message = read(packet.data, packet.start, packet.end)
    answered = bool(message.flags & _RESPONSE)
    if message.flags & _OPCODE or answered != (packet.port == PORT) or not message.questions:
        return ()
    end = receiver(packet) if answered else sender(packet)
    asked = message.questions[0]
    facts: Told = hosts.facts(packet, end, _text(asked.name), "dns")
    if answered and asked.kind == _SRV and tuple(label.lower() for label in asked.name[:2]) == _KMS:
        facts = (*facts, *_kms(packet, end, message))
    if message.fault and not message.flags & _TRUNCATED:
        raise DecodeError(message.fault, facts)
    return facts


def _text(labels: Labels) -> str:
    """The name in lower case; whatever is not ASCII is in no table."""
    return b".".join(labels).decode("ascii", "replace").lower()


def _kms(packet: Packet, end: End, message: Message) -> tuple[ActivationSought, ...]:
    """Where the domain's KMS hosts are (RFC 2782): each address that the answer gives, or that there is one without."""
    servers = [record for record in message.answers if record.kind == _SRV and record.klass == INTERNET]
    targets = [_target(packet, record) for record in servers]
    if not targets:
        return ()
    found = [
        (pirate_of(_text(record.name)), address)
        for record in (*message.answers, *message.others)
        if record.klass == INTERNET and record.name in targets and (address := host_address(packet.data, record))
    ]
    # An answer without addresses still names the host.
    found = found or [(pirate_of(_text(target)), "") for target in targets]
    told = dict.fromkeys(found)
    return tuple(fact for source, address in told for fact in sought(packet, end, "srv", source=source, server=End("", address, 0)))


def _target(packet: Packet, record: Record) -> Labels:
    try:
        return name(packet.data, record.start + _SRV_FIXED, packet.start, record.end)[0]
    except DecodeError:
        return ()
