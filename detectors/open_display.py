"""Finding 2: a screen that takes a picture, a command or an application from anyone who can reach it.

Four lamps a screen (model.screens): present, enabled, open, in session. A device that only asks for screens is never one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from model.detector import About, Closing, Detector
from model.naming import name_of, zone_of
from model.rows import Asset
from model.screens import Lamps, Tri, read, worst
from model.site import SiteView
from model.text import Text
from model.times import DAY
from model.verdict import Evidence, Grade, Outcome, Severity, Subject, Urgency, Verdict
from model.wire import pushes, reads
from model.wire.pushes import Pushed
from model.wording import open_display as words

_REACHED_BY_STRANGERS = ("citizen", "unlabelled")
# Networks told in one sentence.
_PLACES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDisplay(Detector):
    """VG-NET-02. `fresh_hours`: how long an advert speaks for the screen after it was last heard."""

    fresh_hours: int = 24

    about: ClassVar[About] = About(
        id="VG-NET-02",
        findings=(2,),
        title=Text("Màn hình còn mở cho người ngoài trình chiếu, điều khiển", "A screen lets anyone present to it or control it"),
        kinds=("asset",),
        needs=("multicast",),
        closing=Closing(rule=words.CLOSING, lapse=14 * DAY),
        # Hygiene, not an attack: M1042 disable or remove feature, M1035 limit access to resource over network.
        attack=("M1042", "M1035"),
    )

    def subjects(self, view: SiteView) -> Iterable[Subject]:
        """Every asset that advertises itself as a screen."""
        return (Subject("asset", asset.id) for asset in view.assets.values() if _families(view, asset))

    def judge(self, view: SiteView, subject: Subject) -> Verdict | None:
        """The worst of the screen's families, in four lamps."""
        asset = view.assets.get(subject.id)
        families = _families(view, asset) if asset else ()
        if asset is None or not families:
            return None
        heard = [lamps for lamps in families if not lamps.left and view.age(lamps.seen.last) < self._fresh]
        if not heard:
            return self._silent(view, asset, families)
        judged = max(heard, key=lambda lamps: (_severity(view, asset, lamps).rank, lamps.grade != Grade.INFERRED, lamps.family))
        # Open before, protected now closes a finding; what was protected from the start is a low finding of its own (decision 006).
        safe = all(lamps.open == "no" for lamps in heard) and any(lamps.was_open for lamps in heard)
        hidden = self._hidden(view, asset, families, heard)
        if any(lamps.picture != "no" or safe for lamps in hidden) and _severity(view, asset, judged) is Severity.LOW:
            return self._silent(view, asset, hidden)
        return self._clear(view, asset, heard) if safe else self._violation(view, asset, judged, heard)

    def _hidden(self, view: SiteView, asset: Asset, families: Sequence[Lamps], heard: Sequence[Lamps]) -> list[Lamps]:
        """Families that were open when last heard and are not proven off: their silence must not make the rest look better."""
        lapse = self.about.closing.lapse
        return [lamps for lamps in families if lamps not in heard and lamps.open == "yes" and not lamps.closed and view.unseen(asset, lamps.seen.last) < lapse]

    @property
    def _fresh(self) -> int:
        return self.fresh_hours * DAY // 24

    def _violation(self, view: SiteView, asset: Asset, judged: Lamps, heard: Sequence[Lamps]) -> Verdict:
        severity = _severity(view, asset, judged)
        name = name_of(view.declared, asset)
        showing = _showing(view, asset)
        return Verdict(
            detector=self.about.id,
            subject=Subject("asset", asset.id),
            outcome=Outcome.VIOLATION,
            severity=severity,
            grade=judged.grade,
            urgency=Urgency.REPORT if severity is Severity.LOW else Urgency.TICKET,
            title=words.title(name, judged),
            summary=words.summary(name, judged, heard, _places(view, asset), view.now),
            remedy=_remedy(judged),
            evidence=(*_pushed(showing), *_evidence(view, asset, heard)),
            state=_state(heard, in_session="yes" if showing else ""),
            unseen=view.unseen(asset, _last(heard)),
            recheck_at=showing.at + pushes.SHOWS if showing else _last(heard) + self._fresh,
        )

    def _clear(self, view: SiteView, asset: Asset, heard: Sequence[Lamps]) -> Verdict:
        guard = next((lamps.protection for lamps in heard if lamps.protection), "")
        asked = any(lamps.protection == guard and lamps.grade is Grade.CONFIRMED for lamps in heard)
        return Verdict(
            detector=self.about.id,
            subject=Subject("asset", asset.id),
            outcome=Outcome.CLEAR,
            grade=Grade.CONFIRMED,
            title=self.about.title,
            summary=words.protected_now(name_of(view.declared, asset), guard, asked=asked),
            evidence=_evidence(view, asset, heard),
            state=_state(heard),
            unseen=view.unseen(asset, _last(heard)),
            recheck_at=_last(heard) + self._fresh,
        )

    def _silent(self, view: SiteView, asset: Asset, families: Sequence[Lamps]) -> Verdict:
        """Not heard for long, or it said goodbye: switched off only if its port refused afterwards, else not known."""
        off = all(lamps.left and lamps.closed for lamps in families)
        left = all(lamps.left for lamps in families)
        name = name_of(view.declared, asset)
        reason = words.switched_off(name) if off else words.said_goodbye(name) if left else words.not_heard(name, self.fresh_hours)
        return Verdict(
            detector=self.about.id,
            subject=Subject("asset", asset.id),
            outcome=Outcome.CLEAR if off else Outcome.UNKNOWN,
            title=self.about.title,
            summary=reason,
            reason=None if off else reason,
            evidence=_evidence(view, asset, families),
            state=_state(families),
            # The screen is unseen as long as its adverts are, though the device may still talk of other things.
            unseen=view.unseen(asset, _last(families)),
        )


def _families(view: SiteView, asset: Asset) -> tuple[Lamps, ...]:
    told = view.wire.reads.get(asset.id)
    return read(asset, told and reads.veiled(view, told))


def _places(view: SiteView, asset: Asset) -> list[Text]:
    """The networks it was heard on of late, by whom they serve and their names; the last first."""
    latest = max(seen.last for seen in asset.segments.values())
    names = sorted((name for name, seen in asset.segments.items() if latest - seen.last < DAY), key=lambda name: (-asset.segments[name].last, name))
    zones = [zone_of(view.declared, name) for name in names[:_PLACES]]
    return list(dict.fromkeys(words.place(zone.name if zone else "", zone.role if zone else "unlabelled") for zone in zones))


def _remedy(lamps: Lamps) -> tuple[Text, ...]:
    if lamps.enabled != "yes":
        return words.REMEDY_PRESENT
    return words.REMEDY_SOUND if lamps.picture == "no" else words.REMEDY


def _severity(view: SiteView, asset: Asset, lamps: Lamps) -> Severity:
    if lamps.enabled != "yes" or lamps.open != "yes" or lamps.picture == "no":
        return Severity.LOW
    strangers = view.role(asset) in _REACHED_BY_STRANGERS or _heard_by_strangers(view, asset)
    # A picture that is not known to be impossible counts as possible.
    return Severity.HIGH if strangers else Severity.MEDIUM


def _heard_by_strangers(view: SiteView, asset: Asset) -> bool:
    rows = (view.segments.get(segment) for segment in asset.segments)
    return any(view.declared.role_of(row.leg, row.vlan) in _REACHED_BY_STRANGERS for row in rows if row)


def _last(families: Sequence[Lamps]) -> int:
    return max(lamps.seen.last for lamps in families)


def _showing(view: SiteView, asset: Asset) -> Pushed | None:
    """What was pushed to it and runs, unless the screen itself said since that nothing does."""
    pushed, row = pushes.showing(view, asset), view.wire.reads.get(asset.id)
    last = [family.words[-1] for family in row.families.values() if family.words] if row else []
    return None if pushed and any(word.value is None and word.stamp.at > pushed.at for word in last) else pushed


def _pushed(showing: Pushed | None) -> Iterable[Evidence]:
    # What and by whom is VG-NET-03's to tell.
    return (Evidence("push", f"{showing.push.family} {showing.push.action}", showing.at),) if showing else ()


def _state(heard: Sequence[Lamps], in_session: Tri | Literal[""] = "") -> tuple[tuple[str, str], ...]:
    return (
        ("present", "yes"),
        ("enabled", worst(lamps.enabled for lamps in heard)),
        ("open", worst(lamps.open for lamps in heard)),
        ("in_session", in_session or worst(lamps.in_session for lamps in heard)),
        ("families", ", ".join(sorted({lamps.family for lamps in heard}))),
    )


def _evidence(view: SiteView, asset: Asset, heard: Sequence[Lamps]) -> tuple[Evidence, ...]:
    adverts = tuple(piece for lamps in heard for piece in lamps.evidence)
    return (*adverts, Evidence("vantage", view.vantage(asset), asset.seen.last))
