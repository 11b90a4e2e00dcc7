"""Who is silent: two heartbeats missed and the time that one may be on its way, by a province that listened all the while."""

from __future__ import annotations

import msgspec

from model.fleet.ports import Heard
from model.times import MINUTE, SECOND


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """`heartbeat` in ns; so many `heartbeats` may be missed. `hours`: when a silent site wakes people, in Viet Nam's time.

    `held`: for how long a box may keep back a heartbeat when the store was away for a moment (a sink's `spread`). `gap`: after so long without a whole
    reading absence is counted anew, and not before `grace` is over: boxes that found the store away try again within five minutes, then spread.
    """

    heartbeat: int = MINUTE
    heartbeats: int = 2
    held: int = MINUTE
    gap: int = 15 * SECOND
    grace: int = 6 * MINUTE
    hours: str = "07:00-17:30"

    @property
    def bar(self) -> int:
        """For how long nothing may be heard, ns."""
        return self.heartbeat * self.heartbeats + self.held

    def watch(self) -> Watch:
        """A watch that has not begun."""
        return Watch(bar=self.bar, gap=self.gap, grace=self.grace)


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """When the province last read all heartbeats there were (`at`), and from when on absence counts (`since`). `bar`, `gap`, `grace`: its patience.

    All in ns, 0: never.
    """

    at: int = 0
    since: int = 0
    bar: int = 3 * MINUTE
    gap: int = 15 * SECOND
    grace: int = 6 * MINUTE

    def read(self, at: int) -> Watch:
        """After another whole reading: one that comes too late after the last begins anew."""
        goes_on = self.at > 0 and 0 <= at - self.at <= self.gap
        return msgspec.structs.replace(self, at=at, since=self.since if goes_on else at + self.grace)


def heard(last: int, since: int, watch: Watch, now: int) -> Heard:
    """How a box stands that was heard at `last` (0: not once) and is to be heard from `since` on: absence counts only while somebody listened."""
    if last and now - last <= watch.bar:
        return "heard"
    if not watch.at or now - watch.at > watch.bar:
        return "unknown"
    if now - max(last, since, watch.since) <= watch.bar:
        return "unknown"
    return "silent" if last else "never"
