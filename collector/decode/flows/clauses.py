"""From what flow decoders ask for to pcap-filter expressions of an untagged frame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from collector.decode.flows.head import FlowDecoder

# A start is told by the first four bytes as one number, so a shorter segment has none.
WORD = 4

# Of a port that is read whole: no command is longer, and what is, is somebody's bulk to a port that happens to have this number.
LONGEST = 1100
# The most that IPv4 and TCP headers take, and TCP's alone.
_HEADERS, _HEADER = 120, 60


def any_number(load: str, numbers: Iterable[int]) -> str:
    """Is what is loaded one of these numbers; neighbours are asked for as a range, which is two comparisons however many they are."""
    spans: list[list[int]] = []
    for number in sorted(set(numbers)):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return " or ".join(f"{load} = {low}" if low == high else f"({load} >= {low} and {load} <= {high})" for low, high in spans)


class _Word(msgspec.Struct, frozen=True):
    """Numbers that agree with `least` in the bits of `mask`."""

    mask: int
    least: int

    @property
    def most(self) -> int:
        """The greatest of them."""
        return self.least | ~self.mask & 0xFFFFFFFF

    def is_within(self, other: _Word) -> bool:
        """Does the other one stand for all of these too."""
        return self.mask & other.mask == other.mask and self.least & other.mask == other.least

    @property
    def is_range(self) -> bool:
        """Are they all the numbers from the least to the greatest."""
        return (self.most - self.least + 1).bit_count() == 1


# What stands for many starts: three capitals (@ to _) and any ASCII, as nearly all text protocols begin, and an XML tag. Of noise one frame in a thousand
# passes too, and the stage looks again. A comparison for each start would make the filter take longer to compile than a short replay lasts.
_LIKE_TEXT = (_Word(0xE0E0E080, 0x40404000), _Word(0xFF808080, 0x3C000000))


class _Family(msgspec.Struct, frozen=True):
    """Where TCP stands: `at` the pcap-filter name to count from, `header` the bytes before TCP, `length` the payload's size.

    `is_short`: it may have a payload of up to `LONGEST` bytes, by one comparison: of bulk nothing more is asked.
    """

    is_tcp: str
    at: str
    header: int
    length: str
    is_short: str

    def load(self, past: int, size: int) -> str:
        """`size` bytes of the payload, `past` its first."""
        offset = f"(({self.at}[{self.header + 12}] & 0xf0) >> 2)"
        if self.header + past:
            offset = f"({self.header + past} + {offset})"
        return f"{self.at}[{offset}:{size}]"

    def enough(self, size: int) -> str:
        """The payload has so many bytes. Asked before any load: one beyond a frame's end makes the kernel refuse it, even where another clause would not."""
        return f"{self.length} > {size - 1}"

    def ports(self, where: int, ports: Iterable[int]) -> str:
        """The sender's (0) or receiver's (2) port is one of these."""
        return any_number(f"{self.at}[{self.header + where}:2]", ports)


# An unfragmented header right after the fixed one (IPv4's options are stepped over by libpcap): behind extension headers nothing is heard.
_FAMILIES = (
    _Family("tcp", "tcp", 0, "ip[2:2] - ((ip[0] & 0x0f) << 2) - ((tcp[12] & 0xf0) >> 2)", f"ip[2:2] <= {LONGEST + _HEADERS}"),
    _Family("ip6[6] = 6", "ip6", 40, "ip6[4:2] - ((ip6[52] & 0xf0) >> 2)", f"ip6[4:2] <= {LONGEST + _HEADER}"),
)


def clauses(rows: Sequence[FlowDecoder]) -> tuple[str, ...]:
    """What the kernel should let through for these decoders: all that the stage wants, and a little more."""
    return tuple(clause for family in _FAMILIES if (clause := _clause(family, rows)))


def free_starts(rows: Iterable[FlowDecoder]) -> frozenset[bytes]:
    """How a segment may begin whatever its ports."""
    return frozenset(start for row in rows for start in (*(() if row.ports else row.starts), *row.more, *row.answers))


def bound_starts(rows: Iterable[FlowDecoder]) -> dict[int, frozenset[bytes]]:
    """Receiver's port -> how a segment to it may begin."""
    bound = [(port, row.starts) for row in rows if row.starts for port in row.ports]
    return {port: frozenset(start for other, starts in bound if other == port for start in starts) for port, _ in bound}


def whole_ports(rows: Iterable[FlowDecoder]) -> tuple[frozenset[int], frozenset[int]]:
    """Ports to which, and from which, every segment with a payload up to `LONGEST` is read."""
    whole = [row for row in rows if row.ports and not row.starts]
    return (
        frozenset(port for row in whole for port in row.ports),
        frozenset(port for row in whole if row.answer_limit and not row.answers for port in row.ports),
    )


def _clause(family: _Family, rows: Sequence[FlowDecoder]) -> str:
    """One for everything, the cheap tests first: of a busy line nearly every frame fails them all."""
    to, since = whole_ports(rows)
    sides = [family.ports(where, ports) for where, ports in ((2, to), (0, since)) if ports]
    wanted = [f"{family.is_short} and ({' or '.join(sides)})"] if sides else []
    free = _words(free_starts(rows))
    for words, ports in _by_words(rows, free).items():
        wanted += [f"({family.ports(2, ports)}) and {family.enough(WORD)} and ({_any_word(family, words)})"]
    if free:
        wanted += [f"{family.enough(WORD)} and ({_any_word(family, free)})"]
    return f"{family.is_tcp} and ({_any(wanted)})" if wanted else ""


def _by_words(rows: Sequence[FlowDecoder], free: Sequence[_Word]) -> dict[tuple[_Word, ...], list[int]]:
    """Ports by what they ask for beyond what passes whatever its ports."""
    asked = {port: tuple(word for word in _words(starts) if word not in free) for port, starts in bound_starts(rows).items()}
    return {words: [port for port in asked if asked[port] == words] for words in asked.values() if words}


def _any(tests: Iterable[str]) -> str:
    return " or ".join(f"({test})" for test in tests)


def _any_word(family: _Family, words: Sequence[_Word]) -> str:
    """Does the first word fit. Ranges first: libpcap loads the word once for all of them, and once more for each mask."""
    load = family.load(0, WORD)
    tests = [_test(load, word) for word in words if word.is_range]
    if masks := [word for word in words if not word.is_range]:
        least, most = min(word.least for word in masks), max(word.most for word in masks)
        tests.append(f"{load} >= {least:#x} and {load} <= {most:#x} and ({_any(_test(load, word) for word in masks)})")
    return _any(tests)


def _test(load: str, word: _Word) -> str:
    if not word.is_range:
        return f"{load} & {word.mask:#x} = {word.least:#x}"
    return f"{load} = {word.least:#x}" if word.least == word.most else f"{load} >= {word.least:#x} and {load} <= {word.most:#x}"


def _words(starts: Iterable[bytes]) -> tuple[_Word, ...]:
    found = dict.fromkeys(_word(start) for start in sorted(starts))
    return tuple(word for word in found if not any(word.is_within(other) for other in found if other != word))


def _word(start: bytes) -> _Word:
    """What the first four bytes of whatever begins so meet."""
    value = int.from_bytes(start[:WORD].ljust(WORD, b"\0"))
    word = _Word(int.from_bytes((b"\xff" * len(start))[:WORD].ljust(WORD, b"\0")), value)
    return next((like for like in _LIKE_TEXT if word.is_within(like)), word)
