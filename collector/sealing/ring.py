"""The last minute of what was said on connections that are followed, in memory alone: what a sealed file is filled from."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from collector.decode.packet import Packet
from model.times import MINUTE
from model.wirefacts import ScreenPushed

MOST_BYTES = 2 * 1024 * 1024
SPAN = MINUTE
# What Python needs for a frame besides its bytes, about: a million empty ones must not fit either.
_OVERHEAD = 256


class Frame(NamedTuple):
    """One frame as it was heard at `at` (ns), and between whom."""

    at: int
    vlan: tuple[int, ...]
    ip: str
    peer_ip: str
    data: bytes


class Ring:
    """Of one pipeline. `add` is called by the thread that decodes; `between` by any."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._frames: deque[Frame] = deque()
        self._most = most_bytes
        self._bytes = 0

    def __len__(self) -> int:
        """Frames held."""
        return len(self._frames)

    def add(self, packet: Packet) -> None:
        """A frame of a connection that is followed; the oldest go to make room."""
        frames = self._frames
        frames.append(Frame(packet.at, packet.vlan, packet.ip, packet.peer_ip, packet.data))
        self._bytes += len(packet.data) + _OVERHEAD
        while self._bytes > self._most or frames[0].at < packet.at - SPAN:
            self._bytes -= len(frames.popleft().data) + _OVERHEAD
            if not frames:
                return

    def forget(self, now: int) -> None:
        """On a quiet wire nobody pushes the last minute out: it ends by itself. For the thread that adds."""
        while self._frames and self._frames[0].at < now - SPAN:
            self._bytes -= len(self._frames.popleft().data) + _OVERHEAD

    def between(self, fact: ScreenPushed) -> list[Frame]:
        """What sender and screen said to each other in the minute around the push."""
        ends = {fact.ip, fact.screen_ip}
        # A copy is made in one piece, also while the other thread adds.
        heard = self._frames.copy()
        return [frame for frame in heard if frame.vlan == fact.vlan and {frame.ip, frame.peer_ip} == ends and abs(frame.at - fact.at) <= SPAN]
