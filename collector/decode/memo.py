"""What was heard before: most control traffic repeats byte for byte, and need not be read again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from model.fact import StationFact

# What one generation may weigh. A frame of 200 bytes with two facts weighs about 1 KiB, so the two hold some 4,000 distinct frames.
WEIGHT = 2 << 20
# No discovery message of an honest device is longer than an MTU; what a longer one says is read each time.
LONGEST = 1536
_SHORTEST = 42  # an ARP message without padding
# Bounds the facts' memory too, which a frame of many records could multiply.
MOST_FACTS = 32
_FACT_WEIGHT = 512

_ETHERNET = 1  # its DLT and LINKTYPE number
_IPV4, _TAG = b"\x08\x00", b"\x81\x00"
_IP6, _TCP, _PROTOCOL4, _PROTOCOL6 = b"\x86\xdd", 6, 9, 6


def key_of(link_type: int) -> Callable[[bytes], bytes | None]:
    """What makes a frame's key for this link type; frames of all but Ethernet are read each time."""
    return _ethernet_key if link_type == _ETHERNET else _no_key


def _ethernet_key(data: bytes) -> bytes | None:
    """All that a decoder may go by in an Ethernet frame; None for one not worth keeping, such as TCP, whose numbers never repeat.

    Left out are only the identification and the checksum of the IPv4 header: the first differs in each packet, the second follows from it.
    """
    if len(data) > LONGEST or len(data) < _SHORTEST:
        return None
    start = 18 if data[12:14] == _TAG else 14
    kind = data[start - 2 : start]
    if kind == _IPV4:
        return None if data[start + _PROTOCOL4] == _TCP else data[: start + 4] + data[start + 6 : start + 10] + data[start + 12 :]
    return None if kind == _IP6 and data[start + _PROTOCOL6] == _TCP else data


def _no_key(_data: bytes) -> None:
    return None


class Memo:
    """The facts of the latest distinct frames by their key, in two generations: a flood of distinct frames pushes out, it never grows."""

    def __init__(self, weight: int = WEIGHT) -> None:
        """`weight` bounds a generation; with 0 nothing is kept."""
        self._most = weight
        self._weight = 0
        self._young: dict[bytes, tuple[StationFact, ...]] = {}
        self._old: dict[bytes, tuple[StationFact, ...]] = {}

    def __len__(self) -> int:
        """Frames known."""
        return len(self._young) + len(self._old)

    def get(self, key: bytes) -> tuple[StationFact, ...] | None:
        """The facts of the frame heard before, or None."""
        facts = self._young.get(key)
        if facts is None and (facts := self._old.pop(key, None)) is not None:
            self.put(key, facts)
        return facts

    def put(self, key: bytes, facts: Sequence[StationFact]) -> None:
        """Keeps the facts of a frame that was read to its end."""
        if len(facts) > MOST_FACTS:
            return
        weight = len(key) + _FACT_WEIGHT * len(facts)
        if self._weight + weight > self._most:
            self._old, self._young, self._weight = self._young, {}, 0
        if weight <= self._most:
            self._young[key] = tuple(facts)
            self._weight += weight
