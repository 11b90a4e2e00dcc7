"""Who is silent: two heartbeats missed, by a province that listened all the while."""

from __future__ import annotations

import msgspec

from model.fleet.ports import Heard
from model.times import MINUTE


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """`heartbeat` in ns; so many `heartbeats` may be missed. `hours`: when a silent site wakes people, in Viet Nam's time."""

    heartbeat: int = MINUTE
    heartbeats: int = 2
    hours: str = "07:00-17:30"

    @property
    def bar(self) -> int:
        """For how long nothing may be heard, ns."""
        return self.heartbeat * self.heartbeats


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """When the province last read all heartbeats there were (`at`), and `since` when it has done so without a gap. `bar` is its patience. In ns, 0: never."""

    at: int = 0
    since: int = 0
    bar: int = 2 * MINUTE

    def read(self, at: int) -> Watch:
        """After another whole reading: one that comes too late after the last begins anew."""
        return msgspec.structs.replace(self, at=at, since=self.since if 0 <= at - self.at <= self.bar and self.at else at)


def heard(last: int, since: int, watch: Watch, now: int) -> Heard:
    """How a box stands that was heard at `last` (0: not once) and is to be heard from `since` on: absence counts only while somebody listened."""
    if last and now - last <= watch.bar:
        return "heard"
    if not watch.at or now - watch.at > watch.bar:
        return "unknown"
    if now - max(last, since, watch.since) <= watch.bar:
        return "unknown"
    return "silent" if last else "never"
