"""One TCP connection that is followed: what its sender and the other side said, and who still reads it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from collector.decode.error import DecodeError
from collector.decode.flows.head import FlowDecoder, Head
from collector.decode.flows.stream import Stream
from collector.decode.packet import Packet
from model.fact import StationFact
from model.times import SECOND

# How long a further segment waits for what it continues.
_ORPHAN_SECONDS = 1


class Counts(msgspec.Struct):
    """What happened since the start.

    `flows` followed, `dropped` to make room for others; `segments` read, of which `repeated` brought nothing and `overlapped` said some of it again;
    heads `cut` at a decoder's limit, and `broken` ones that a decoder found fault with.
    """

    flows: int = 0
    dropped: int = 0
    segments: int = 0
    repeated: int = 0
    overlapped: int = 0
    cut: int = 0
    broken: int = 0


class Flow:
    """The current head is `pending` while decoders want more of the sender, and `awaiting` while they want the answer to what they told.

    `at` is when the latest segment of either side came.
    """

    __slots__ = (
        "_answers",
        "_awaiting",
        "_begun",
        "_bound",
        "_counts",
        "_done",
        "_opened",
        "_packet",
        "_pending",
        "_sent",
        "_spoke",
        "_start",
        "_told",
        "_until",
        "at",
    )

    def __init__(self, packet: Packet, bound: Sequence[FlowDecoder], room: int, counts: Counts) -> None:
        """From its first `packet`. `bound` decoders read every segment of the connection; `room` bounds the bytes kept of a side."""
        self._bound = tuple(bound)
        self._counts = counts
        self._sent, self._answers = Stream(room), Stream(room)
        self._packet = _without_bytes(packet)
        self._begun = False
        self._start = self._done = 0
        self._opened: Sequence[FlowDecoder] = ()
        self._pending: list[FlowDecoder] = []
        self._awaiting: list[tuple[FlowDecoder, bytes]] = []
        self._told: list[StationFact] = []
        self._spoke = False
        self._until = self.at = packet.at

    @property
    def size(self) -> int:
        """Bytes held."""
        return self._sent.size + self._answers.size

    @property
    def is_spent(self) -> bool:
        """Nobody reads it, and nothing was told that a repeated segment could tell again."""
        return self._begun and not (self._pending or self._awaiting or self._spoke or self._bound)

    def is_over(self, at: int) -> bool:
        """Has it been silent for too long, or did time run back."""
        return abs(at - self.at) > SECOND * max((row.seconds for row in (*self._bound, *self._opened)), default=_ORPHAN_SECONDS)

    def is_other(self, packet: Packet) -> bool:
        """Is the sender's segment of another connection on the same ports."""
        return self.is_over(packet.at) or self._sent.is_stranger(self._sent.offset(packet.number))

    def reads(self, row: FlowDecoder) -> bool:
        """Is this decoder at work here."""
        return row in self._bound or row in self._opened

    def say(self, packet: Packet, payload: bytes, opening: Sequence[FlowDecoder]) -> list[StationFact]:
        """What a segment of the sender tells; `opening` decoders begin a head with it, where it does not continue one."""
        self.at = packet.at
        offset = self._sent.offset(packet.number)
        if not self._put(self._sent, offset, payload):
            return []
        if not self._begun:
            if not (opening or self._bound):
                return []  # kept: what it continues may still come
            self._begin(packet, offset, opening)
        elif self._bound and not self._opened and offset < self._start:
            self._start, self._pending = offset, list(self._bound)  # it came late, and belongs before
        elif not self._pending:
            if not (opening or self._bound):
                return []
            self._sent.read_to(self._done)
            self._begin(packet, max(offset, self._done), opening)
        elif lost := self._lost(offset, opening):
            self._sent.read_to(lost)
            self._begin(packet, lost, opening)
        self._until = packet.at
        return self._read()

    def answer(self, packet: Packet, payload: bytes) -> list[StationFact]:
        """What a segment of the other side tells."""
        self.at = packet.at
        new = self._put(self._answers, self._answers.offset(packet.number), payload)
        return self._read() if new and self._begun else []

    def _put(self, stream: Stream, offset: int, payload: bytes) -> bool:
        new = stream.put(offset, payload)
        self._counts.repeated += stream.repeated
        self._counts.overlapped += stream.overlapped
        return new

    def _lost(self, offset: int, opening: Sequence[FlowDecoder]) -> int | None:
        """Where the sender goes on behind a hole that nothing will fill: at a new message, or after many parts."""
        end = self._sent.end(self._start)
        if opening and offset > end:
            return offset
        return self._sent.after(end) if self._bound and self._sent.is_torn() else None

    def _begin(self, packet: Packet, start: int, opening: Sequence[FlowDecoder]) -> None:
        if self._begun:  # what answered the last head is no answer to this one
            self._answers.read_to(self._answers.end(self._answers.first()))
        self._begun, self._packet, self._start, self._opened = True, _without_bytes(packet), start, opening
        self._pending, self._awaiting, self._told = [*self._bound, *opening], [], []

    def _read(self) -> list[StationFact]:
        """What the decoders make of the head as it now is, less what they told before."""
        data, answer = self._sent.joined(self._start), self._answers.joined(self._answers.first())
        awaiting, self._awaiting = self._awaiting, []
        pending, self._pending = self._pending, []
        facts: list[StationFact] = []
        for row in pending:
            facts += self._first(row, data, answer)
        for row, heard in awaiting:
            facts += self._again(row, data, answer, heard)
        if not self._pending:
            self._done = self._start + len(data)
        self._told += facts
        self._spoke = self._spoke or bool(facts)
        return facts

    def _first(self, row: FlowDecoder, data: bytes, answer: bytes) -> Sequence[StationFact]:
        said = self._decode(row, data, answer)
        if said is None:
            if len(data) < row.limit:
                self._pending.append(row)
            else:
                self._counts.cut += 1
            return ()
        if said and len(answer) < row.answer_limit:
            self._awaiting.append((row, answer))
        return said

    def _again(self, row: FlowDecoder, data: bytes, answer: bytes, heard: bytes) -> Sequence[StationFact]:
        if answer == heard:
            self._awaiting.append((row, heard))
            return ()
        new = [fact for fact in self._decode(row, data, answer) or () if fact not in self._told]
        if not new and len(answer) < row.answer_limit:
            self._awaiting.append((row, answer))
        return new

    def _decode(self, row: FlowDecoder, data: bytes, answer: bytes) -> Sequence[StationFact] | None:
        try:
            return row.decode(Head(self._packet, data[: row.limit], answer[: row.answer_limit], self._until))
        except DecodeError as fault:
            self._counts.broken += 1
            return fault.facts


def _without_bytes(packet: Packet) -> Packet:
    """Only its addresses: a whole frame for each connection would be no bounded memory."""
    return replace(packet, data=b"", start=0, end=0)
