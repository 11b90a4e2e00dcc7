"""What one check of a portal gave, as the contract's JSON line (architecture §4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from collector.cli.say import language
from exporters import contract
from model.times import rfc3339
from model.verdict import Outcome
from model.webfacts import LookFailed

if TYPE_CHECKING:
    from collector.watchonce import Checked, Look
    from model.verdict import Verdict
    from model.webfacts import Hop


def line_of(checked: Checked) -> bytes:
    """Verdicts with the redirect chain of every look."""
    worst = checked.worst
    return msgspec.json.encode(
        {
            "portal": {"id": checked.portal.id, "url": checked.portal.url, "name": checked.portal.name},
            "outcome": Outcome.VIOLATION if worst else _outcome(checked),
            "severity": worst.severity if worst else None,
            "verdicts": [_verdict(verdict) for verdict in sorted(checked.verdicts, key=lambda verdict: verdict.detector)],
            "looks": [_look(look, checked) for look in checked.looks],
        }
    )


def _outcome(checked: Checked) -> Outcome:
    outcomes = {verdict.outcome for verdict in checked.verdicts}
    return Outcome.UNKNOWN if Outcome.UNKNOWN in outcomes or not checked.seen else Outcome.CLEAR


def _verdict(verdict: Verdict) -> dict[str, object]:
    return {
        "detector": verdict.detector,
        "outcome": verdict.outcome,
        "severity": verdict.severity if verdict.outcome is Outcome.VIOLATION else None,
        "grade": verdict.grade if verdict.outcome is Outcome.VIOLATION else None,
        "title": verdict.title.to(language()),
        "summary": verdict.summary.to(language()),
        "reason": verdict.reason.to(language()) if verdict.reason else "",
        "remedy": contract.numbered(verdict.remedy, language()),
        "evidence": contract.evidence_lines(verdict.evidence),
    }


def _look(look: Look, checked: Checked) -> dict[str, object]:
    told: dict[str, object] = {name: getattr(look, name) for name in ("persona", "vantage", "part", "url", "attempt")}
    told |= {"at": rfc3339(look.at), "hops": [_hop(hop, checked, look.at) for hop in look.hops]}
    if isinstance(look, LookFailed):
        return told | {"outcome": "unknown", "reason": look.reason, "detail": look.detail}
    return told | {
        "outcome": "unknown" if look.unfolded else "seen",
        "rendered": look.rendered,
        "title": look.title,
        "offered": [_hop(hop, checked, look.at) for hop in look.offered],
        "signs": msgspec.to_builtins(look.signs),
        "unfolded": look.unfolded,
    }


def _hop(hop: Hop, checked: Checked, at: int) -> dict[str, object]:
    """The hop, with what its host is to the portal's visitors; nothing is said of a hop without a host."""
    found: dict[str, object] = msgspec.to_builtins(hop)
    return found | {"lawful": checked.policy.lawful(checked.portal, hop.host, at).kind if hop.host else ""}
