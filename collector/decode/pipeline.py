"""From one captured frame to its facts: peel the layers, look the decoder up in small tables, stamp what it found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import cast

from msgspec.structs import force_setattr, replace

from collector.decode import frame, icmp6, ipv4, ipv6, onlink, tcp, udp
from collector.decode.error import DecodeError
from collector.decode.flows.stage import Flows
from collector.decode.memo import WEIGHT, Memo, key_of
from collector.decode.packet import Decode, Packet
from collector.decode.table import Decoder, clauses, enabled
from collector.decode.wire import ipv4_text, ipv6_text
from model.fact import StationFact
from model.facts import AnyFact
from model.wirefacts import ScreenPushed

__all__ = ["Pipeline", "clauses"]

_NOTHING: tuple[StationFact, ...] = ()

# Who takes a transport payload, where it is, the two ports, and the sequence number of its first byte.
_Taken = tuple[Decode, int, int, int, int, int]


class Pipeline:
    """Decodes the frames of one sensor, leg and link type (DLT or LINKTYPE number).

    `decoders` names those to use, for None all but those to be asked for by name. Facts of several pipelines of one sensor are numbered apart
    by giving them one `sequence`.
    Counters since the start: `decoded` frames that a decoder read to the end, `undecodable` ones that broke off (facts from before the
    fault are kept), `fragments` of IP packets (never put together again; the first one is decoded as far as it goes), `repeated` frames
    heard before, whose facts were only given their time and number (`memo` bounds the bytes kept for that; 0: every frame is read);
    `flows.counts` of the connections followed.
    Raises `UnknownLinkType` and `UnknownDecoder`.
    """

    def __init__(
        self, sensor: str, leg: str, link_type: int, decoders: Iterable[str] | None = None, sequence: Iterator[int] | None = None, memo: int = WEIGHT
    ) -> None:
        rows = enabled(decoders)
        link = frame.link(link_type)
        self.decoded = 0
        self.undecodable = 0
        self.fragments = 0
        self.repeated = 0
        self._memo = Memo(memo)
        self._key = key_of(link_type)
        self._sensor, self._leg = sensor, leg
        self._sequence = count(1) if sequence is None else sequence
        self._read, self._addresses = link.read, link.addresses
        self._kinds = {key: row.decode for row in rows for key in row.kinds}
        self._ip_protocols = {key: row.decode for row in rows for key in row.ip_protocols}
        self._icmp6_types = {key: row.decode for row in rows for key in row.icmp6_types}
        self._udp_ports = {key: decode for row in rows for decode in (row.made() if row.made else row.decode,) for key in row.udp_ports}
        self._udp_starts = {key: row.decode for row in rows for key in row.udp_starts}
        self._udp_marks = {key: row.decode for row in rows for key in row.udp_marks}
        self._tcp_answers = {key: row.decode for row in rows for key in row.tcp_answers}
        self.flows = Flows([flow for row in rows for flow in row.flows])
        self._group = _group_decoder(rows)
        self._ip_wanted = any(row.kinds == () or row.udp_ports for row in rows)

    def decode(self, at: int, data: bytes) -> Sequence[AnyFact]:
        """The facts of the frame received at `at` (ns since the epoch), numbered in order; empty for what nobody asked for."""
        key = self._key(data)
        known = self._memo.get(key) if key else None
        if known is None:
            return self._fresh(at, data, key)
        self.decoded += 1
        self.repeated += 1
        return cast("Sequence[AnyFact]", [replace(fact, at=at, sequence=next(self._sequence)) for fact in known])

    def _fresh(self, at: int, data: bytes, key: bytes | None) -> Sequence[AnyFact]:
        before = self._memorable()
        try:
            facts = self._decode(at, data)
        except DecodeError as fault:
            self.undecodable += 1
            facts = fault.facts
        for fact in facts:
            # Nobody has seen the fact yet; setting the three fields here keeps decoders free of who runs them.
            force_setattr(fact, "sensor", self._sensor)
            force_setattr(fact, "leg", self._leg)
            force_setattr(fact, "sequence", next(self._sequence))
        if key and self._memorable() > before:
            self._memo.put(key, facts)
        # Every decoder makes facts of the union; their common base is all the loop above needs.
        return cast("Sequence[AnyFact]", facts)

    def _memorable(self) -> int:
        """Frames that tell the same each time: broken ones and fragments are counted each time, and a connection's depend on what came before."""
        return self.decoded - self.fragments - self.flows.counts.segments

    def _decode(self, at: int, data: bytes) -> Sequence[StationFact]:
        kind, start, end, vlan = self._read(data)
        if kind == frame.IPV4:
            return self._ipv4(at, data, start, end, vlan) if self._ip_wanted else _NOTHING
        if kind == frame.IPV6:
            return self._ipv6(at, data, start, end, vlan) if self._ip_wanted else _NOTHING
        decode = self._kinds.get(kind)
        if decode is None:
            return _NOTHING
        mac, peer_mac = self._addresses(data)
        facts = decode(Packet(at, mac, peer_mac, vlan, data, start, end))
        self.decoded += 1
        return facts

    def _ipv4(self, at: int, data: bytes, start: int, end: int, vlan: tuple[int, ...]) -> Sequence[StationFact]:
        protocol, body, end, fragment = ipv4.read(data, start, end)
        self.fragments += fragment
        # The two bytes spare almost every unicast packet the call.
        grouped = (data[start + 16] >= 224 or data[start + 19] == 255) and self._group is not None and onlink.is_group4(data, start, protocol)
        taken = self._transport(protocol, data, body, end, start)
        if taken is None and not grouped:
            return _NOTHING
        decode, body, end, port, peer_port, number = taken or (None, body, end, 0, 0, 0)
        mac, peer_mac = self._addresses(data)
        ip, peer_ip = ipv4_text(data, start + 12), ipv4_text(data, start + 16)
        packet = Packet(at, mac, peer_mac, vlan, data, body, end, ip, peer_ip, data[start + 8], protocol, port, peer_port, number)
        return self._packet(packet, decode)

    def _ipv6(self, at: int, data: bytes, start: int, end: int, vlan: tuple[int, ...]) -> Sequence[StationFact]:
        protocol, body, end, fragment = ipv6.read(data, start, end)
        self.fragments += fragment
        grouped = self._group is not None and onlink.is_group6(data, start)
        taken = self._transport(protocol, data, body, end, start)
        if taken is None and not grouped:
            return _NOTHING
        decode, body, end, port, peer_port, number = taken or (None, body, end, 0, 0, 0)
        mac, peer_mac = self._addresses(data)
        ip, peer_ip = ipv6_text(data, start + 8), ipv6_text(data, start + 24)
        packet = Packet(at, mac, peer_mac, vlan, data, body, end, ip, peer_ip, data[start + 7], protocol, port, peer_port, number)
        return self._packet(packet, decode)

    def _packet(self, packet: Packet, decode: Decode | None) -> Sequence[StationFact]:
        """What the sender's address proves by itself, then what its message says."""
        facts = self._group(packet) if self._group else _NOTHING
        if decode:
            try:
                facts = (*facts, *decode(packet))
            except DecodeError as fault:
                raise DecodeError(str(fault), (*facts, *fault.facts)) from fault
        if self.flows.heed and packet.protocol == udp.PROTOCOL and any(type(fact) is ScreenPushed for fact in facts):
            self.flows.heed(packet)  # a push by datagram belongs to no connection that is followed
        self.decoded += 1
        return facts

    def _transport(self, protocol: int, data: bytes, body: int, end: int, header: int) -> _Taken | None:
        if protocol == udp.PROTOCOL:
            return self._udp(data, body, end)
        if protocol == tcp.PROTOCOL:
            return self._tcp(data, body, end, header)
        decode = self._icmp6_types.get(data[body]) if protocol == icmp6.PROTOCOL and body < end else self._ip_protocols.get(protocol)
        return (decode, body, end, 0, 0, 0) if decode else None

    def _udp(self, data: bytes, body: int, end: int) -> _Taken | None:
        port, peer_port, body, end = udp.read(data, body, end)
        ports = self._udp_ports
        decode = ports.get(peer_port) or ports.get(port) or self._udp_starts.get(data[body : min(body + 4, end)])
        decode = decode or self._udp_marks.get(data[body + 11 : min(body + 13, end)])
        return (decode, body, end, port, peer_port, 0) if decode else None

    def _tcp(self, data: bytes, start: int, end: int, header: int) -> _Taken | None:
        port, peer_port, body = tcp.read(data, start, end)
        if tcp.is_answer(data, start):
            decode = self._tcp_answers.get(port) or (self._tcp_answers.get(tcp.ANY) if _matters(data, start, header, peer_port) else None)
            if decode:
                return decode, start, end, port, peer_port, 0
        if self.flows.wants(data, body, end, port, peer_port):
            return self.flows.decode, body, end, port, peer_port, tcp.number(data, start)
        return None


def _matters(data: bytes, start: int, header: int, peer_port: int) -> bool:
    """Is the answer at `start` worth reading whatever its port: a refusal, or somebody let in from another network."""
    if not tcp.is_acceptance(data, start):
        return True
    ip, size, hops = (header + 12, 4, header + 8) if data[header] >> 4 == 4 else (header + 8, 16, header + 7)
    return tcp.passage(data[ip : ip + size], data[ip + size : ip + 2 * size], data[hops], peer_port) is not None


def _group_decoder(rows: Iterable[Decoder]) -> Decode | None:
    return next((row.decode for row in rows if row.groups), None)
