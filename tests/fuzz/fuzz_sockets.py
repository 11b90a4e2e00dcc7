"""Hostile messages on core's sockets, to core and from it, and the facts in them."""

import contextlib
import io

import msgspec

from collector.sockets import wire
from model.acts import Act
from model.facts import SensorHeard

_DECODERS = (wire.hello_decoder, wire.facts_decoder, wire.taken_decoder, wire.request_decoder, wire.welcome_decoder, wire.answer_decoder)
_HEARD = msgspec.msgpack.encode(SensorHeard(at=1_795_000_000_000_000_000, sensor="capture:lan", leg="lan", vantage="mirror"))
_CALLS = (
    wire.Register("soc", ["finding"]),
    wire.Lease("soc", 10, 1.5),
    wire.Read("rows", "x", ["open"]),
    wire.Replay("soc", ["1"]),
    wire.DoAct(Act(kind="close", finding="0123456789ab", by="an", why="x")),
)
_MESSAGES = (
    *(wire.Request(number, call) for number, call in enumerate(_CALLS)),
    wire.Hello(1, "facts", "s"),
    wire.Welcome(1, 7),
    wire.Refused("x", "x"),
    wire.Facts(1, [msgspec.Raw(_HEARD)]),
    wire.Taken(7, 0),
    wire.Cancel(3),
    wire.Answer(2, [msgspec.Raw(_HEARD)], last=True),
    wire.Failed(2, "act", "k", "x", "x"),
)
SEEDS = tuple(wire.encode(message) for message in _MESSAGES)


class _Connection(io.BytesIO):
    """A connection that delivers bytes and ends."""

    def recv(self, most: int) -> bytes:
        return self.read(most)


def fuzz_one(data: bytes) -> None:
    for decoder in _DECODERS:
        message = _decoded(decoder, data)
        if message is None:
            continue
        assert _decoded(decoder, wire.frame(message)[4:]) == message
        for raw in (*getattr(message, "facts", ()), *getattr(message, "items", ())):
            fact = _decoded(wire.fact_decoder, bytes(raw))
            assert fact is None or _decoded(wire.fact_decoder, wire.encode(fact)) == fact
    with contextlib.suppress(wire.MalformedError, ConnectionError):
        assert len(wire.receive_frame(_Connection(data), 1024)) <= 1024


def _decoded(decoder, data: bytes):
    try:
        return wire.decode(decoder, data)
    except wire.MalformedError:
        return None
