"""What one screen answered to our own read-only questions: per family the last answers, and whether it shows something.

The fold keeps answers by question and words on playing by time, so that any order of arrival ends in the same row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from model import adverts, episodes, meeting, privacy
from model.adverts import HEARD_AGAIN
from model.facts import PortAnswered
from model.rows import Asset, Held, Sighting, Stamp, newest, put
from model.wirefacts import ScreenTold

if TYPE_CHECKING:
    from model.site import SiteView
    from model.verdict import Subject

# Whatever else a fact says it was asked: a row holds an answer for each family and question, and no more.
ASKED: Final = frozenset({"greeting", "info", "eureka_info", "transport", "event", "status", "application", "description"})


class Answer(msgspec.Struct, frozen=True):
    """What one question was answered last; see `model.wirefacts.ScreenTold`."""

    protected: bool | None = None
    guard: str = ""
    playing: bool | None = None
    what: str = ""
    name: str = ""
    model: str = ""
    picture: bool | None = None
    port: int = 0


class Family(msgspec.Struct):
    """One way of speaking to the screen. `answers` by what was asked; `words` on playing as in `model.episodes`.

    `opened`: when it last said that it asks for nothing; `refused`: when it last refused the connection.
    """

    answers: dict[str, Held[Answer]] = msgspec.field(default_factory=dict)
    words: list[Held[str | None]] = msgspec.field(default_factory=list)
    opened: Stamp | None = None
    refused: Stamp | None = None

    def latest(self, field: str) -> Held[Answer] | None:
        """The newest answer that says anything of `field`."""
        said = (held for held in self.answers.values() if getattr(held.value, field) is not None)
        return max(said, key=lambda held: held.stamp, default=None)


class ReadRow(msgspec.Struct, kw_only=True):
    """What is kept of an asset (the screen); `id` is its. `families` by `model.wirefacts.ScreenFamily`."""

    id: str
    seen: Sighting
    families: dict[str, Family] = msgspec.field(default_factory=dict)


class Playing(NamedTuple):
    """A screen says that it shows something: in which family, what (empty: not named), since when as far as known, and when it last said so (ns)."""

    family: str
    what: str
    since: int
    at: int


def playing_now(view: SiteView, asset: Asset) -> tuple[Playing, ...]:
    """What the screen by its own last words shows now, family by family; who sent it, no answer tells."""
    row = view.wire.reads.get(asset.id)
    sessions = ((name, episodes.running(family.words)) for name, family in sorted(row.families.items())) if row else ()
    return tuple(Playing(name, session.what, session.first.at, session.last.at) for name, session in sessions if session)


def veiled(view: SiteView, row: ReadRow) -> ReadRow:
    """The row as it may leave memory: media on citizens' own devices are told by the device's code (model.privacy)."""
    return msgspec.structs.replace(row, families={name: _veiled(view, family) for name, family in row.families.items()})


def _veiled(view: SiteView, family: Family) -> Family:
    answers = {
        asked: Held(msgspec.structs.replace(held.value, what=privacy.place(view, held.value.what)), held.stamp) for asked, held in family.answers.items()
    }
    words = [Held(word.value and privacy.place(view, word.value), word.stamp) for word in family.words]
    return msgspec.structs.replace(family, answers=answers, words=words)


def _told(view: SiteView, fact: ScreenTold) -> tuple[Subject, ...]:
    if fact.asked not in ASKED:
        return ()
    # A refusal is a frame of the screen's too: it is there, and its port is shut.
    asset, touched = meeting.met(view, fact, binds=False)
    row = view.wire.reads.get(asset.id)
    if row is None:
        row = view.wire.reads[asset.id] = ReadRow(id=asset.id, seen=Sighting(fact.at, fact.at))
    news = fact.at - row.seen.last >= HEARD_AGAIN
    row.seen.extend(fact.at)
    news = _port(view, asset, fact) or news
    news = _take(row.families.setdefault(fact.family, Family()), fact, view.stamp(fact)) or news
    view.changed("reads", row.id)
    return meeting.touch(asset, touched, news=news)


def _port(view: SiteView, asset: Asset, fact: ScreenTold) -> bool:
    """Our own connection tells of the port what anybody's does."""
    if not fact.port:
        return False
    answered = PortAnswered(
        at=fact.at, sensor=fact.sensor, sequence=fact.sequence, leg=fact.leg, mac=fact.mac, ip=fact.ip, port=fact.port, accepted=fact.reachable
    )
    return adverts.put_port(view, asset, answered)


def _take(family: Family, fact: ScreenTold, stamp: Stamp) -> bool:
    """One more answer, or a refusal; True when it is news."""
    before = episodes.sessions(family.words)
    if not fact.reachable:
        changed = family.refused is None
        family.refused = max(family.refused or stamp, stamp)
        episodes.take(family.words, Held(None, stamp))
        return changed or episodes.sessions(family.words) != before
    answer = Answer(fact.protected, fact.guard, fact.playing, fact.what, fact.name, fact.model, fact.picture, fact.port)
    family.answers[fact.asked], changed = put(family.answers.get(fact.asked), answer, stamp)
    if fact.protected is False:
        family.opened = max(family.opened or stamp, stamp)
    if fact.playing is not None:
        episodes.take(family.words, Held(fact.what if fact.playing else None, stamp))
    return changed or episodes.sessions(family.words) != before


def merge(into: ReadRow, lesser: ReadRow) -> None:
    """Two assets were one: the row takes all that the lesser's knew."""
    into.seen.extend(lesser.seen.first)
    into.seen.extend(lesser.seen.last)
    for name, theirs in lesser.families.items():
        mine = into.families.setdefault(name, Family())
        for asked, answer in theirs.answers.items():
            mine.answers[asked] = newest(mine.answers.get(asked), answer) or answer
        for word in theirs.words:
            episodes.take(mine.words, word)
        mine.opened = max((stamp for stamp in (mine.opened, theirs.opened) if stamp), default=None)
        mine.refused = max((stamp for stamp in (mine.refused, theirs.refused) if stamp), default=None)


FOLDS: dict[type[Any], Callable[[SiteView, Any], tuple[Subject, ...]]] = {
    ScreenTold: _told,
}
