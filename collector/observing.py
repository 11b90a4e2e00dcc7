"""What the province is told of a site's rows: each when it says something new, and once a day (docs/decisions/012-the-province.md).

Times of sighting move with every frame and are no news by themselves. A row is looked at ten minutes after its last look at the soonest, so what this
costs does not grow with the traffic; of each row a hash and two times are remembered.
"""

from __future__ import annotations

import functools
import hashlib
import heapq
from collections import OrderedDict
from collections.abc import Collection, Mapping
from typing import Any, Final

import msgspec

from collector.journal.batch import encode
from collector.veils import writable
from model.portals.rows import FeedRow, Incident, Look, PortalRow, Seen, Visits, Watched
from model.ports import Observed
from model.posture.rows import PcRow
from model.rows import Asset, Held, Sighting, Stamp
from model.site import SiteView
from model.times import DAY, MINUTE

Key = tuple[str, str]

HOLD: Final = 10 * MINUTE
# Looks at one turn: after a start all rows are due, and facts must not wait behind them.
AT_ONCE: Final = 100

# Fields that only say when or how often something was seen, beside those whose type says so.
_TIMES: Final[dict[type, frozenset[str]]] = {
    Asset: frozenset({"heard", "crossed"}),
    PcRow: frozenset({"skew"}),
    PortalRow: frozenset({"first", "last", "counts", "beat"}),
    Look: frozenset({"round", "attempt"}),
    Watched: frozenset({"times"}),
    Visits: frozenset({"first", "last", "ok"}),
    Seen: frozenset({"times"}),
    Incident: frozenset({"before"}),
    FeedRow: frozenset({"age"}),
}


class _Known(msgspec.Struct):
    """What is remembered of a row: when it was last sent and last looked at (ns), and the hash of what it said."""

    sent: int
    looked: int
    said: bytes


class Observer:
    """Decides for one site which rows the province is told of. For core's thread alone."""

    def __init__(self, view: SiteView) -> None:
        """All rows of the view are due: what was told before a restart is not remembered."""
        self._view = view
        self._untold: list[Observed] = []
        self._begin()

    def _begin(self) -> None:
        self._epoch, self._turn = self._view.epoch, -1
        # Oldest sent first.
        self._known: OrderedDict[Key, _Known] = OrderedDict()
        # Rows to look at: those that were written since their last look, soonest first, each once.
        self._due = [(self._view.now, (kind, row)) for kind in sorted(_KINDS) for row in sorted(_rows(self._view, kind))]
        self._expected = {key for _, key in self._due}

    def documents(self, dirty: Collection[Key], gone: Collection[Key]) -> list[Observed]:
        """What is to be queued with the commit that writes these rows: the same again until `written` is called."""
        if self._view.epoch != self._epoch:
            self._begin()
        for key in dirty:
            if key[0] in _KINDS:
                self._expect(key)
        # Once a turn: two documents of one row and instant would have one id.
        if not self._untold and self._view.now != self._turn:
            self._turn = self._view.now
            for _ in range(AT_ONCE):
                self._look()
        return [*self._untold, *(self._gone(key) for key in sorted(gone) if key[0] in _KINDS)]

    def written(self) -> None:
        """The commit is durable."""
        self._untold.clear()

    def _expect(self, key: Key) -> None:
        if key not in self._expected:
            known = self._known.get(key)
            self._expected.add(key)
            heapq.heappush(self._due, (known.looked + HOLD if known else self._view.now, key))

    def _look(self) -> None:
        """Looks at the next row whose time has come, if any."""
        if self._due and self._due[0][0] <= self._view.now:
            key = heapq.heappop(self._due)[1]
            self._expected.remove(key)
        else:
            key, oldest = next(iter(self._known.items()), (("", ""), None))
            if oldest is None or self._view.now - oldest.sent < DAY:
                return
        self._look_at(key)

    def _look_at(self, key: Key) -> None:
        kind, row_id = key
        now, held, known = self._view.now, _rows(self._view, kind).get(row_id), self._known.get(key)
        if held is None:
            self._known.pop(key, None)
            return
        row = writable(self._view, held)
        said = hashlib.blake2b(encode(_said(row)), digest_size=8).digest()
        if known and known.said == said and now - known.sent < DAY:
            known.looked = now
            return
        self._known[key] = _Known(now, now, said)
        self._known.move_to_end(key)
        self._untold.append(Observed(site=self._view.site, at=now, kind=kind, id=row_id, row=encode(row).decode()))

    def _gone(self, key: Key) -> Observed:
        # At once and always: whether an earlier life of this program told of the row is not known.
        self._known.pop(key, None)
        return Observed(site=self._view.site, at=self._view.now, kind=key[0], id=key[1], gone=True)


def _rows(view: SiteView, kind: str) -> Mapping[str, Any]:
    place, table = _KINDS[kind]
    rows: Mapping[str, Any] = getattr(getattr(view, place) if place else view, table)
    return rows


# What the province's page reads; sensors are in the heartbeat. Where in the view each kind is.
_KINDS: Final[dict[str, tuple[str, str]]] = {
    "asset": ("", "assets"),
    "segment": ("", "segments"),
    "leg": ("", "legs"),
    "episode": ("", "episodes"),
    "portal": ("", "portals"),
    "feed": ("", "feeds"),
    "pc": ("posture", "pc"),
    "plugged": ("posture", "plugged"),
    "proof": ("wire", "proof"),
}


def _said(value: Any) -> Any:  # noqa: ANN401 - any part of any row
    """What a row says without the times at which it was seen to hold."""
    kind = type(value)
    if kind is str or kind is int or value is None:
        return value
    if kind is Sighting or kind is Stamp:
        return 0
    if kind is Held:
        return _said(value.value)
    if kind is dict:
        return {key: _said(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        if value and type(value[-1]) is Held:
            # A history of what was said: each advert adds to it, though it says the same.
            return _said(value[-1])
        return [_said(part) for part in value]
    if isinstance(value, msgspec.Struct):
        return [kind.__name__, *(_said(getattr(value, name)) for name in _fields(type(value)))]
    return value


@functools.cache
def _fields(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    times = _TIMES.get(kind, frozenset())
    return tuple(name for name in kind.__struct_fields__ if name not in times)
