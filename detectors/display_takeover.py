"""Finding 2, the scandal itself: somebody pushed a picture or a command to a screen, and nobody had allowed that.

An episode: ten seconds stay told until a named person closes them, after half an hour of quiet (architecture rule 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from model import takeover
from model.classes.judge import classify
from model.detector import About, Closing, Detector
from model.naming import name_of
from model.rows import Asset
from model.site import SiteView
from model.takeover import Case
from model.text import Text, shown
from model.times import HOUR, MINUTE
from model.verdict import Evidence, Grade, Outcome, Subject, Urgency, Verdict
from model.wire import reads
from model.wording import display_takeover as words
from model.wording.unlisted_device import CLASSES

_HEARS_ALL = ("mirror", "inline")
_EXAMPLES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayTakeover(Detector):
    """VG-NET-03. `quiet_minutes`: after so long without a push the episode is over and may be closed."""

    quiet_minutes: int = 30

    about: ClassVar[About] = About(
        id="VG-NET-03",
        findings=(2,),
        title=words.TITLE,
        kinds=("asset",),
        needs=("mirror", "declared"),
        closing=Closing(rule=words.CLOSING, by_person=True),
        # Another sender or another picture on the same screen is news for whoever is on the way there.
        update_hold=MINUTE,
        attack=("T1491.001",),
    )

    def subjects(self, view: SiteView) -> Iterable[Subject]:
        """Every screen, and whatever took a push."""
        return (Subject("asset", asset.id) for asset in view.assets.values() if _concerned(view, asset))

    def judge(self, view: SiteView, subject: Subject) -> Verdict | None:
        """What goes on, or went on within the last half hour."""
        asset = view.assets.get(subject.id)
        if asset is None or not _concerned(view, asset):
            return None
        fresh = [case for case in takeover.cases(view, asset) if view.age(case.at) < self._quiet]
        if fresh:
            return self._violation(view, asset, fresh)
        return self._calm(view, asset)

    @property
    def _quiet(self) -> int:
        return self.quiet_minutes * MINUTE

    def _violation(self, view: SiteView, asset: Asset, cases: Sequence[Case]) -> Verdict:
        worst = cases[0]
        screen = name_of(view.declared, asset)
        declared = view.declared.screen(frozenset(asset.macs))
        others = len({case.sender for case in cases if case.sender} - {worst.sender})
        place = shown(declared.place) if declared else ""
        return Verdict(
            detector=self.about.id,
            subject=Subject("asset", asset.id),
            outcome=Outcome.VIOLATION,
            severity=worst.severity,
            grade=worst.grade,
            urgency=Urgency.PAGE,
            title=words.title(screen, worst),
            summary=words.summary(screen, place, worst, _sender(view, worst), others, view.now),
            remedy=words.remedy(sealed=_is_sealed(cases)),
            evidence=(*_pushes(cases), *_sealed(cases)),
            state=tuple(sorted({(case.family, f"{case.why} {case.sender}".strip()) for case in cases[:_EXAMPLES]})),
            recheck_at=max(case.at for case in cases) + self._quiet,
        )

    def _calm(self, view: SiteView, asset: Asset) -> Verdict:
        """Nothing in the last half hour; where nobody could have heard a sender, that is not known."""
        vantage = view.vantage(asset)
        heard = vantage in _HEARS_ALL
        reason = None if heard else words.PLAIN if vantage == "plain" else words.UNHEARD
        used = [pushed for pushed in takeover.lawful(view, asset) if view.age(pushed.at) < self._quiet]
        said = words.lawful(name_of(view.declared, asset), name_of(view.declared, view.assets[used[0].sender])) if used else reason or words.NOBODY
        # How a leg listens becomes known without a word of the screen's, soon after the start or it never does: a long capture would ask each minute.
        waits = min(view.age(asset.seen.last), view.age(view.started)) < HOUR
        return Verdict(
            detector=self.about.id,
            subject=Subject("asset", asset.id),
            outcome=Outcome.CLEAR if heard else Outcome.UNKNOWN,
            grade=Grade.CONFIRMED,
            title=self.about.title,
            summary=said,
            reason=reason,
            evidence=tuple(Evidence("session", f"{pushed.push.family} {pushed.sender}", pushed.at) for pushed in used[:_EXAMPLES]),
            recheck_at=max(pushed.at for pushed in used) + self._quiet if used else None if heard or not waits else view.now + MINUTE,
        )


def _concerned(view: SiteView, asset: Asset) -> bool:
    return bool(asset.id in view.wire.pushes or reads.playing_now(view, asset) or asset.services or asset.upnp) and takeover.is_screen(view, asset)


def _sender(view: SiteView, case: Case) -> Text:
    asset = view.assets.get(case.sender)
    if asset is None:
        return words.unknown_sender() if not case.sender else words.sender("", None)
    if takeover.anonymous(view, case.sender):
        kind = classify(asset).name
        return words.sender("", None if kind == "unknown" else CLASSES.get(kind))
    name = name_of(view.declared, asset)
    return words.approved(name) if case.why == "hours" else words.sender(name, None)


def _pushes(cases: Iterable[Case]) -> Iterable[Evidence]:
    """What was done, worst first. A push that was answered is told twice: before and after."""
    return list(dict.fromkeys(_evidence(case) for case in cases))[:_EXAMPLES]


def _evidence(case: Case) -> Evidence:
    # Whoever reads it must not be one click away from what was shown.
    media = case.url.replace("http", "hxxp", 1)
    said = " ".join(filter(None, (words.family(case.family), case.action, media, case.sender and f"← {case.sender}")))
    return Evidence("push", shown(said, 300), case.at)


def _is_sealed(cases: Iterable[Case]) -> bool | None:
    """Whether what the senders sent was sealed for the SOC; None: no sender was heard, so that there is nothing to seal."""
    heard = [case for case in cases if case.sender]
    return any(case.sealed for case in heard) if heard else None


def _sealed(cases: Iterable[Case]) -> Iterable[Evidence]:
    """The files with the senders' true addresses, each once, with its first push; the newest first."""
    files = {case.sealed: Evidence("capture", case.sealed, case.at) for case in sorted(cases, key=lambda case: -case.at) if case.sealed}
    return list(files.values())[:_EXAMPLES]
