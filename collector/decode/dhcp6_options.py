"""The options of one DHCPv6 message (RFC 8415 §21), those inside identity associations included."""

from __future__ import annotations

import msgspec

from collector.decode.wire import clean, ipv6_text

# Identity associations hold options of their own after so many bytes: for addresses, temporary addresses, prefixes.
_ASSOCIATIONS = {3: 12, 4: 4, 25: 12}
_ADDRESS, _PREFIX = 5, 26
_MAX_OPTIONS = 256
_MAX_ADDRESSES = 16

_Place = tuple[int, int]


class Options(msgspec.Struct):
    """Where the first option of each number stands, and the addresses and prefixes of all associations."""

    data: bytes
    places: dict[int, _Place] = {}
    addresses: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()

    def place(self, number: int) -> _Place | None:
        """`(start, end)` of the value, None where it was not sent."""
        return self.places.get(number)

    def get(self, number: int) -> bytes:
        """The value, empty where it was not sent."""
        start, end = self.places.get(number, (0, 0))
        return self.data[start:end]

    def text(self, number: int) -> str:
        """The value as text where it is text, else in hex."""
        value = self.get(number)
        shown = clean(value)
        return shown if "\ufffd" not in shown else value.hex(":")

    def vendor(self, number: int) -> tuple[int, str]:
        """Enterprise number and the first text of a vendor class (§21.16)."""
        value = self.get(number)
        size = int.from_bytes(value[4:6], "big")
        return int.from_bytes(value[:4], "big"), clean(value[6 : 6 + size])


def read(data: bytes, start: int, end: int) -> tuple[Options, str]:
    """Options in `data[start:end]`, and what is wrong with them, empty when nothing is."""
    options = Options(data)
    fault = _area(options, start, end, nested=False)
    return options, fault


def _area(options: Options, offset: int, end: int, *, nested: bool) -> str:
    data = options.data
    for _ in range(_MAX_OPTIONS):
        if offset >= end:
            return ""
        number = data[offset] << 8 | data[offset + 1] if offset + 4 <= end else 0
        body = offset + 4
        offset = body + (data[offset + 2] << 8 | data[offset + 3]) if body <= end else end + 1
        if offset > end:
            return f"DHCPv6 option {number} is cut"
        if nested:
            _lease(options, number, body, offset)
            continue
        options.places.setdefault(number, (body, offset))
        skipped = _ASSOCIATIONS.get(number)
        if skipped and body + skipped < offset and (fault := _area(options, body + skipped, offset, nested=True)):
            return fault
    return "more DHCPv6 options than any message holds"


def _lease(options: Options, number: int, start: int, end: int) -> None:
    """One address or prefix inside an association (§21.6, §21.22); unspecified ones ask for any."""
    data = options.data
    if number == _ADDRESS and end - start >= 24 and len(options.addresses) < _MAX_ADDRESSES and any(data[start : start + 16]):
        options.addresses += (ipv6_text(data, start),)
    elif number == _PREFIX and end - start >= 25 and len(options.prefixes) < _MAX_ADDRESSES and data[start + 8] <= 128:
        options.prefixes += (f"{ipv6_text(data, start + 9)}/{data[start + 8]}",)
