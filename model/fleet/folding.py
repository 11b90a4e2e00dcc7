"""Many sites' findings told as one: storms (one rule at many sites at once) and campaigns (portals that lead to one place).

What is folded is judged, kept and shown as ever; it only wakes nobody by itself. A finding stays in the fold it came into until it ends.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from typing import Final

import msgspec

from model.ledger import STANDING, Change, Finding
from model.times import MINUTE
from model.verdict import Severity, Urgency

STORM: Final = "storm:"
CAMPAIGN: Final = "campaign:"


class Storming(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that opens findings at `sites` sites within `window` ns is a storm."""

    sites: int = 10
    window: int = 10 * MINUTE


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """What a digest tells of one finding."""

    finding: str
    site: str
    detector: str
    subject: str
    severity: Severity
    urgency: Urgency
    opened: int


class Folding:
    """Which findings stand, in which fold. Bounded by the findings that stand."""

    def __init__(self, storming: Storming) -> None:
        self.folds: dict[str, dict[str, Member]] = {}
        self.touched: set[str] = set()
        # Findings that were told by themselves before the storm began that counts them, until that is written down.
        self.beside: dict[str, str] = {}
        self._storming = storming
        self._fold_of: dict[str, str] = {}
        self._targets: dict[str, tuple[str, ...]] = {}
        self._by_target: dict[str, dict[str, Member]] = {}
        self._recent: dict[str, OrderedDict[str, tuple[int, Member]]] = {}

    def take(self, finding: Finding, targets: tuple[str, ...], now: int, known: str | None = None) -> str:
        """The fold a finding is told in, empty when by itself. `known`: the fold it was in before a restart, empty too; None for one never told."""
        if finding.state not in STANDING:
            return self._leave(finding.id)
        member = _member(finding)
        if finding.id in self._fold_of:
            return self._refreshed(member, targets)
        fold = self._new(member, targets, now) if known is None else known
        self._fold_of[finding.id] = fold
        self._join(member, targets, fold)
        return fold

    def _new(self, member: Member, targets: tuple[str, ...], now: int) -> str:
        for target in targets:
            if any((other.site, other.subject) != (member.site, member.subject) for other in self._by_target.get(target, {}).values()):
                return CAMPAIGN + target
        return self._storm(member, now)

    def _storm(self, member: Member, now: int) -> str:
        # A page that is critical is worth its own message; what is nobody's message cannot be too many of them.
        if member.urgency is Urgency.REPORT or member.severity is Severity.CRITICAL:
            return ""
        recent = self._recent.setdefault(member.detector, OrderedDict())
        recent[member.finding] = now, member
        while recent and next(iter(recent.values()))[0] <= now - self._storming.window:
            recent.popitem(last=False)
        if len({other.site for _, other in recent.values()}) < self._storming.sites:
            return ""
        fold = STORM + member.detector
        if fold not in self.folds:
            self.folds[fold] = {other.finding: other for _, other in recent.values() if other.finding in self._fold_of}
            self.beside |= dict.fromkeys(self.folds[fold], fold)
        return fold

    def count(self, finding: Finding, storm: str) -> None:
        """After a restart: a finding that stands was told by itself, and the storm counts it."""
        self.folds.setdefault(storm, {})[finding.id] = _member(finding)

    def _join(self, member: Member, targets: tuple[str, ...], fold: str) -> None:
        if fold.startswith(STORM):
            self.folds.setdefault(fold, {})[member.finding] = member
            self.touched.add(fold)
        self._targets[member.finding] = targets
        for target in targets:
            others = self._by_target.setdefault(target, {})
            others[member.finding] = member
            self._see_campaign(target)

    def _see_campaign(self, target: str) -> None:
        fold, members = CAMPAIGN + target, self._by_target.get(target, {})
        if fold in self.folds or len({(other.site, other.subject) for other in members.values()}) > 1:
            self.folds[fold] = members
            self.touched.add(fold)

    def _refreshed(self, member: Member, targets: tuple[str, ...]) -> str:
        fold = self._fold_of[member.finding]
        # While it stands, where it once led it leads: names that turn must not tear a campaign apart all day.
        self._join(member, tuple(dict.fromkeys((*self._targets.get(member.finding, ()), *targets))), fold)
        return fold

    def _leave(self, finding: str) -> str:
        fold = self._fold_of.pop(finding, "")
        self.beside.pop(finding, None)
        for recent in self._recent.values():
            recent.pop(finding, None)
        for key, members in self.folds.items():
            if members.pop(finding, None) is not None:
                self.touched.add(key)
        for target in self._targets.pop(finding, ()):
            self._by_target.get(target, {}).pop(finding, None)
            if not self._by_target.get(target):
                self._by_target.pop(target, None)
        return fold

    def settle(self) -> None:
        """Forgets folds that nothing stands in any more, after they were judged."""
        self.folds = {key: members for key, members in self.folds.items() if members}
        self.touched.clear()


def folded(change: Change, fold: str) -> Change:
    """The change as it is told where its fold speaks for it: written down everywhere, waking nobody."""
    if not fold:
        return change
    finding = msgspec.structs.replace(change.finding, urgency=Urgency.REPORT, facets=(*change.finding.facets, ("fold", fold)))
    return msgspec.structs.replace(change, finding=finding)


def sites_of(members: dict[str, Member]) -> Counter[str]:
    """How many findings each site has in a fold."""
    return Counter(member.site for member in members.values())


def _member(finding: Finding) -> Member:
    return Member(
        finding=finding.id,
        site=finding.site,
        detector=finding.detector,
        subject=finding.subject.id,
        severity=finding.severity,
        urgency=finding.urgency,
        opened=finding.opened,
    )
