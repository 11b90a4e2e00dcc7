"""DNS answers over UDP (RFC 1035 §4), for whoever switches this decoder on: by default nobody's look-ups are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.decode.dnsmessage import INTERNET, read
from collector.decode.error import DecodeError
from collector.decode.llmnr import host_address, text
from model.facts import DnsAnswered

if TYPE_CHECKING:
    from collector.decode.packet import Packet

PORT = 53
CLAUSES = ("udp src port 53",)

_RESPONSE, _OPCODE, _TRUNCATED, _CODE = 0x8000, 0x7800, 0x0200, 0x000F


def decode(packet: Packet) -> tuple[DnsAnswered, ...]:
    """One fact for an answer that holds addresses, whatever aliases lead there; nothing for questions, failures and other records."""
    if packet.port != PORT:
        return ()
    message = read(packet.data, packet.start, packet.end)
    if message.flags & (_OPCODE | _CODE) or not message.flags & _RESPONSE or not message.questions:
        return ()
    addresses = dict.fromkeys(address for record in message.answers if record.klass == INTERNET and (address := host_address(packet.data, record)))
    name = text(message.questions[0].name).lower() + "."
    fact = DnsAnswered(at=packet.at, mac=packet.mac, ip=packet.ip, vlan=packet.vlan, name=name, addresses=tuple(addresses), client=packet.peer_ip)
    facts = (fact,) if addresses else ()
    # A truncated answer (§4.1.1) ends where the datagram does; its whole records stand, and nobody is at fault.
    if message.fault and not message.flags & _TRUNCATED:
        raise DecodeError(message.fault, facts)
    return facts
