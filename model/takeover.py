"""How bad a push to a screen is (findings.md, VG-NET-03), and what a screen heard from a plain port shows that nobody declared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from model.portals.hosts import host_of
from model.privacy import personal, place
from model.screens import read
from model.times import within
from model.verdict import Grade, Severity
from model.wire import pushes, reads

if TYPE_CHECKING:
    from model.declared import Screen
    from model.rows import Asset
    from model.site import SiteView
    from model.wire.pushes import Push, Pushed

# Apps of these families connect to every receiver they find, only to list it: such a connection shows nobody anything (network.md §2.2).
LISTING = frozenset({"cast"})
# What the receivers' own words call the families whose connections are told by `connected`.
_TIED = {"Google Cast": "cast", "AirPlay": "airplay", "cast": "cast", "airplay": "airplay"}

_MAC_LENGTH, _COLONS = 17, 5


class Case(NamedTuple):
    """One thing that was done to a screen, or that it shows: how bad, how sure, why so; `sender` is an asset's id, empty: not heard; since and at in ns.

    `why` is one of: picture, sound (the device can show none), command, refused, guarded, hours (an approved sender outside the screen's hours, or nobody's
    known), host.
    `sealed` is the id of the file with the sender's true address, empty: none.
    """

    severity: Severity
    grade: Grade
    why: str
    family: str
    action: str
    url: str
    sender: str
    since: int
    at: int
    sealed: str = ""


def cases(view: SiteView, asset: Asset) -> list[Case]:
    """Everything about the screen that is not as declared, worst first, then what shows or sounds before mere commands, then newest."""
    screen = view.declared.screen(frozenset(asset.macs))
    found = [case for pushed in pushes.of(view, asset) if (case := _pushed(view, asset, screen, pushed))]
    found += _shown(view, asset, screen)
    return sorted(found, key=lambda case: (-case.severity.rank, case.why == "command", -case.at, case.sender, case.family, case.action))


def lawful(view: SiteView, asset: Asset) -> list[Pushed]:
    """Pushes by approved senders in the screen's hours: a session, and no finding."""
    screen = view.declared.screen(frozenset(asset.macs))
    return [pushed for pushed in pushes.of(view, asset) if approved(view, asset, pushed.sender) and within(screen.hours if screen else "", pushed.at)]


def is_screen(view: SiteView, asset: Asset) -> bool:
    """Whether the device is known to be a screen: declared, advertised, or it took what was pushed to it. Other things answer on the same ports."""
    if view.declared.screen(frozenset(asset.macs)) or read(asset, view.wire.reads.get(asset.id)):
        return True
    return any(pushed.push.accepted for pushed in pushes.of(view, asset))


def approved(view: SiteView, asset: Asset, sender: str) -> bool:
    """Whether somebody declared that this device may send to the screen; where nobody declared anything, nobody may (architecture rule 3)."""
    screen = view.declared.screen(frozenset(asset.macs))
    if screen is None:
        return False
    known = view.assets.get(sender)
    if known is not None and not {*known.macs, *known.ips}.isdisjoint(screen.approved_senders):
        return True
    # Whose row was veiled, or whose address another has by now: the hashes of the addresses it sent from are known again.
    named = {view.asset_id(name if name.count(":") == _COLONS and len(name) == _MAC_LENGTH else "ip:" + name) for name in screen.approved_senders}
    return not named.isdisjoint(pushes.addresses(view, asset, sender))


def anonymous(view: SiteView, sender: str) -> bool:
    """Whether the sender is nobody to be named: unknown, or perhaps a citizen's own device."""
    asset = view.assets.get(sender)
    return asset is None or personal(view, asset)


def _pushed(view: SiteView, asset: Asset, screen: Screen | None, pushed: Pushed) -> Case | None:
    push = pushed.push
    if push.family in LISTING and push.kind == "session":
        return None
    if approved(view, asset, pushed.sender):
        late = screen is not None and not within(screen.hours, pushed.at)
        return _case(pushed, Severity.HIGH, Grade.LIKELY, "hours") if late else None
    severity, why = _weight(push, is_sound_only(asset))
    return _case(pushed, severity, Grade.CONFIRMED, why)


def is_sound_only(asset: Asset) -> bool:
    """Whether the device says of itself that it shows no picture (network.md §2.1); one that does not say may."""
    told = read(asset)
    return bool(told) and all(lamps.picture == "no" for lamps in told)


def _weight(push: Push, sound_only: bool) -> tuple[Severity, str]:
    """A screen that refused, or a sender that was let in by somebody at the screen, is no scandal; nor is a command that shows nothing, or a loudspeaker."""
    if push.accepted is False:
        return Severity.HIGH, "refused"
    if push.kind in ("command", "stop"):
        return Severity.HIGH, "command"
    if push.guarded:
        return Severity.HIGH, "guarded"
    return _shows(sound_only)


def _shows(sound_only: bool) -> tuple[Severity, str]:
    return (Severity.HIGH, "sound") if sound_only else (Severity.CRITICAL, "picture")


def _case(pushed: Pushed, severity: Severity, grade: Grade, why: str) -> Case:
    push = pushed.push
    return Case(severity, grade, why, push.family, push.action, push.url, pushed.sender, pushed.since, pushed.at, push.sealed)


class _Playing(NamedTuple):
    family: str
    what: str
    since: int
    at: int


def _playing(view: SiteView, asset: Asset) -> Iterator[_Playing]:
    """What the screen shows by its own words: its adverts' and its answers to us."""
    for lamps in read(asset):
        if lamps.session is not None:
            yield _Playing(lamps.family, lamps.session.what, lamps.session.first.at, lamps.session.last.at)
    for told in reads.playing_now(view, asset):
        yield _Playing(told.family, told.what, told.since, told.at)


def _shown(view: SiteView, asset: Asset, screen: Screen | None) -> Iterator[Case]:
    """A picture whose sender was heard to connect is that sender's; with nobody heard, only the hour and the host can be judged."""
    for playing in _playing(view, asset):
        family = _TIED.get(playing.family, "")
        senders = pushes.connected(view, asset, family, playing.since) if family else ()
        told = playing.family.lower(), "", place(view, playing.what)
        if senders:
            if not any(approved(view, asset, sender) for sender in senders):
                severity, why = _shows(is_sound_only(asset))
                yield Case(severity, Grade.CONFIRMED, why, *told, senders[0], playing.since, playing.at, _sealed(view, asset, senders[0]))
        elif screen is not None and not within(screen.hours, playing.at):
            yield Case(Severity.HIGH, Grade.LIKELY, "hours", *told, "", playing.since, playing.at)
        elif screen is not None and screen.media_hosts and (host := host_of(playing.what)) and host not in screen.media_hosts:
            yield Case(Severity.HIGH, Grade.LIKELY, "host", *told, "", playing.since, playing.at)


def _sealed(view: SiteView, asset: Asset, sender: str) -> str:
    return next((pushed.push.sealed for pushed in pushes.of(view, asset) if pushed.sender == sender and pushed.push.sealed), "")
