"""Finding 13 on the PC itself: its firewall is off in some kind of network, does not work, or lets every port in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from model.detector import About, Closing
from model.posture.judging import Case, Pc, Read, Wrong, conclude, read
from model.posture.rule import PcRule
from model.posture.told import Firewall, FirewallHoles
from model.site import SiteView
from model.verdict import Grade, Severity, Verdict
from model.wording import host_firewall as words
from model.wording import pc_common

_PROFILES = ("public", "private", "domain")


@dataclass(frozen=True, slots=True, kw_only=True)
class HostFirewall(PcRule):
    """VG-END-10. `holes`: how many inbound rules that allow any port may be there before it is a matter."""

    holes: int = 0

    about: ClassVar[About] = About(
        id="VG-END-10",
        findings=(13,),
        title=words.TITLE,
        kinds=("asset",),
        needs=("endpoint",),
        closing=Closing(rule=pc_common.CLOSING),
        attack=("M1037",),
    )

    def judge_pc(self, view: SiteView, pc: Pc) -> Verdict:
        """Off by profile, unless another maker's firewall is good by Windows' own word; then the holes in it."""
        firewall, holes = read(view, pc, Firewall), read(view, pc, FirewallHoles)
        told = firewall.told
        if told is not None and told.center and _off(told):
            # Windows' own is off and Security Center content: another maker's does the work, and Windows' rules do not count.
            return conclude(self, view, pc, Case((), [firewall], words.ANOTHER))
        wrongs = [*_switched_off(firewall), *self._open(holes)]
        silent = [name for name in _PROFILES if getattr(told, name) is None] if told is not None else []
        doubts = [words.untold(silent)] if silent else []
        return conclude(self, view, pc, Case(wrongs, [firewall, holes], words.GOOD, doubts))

    def _open(self, holes: Read[FirewallHoles]) -> Iterator[Wrong]:
        told = holes.told
        if told is not None and told.open > self.holes:
            said = words.holes(told.open, told.public)
            yield Wrong("holes", said, holes, str(told.open), remedy=words.REMEDY_HOLES)


def _off(told: Firewall) -> list[str]:
    return [name for name in _PROFILES if getattr(told, name) is False]


def _switched_off(firewall: Read[Firewall]) -> Iterator[Wrong]:
    told = firewall.told
    if told is None:
        return
    if off := _off(told):
        sure = told.center is False
        yield Wrong(
            "off",
            words.off(off, sure=sure),
            firewall,
            ",".join(off),
            Severity.HIGH if "public" in off else Severity.MEDIUM,
            Grade.CONFIRMED if sure else Grade.LIKELY,
            words.REMEDY_OFF,
        )
    elif told.center is False:
        yield Wrong("working", words.STOPPED, firewall, "no", grade=Grade.LIKELY, remedy=words.REMEDY_STOPPED)
