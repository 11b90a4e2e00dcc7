"""The maker a MAC address was registered to, from the table that deploy/build-vendors.py made (its first line says when and from what).

The table is read at the first question, not at import: a program that classifies nothing does not pay for it.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from bisect import bisect_left
from functools import cache
from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).with_name("vendors.bin")
# IEEE registers blocks of 36, 28 and 24 bits (MA-S, MA-M, MA-L); the longest that fits is the owner.
WIDTHS = (36, 28, 24)

_LOCAL = 0x02
_GROUP = 0x01


class BrokenTable(ValueError):
    """The table is not one that deploy/build-vendors.py wrote."""


class VendorTable(NamedTuple):
    """Sorted prefixes of each width, and for each the place of its owner's name. `about` is the table's first line."""

    about: str
    prefixes: tuple[array[int], ...]
    owners: tuple[array[int], ...]
    starts: array[int]
    names: bytes

    def owner(self, mac: int) -> str:
        """The registered owner of a 48-bit address, empty when nobody is."""
        for width, prefixes, owners in zip(WIDTHS, self.prefixes, self.owners, strict=True):
            wanted = mac >> (48 - width)
            place = bisect_left(prefixes, wanted)
            if place < len(prefixes) and prefixes[place] == wanted:
                number = owners[place]
                return self.names[self.starts[number] : self.starts[number + 1] - 1].decode()
        return ""


def vendor_of(mac: str) -> str:
    """The maker of `aa:bb:cc:dd:ee:ff`, empty if unknown or if the address was not given by a maker (locally administered, group)."""
    try:
        number = int(mac.replace(":", ""), 16)
    except ValueError:
        return ""
    if len(mac) != 17 or number >> 40 & (_LOCAL | _GROUP):
        return ""
    return table().owner(number)


@cache
def table() -> VendorTable:
    """The shipped table."""
    return parse(TABLE.read_bytes())


def parse(raw: bytes) -> VendorTable:
    """The table in `raw`: one line of text, ending in how many prefixes of each width and names there are, then the packed columns."""
    head, _, packed = raw.partition(b"\n")
    about = head.decode("ascii", "replace")
    try:
        counts = [int(number) for number in about.rpartition(" ")[2].split("/")]
        body = memoryview(zlib.decompress(packed))
        prefixes, owners, at = [], [], 0
        for width, count in zip(WIDTHS, counts[:-1], strict=True):
            code = "Q" if width > 32 else "I"
            column, at = _column(body, at, count, code)
            prefixes.append(column)
            column, at = _column(body, at, count, "H")
            owners.append(column)
        starts, at = _column(body, at, counts[-1] + 1, "I")
        names = bytes(_fitting(body[at:], starts[-1]))
    except (ValueError, zlib.error) as error:
        raise BrokenTable(f"{TABLE.name} is no vendor table: build it again with deploy/build-vendors.py ({error})") from error
    return VendorTable(about, tuple(prefixes), tuple(owners), starts, names)


def _fitting(body: memoryview, length: int) -> memoryview:
    if len(body) != length:
        raise ValueError("its parts do not fit")
    return body


def _column(body: memoryview, at: int, count: int, code: str) -> tuple[array[int], int]:
    """`count` little-endian numbers from `at`, and where they end."""
    column: array[int] = array(code)
    end = at + count * column.itemsize
    if end > len(body):
        raise ValueError("it is cut")
    column.frombytes(body[at:end])
    if sys.byteorder == "big":
        column.byteswap()
    return column, end
