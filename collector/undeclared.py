"""What becomes of a site that a box knew and that is declared no more, after a change of its code: nobody hears it, and nobody could act on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from collector.journal.batch import Batch, Loaded
from model.detector import About
from model.ledger import STANDING, Cause, Change, Finding, reconcile
from model.text import Text
from model.verdict import Outcome, Verdict

_SAID: Final = Text(
    "Điểm này không còn trong khai báo của hộp (mã điểm đã đổi, hoặc điểm đã chuyển đi): hộp không theo dõi nữa, không có nghĩa là đã khắc phục.",
    "The site is no longer declared on this box (its code was changed, or it moved): the box watches it no more, which does not mean that it was put right.",
)
_POLICY: Final = Cause("policy")


def ending(site: str, held: Loaded, abouts: Mapping[str, About], now: int) -> Batch | None:
    """What ends all that stands of the site at `now` (ns); None where nothing does. A finding of a rule that is not there any more stays as it is."""
    known = [finding for finding in held.findings if finding.detector in abouts]
    changes = [change for finding in known if finding.state in STANDING and (change := _ended(abouts[finding.detector], finding, now)) is not None]
    if not (changes or held.rows or held.verdicts):
        return None
    return Batch(site=site, now=max(now, held.now), epoch=held.epoch, changes=changes, forgotten=_never_told(held.findings), ended=True)


def _ended(about: About, finding: Finding, now: int) -> Change | None:
    nothing = Verdict(detector=about.id, subject=finding.subject, outcome=Outcome.NOT_APPLICABLE, title=finding.title, summary=_SAID)
    return reconcile(about, finding.site, finding, nothing, now, _POLICY).change


def _never_told(findings: Sequence[Finding]) -> list[str]:
    return [finding.id for finding in findings if finding.state == "pending" and not finding.times]
