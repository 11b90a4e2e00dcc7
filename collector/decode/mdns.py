"""Multicast DNS (RFC 6762) and the services it announces (RFC 6763).

What a station *answers* makes it a host of services; what it asks, and the known answers it lists in a question, make it nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from collector.decode.dnsmessage import AAAA, INTERNET, A, name, read
from collector.decode.dnssd import META, Service, pairs, service_type, split
from collector.decode.error import DecodeError
from collector.decode.wire import clean, ipv4_text, ipv6_text
from model.facts import NameSeen, ServiceAdvertised, ServiceAsked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from collector.decode.dnsmessage import Labels, Message, Record
    from collector.decode.packet import Packet
    from model.fact import StationFact

PORT = 5353
CLAUSES = ("udp port 5353",)

# RFC 6762 §17.
_LONGEST = 9000
# A message of that length holds no more, but a record says more than once what it costs to read: bounded all the same.
_MOST_RECORDS = 512
_PTR, _TXT, _SRV, _ANY = 12, 16, 33, 255
_QUESTION_TYPES = frozenset({_PTR, _TXT, _SRV, _ANY})
_RESPONSE, _OPCODE, _CODE = 0x8000, 0x7800, 0x000F
# §10.2: the top bit of a record's class says that it replaces what is cached.
_CLASS = 0x7FFF


def decode(packet: Packet) -> Sequence[StationFact]:
    """What the sender advertises, or what it asks for; raises with the records before the fault where the message breaks off."""
    if packet.end - packet.start > _LONGEST:
        raise DecodeError("mDNS message is longer than 9000 bytes")
    message = read(packet.data, packet.start, packet.end, _MOST_RECORDS)
    # Other opcodes and response codes MUST be ignored in silence (RFC 6762 §18.3, §18.11).
    if message.flags & (_OPCODE | _CODE):
        return ()
    if not message.flags & _RESPONSE:
        # A question with authority records is a probe for the asker's own names (§8.2), not a search.
        probe = packet.data[packet.start + 8] or packet.data[packet.start + 9]
        facts: Sequence[StationFact] = () if probe else _asked(packet, message)
    else:
        # §6: a response from another source port MUST be ignored.
        facts = _answered(packet, message) if packet.port == PORT else ()
    if message.fault:
        raise DecodeError(message.fault, facts)
    return facts


def _dotted(labels: Labels) -> str:
    """The name as text with its trailing dot; a dot within a label stays as it is (RFC 6763 §4.3 escapes it only for people's eyes)."""
    return b".".join(labels).decode("utf-8", "replace") + "."


def _asked(packet: Packet, message: Message) -> tuple[ServiceAsked, ...]:
    asked: dict[str, None] = {}
    for question in message.questions:
        if question.kind in _QUESTION_TYPES and (wanted := service_type(_dotted(question.name))):
            asked[wanted] = None
    if not asked:
        return ()
    return (ServiceAsked(at=packet.at, mac=packet.mac, ip=packet.ip, vlan=packet.vlan, services=tuple(asked)),)


class _Answer(msgspec.Struct):
    """What one response says: its services by full name, and the addresses of its hosts."""

    services: dict[str, Service] = {}
    hosts: dict[str, list[str]] = {}

    def service(self, name: str) -> Service | None:
        """The service of an instance's (or, for a bare listing, a type's) full name; None where the name is no service."""
        key = name.lower()
        found = self.services.get(key)
        if found is None and (parts := split(name)):
            found = self.services[key] = Service(service=parts[0], instance=clean(parts[1]))
        return found


def _answered(packet: Packet, message: Message) -> list[StationFact]:
    answer = _Answer()
    fault: DecodeError | None = None
    for record in (*message.answers, *message.others):
        if record.klass & _CLASS == INTERNET:
            try:
                _take(answer, record, packet)
            except DecodeError as broken:  # its length still tells where the next one starts
                fault = broken
    facts = [*_names(packet, answer), *_services(packet, answer)]
    if fault:
        raise DecodeError(str(fault), facts)
    return facts


def _take(answer: _Answer, record: Record, packet: Packet) -> None:
    data = packet.data
    if record.kind == _PTR:
        owner = _dotted(record.name)
        target = _dotted(name(data, record.start, packet.start, record.end)[0])
        # Listing a type (RFC 6763 §9) points at the type itself; everything else under a service type points at an instance.
        if (owner.lower() == META or split(owner)) and (service := answer.service(target)):
            service.listed = record.ttl
    elif record.kind == _TXT:
        if service := answer.service(_dotted(record.name)):
            service.text, service.described = pairs(data[record.start : record.end]), max(service.described, record.ttl)
    elif record.kind == _SRV:
        _locate(answer, record, packet)
    elif record.kind in {A, AAAA}:
        size = 4 if record.kind == A else 16
        if record.end - record.start != size:
            raise DecodeError("mDNS address has a wrong length")
        if record.ttl:
            address = ipv4_text(data, record.start) if size == 4 else ipv6_text(data, record.start)
            answer.hosts.setdefault(clean(_dotted(record.name)).lower(), []).append(address)


def _locate(answer: _Answer, record: Record, packet: Packet) -> None:
    """An SRV record: priority, weight, port, host (RFC 2782)."""
    data, start = packet.data, record.start
    if start + 7 > record.end:
        raise DecodeError("mDNS service record is cut")
    host = _dotted(name(data, start + 6, packet.start, record.end)[0])
    if service := answer.service(_dotted(record.name)):
        service.host, service.port = clean(host).lower(), data[start + 4] << 8 | data[start + 5]
        service.described = max(service.described, record.ttl)


def _names(packet: Packet, answer: _Answer) -> list[NameSeen]:
    """A host name is the sender's own only where it resolves to the very address that spoke; a reflector carries others' names."""
    at, mac, ip, vlan = packet.at, packet.mac, packet.ip, packet.vlan
    return [NameSeen(at=at, mac=mac, ip=ip, vlan=vlan, name=host, via="mdns") for host, addresses in answer.hosts.items() if ip in addresses]


def _services(packet: Packet, answer: _Answer) -> list[ServiceAdvertised]:
    at, mac, ip, vlan = packet.at, packet.mac, packet.ip, packet.vlan
    return [
        ServiceAdvertised(
            at=at,
            mac=mac,
            ip=ip,
            vlan=vlan,
            service=service.service,
            instance=service.instance,
            alive=service.ttl > 0,
            ttl=service.ttl,
            host=service.host,
            port=service.port,
            text=service.text,
            owner_ip=_owner(ip, answer.hosts.get(service.host or "", ())),
        )
        for service in answer.services.values()
    ]


def _owner(sender: str, addresses: Sequence[str]) -> str:
    """The host's address where it is another than the sender's. Compared within what must hold both: IPv4, or IPv6 link-local.

    A host may well speak from an address of another scope than those it publishes, and is then still the owner.
    """
    if not addresses or sender in addresses:
        return ""
    prefix, mark = ("fe80:", ":") if ":" in sender else ("", ".")
    comparable = [address for address in addresses if mark in address and address.startswith(prefix)]
    return comparable[0] if comparable and sender.startswith(prefix) else ""
