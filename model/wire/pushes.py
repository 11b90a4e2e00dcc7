"""What was pushed to one screen, by whom: the matter of VG-NET-03.

Of each sender the latest push of every sort is kept, so that an hour of volume commands does not push the picture out that came before them.
A sender is named by its asset's id, which nobody can turn back into an address; an address of the sender's own inside the media's is taken out.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from model import assets, meeting, segments
from model.rows import Asset, Held, Sighting, Stamp, newest
from model.times import MINUTE, SECOND
from model.verdict import Subject
from model.wirefacts import ScreenPushed

if TYPE_CHECKING:
    from model.site import SiteView

# Senders kept of one screen, the latest; a room has a handful.
MAX_SENDERS = 32
MAX_MINUTES = 64
MAX_ADDRESSES = 8
# After so long without a push from the same sender the next one is another episode (findings.md).
QUIET = 30 * MINUTE
# How long before a receiver says that it plays, and after, its sender must have connected to be taken for it.
TIE = (30 * SECOND, 5 * SECOND)
# Families whose session is the picture or the sound itself; in others it is a remote control's connection, or an app that only lists receivers.
_PRESENTS: Final = frozenset({"airplay", "mice"})
# A clip's length is not in the push: for so long it is taken to run, and after that nobody knows.
SHOWS: Final = 5 * MINUTE
# What stands in a media's address where the sender's own address was.
SENDER: Final = "[thiết bị gửi]"
_URL_LENGTH = 300
_ID_LENGTH = 40
# Their agents are names of programs; in other families it is the name of a person's device.
_PROGRAMS = frozenset({"dlna", "dial", "roku", "kodi", "airplay"})


class Push(msgspec.Struct, frozen=True):
    """One push; as `model.wirefacts.ScreenPushed`, without what names its sender."""

    family: str
    kind: str
    action: str
    url: str = ""
    agent: str = ""
    port: int = 0
    guarded: bool | None = None
    accepted: bool | None = None
    sealed: str = ""

    @property
    def sort(self) -> str:
        """Of one sort only the latest is kept: what it is and how it was received decide how bad it is."""
        return f"{self.family}/{self.kind}/{self.guarded}/{self.accepted}"


class Sender(msgspec.Struct):
    """One sender's pushes: the latest of each sort, and the first of each of the latest minutes (ns).

    `known`: keyed hashes (`SiteView.asset_id`) of the addresses it sent from, so that an approval by address is known again without keeping the address.
    """

    seen: Sighting
    pushes: dict[str, Held[Push]] = msgspec.field(default_factory=dict)
    times: list[int] = msgspec.field(default_factory=list)
    known: dict[str, Sighting] = msgspec.field(default_factory=dict)


class ScreenRow(msgspec.Struct, kw_only=True):
    """What is kept of an asset (the screen); `id` is its. `senders` by their assets' ids."""

    id: str
    seen: Sighting
    senders: dict[str, Sender] = msgspec.field(default_factory=dict)


class Pushed(NamedTuple):
    """One push as it is judged: by whom (asset id), what, when, and since when this sender has been at it (ns)."""

    sender: str
    push: Push
    at: int
    since: int


def of(view: SiteView, asset: Asset) -> Iterator[Pushed]:
    """All that is kept of what was pushed to the screen, newest first."""
    row = view.wire.pushes.get(asset.id)
    found = [
        Pushed(name, held.value, at, _since(sender, at))
        for name, sender in (row.senders.items() if row else ())
        for held in sender.pushes.values()
        for at in (_moment(view, held.stamp),)
    ]
    yield from sorted(found, key=lambda pushed: (-pushed.at, pushed.sender, pushed.push.sort))


def addresses(view: SiteView, asset: Asset, sender: str) -> set[str]:
    """Keyed hashes of the addresses from which this sender sent to the screen (`SiteView.asset_id` of a MAC, or of `ip:` and an address)."""
    row = view.wire.pushes.get(asset.id)
    kept = row.senders.get(sender) if row else None
    return {sender, *kept.known} if kept else {sender}


def showing(view: SiteView, asset: Asset) -> Pushed | None:
    """The last push that gave the screen something to show, by which it shows that now as far as anybody heard: taken, not stopped since, and of late."""
    newest_first = [pushed for pushed in of(view, asset) if pushed.push.accepted is not False and view.age(pushed.at) < SHOWS]
    for pushed in newest_first:
        if pushed.push.kind == "stop":
            return None
        if pushed.push.kind == "content" or (pushed.push.kind == "session" and pushed.push.family in _PRESENTS):
            return pushed
    return None


def connected(view: SiteView, asset: Asset, family: str, at: int) -> tuple[str, ...]:
    """Who opened a connection of `family` to the screen around `at`, when the screen began to play: the ids of their assets, the nearest first."""
    before, after = TIE
    near = [p for p in of(view, asset) if p.push.family == family and p.push.kind in ("session", "content") and at - before <= p.at <= at + after]
    return tuple(dict.fromkeys(p.sender for p in sorted(near, key=lambda p: (abs(p.at - at), p.sender))))


def _moment(view: SiteView, stamp: Stamp) -> int:
    """When it was; of before the clock was set back, no later than that."""
    return stamp.at if stamp.epoch == view.epoch else min(stamp.at, view.started)


def _since(sender: Sender, at: int) -> int:
    """When the run of pushes that `at` belongs to began, as far as times are kept."""
    start = at
    for time in reversed(sender.times):
        if time <= start and start - time < QUIET:
            start = time
    return start


def _pushed(view: SiteView, fact: ScreenPushed) -> tuple[Subject, ...]:
    if not _local(fact.screen_ip) and fact.screen_ip:
        return ()
    if _routed(view, fact):
        # The frame carries the router's MAC: the sender is whoever has the address.
        fact = msgspec.structs.replace(fact, mac="")
    sender, touched = meeting.met(view, fact, binds=False)
    screen = _screen(view, fact)
    if screen is sender:
        return touched
    # Whoever is spoken to over TCP has answered: it is there.
    touched = (*touched, *meeting.sighted(view, screen, fact))
    row = view.wire.pushes.get(screen.id)
    if row is None:
        row = view.wire.pushes[screen.id] = ScreenRow(id=screen.id, seen=Sighting(fact.at, fact.at))
    row.seen.extend(fact.at)
    known = [view.asset_id(address) for address in (fact.mac, "ip:" + fact.ip) if address not in ("", "ip:")]
    _keep(row, sender.id, known, _push(fact), view.stamp(fact))
    view.changed("pushes", row.id)
    return tuple(dict.fromkeys((*touched, Subject("asset", screen.id))))


def _routed(view: SiteView, fact: ScreenPushed) -> bool:
    asset = view.assets.get(view.by_mac.get(fact.mac, ""))
    return asset is not None and segments.serves(asset) and bool(fact.ip) and fact.ip not in asset.ips


def _screen(view: SiteView, fact: ScreenPushed) -> Asset:
    """The screen's asset. Behind a router the frame carries the router's MAC: then its address names it."""
    owner = view.by_ip.get(fact.screen_ip, "")
    by_mac = view.by_mac.get(fact.screen_mac, "")
    if owner and by_mac and owner != by_mac and view.assets[by_mac].ips:
        return view.assets[owner]
    return assets.of_station(view, fact.screen_mac, fact.screen_ip, fact.at)


def _local(ip: str) -> bool:
    """Whether an address is one of a local network: what is sent to the Internet is nobody's screen here."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return False
    return not address.is_global


def _push(fact: ScreenPushed) -> Push:
    url = fact.url.partition("?")[0][:_URL_LENGTH]
    if fact.ip:
        url = url.replace(f"//[{fact.ip}]" if ":" in fact.ip else f"//{fact.ip}", "//" + SENDER)
    agent = fact.agent[:80] if fact.family in _PROGRAMS else ""
    return Push(fact.family, fact.kind, fact.action[:120], url, agent, fact.port, fact.guarded, fact.accepted, fact.sealed[:_ID_LENGTH])


def _keep(row: ScreenRow, name: str, known: Iterable[str], push: Push, stamp: Stamp) -> None:
    sender = row.senders.get(name)
    if sender is None:
        sender = row.senders[name] = Sender(seen=Sighting(stamp.at, stamp.at))
    sender.seen.extend(stamp.at)
    held = Held(push, stamp)
    sender.pushes[push.sort] = _newer(sender.pushes.get(push.sort), held)
    _mark(sender, stamp.at)
    for address in known:
        assets.sight(sender.known, address, stamp.at, MAX_ADDRESSES)
    _bound(row)


def _newer(mine: Held[Push] | None, theirs: Held[Push]) -> Held[Push]:
    return newest(mine, theirs) or theirs


def _mark(sender: Sender, at: int) -> None:
    """Keeps the first push of each of the latest minutes: enough to tell when a run of pushes began."""
    minutes = {time // MINUTE: time for time in sorted([*sender.times, at], reverse=True)}
    sender.times = sorted(minutes.values())[-MAX_MINUTES:]


def _bound(row: ScreenRow) -> None:
    while len(row.senders) > MAX_SENDERS:
        del row.senders[min(row.senders, key=lambda name: (row.senders[name].seen.last, name))]


def merge(into: ScreenRow, lesser: ScreenRow) -> None:
    """Two assets were one: the row takes all that the lesser's knew."""
    into.seen.extend(lesser.seen.first)
    into.seen.extend(lesser.seen.last)
    for name, theirs in lesser.senders.items():
        join(into, name, theirs)


def join(row: ScreenRow, name: str, theirs: Sender) -> None:
    """Takes all that is known of a sender into the row under that name."""
    mine = row.senders.setdefault(name, Sender(seen=Sighting(theirs.seen.first, theirs.seen.last)))
    mine.seen.extend(theirs.seen.first)
    mine.seen.extend(theirs.seen.last)
    for sort, held in theirs.pushes.items():
        mine.pushes[sort] = _newer(mine.pushes.get(sort), held)
    for time in theirs.times:
        _mark(mine, time)
    for address, sighting in theirs.known.items():
        if assets.sight(mine.known, address, sighting.last, MAX_ADDRESSES):
            mine.known[address].extend(sighting.first)
    _bound(row)


def renamed(view: SiteView, lesser: str, into: str) -> None:
    """A sender turned out to be another asset: it keeps its pushes under that one's id."""
    for row in view.wire.pushes.values():
        theirs = row.senders.pop(lesser, None)
        if theirs is not None:
            join(row, into, theirs)
            view.changed("pushes", row.id)


FOLDS: dict[type[Any], Callable[[SiteView, Any], tuple[Subject, ...]]] = {
    ScreenPushed: _pushed,
}
