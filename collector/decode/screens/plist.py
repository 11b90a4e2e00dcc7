"""The top of a binary property list (Apple's bplist00): numbers, truths and texts of its outermost dictionary.

plistlib is not used: its objects may overlap, so that 64 KB of hostile arrays become gigabytes; the top dictionary alone is linear.
"""

from __future__ import annotations

from collections.abc import Sequence

MAX_BYTES = 65_536
_HEAD = b"bplist00"
_TRAILER = 32
_MAX_KEYS = 256
_MAX_TEXT = 1_024

Value = str | int | bool


class _BadError(Exception):
    """Not a property list, or broken."""


def top(data: bytes) -> dict[str, Value]:
    """Key -> value of the outermost dictionary, values of other kinds left out; empty for what is no binary property list."""
    if not data.startswith(_HEAD) or not len(_HEAD) + _TRAILER <= len(data) <= MAX_BYTES:
        return {}
    try:
        return _Reader(data).dictionary()
    except _BadError:
        return {}


class _Reader:
    """Offsets and sizes as the trailer gives them; each reading is checked against the bytes there are."""

    def __init__(self, data: bytes) -> None:
        trailer = data[-_TRAILER:]
        self._data = data
        self._offset_size, self._reference_size = trailer[6], trailer[7]
        self._count, self._top, self._table = (int.from_bytes(trailer[place : place + 8], "big") for place in (8, 16, 24))

    def dictionary(self) -> dict[str, Value]:
        """The outermost one."""
        place = self._place(self._top)
        kind, count, place = self._marker(place)
        if kind != 0xD:
            raise _BadError
        keys = self._references(place, min(count, _MAX_KEYS))
        # The values' references stand behind those of all keys, however many are read.
        values = self._references(place + count * self._reference_size, min(count, _MAX_KEYS))
        return {key: value for key, value in self._pairs(keys, values) if isinstance(key, str)}

    def _pairs(self, keys: Sequence[int], values: Sequence[int]) -> list[tuple[Value, Value]]:
        read = [(self._value(key), self._value(value)) for key, value in zip(keys, values, strict=True)]
        return [(key, value) for key, value in read if key is not None and value is not None]

    def _references(self, place: int, count: int) -> list[int]:
        size = self._reference_size
        return [self._number(place + n * size, size) for n in range(count)]

    def _place(self, reference: int) -> int:
        if reference >= self._count:
            raise _BadError
        return self._number(self._table + reference * self._offset_size, self._offset_size)

    def _number(self, place: int, size: int) -> int:
        if not 1 <= size <= 8 or place < 0 or place + size > len(self._data):
            raise _BadError
        return int.from_bytes(self._data[place : place + size], "big")

    def _marker(self, place: int) -> tuple[int, int, int]:
        """Kind, count, and where the contents begin."""
        marker = self._number(place, 1)
        kind, count = marker >> 4, marker & 0xF
        if count != 0xF or kind in (0x0, 0x1):
            return kind, count, place + 1
        length = self._number(place + 1, 1)
        if length >> 4 != 1 or length & 0xF > 3:
            raise _BadError
        size = 1 << (length & 0xF)
        return kind, self._number(place + 2, size), place + 2 + size

    def _value(self, reference: int) -> Value | None:
        kind, count, place = self._marker(self._place(reference))
        match kind:
            case 0x0 if count in (8, 9):
                return count == 9
            case 0x1 if count <= 3:
                return self._number(place, 1 << count)
            case 0x5:
                return self._bytes(place, count).decode("ascii", "replace")
            case 0x6:
                return self._bytes(place, 2 * min(count, _MAX_TEXT)).decode("utf-16-be", "replace")
        return None

    def _bytes(self, place: int, count: int) -> bytes:
        if place + count > len(self._data):
            raise _BadError
        return self._data[place : place + min(count, 2 * _MAX_TEXT)]
