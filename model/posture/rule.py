"""A rule about enrolled PCs: which they are, and that what is written for Windows is asked of no other system."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from model.detector import Detector
from model.posture.ask import assets_of_pcs
from model.posture.judging import Pc, not_for, pc_of
from model.verdict import Subject, Verdict
from model.wording import pc_common as words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from model.site import SiteView


class PcRule(Detector):
    """Judges each enrolled PC by what it told; a rule of which `only_windows` holds does not apply to other systems."""

    only_windows: ClassVar[bool] = False

    def subjects(self, view: SiteView) -> Iterable[Subject]:
        """Every enrolled PC."""
        return (Subject("asset", asset) for asset in assets_of_pcs(view))

    def judge(self, view: SiteView, subject: Subject) -> Verdict | None:
        """What is true of the PC; None for what is no enrolled PC."""
        pc = pc_of(view, subject)
        if pc is None:
            return None
        # A PC that has not yet said what it runs is asked: it is unknown, and not let off.
        if self.only_windows and pc.platform not in ("windows", ""):
            return not_for(self, pc, words.NOT_WINDOWS)
        return self.judge_pc(view, pc)

    @abstractmethod
    def judge_pc(self, view: SiteView, pc: Pc) -> Verdict:
        """What is true of this PC now."""
