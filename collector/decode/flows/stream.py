"""One side of a TCP connection: its bytes put in order, whatever order, pieces and repetitions they came in."""

from __future__ import annotations

_HALF, _MASK = 1 << 31, (1 << 32) - 1
# How far behind what was read a segment may lie and still be old; further off the numbers are another connection's on the same ports.
_WINDOW = 1 << 18
# Parts that lie apart: so many mean that what is between was lost, and none beyond them is kept.
_MOST_PARTS = 8


class Stream:
    """Parts by their offset from the first number heard. Of bytes that came twice the first ones stay, so that nobody can change what was read.

    `floor` is the offset up to which all was read, None where nothing was; `repeated` and `overlapped` tell of the last `put`.
    """

    __slots__ = ("_parts", "_room", "_zero", "floor", "overlapped", "repeated", "size")

    def __init__(self, room: int) -> None:
        """`room` bounds the bytes kept."""
        self._room = room
        self._zero: int | None = None
        self._parts: dict[int, bytes] = {}
        self.size = 0
        self.floor: int | None = None
        self.repeated = self.overlapped = False

    def offset(self, number: int) -> int:
        """Where the segment of this sequence number lies; negative for before the first one heard. Numbers run round at 2^32."""
        if self._zero is None:
            self._zero = number
        return (number - self._zero + _HALF & _MASK) - _HALF

    def is_stranger(self, offset: int) -> bool:
        """Too far back to be a repetition."""
        return offset < (self.floor or 0) - _WINDOW

    def put(self, offset: int, payload: bytes) -> bool:
        """Keeps what is new of a segment; True where anything was."""
        fresh = self._fresh(offset, payload)
        told = sum(len(piece) for _, piece in fresh)
        self.repeated, self.overlapped = not told, 0 < told < len(payload)
        for at, piece in fresh:
            self._keep(at, piece[: self._room - self.size])
        return bool(told)

    def _fresh(self, offset: int, payload: bytes) -> list[tuple[int, bytes]]:
        """The pieces of a segment that no part covers and that were not read before."""
        place, end, found = offset if self.floor is None else max(offset, self.floor), offset + len(payload), []
        for at in sorted(self._parts):
            after = at + len(self._parts[at])
            if at >= end or after <= place:
                continue
            if place < at:
                found.append((place, payload[place - offset : at - offset]))
            place = after
        if place < end:
            found.append((place, payload[place - offset :]))
        return found

    def _keep(self, at: int, piece: bytes) -> None:
        if not piece:
            return
        self.size += len(piece)
        before = next((start for start, part in self._parts.items() if start + len(part) == at), None)
        if before is None and len(self._parts) == _MOST_PARTS:
            self.size -= len(piece)
            return
        after = self._parts.pop(at + len(piece), b"")
        start = at if before is None else before
        self._parts[start] = (b"" if before is None else self._parts[before]) + piece + after

    def first(self) -> int:
        """Where the first part lies; without any, where the next one is expected at the earliest."""
        return min(self._parts, default=self.floor or 0)

    def after(self, offset: int) -> int | None:
        """Where the next part behind `offset` lies."""
        return min((at for at in self._parts if at > offset), default=None)

    def joined(self, start: int) -> bytes:
        """The bytes from offset `start`, which begins a part or lies in one, to the first hole."""
        return next((part[start - at :] for at, part in self._parts.items() if at <= start < at + len(part)), b"")

    def end(self, start: int) -> int:
        """Where the first hole from `start` on lies."""
        return start + len(self.joined(start))

    def is_torn(self) -> bool:
        """So many parts lie apart that nothing will fill the hole any more."""
        return len(self._parts) == _MOST_PARTS

    def read_to(self, offset: int) -> None:
        """All before `offset` is done with."""
        self.floor = offset
        self._parts = {max(at, offset): part[max(0, offset - at) :] for at, part in self._parts.items() if at + len(part) > offset}
        self.size = sum(map(len, self._parts.values()))
