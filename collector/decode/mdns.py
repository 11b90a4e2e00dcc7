"""Multicast DNS (RFC 6762) and the services it announces (RFC 6763). Messages are parsed by zeroconf's compiled parser.

What a station *answers* makes it a host of services; what it asks, and the known answers it lists in a question, make it nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from zeroconf._dns import DNSAddress, DNSPointer, DNSService, DNSText  # the package re-exports them, but not to type checkers
from zeroconf._protocol.incoming import DNSIncoming

from collector.decode.dnssd import META, Service, pairs, service_type, split
from collector.decode.error import DecodeError
from collector.decode.wire import clean, ipv4_text, ipv6_text
from model.facts import NameSeen, ServiceAdvertised, ServiceAsked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zeroconf._dns import DNSRecord

    from collector.decode.packet import Packet
    from model.facts import StationFact

PORT = 5353
CLAUSES = ("udp port 5353",)

_HEADER = 12
# RFC 6762 §17. The parser follows chains of pointers anew for each broken record: what it costs grows with the square of the length.
_LONGEST = 9000
_INTERNET = 1
_QUESTION_TYPES = frozenset({12, 16, 33, 255})  # PTR, TXT, SRV, ANY
# The types that zeroconf builds records of; it steps over all others in silence.
_BUILT_TYPES = frozenset({1, 5, 12, 13, 16, 28, 33, 47})
# The parser stamps records with the machine's clock unless it is given a time; ours is in the facts, so any number but 0 does.
_NO_TIME = 1.0


def decode(packet: Packet) -> Sequence[StationFact]:
    """What the sender advertises, or what it asks for; raises with the records before the fault where the message breaks off."""
    data, start = packet.data, packet.start
    if start + _HEADER > packet.end:
        raise DecodeError("mDNS header is cut")
    if packet.end - start > _LONGEST:
        raise DecodeError("mDNS message is longer than 9000 bytes")
    # Other opcodes and response codes MUST be ignored in silence (RFC 6762 §18.3, §18.11).
    if data[start + 2] & 0x78 or data[start + 3] & 0x0F:
        return ()
    if not data[start + 2] & 0x80:
        # A question with authority records is a probe for the asker's own names (§8.2), not a search.
        return () if data[start + 8] or data[start + 9] else _asked(packet)
    # §6: a response from another source port MUST be ignored.
    return _answered(packet) if packet.port == PORT else ()


def _parse(packet: Packet) -> DNSIncoming:
    message = DNSIncoming(packet.data[packet.start : packet.end], now=_NO_TIME)
    # A fault among the questions leaves the parser in the middle of one: what it would read as records is noise.
    if not message.valid and (packet.data[packet.start + 4] or packet.data[packet.start + 5]):
        raise DecodeError("mDNS question is malformed")
    return message


def _asked(packet: Packet) -> tuple[ServiceAsked, ...]:
    asked: dict[str, None] = {}
    for question in _parse(packet).questions:
        if question.type in _QUESTION_TYPES and (name := service_type(question.name)):
            asked[name] = None
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


def _answered(packet: Packet) -> list[StationFact]:
    records = _parse(packet).answers()
    answer = _Answer()
    for record in records:
        if record.class_ == _INTERNET:
            _take(answer, record)
    facts = [*_names(packet, answer), *_services(packet, answer)]
    if len(records) != _promised(packet.data, packet.start) and not _complete(packet, len(records)):
        raise DecodeError("mDNS record is malformed", facts)
    return facts


def _take(answer: _Answer, record: DNSRecord) -> None:
    if isinstance(record, DNSPointer):
        # Listing a type (RFC 6763 §9) points at the type itself; everything else under a service type points at an instance.
        if (record.key == META or split(record.name)) and (service := answer.service(record.alias)):
            service.listed = record.ttl
    elif isinstance(record, DNSText):
        if service := answer.service(record.name):
            service.text, service.described = pairs(record.text), max(service.described, record.ttl)
    elif isinstance(record, DNSService):
        if service := answer.service(record.name):
            service.host, service.port = clean(record.server).lower(), record.port
            service.described = max(service.described, record.ttl)
    elif isinstance(record, DNSAddress) and record.ttl:
        raw = record.address
        address = ipv4_text(raw, 0) if len(raw) == 4 else ipv6_text(raw, 0)
        answer.hosts.setdefault(clean(record.name).lower(), []).append(address)


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


def _promised(data: bytes, start: int) -> int:
    """Records that the header announces after the questions."""
    counts = data[start + 6 : start + 12]
    return sum(counts[offset] << 8 | counts[offset + 1] for offset in (0, 2, 4))


def _complete(packet: Packet, built: int) -> bool:
    """Were the records that the parser did not build only of types it steps over: walks the message, bounded by its length and counts."""
    data, end, offset = packet.data, packet.end, packet.start + _HEADER
    expected = 0
    for _ in range(data[packet.start + 4] << 8 | data[packet.start + 5]):
        offset = _past_name(data, offset, end) + 4
    for _ in range(_promised(data, packet.start)):
        offset = _past_name(data, offset, end)
        if offset + 10 > end:
            return False
        expected += (data[offset] << 8 | data[offset + 1]) in _BUILT_TYPES
        offset += 10 + (data[offset + 8] << 8 | data[offset + 9])
    return offset <= end and expected == built


def _past_name(data: bytes, offset: int, end: int) -> int:
    """Where the name at `offset` ends; beyond `end` where it is cut."""
    while offset < end:
        length = data[offset]
        if length == 0:
            return offset + 1
        if length >= 0xC0:
            return offset + 2
        offset += length + 1
    return end + 1
