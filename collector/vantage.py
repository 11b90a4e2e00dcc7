"""From which position in the network a leg listens (research: laboratory §0), decided from the heads of frames. Pure.

A learning switch never sends a plain port unicast for a station whose port it has learnt, and it learns from any frame that station sends.
So unicast for a station that was heard before, between two stations that are both not us, proves that a port is mirrored to us; unicast for a
station that keeps silent proves nothing: switches flood it to everybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from model.facts import Vantage

# The windows that are remembered: with one a minute, the "busy hour" of the rule.
WINDOWS = 60
# Frames of one direction that count as a conversation; a switch whose table was just flushed lets fewer through.
STEADY = 5
# A busy time: this many broadcast or multicast frames, from this many stations. If nobody speaks, hearing no unicast means nothing.
BUSY_FRAMES = 100
BUSY_STATIONS = 2

_ADDRESSES = 12  # bytes at the head of a frame: receiver, sender


class Window(NamedTuple):
    """What was heard while the window was open: stations' group frames, who sent them, and pairs (sender, receiver) that prove a mirror."""

    group_frames: int = 0
    speakers: frozenset[bytes] = frozenset()
    conversations: frozenset[tuple[bytes, bytes]] = frozenset()


def window(frames: Iterable[bytes], own: frozenset[bytes]) -> Window:
    """One window's frames (at least their first 12 bytes), in the order they were heard; `own` are this machine's addresses."""
    group_frames = 0
    speakers: set[bytes] = set()
    heard: set[bytes] = set()
    pairs: dict[tuple[bytes, bytes], int] = {}
    for frame in frames:
        receiver, sender = frame[:6], frame[6:_ADDRESSES]
        if len(sender) < 6 or sender in own or receiver in own or sender[0] & 1:
            continue
        heard.add(sender)
        if receiver[0] & 1:
            group_frames += 1
            speakers.add(sender)
        elif receiver in heard and receiver != sender:
            pairs[sender, receiver] = pairs.get((sender, receiver), 0) + 1
    steady = frozenset(pair for pair, count in pairs.items() if count >= STEADY)
    return Window(group_frames, frozenset(speakers), steady)


def decide(windows: Sequence[Window], *, inline: bool) -> Vantage:
    """The vantage by the last windows, oldest first: unknown until there is proof of one, or a busy time without any."""
    if inline:
        return "inline"
    talking = [each for each in windows if each.conversations]
    if len(talking) > 1 or any(len(_stations_apart(each)) > 1 for each in talking):
        return "mirror"
    if talking:
        return "unknown"
    speakers = frozenset[bytes]().union(*(each.speakers for each in windows))
    busy = sum(each.group_frames for each in windows) >= BUSY_FRAMES and len(speakers) >= BUSY_STATIONS
    return "plain" if busy else "unknown"


def _stations_apart(heard: Window) -> frozenset[frozenset[bytes]]:
    """The pairs of stations, whichever of the two spoke."""
    return frozenset(frozenset(pair) for pair in heard.conversations)
