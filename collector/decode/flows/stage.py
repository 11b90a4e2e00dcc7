"""The flows stage: follows the connections that flow decoders ask for, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from collector.decode.error import DecodeError
from collector.decode.flows.clauses import LONGEST, WORD, bound_starts, free_starts, whole_ports
from collector.decode.flows.flow import Counts, Flow
from collector.decode.flows.head import FlowDecoder, Head
from collector.decode.flows.hops import Hops
from collector.decode.packet import Packet
from collector.decode.remote.lately import Lately
from model.fact import StationFact

MOST_FLOWS = 2048
MOST_BYTES = 4 << 20

_Key = tuple[tuple[int, ...], tuple[str, int], tuple[str, int]]  # VLAN, sender, receiver


class Flows:
    """One stage a pipeline, so a leg. `counts` say what it did; `heed` is called with each segment of a connection that is followed or told something."""

    def __init__(self, rows: Sequence[FlowDecoder], most_flows: int = MOST_FLOWS, most_bytes: int = MOST_BYTES) -> None:
        """Follows at most so many connections, and keeps at most so many bytes of them; the least recently heard go first."""
        self.counts = Counts()
        self.heed: Callable[[Packet], None] | None = None
        self._flows: dict[_Key, Flow] = {}
        self._sizes: dict[_Key, int] = {}
        self._most_flows, self._most_bytes, self._bytes = most_flows, most_bytes, 0
        self._hops = Hops()
        self._lately = Lately()
        self._room = 2 * max((max(row.limit, row.answer_limit) for row in rows), default=0)
        firsts = {start[0] for row in rows for start in row.starts}
        self._opening = {first: tuple(row for row in rows if any(start[0] == first for start in row.starts)) for first in firsts}
        self._more = tuple({start for row in rows for start in row.more})
        self._starts = tuple(free_starts(rows))
        self._firsts = frozenset(start[0] for start in self._starts)
        self._begun = {port: tuple(starts) for port, starts in bound_starts(rows).items()}
        self._to, self._since = whole_ports(rows)
        self._bound = {port: tuple(row for row in rows if port in row.ports and not row.starts) for port in self._to}

    def __len__(self) -> int:
        """Connections followed now."""
        return len(self._flows)

    def wants(self, data: bytes, start: int, end: int, port: int, peer_port: int) -> bool:
        """Is the payload `data[start:end]` of a segment from `port` to `peer_port` asked for; the kernel passes all that is (`clauses`)."""
        if start >= end:
            return False
        if (peer_port in self._to or port in self._since) and end - start <= LONGEST:
            return True
        if end - start < WORD:
            return False
        if data[start] in self._firsts and data.startswith(self._starts, start, end):
            return True
        return peer_port in self._begun and data.startswith(self._begun[peer_port], start, end)

    def decode(self, packet: Packet) -> Sequence[StationFact]:
        """The facts of a segment that is wanted, with what came before it. Raises DecodeError with them where a decoder found fault."""
        self.counts.segments += 1
        broken = self.counts.broken
        payload = packet.data[packet.start : packet.end]
        here, there = (packet.ip, packet.port), (packet.peer_ip, packet.peer_port)
        back = self._flows.get((packet.vlan, there, here)) if self._flows else None
        told = [*self._answer(packet, payload, (packet.vlan, there, here), back), *self._say(packet, payload, (packet.vlan, here, there), back)]
        if self.heed is not None and (told or (packet.vlan, here, there) in self._flows or (packet.vlan, there, here) in self._flows):
            self.heed(packet)
        facts = self._lately.fresh(told)
        while len(self._flows) > self._most_flows or self._bytes > self._most_bytes:
            self._forget(next(iter(self._flows)))
            self.counts.dropped += 1
        if self.counts.broken > broken:
            raise DecodeError("a message in a TCP connection is broken", facts)
        return facts

    def _answer(self, packet: Packet, payload: bytes, key: _Key, flow: Flow | None) -> Sequence[StationFact]:
        """As a segment to the sender of a connection. Of servers that speak first it is kept until their client does."""
        if flow and flow.is_over(packet.at):
            self._forget(key)
            flow = None
        if not flow and packet.port in self._since:
            flow = self._new(packet, self._bound[packet.port])
        return self._turn(key, flow, flow.answer(packet, payload)) if flow else ()

    def _say(self, packet: Packet, payload: bytes, key: _Key, back: Flow | None) -> Sequence[StationFact]:
        """As a segment of the sender. A decoder that hears it as an answer does not hear it as a message too."""
        opening = [row for row in self._opening.get(payload[0], ()) if _opens(row, packet, payload) and not (back and back.reads(row))]
        hops = self._hops.of(packet) if opening else ()
        flow = self._flows.get(key)
        if flow and flow.is_other(packet):
            self._forget(key)
            flow = None
        if not flow:
            bound = self._bound.get(packet.peer_port, ())
            further = not opening and not back and payload.startswith(self._more)
            if not bound and not further and (not opening or _is_nothing(opening, packet, payload)):
                return hops
            flow = self._new(packet, bound)
        return (*hops, *self._turn(key, flow, flow.say(packet, payload, opening)))

    def _new(self, packet: Packet, bound: Sequence[FlowDecoder]) -> Flow:
        self.counts.flows += 1
        return Flow(packet, bound, self._room, self.counts)

    def _turn(self, key: _Key, flow: Flow, facts: Sequence[StationFact]) -> Sequence[StationFact]:
        """Puts the connection that was just heard last, or forgets it where nobody listens any more."""
        self._forget(key)
        if not flow.is_spent:
            self._flows[key] = flow
            self._sizes[key] = flow.size
            self._bytes += flow.size
        return facts

    def _forget(self, key: _Key) -> None:
        self._flows.pop(key, None)
        self._bytes -= self._sizes.pop(key, 0)


def _opens(row: FlowDecoder, packet: Packet, payload: bytes) -> bool:
    return len(payload) >= WORD and payload.startswith(row.starts) and (not row.ports or packet.peer_port in row.ports)


def _is_nothing(opening: Sequence[FlowDecoder], packet: Packet, payload: bytes) -> bool:
    """Does a first segment by itself show every decoder that there is nothing in it; most do (TLS, other HTTP), and need no connection kept."""
    try:
        said = [row.decode(Head(packet, payload[: row.limit], b"", packet.at)) for row in opening]
        return not any(facts is None or facts for facts in said)
    except DecodeError:
        return False


def alone(rows: Sequence[FlowDecoder], packet: Packet) -> Sequence[StationFact]:
    """What one segment tells by itself, with nothing before it and nothing after."""
    return Flows(rows).decode(packet)
