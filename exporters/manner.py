"""How people are called: at which level, how many messages at most, what is put off, and when something that was put off is told after all."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import NamedTuple, Protocol

import msgspec

from exporters.maintenance import Windows
from exporters.sink import FILTERED
from exporters.webhook_answer import Answer
from model.ledger import STANDING, Change, Finding
from model.text import Text
from model.times import DAY, HOUR, MINUTE, SECOND
from model.verdict import Urgency

# A window may be ended early by a command: what it holds is looked at again this often.
_LOOK_AGAIN = 20 * SECOND

AFTER_MAINTENANCE = Text("vẫn còn mở sau bảo trì", "still open after maintenance")


class Present(Protocol):
    """Where the present state of findings is read."""

    async def standing(self, finding: str) -> Change | None:
        """One finding as it stands, in its latest change; None for one that is not known."""


class Manner(msgspec.Struct, frozen=True, kw_only=True):
    """How one sink calls its people; lengths of time in ns. `now` gives ns since the epoch, `present` how findings stand, `windows` what is repaired.

    `in_fleet`: a province tells of all but takeovers of screens and portals.
    """

    now: Callable[[], int]
    present: Present
    windows: Windows
    in_fleet: bool = False
    level: int = 1
    after: int = 0
    group_over: int = 3
    group_wait: int = 10 * SECOND
    storm_over: int = 20
    storm_window: int = 10 * MINUTE


class Weighed(NamedTuple):
    """What becomes of a change now: told (with a note on why it comes now), or the answer for a row that is not."""

    answer: Answer | None = None
    note: Text | None = None
    flaps: bool = False


TELL = Weighed()
NOT_TOLD = Weighed(Answer("accepted", FILTERED))


def later(after: int) -> Answer:
    """Not now, but in `after` ns."""
    return Answer("later", after=max(after, SECOND // 10))


class Weighing:
    """Weighs the rows of one turn, at one moment (`now`, ns)."""

    def __init__(self, manner: Manner) -> None:
        self._manner = manner
        self.now = manner.now()

    async def beginning(self, change: Change, told: Container[str]) -> Weighed:
        """Whether people who do not know of a finding are told of it now: maintenance, then escalation. Who knows of it hears on."""
        finding = change.finding
        if finding.id in told:
            return TELL
        manner = self._manner
        if (window := manner.windows.holding(finding, self.now)) is not None:
            return Weighed(later(min(window.ends - self.now, _LOOK_AGAIN)))
        missed = manner.windows.holding(finding, change.at)
        if missed is not None and await self.has_moved_on(change):
            return NOT_TOLD
        if manner.level > 1:
            return await self._escalated(change, missed.ends if missed is not None else change.at)
        return Weighed(note=AFTER_MAINTENANCE) if missed is not None else TELL

    async def has_moved_on(self, change: Change) -> bool:
        """Whether the finding is over, or a later change of it tells how it stands."""
        now = await self._stands(change.finding.id)
        return now is None or now.sequence > change.finding.sequence

    async def stands(self, finding: str) -> bool:
        """Whether the finding is open, or its risk accepted."""
        return await self._stands(finding) is not None

    async def _escalated(self, change: Change, since: int) -> Weighed:
        """A further level hears only of what wakes people, and only when nobody took it in the time the levels before it have."""
        left = since + self._manner.after - self.now
        if left > 0:
            # A clock that was set back must not silence this level for years.
            return Weighed(later(min(left, self._manner.after)))
        now = await self._stands(change.finding.id)
        if now is None or now.state != "open" or now.owner or now.urgency is not Urgency.PAGE:
            return NOT_TOLD
        return Weighed(note=_unanswered(self._manner.after))

    async def _stands(self, finding: str) -> Finding | None:
        found = await self._manner.present.standing(finding)
        return found.finding if found is not None and found.finding.state in STANDING else None


def _unanswered(after: int) -> Text:
    for unit, vi, en in ((DAY, "ngày", "d"), (HOUR, "giờ", "h"), (MINUTE, "phút", "min")):
        if after >= unit and after % unit == 0:
            return Text(f"chưa ai tiếp nhận sau {after // unit} {vi}", f"nobody took it within {after // unit} {en}")
    return Text(f"chưa ai tiếp nhận sau {after // SECOND} giây", f"nobody took it within {after // SECOND} s")
