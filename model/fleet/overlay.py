"""What people did at the province, laid over what boxes say. Pure: the same acts and the same change give the same picture.

An acknowledgement holds until the finding ends, an acceptance until its date (also when the finding ends and comes back before it), a close until
the box says something new of a finding that still stands.
"""

from __future__ import annotations

import msgspec

from model.acts import Act, ActRefusedError, apply
from model.ledger import OBSERVED, STANDING, Cause, Change, Finding, FindingState, Step


class Laid(msgspec.Struct, frozen=True, kw_only=True):
    """An act as the province keeps it: what was done to the finding when the box's last word was `version`, and it had opened `times` times."""

    act: Act
    version: int
    times: int


def carried_out(finding: Finding, act: Act, version: int, now: int) -> tuple[Laid, Change]:
    """The act as it is kept, and the change to be told. Raises ActRefusedError."""
    if act.kind == "accept_change":
        raise ActRefusedError(
            "thay đổi của cổng được chấp nhận tại hộp theo dõi cổng đó, không phải tại tỉnh", "a portal's change is accepted at the box that watches it"
        )
    act = msgspec.structs.replace(act, at=now)
    return Laid(act=act, version=version, times=finding.times), apply(finding, act, now)


def laid_over(change: Change, acts: tuple[Laid, ...], version: int, now: int, before: FindingState | None) -> Change:
    """The box's change with acts laid over it, oldest first; `version` is the change's own, `before` the state that was told last (None: none was)."""
    for laid in acts:
        change = _over(change, laid, version, now)
    return msgspec.structs.replace(change, step=_step(change, before))


def expired(change: Change, now: int) -> Change:
    """An acceptance of the province that is over while the box still says that the finding stands."""
    finding = msgspec.structs.replace(change.finding, state="open", owner="", accepted_until=0, updated=now, cause=OBSERVED)
    return msgspec.structs.replace(change, step="expired", at=now, finding=finding, cause=OBSERVED)


def _step(change: Change, before: FindingState | None) -> Step:
    """What the change is to those who were told of `before`."""
    state = change.finding.state
    if state == "open" and before in ("resolved", "lapsed"):
        return "reopened"
    # Nobody is woken by what came back while it is accepted; whoever was told that it began hears that it is.
    if state == "accepted" and before != "accepted":
        return "accepted"
    return "resolved" if state == "resolved" else change.step


def _over(change: Change, laid: Laid, version: int, now: int) -> Change:
    act, finding = laid.act, change.finding
    if finding.state not in STANDING:
        return change
    cause = Cause("act", act.by, act.why)
    if act.kind == "acknowledge" and finding.times == laid.times:
        return _with(change, owner=act.by)
    if act.kind == "accept" and now < act.until:
        return _with(change, state="accepted", accepted_until=act.until, owner=act.by, cause=cause)
    if act.kind == "close" and version <= laid.version:
        return _with(change, state="resolved", owner=act.by, cause=cause)
    return change


def _with(change: Change, **fields: object) -> Change:
    finding = msgspec.structs.replace(change.finding, **fields)
    return msgspec.structs.replace(change, finding=finding, cause=finding.cause if "cause" in fields else change.cause)
