"""What a flow decoder asks for, and what it is handed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from collector.decode.packet import Packet
from model.fact import StationFact


class Head(msgspec.Struct, frozen=True, gc=False):
    """What one side of a TCP connection, the sender, said first, and what it was answered.

    `packet` is the sender's first segment: addresses, VLAN, ports, but not its bytes. `data` are the sender's bytes in order without
    a hole, from where it began or last began anew, at most the decoder's `limit`; `answer` those of the other side, at most `answer_limit`. `at` is
    when the latest of the sender's bytes came.
    """

    packet: Packet
    data: bytes
    answer: bytes = b""
    at: int = 0


# None: not enough bytes yet. (): nothing here, stop following. Facts: they go out; see `FlowDecoder.answer_limit` for what comes after.
DecodeHead = Callable[[Head], Sequence[StationFact] | None]


class FlowDecoder(msgspec.Struct, frozen=True, kw_only=True):
    """One decoder of connections and which of their segments it asks for. Several may ask for the same ones.

    `starts`: the sender is whoever sends a segment that begins so (one to eight bytes). `ports`: with `starts`, only to these server ports; without,
    every segment of these connections up to 1,200 bytes, the client being the sender, for protocols that first bytes do not tell: each costs some 30 µs.
    `more`: how a further segment of the sender may begin where a message does not fit into one (`<?xml`): the kernel passes no other.
    `answers`: how the other side's segments may begin; with `ports` alone and an `answer_limit`, all of the server's are read, also before the client's.

    `decode` is called with each new piece of either side, as soon as the sender has spoken, and must be a pure function of the head. Once it gives facts
    it is called again only for answers: while there is none, and until it says something new or `answer_limit` bytes were heard; facts told before are
    not told again. Then, or after (), the sender's next segment that fits begins a new head on the same connection (HTTP keep-alive, one command after
    another). At `limit` bytes None means (). `seconds` of silence end it all. A message of several segments of which the kernel passes only some is
    read as far as it came: a TLS hello of two segments ends with the first.
    """

    name: str
    decode: DecodeHead
    starts: tuple[bytes, ...] = ()
    ports: tuple[int, ...] = ()
    more: tuple[bytes, ...] = ()
    answers: tuple[bytes, ...] = ()
    limit: int = 4096
    answer_limit: int = 0
    seconds: int = 10
