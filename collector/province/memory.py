"""What the province knows between readings: each finding's last word, acts, folds, heartbeats. Restored from its journal and from the engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from model.fleet.declared import FleetDeclared
from model.fleet.folding import Folding, Storming
from model.fleet.overlay import Laid
from model.fleet.rows import MarkRow
from model.fleet.store import Beat
from model.ledger import STANDING, Finding, finding_id
from model.times import DAY
from model.verdict import Verdict

# A watcher of ten thousand portals has some thousands.
MOST_OF_SITE: Final = 50_000

# Rule, severity, state.
Kind = tuple[str, str, str]

# More acts on one finding than anybody needs laid over it.
_ACTS: Final = 20
# A finding that ended so long ago is forgotten.
FORGOTTEN: Final = 90 * DAY
# What is so old is no news: it is kept and shown, and nobody is told. Less for a province that remembers nothing.
_STALE: Final = 30 * DAY
_STALE_FIRST: Final = DAY


class Memory:
    """Owned by the event loop. Bounded by the findings that stand or ended within `FORGOTTEN`, and by the declared boxes."""

    def __init__(self, storming: Storming) -> None:
        self.marks: dict[str, MarkRow] = {}
        # Changes from before are nobody's news, ns.
        self._news_since = 0
        # Findings of the province's own: silent sites, storms, campaigns.
        self.own: dict[str, Finding] = {}
        self.folding = Folding(storming)
        self.beats: dict[tuple[str, str], Beat] = {}
        # Findings by rule, severity and state, and of which each is: a province has too many to be read for each scrape.
        self.counts: Counter[Kind] = Counter()
        self._kinds: dict[str, Kind] = {}
        self._of_site: Counter[str] = Counter()
        self._acts: dict[str, tuple[Laid, ...]] = {}
        # Findings that people accepted here although their boxes say that they stand.
        self.accepted: dict[str, Finding] = {}

    def restore(self, marks: Iterable[MarkRow], findings: Mapping[str, Finding], now: int, *, fresh: bool) -> None:
        """After a start: marks, and the findings as they stand; `fresh` where there is no memory to go by."""
        self._news_since = now - (_STALE_FIRST if fresh else _STALE)
        for mark in marks:
            finding = findings.get(mark.finding)
            self._keep(mark)
            if finding is None:
                continue
            self._count(finding)
            if not mark.box:
                self.own[finding.id] = finding
            if not finding.subject.id.startswith(("storm:", "campaign:")):
                self.folding.take(finding, mark.targets, now, mark.fold)
                if mark.beside and finding.state in STANDING:
                    self.folding.count(finding, mark.beside)
            self._note_accepted(mark, finding)

    def is_news(self, at: int, now: int) -> bool:
        """Whether people are told at `now` of what happened `at`. All is read again when other keys are declared, also what was forgotten since."""
        return at >= max(self._news_since, now - _STALE)

    def learn(self, acts: Iterable[Laid], beats: Iterable[Beat]) -> None:
        """What the engine holds."""
        self._acts.clear()
        for laid in acts:
            self.add_act(laid)
        for beat in beats:
            self.hear(beat)

    def acts_on(self, finding: str) -> tuple[Laid, ...]:
        """What people did to a finding, oldest first."""
        return self._acts.get(finding, ())

    def add_act(self, laid: Laid) -> None:
        """One more act."""
        self._acts[laid.act.finding] = (*self._acts.get(laid.act.finding, ()), laid)[-_ACTS:]

    def beside(self, marks: Iterable[MarkRow]) -> list[MarkRow]:
        """These marks, and those of findings of which it is not written down yet that a storm counts them."""
        held = {mark.finding: mark for mark in marks}
        for finding, storm in self.folding.beside.items():
            known = held.get(finding) or self.marks.get(finding)
            if known is not None:
                held[finding] = msgspec.structs.replace(known, beside=storm)
        return list(held.values())

    def mark(self, mark: MarkRow, finding: Finding | None) -> None:
        """The finding as it was told just now; None where only the mark is another."""
        self._keep(mark)
        if self.folding.beside.get(mark.finding) == mark.beside:
            del self.folding.beside[mark.finding]
        if finding is None:
            return
        self._count(finding)
        if not mark.box:
            self.own[finding.id] = finding
        self._note_accepted(mark, finding)

    def stands(self, site: str, verdict: Verdict) -> bool:
        """Whether the finding of a verdict does, as its box says or as people were told."""
        mark = self.marks.get(finding_id(site, verdict.detector, verdict.subject))
        return mark is not None and (mark.state in STANDING or mark.told in STANDING)

    def spoke(self, box: str, site: str, declared: FleetDeclared, now: int) -> int:
        """When a box was heard last for a site (ns, 0: never); `now` for one that may not write for it any more: no more will come of it."""
        if not any(not line.until or now < line.until for line in declared.keys_of(box, site)):
            return now
        known = self.beats.get((box, site))
        return known.heard_at if known else 0

    def _note_accepted(self, mark: MarkRow, finding: Finding) -> None:
        if mark.box and mark.state == "open" and mark.told == "accepted":
            self.accepted[mark.finding] = finding
        else:
            self.accepted.pop(mark.finding, None)

    def hear(self, beat: Beat) -> None:
        """A heartbeat; an older one changes nothing."""
        known = self.beats.get((beat.box, beat.site))
        if known is None or known.version < beat.version:
            heard_at = max(beat.heard_at, known.heard_at if known else 0)
            self.beats[beat.box, beat.site] = msgspec.structs.replace(beat, heard_at=heard_at)

    def forgettable(self, now: int) -> list[str]:
        """Findings that ended so long ago that they need not be remembered."""
        return [mark.finding for mark in self.marks.values() if mark.ended and now - mark.ended > FORGOTTEN]

    def forget(self, findings: Iterable[str]) -> None:
        """Forgets ended findings."""
        for finding in findings:
            mark = self.marks.pop(finding, None)
            self._of_site[mark.site if mark else ""] -= 1
            self.own.pop(finding, None)
            self._acts.pop(finding, None)
            self._forget_kind(finding)

    def is_full(self, site: str) -> bool:
        """Whether a site has so many findings that no new one is taken: one box must not fill the memory of all."""
        return self._of_site[site] >= MOST_OF_SITE

    def _keep(self, mark: MarkRow) -> None:
        self._of_site[mark.site] += mark.finding not in self.marks
        self.marks[mark.finding] = mark

    def _count(self, finding: Finding) -> None:
        self._forget_kind(finding.id)
        kind = finding.detector, finding.severity.value, finding.state
        self.counts[kind] += 1
        self._kinds[finding.id] = kind

    def _forget_kind(self, finding: str) -> None:
        kind = self._kinds.pop(finding, None)
        if kind is not None:
            self.counts[kind] -= 1
            if not self.counts[kind]:
                del self.counts[kind]
