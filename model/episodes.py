"""Episodes: what happens for a while (a session on a screen), from what a device said now and then (architecture rule 1).

A subject keeps its latest words with their stamps, and episodes follow from those alone: they open with the first word that says so, extend
with each further one, and end with the first that says the contrary. So facts may come in any order. Words in the middle of a long run go
first when there are too many: then only a late contradiction of those cannot be placed any more.
"""

from __future__ import annotations

import hashlib
from bisect import insort
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from model.rows import Asset, Episode, Held, Service, Sighting, Stamp

if TYPE_CHECKING:
    from model.site import SiteView

# Words kept of one service, and episodes that follow from them.
KEPT_WORDS = 16
KEPT_EPISODES = 4
SESSION = "session"

Words = list[Held[str | None]]


class Session(NamedTuple):
    """One run of words: first and last that said content is shown, what, and the word that ended it."""

    first: Stamp
    last: Stamp
    what: str
    ended: Stamp | None


def sessions(words: Sequence[Held[str | None]]) -> list[Session]:
    """The sessions that words, oldest first, tell of."""
    found: list[Session] = []
    for playing, group in groupby(words, key=lambda word: word.value is not None):
        run = list(group)
        if playing:
            what = next((word.value for word in reversed(run) if word.value), "")
            found.append(Session(run[0].stamp, run[-1].stamp, what, None))
        elif found:
            found[-1] = found[-1]._replace(ended=run[0].stamp)
    return found[-KEPT_EPISODES:]


def running(words: Sequence[Held[str | None]]) -> Session | None:
    """The session that the last word says is going on."""
    return sessions(words)[-1] if words and words[-1].value is not None else None


def record(view: SiteView, asset: Asset, service: Service, what: str | None, stamp: Stamp) -> bool:
    """Takes in one word of a service: content shown (which application), or None for not. True when its episodes changed."""
    return replay(view, asset, service, [Held(what, stamp)])


def replay(view: SiteView, asset: Asset, service: Service, words: Words) -> bool:
    """Takes in several words at once, in any order."""
    before = sessions(service.playing)
    for word in words:
        take(service.playing, word)
    after = sessions(service.playing)
    _store(view, asset, service, before, after)
    return before != after


def take(words: Words, word: Held[str | None]) -> None:
    """Puts one word in its place among those kept."""
    if all(known.stamp != word.stamp for known in words):
        insort(words, Held(word.value, word.stamp), key=lambda known: known.stamp)
    if len(words) > KEPT_WORDS:
        _thin(words)


def drop(view: SiteView, asset: Asset, service: Service) -> None:
    """The service is no more kept: nor are its episodes."""
    _store(view, asset, service, sessions(service.playing), [])


def _thin(words: Words) -> None:
    inner = (n for n in range(1, len(words) - 1) if len({words[m].value is None for m in (n - 1, n, n + 1)}) == 1)
    del words[next(inner, 0)]


def _store(view: SiteView, asset: Asset, service: Service, before: Sequence[Session], after: Sequence[Session]) -> None:
    rows = {row.id: row for row in (_row(asset, service, session) for session in after)}
    for gone in {_row(asset, service, session).id for session in before} - rows.keys():
        _remove(view, gone)
    for row in rows.values():
        if view.episodes.get(row.id) == row:
            continue
        if row.id not in view.episodes and len(view.episodes) >= view.max_episodes:
            _remove(view, next(iter(view.episodes)))
            view.overflowed += 1
        view.episodes[row.id] = row
        view.changed("episode", row.id)


def _remove(view: SiteView, episode: str) -> None:
    if view.episodes.pop(episode, None) is not None:
        view.removed("episode", episode)


def _row(asset: Asset, service: Service, session: Session) -> Episode:
    source = f"{asset.id}|{SESSION}|{service.service}|{service.instance}|{session.first}"
    return Episode(
        id="e" + hashlib.blake2s(source.encode(), digest_size=8).hexdigest(),
        kind=SESSION,
        asset=asset.id,
        # A plain port hears that a screen shows something, not who sends it.
        who="",
        what=session.what,
        seen=Sighting(session.first.at, session.last.at),
        ended=Held(session.ended is not None, session.ended or session.last),
    )
