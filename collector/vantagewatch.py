"""Finds a leg's vantage out: opens a second, short handle for some seconds now and then, since the decoders' filter hides other stations' unicast."""

from __future__ import annotations

import contextlib
import select
from collections import deque
from dataclasses import dataclass

import pcapy

from collector import bpf
from collector.interfaces import own_addresses
from collector.livecapture import LiveCapture, NotListeningError, Tuning
from collector.vantage import WINDOWS, Window, decide, window
from model.facts import Vantage

# Only the two addresses at a frame's head are looked at.
_SNAP = 64
_BUFFER = 1024 * 1024
# A busy mirror port fills a window at once; more frames would prove nothing more.
MAX_FRAMES = 5_000


@dataclass(frozen=True, slots=True)
class Schedule:
    """Seconds a window is open, and seconds from one opening to the next."""

    open: float = 10.0
    every: float = 60.0


class VantageWatch:
    """One leg's windows. `vantage` is what they prove so far; `next` is when `step` has something to do (seconds, monotonic)."""

    def __init__(self, schedule: Schedule) -> None:
        self.vantage: Vantage = "unknown"
        self.inline = False
        self.next = 0.0
        self._schedule = schedule
        self._windows: deque[Window] = deque(maxlen=WINDOWS)
        self._live: LiveCapture | None = None
        self._frames: list[bytes] = []
        self._own: frozenset[bytes] = frozenset()
        self._opens_at = 0.0

    def forget(self, *, inline: bool) -> None:
        """The cable may be in another port now: start over."""
        self.inline = inline
        self._windows.clear()
        self.vantage = decide(self._windows, inline=inline)

    def step(self, now: float, interface: str, poll: select.poll, *, promiscuous: bool) -> None:
        """Opens or ends a window when its time has come."""
        if now < self.next:
            return
        if self._live is not None:
            self.end(poll)
            self.next = self._opens_at + self._schedule.every
            return
        self._opens_at = now
        self.next = now + self._schedule.open
        self._open(interface, poll, promiscuous=promiscuous)

    def read(self, poll: select.poll) -> None:
        """Takes what the open window has heard; ends it when that is plenty."""
        if self._live is None:
            return
        try:
            while packets := self._live.batch():
                self._frames.extend(data for _at, data in packets)
                if len(self._frames) >= MAX_FRAMES:
                    self.end(poll)
                    self.next = self._opens_at + self._schedule.every
                    return
        except pcapy.PcapError:  # the interface went; the leg's own handle tells
            self.abandon(poll)

    def end(self, poll: select.poll) -> None:
        """Closes the window and draws the conclusion."""
        heard = window(self._frames, self._own)
        self.abandon(poll)
        self._windows.append(heard)
        self.vantage = decide(self._windows, inline=self.inline)

    def abandon(self, poll: select.poll) -> None:
        """Closes the window without a conclusion."""
        if self._live is not None:
            poll.unregister(self._live.descriptor)
            self._live.__exit__(None, None, None)
            self._live = None
        self._frames = []

    def _open(self, interface: str, poll: select.poll, *, promiscuous: bool) -> None:
        self._own = own_addresses()
        # Our own traffic may be most of what there is, and says nothing.
        others = " and ".join(f"not ether host {mac.hex(':')}" for mac in sorted(self._own)) or "ether[0] >= 0"
        with contextlib.suppress(NotListeningError):
            live = LiveCapture(interface, [others], Tuning(_SNAP, _BUFFER, promiscuous=promiscuous))
            if live.link != bpf.ETHERNET:
                live.__exit__(None, None, None)
                return
            poll.register(live.descriptor, select.POLLIN)
            self._live = live
