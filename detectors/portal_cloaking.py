"""Finding 4: a portal shows one kind of visitor another page, with strangers on it, again and again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from model.detector import About, Closing, Detector
from model.portals import verdicts
from model.portals.baseline import LEARN_DAYS
from model.portals.raised import CLOAKING
from model.site import SiteView
from model.verdict import Subject, Verdict
from model.wording import portal_cloaking as words
from model.wording.portal_common import CLOSING


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalCloaking(Detector):
    """VG-WEB-03. `fresh_hours`: for how long a look speaks for its kind of visitor."""

    fresh_hours: int = 24

    about: ClassVar[About] = About(
        id="VG-WEB-03",
        findings=(4,),
        title=words.ABOUT,
        kinds=("portal",),
        needs=("declared",),
        closing=Closing(rule=CLOSING),
        attack=("T1491.002", "T1608.006"),
    )

    def subjects(self, view: SiteView) -> Iterable[Subject]:
        """Every declared portal, and every other that was looked at."""
        return verdicts.subjects(view)

    def judge(self, view: SiteView, subject: Subject) -> Verdict | None:
        """The portal's incident of this rule, or what is slight, unknown or clear."""
        return verdicts.verdict_of(view, subject, verdicts.Rule(self.about, words, CLOAKING, self.fresh_hours, LEARN_DAYS))
