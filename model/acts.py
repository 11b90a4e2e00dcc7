"""What people do to findings: take, accept until a date, close; and to a portal: accept what changed on it. Acts are journalled with who and why."""

from __future__ import annotations

from typing import Literal

import msgspec

from model.ledger import STANDING, Cause, Change, Finding
from model.text import Text

ActKind = Literal["acknowledge", "accept", "close", "accept_change"]

# The rule whose finding tells of a portal's changes.
CHANGES = "VG-WEB-02"


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One act on one finding: who, why, and until when (ns) for an acceptance. `accept_change` is on the portal of that id."""

    kind: ActKind
    finding: str = ""
    by: str
    portal: str = ""
    why: str = ""
    until: int = 0
    at: int = 0


class ActRefusedError(ValueError):
    """The act does not fit the finding; `text` is a sentence for people."""

    def __init__(self, vi: str, en: str = "") -> None:
        super().__init__(vi)
        self.text = Text(vi, en or vi)


def apply(finding: Finding, act: Act, now: int) -> Change:
    """The change an act makes. Raises ActRefusedError when the finding is not open, or what the act needs is missing."""
    if finding.state not in STANDING:
        raise ActRefusedError(
            f"phát hiện {finding.id} không ở trạng thái mở (đang là {finding.state})", f"finding {finding.id} is not open (it is {finding.state})"
        )
    _check_by(act)
    if act.kind == "accept_change":
        raise ActRefusedError("chấp nhận thay đổi là cho cổng, không phải cho phát hiện", "a change is accepted for a portal, not for a finding")
    if act.kind != "acknowledge" and not act.why.strip():
        raise ActRefusedError("phải ghi lý do (--why)", "a reason must be given (--why)")
    if act.kind == "accept" and act.until <= now:
        raise ActRefusedError("hạn chấp nhận rủi ro (--until) phải ở tương lai", "the last day of an acceptance (--until) must be in the future")
    cause = Cause("act", act.by, act.why)
    fields: dict[str, dict[str, object]] = {
        "acknowledge": {"owner": act.by},
        "accept": {"state": "accepted", "accepted_until": act.until, "owner": act.by},
        "close": {"state": "resolved", "owner": act.by},
    }
    changed = msgspec.structs.replace(finding, updated=now, sequence=finding.sequence + 1, cause=cause, **fields[act.kind])
    steps: dict[str, Literal["acknowledged", "accepted", "resolved"]] = {"acknowledge": "acknowledged", "accept": "accepted", "close": "resolved"}
    return Change(step=steps[act.kind], at=now, finding=changed, cause=cause)


def check_change(act: Act) -> None:
    """Raises ActRefusedError when who accepts a portal's change, or why, is missing."""
    _check_by(act)
    if not act.why.strip():
        raise ActRefusedError("phải ghi lý do (--why)", "a reason must be given (--why)")


def _check_by(act: Act) -> None:
    if not act.by.strip():
        raise ActRefusedError("phải ghi tên người thực hiện (--by)", "who does it must be said (--by)")
