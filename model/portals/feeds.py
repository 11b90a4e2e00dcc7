"""Lists of gambling names: what the sensor says of each, so that people see one that grew old or was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from model.portals.rows import FeedRow
from model.text import Text, shown
from model.times import DAY, SECOND

if TYPE_CHECKING:
    from model.site import SiteView
    from model.verdict import Subject
    from model.webfacts import FeedHeard

# More lists than anybody keeps; the one not spoken of for the longest makes room.
MAX_FEEDS: Final = 32
# The sensor speaks of each list once an hour: one it says nothing of for so long was taken out of its configuration.
FORGOTTEN: Final = DAY
_NAME: Final = 32
_SENTENCE: Final = 400


def hear(view: SiteView, fact: FeedHeard) -> tuple[Subject, ...]:
    """Takes the sensor's word on one list in. No rule judges lists: nothing is touched."""
    name, stamp = fact.name[:_NAME], view.stamp(fact)
    known = view.feeds.get(name)
    if known is not None and stamp < known.told:
        return ()
    refusal = Text(shown(fact.refusal.vi, _SENTENCE), shown(fact.refusal.en, _SENTENCE)) if fact.refusal else None
    view.feeds[name] = FeedRow(name=name, told=stamp, entries=fact.entries, age=fact.age, refused=fact.refused, refusal=refusal, weight=fact.weight)
    view.changed("feed", name)
    if len(view.feeds) > MAX_FEEDS:
        oldest = min(view.feeds.values(), key=lambda row: (row.told, row.name)).name
        del view.feeds[oldest]
        view.removed("feed", oldest)
    return ()


def is_kept(row: FeedRow, now: int) -> bool:
    """Whether the list is still one of the box's."""
    return now - row.told.at <= FORGOTTEN


def age_of(row: FeedRow, now: int) -> int:
    """Seconds since the date of the copy in use, as of `now`; -1 for no copy."""
    return row.age + max(0, now - row.told.at) // SECOND if row.age >= 0 else -1
