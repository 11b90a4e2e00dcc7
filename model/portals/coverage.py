"""Who sees a portal and who does not: what VG-COV-01 says of it."""

from __future__ import annotations

from typing import NamedTuple

from model.portals.judgement import active
from model.portals.rows import PortalRow
from model.times import SECOND


class Unseen(NamedTuple):
    """A persona (empty: nobody looked at all) that has not seen the portal since `since` (ns), and why it failed last (`stale`: it did not look)."""

    persona: str
    reason: str
    since: int


class Views(NamedTuple):
    """Personas by how they fare: blind for too long, seeing (with when, ns), and not yet known; when the next may turn blind (ns)."""

    blind: tuple[Unseen, ...]
    seen: tuple[tuple[str, int], ...]
    waiting: tuple[str, ...]
    next_at: int


def standing_of(row: PortalRow | None, expected: int, bar: int, now: int) -> Views:
    """How a declared portal is seen. `expected`: since when it should be; `bar`: for how long (ns) it may go unseen."""
    personas = active(row) if row else ()
    if row is None or not personas:
        since = max(expected, *(visits.last for visits in row.visits.values())) if row and row.visits else expected
        never = now - since > bar
        return Views((Unseen("", "stale", since),) if never else (), (), () if never else ("",), since + bar + SECOND)
    blind, seen, waiting, ends = [], [], [], [now + bar]
    for persona in personas:
        visits = row.visits[persona]
        # After a start nobody could look yet: absence counts from the later of start and last sight.
        since = max(visits.ok or visits.first, expected)
        failing = visits.failed is not None and visits.failed.stamp.at > visits.ok
        if now - since > bar:
            blind.append(Unseen(persona, visits.failed.value.reason if visits.failed and failing else "stale", visits.ok or visits.first))
            continue
        ends.append(since + bar + SECOND)
        if failing or not visits.ok:
            waiting.append(persona)
        else:
            seen.append((persona, visits.ok))
    return Views(tuple(blind), tuple(seen), tuple(waiting), min(ends))
