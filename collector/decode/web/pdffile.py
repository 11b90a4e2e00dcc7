"""What a PDF file is made of: objects, also those packed into streams, and their streams unpacked. No tree is built, and nothing of it is trusted."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

MOST_FILE = 5 << 20
_MOST_OBJECTS = 20_000
_MOST_PACKED = 2_000
_MOST_STREAMS = 200
_MOST_STREAM = 1 << 20
_MOST_UNPACKED = 8 << 20
_LONGEST_SAID = 65_536

_OBJECT = re.compile(rb"(?<!\d)(\d{1,8})\s{1,4}\d{1,5}\s{1,4}obj\b")
_STREAM = re.compile(rb">>\s{0,20}stream\r?\n?")
_FILTER = re.compile(rb"/Filter\s{0,8}(\[[^\]]{0,200}\]|/\w{1,40})")
_NUMBERS = re.compile(rb"/(N|First)\s{1,4}(\d{1,8})")
_REFERENCE = r"/%s\s{1,8}(\d{1,8})\s{1,4}\d{1,5}\s{1,4}R\b"
# Bytes between parentheses, which may nest once, or hex digits. One that never ends is taken as far as it goes, so that nothing is searched twice.
STRING = rb"\((?:[^()\\]|\\.|\((?:[^()\\]|\\.){0,2000}+\)){0,8000}+\)?|<[0-9A-Fa-f\s]{0,16000}+>"
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_MEANT = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}


class Thing(NamedTuple):
    """One object: its number, what it says before its stream, and the stream as stored."""

    number: int
    said: bytes
    stored: bytes = b""

    def reference(self, name: str) -> int | None:
        """The number of the object that `/name` refers to."""
        found = re.search((_REFERENCE % name).encode(), self.said)
        return int(found[1]) if found else None


class File:
    """The objects of a file by number (the last of a number stands), its streams unpacked within bounds, once each."""

    def __init__(self, data: bytes) -> None:
        self._left, self._streams = _MOST_UNPACKED, _MOST_STREAMS
        self._unpacked: dict[int, bytes] = {}
        self.things: dict[int, Thing] = {}
        data = data[:MOST_FILE]
        self.encrypted = re.search(rb"/Encrypt\s{1,8}\d", data) is not None
        self.ends = b"\n".join(_trailers(data))
        for thing in _objects(data):
            self.things[thing.number] = thing
        for thing in [thing for thing in self.things.values() if b"/ObjStm" in thing.said]:
            for inner in _packed(thing, self.stream(thing.number)):
                self.things.setdefault(inner.number, inner)

    def stream(self, number: int | None) -> bytes:
        """The stream of an object, unpacked; empty for none, for a packing that is not read, and past the bounds."""
        thing = self.things.get(number) if number is not None else None
        if thing is None or not thing.stored:
            return b""
        if thing.number not in self._unpacked:
            if self._streams <= 0 or self._left <= 0:
                return b""
            found = _unpack(thing, min(self._left, _MOST_STREAM))
            self._streams, self._left = self._streams - 1, self._left - len(found)
            self._unpacked[thing.number] = found
        return self._unpacked[thing.number]

    def said(self, number: int | None) -> bytes:
        """What an object says, empty for none."""
        thing = self.things.get(number) if number is not None else None
        return thing.said if thing else b""


def _objects(data: bytes) -> Iterator[Thing]:
    starts = [(found.end(), int(found[1]), found.start()) for found, _ in zip(_OBJECT.finditer(data), range(_MOST_OBJECTS), strict=False)]
    ends = [start for _, _, start in starts[1:]] + [len(data)]
    for (start, number, _), end in zip(starts, ends, strict=False):
        body = data[start:end]
        if found := _STREAM.search(body, 0, _LONGEST_SAID):
            last = body.rfind(b"endstream")
            yield Thing(number, body[: found.start() + 2], body[found.end() : last if last >= 0 else None])
        else:
            yield Thing(number, body.partition(b"endobj")[0][:_LONGEST_SAID])


def _trailers(data: bytes) -> Iterator[bytes]:
    """The last words of the file, one for each time it was saved."""
    for found, _ in zip(re.finditer(rb"trailer", data), range(32), strict=False):
        yield data[found.end() : found.end() + 2000]


def _packed(holder: Thing, data: bytes) -> Iterator[Thing]:
    """The objects within an object stream: numbers and places first, then one after the other."""
    told = {name: int(value) for name, value in _NUMBERS.findall(holder.said)}
    first = told.get(b"First", 0)
    head = [int(word) for word in data[:first].split()[: 2 * min(told.get(b"N", 0), _MOST_PACKED)] if word.isdigit() and len(word) < 9]
    places = [*zip(head[::2], head[1::2], strict=False), (0, len(data))]
    for (number, at), (_, end) in pairwise(places):
        yield Thing(number, data[first + at : first + end if end >= at else None][:_LONGEST_SAID])


def _unpack(thing: Thing, room: int) -> bytes:
    found = _FILTER.search(thing.said)
    data = thing.stored
    for name in re.findall(rb"/(\w+)", found[1])[:4] if found else ():
        unpack = _FILTERS.get(name)
        if unpack is None:
            return b""
        data = unpack(data, room)
    return data[:room]


def _inflate(data: bytes, room: int) -> bytes:
    """As much as can be had: what is cut off or broken is read until there."""
    inflater, out = zlib.decompressobj(), bytearray()
    for at in range(0, len(data), 4096):
        try:
            out += inflater.decompress(data[at : at + 4096], room - len(out))
        except zlib.error:
            break
        if len(out) >= room or inflater.eof:
            break
    return bytes(out)


def _ascii85(data: bytes, _room: int) -> bytes:
    text = data.strip()
    try:
        return base64.a85decode(text.removeprefix(b"<~").partition(b"~>")[0])
    except ValueError:
        return b""


def _hex(data: bytes, _room: int) -> bytes:
    return from_hex(data.partition(b">")[0])


_FILTERS = {b"FlateDecode": _inflate, b"Fl": _inflate, b"ASCII85Decode": _ascii85, b"A85": _ascii85, b"ASCIIHexDecode": _hex, b"AHx": _hex}


def from_hex(digits: bytes) -> bytes:
    """Bytes written as hex digits, blanks among them; a digit that is missing at the end is 0."""
    pure = b"".join(digits.split())
    try:
        return binascii.unhexlify(pure + b"0" * (len(pure) % 2))
    except ValueError:
        return b""


def string_of(written: bytes) -> bytes:
    """The bytes of a string as written, with its brackets."""
    if written[:1] == b"<":
        return from_hex(written[1:-1])
    return _ESCAPE.sub(lambda found: _meant(found[1]), written[1:-1])


def _meant(escaped: bytes) -> bytes:
    return bytes([int(escaped, 8) & 0xFF]) if escaped[:1].isdigit() and escaped[:1] < b"8" else _MEANT.get(escaped, escaped)


def words_of(written: bytes) -> str:
    """A string that is meant for people: UTF-16 or UTF-8 by its mark, else Western."""
    raw = string_of(written)
    if raw[:2] == b"\xfe\xff":
        return raw[2:].decode("utf-16-be", "replace")
    if raw[:3] == b"\xef\xbb\xbf":
        return raw[3:].decode("utf-8", "replace")
    return raw.decode("cp1252", "replace")
