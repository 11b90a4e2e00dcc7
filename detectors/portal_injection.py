"""Finding 4: a portal shows, hides or loads what its owner did not publish."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from model.detector import About, Closing, Detector
from model.portals import verdicts
from model.portals.raised import INJECTION
from model.site import SiteView
from model.verdict import Subject, Verdict
from model.wording import portal_injection as words
from model.wording.portal_common import CLOSING


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalInjection(Detector):
    """VG-WEB-02. `fresh_hours`: for how long a look speaks for its kind of visitor; `learn_days`: for how long a portal's own way is learnt."""

    fresh_hours: int = 24
    learn_days: int = 7

    about: ClassVar[About] = About(
        id="VG-WEB-02",
        findings=(4,),
        title=words.ABOUT,
        kinds=("portal",),
        needs=("declared",),
        closing=Closing(rule=CLOSING),
        attack=("T1491.002", "T1608.006", "T1189"),
    )

    def subjects(self, view: SiteView) -> Iterable[Subject]:
        """Every declared portal, and every other that was looked at."""
        return verdicts.subjects(view)

    def judge(self, view: SiteView, subject: Subject) -> Verdict | None:
        """The portal's incident of this rule, or what is slight, unknown or clear."""
        return verdicts.verdict_of(view, subject, verdicts.Rule(self.about, words, INJECTION, self.fresh_hours, self.learn_days, slight=words))
