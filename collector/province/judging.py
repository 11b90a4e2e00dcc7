"""What the province says itself: silent sites and boxes, its own blindness, and one digest for each storm or campaign."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from collector.province.memory import Memory
from collector.province.taking import Taken
from model.detector import About
from model.fleet import coverage, digest
from model.fleet.coverage import Standing
from model.fleet.declared import FleetDeclared
from model.fleet.folding import folded
from model.fleet.overlay import expired
from model.fleet.rows import MarkRow
from model.fleet.signed import version
from model.fleet.silence import Patience, Watch
from model.fleet.store import Projected
from model.ledger import OBSERVED, STANDING, Change, Finding, finding_id, reconcile
from model.ports import Posture, Told
from model.text import Text
from model.times import SECOND
from model.verdict import Urgency, Verdict

# A verdict is told to the engine on change and once a day, as boxes tell theirs.
_AGAIN = 86_400 * SECOND


class Judge:
    """Judges at each turn; what did not change costs a comparison."""

    def __init__(self, memory: Memory, patience: Patience, rules: Mapping[str, Text]) -> None:
        """`rules`: titles of detectors by id, for digests."""
        self._memory = memory
        self._patience = patience
        self._rules = rules
        self._said: dict[tuple[str, str, str], tuple[object, int]] = {}
        self._saying: dict[tuple[str, str, str], tuple[object, int]] = {}
        self.standings: list[Standing] = []

    def judge(self, declared: FleetDeclared, watch: Watch, now: int) -> Taken:
        """Everything that is to be told and written now."""
        taken = Taken()
        self._saying = {}
        last = {key: beat.heard_at for key, beat in self._memory.beats.items()}
        self.standings = coverage.standings(declared, last, watch, now)
        judged: set[str] = set()
        for site, verdict in self._coverage(declared, watch, now):
            judged.add(self._take(taken, coverage.ABOUT, site, verdict, now))
            # The province is no site: nobody counts it among them.
            if site != declared.province:
                self._posture(taken, site, verdict, now)
        # All that the province says of itself are its digests, judged below.
        ended = [own for own in self._memory.own.values() if own.state in STANDING and own.site != declared.province and own.id not in judged]
        for finding in ended:
            self._take(taken, coverage.ABOUT, finding.site, coverage.undeclared(finding.subject), now)
        self._expire(taken, now)
        # After all else: what was just said may itself be part of a storm.
        names = {site.site: site.name for site in declared.sites.values()}
        for fold in sorted(self._memory.folding.touched):
            verdict = digest.verdict(fold, self._memory.folding.folds.get(fold, {}), names, self._rules)
            self._take(taken, digest.about(fold, self._rules), declared.province, verdict, now)
        taken.marks = self._memory.beside(taken.marks)
        return taken

    def settled(self) -> None:
        """What was judged is in the journal, and in the engine."""
        self._said |= self._saying
        self._memory.folding.settle()

    def _coverage(self, declared: FleetDeclared, watch: Watch, now: int) -> Iterator[tuple[str, Verdict]]:
        apart = not coverage.together(self.standings)
        yield declared.province, coverage.of_province(declared, self.standings, watch, now)
        for each in self.standings:
            site = each.site.site
            known = self._memory.own.get(finding_id(site, coverage.ABOUT.id, coverage.site_subject(site)))
            paged = known is not None and known.state in STANDING and known.urgency is Urgency.PAGE
            yield site, coverage.of_site(each, self._patience, declared.holidays, now, apart=apart, paged=paged)
            yield from ((site, verdict) for verdict in coverage.of_boxes(each, now))

    def _take(self, taken: Taken, about: About, site: str, verdict: Verdict, now: int) -> str:
        """The id of what the verdict is a finding of, if it is."""
        own = finding_id(site, about.id, verdict.subject)
        step = reconcile(about, site, self._memory.own.get(own), verdict, now)
        if step.finding is None or step.change is None:
            return own
        finding, change = step.finding, step.change
        fold = self._memory.folding.take(finding, (), now) if about is coverage.ABOUT else ""
        if finding.state not in STANDING:
            fold = self._known_fold(own)
        self._tell(taken, change, folded(change, fold), self._mark(finding, version(now // SECOND, finding.sequence), fold, now))
        return own

    def _mark(self, finding: Finding, order: int, fold: str, now: int) -> MarkRow:
        """What is remembered of a finding of the province's own."""
        known, stands = self._memory.marks.get(finding.id), finding.state in STANDING
        return MarkRow(
            finding=finding.id,
            site=finding.site,
            box="",
            version=order,
            state=finding.state,
            told=finding.state,
            ended=0 if stands else now,
            fold=fold,
            beside=known.beside if known and stands else "",
        )

    def _known_fold(self, finding: str) -> str:
        known = self._memory.marks.get(finding)
        return known.fold if known else ""

    def _tell(self, taken: Taken, change: Change, told: Change, mark: MarkRow) -> None:
        taken.changes.append(told)
        taken.findings.append(change.finding)
        taken.marks.append(mark)
        taken.states.append(Projected(document=Told(change=change), version=mark.version, at=change.at, box=mark.box, targets=mark.targets))

    def _posture(self, taken: Taken, site: str, verdict: Verdict, now: int) -> None:
        key = site, verdict.subject.kind, verdict.subject.id
        said = verdict.outcome, verdict.urgency, verdict.state
        known, at = self._said.get(key, (None, 0))
        if known != said or now - at >= _AGAIN:
            self._saying[key] = said, now
            document = Posture(site=site, at=now, findings=coverage.ABOUT.findings, verdict=verdict)
            taken.states.append(Projected(document=document, version=version(now // SECOND, 0), at=now))

    def _expire(self, taken: Taken, now: int) -> None:
        """Acceptances of the province that are over: what the box still says holds again."""
        for finding in [finding for finding in self._memory.accepted.values() if now >= finding.accepted_until]:
            known = self._memory.marks[finding.id]
            change = expired(Change(step="expired", at=now, finding=finding, cause=OBSERVED), now)
            self._tell(taken, change, folded(change, known.fold), msgspec.structs.replace(known, told="open"))
