"""Several changes told as one message: what a flood of alerts becomes, so that the on-call reads how much there is, not each of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import groupby

import msgspec

from model.ledger import STANDING, CauseKind, Change, FindingState, Step
from model.ports import OutboxRow
from model.text import Text
from model.verdict import Severity

# So many subjects of a group are named; the rest is counted.
_NAMED = 3


class Bundled(msgspec.Struct, frozen=True, kw_only=True):
    """One row that is to be told, and why it comes now if that is not plain."""

    row: OutboxRow
    change: Change
    note: Text | None = None
    flaps: bool = False


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """So many findings of one rule at one site that made the same step; `cause` tells what was seen repaired from what was closed otherwise."""

    site: str
    detector: str
    step: Step
    cause: CauseKind
    severity: Severity
    count: int
    names: tuple[str, ...] = ()


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One of the changes: its row's id, and of its finding what the memory of a sink needs."""

    row: str
    finding: str
    state: FindingState
    severity: Severity
    sequence: int
    step: Step
    cause: CauseKind
    at: int
    flaps: bool = False

    @property
    def standing(self) -> bool:
        """Whether whoever hears of it will want to hear of its end."""
        return self.state in STANDING


class Fold(msgspec.Struct, frozen=True, kw_only=True):
    """One message for many rows. `id` is made of the rows' ids; `digest`: several groups together, worst first; `at` is the latest of the changes."""

    id: str
    at: int
    digest: bool
    counts: tuple[Count, ...]
    members: tuple[Member, ...]

    @property
    def severity(self) -> Severity:
        """The worst that is in it."""
        return max((count.severity for count in self.counts), key=lambda severity: severity.rank)

    @property
    def begins(self) -> bool:
        """Whether anything in it is still going on."""
        return any(count.step in ("opened", "updated", "reopened", "expired") for count in self.counts)


def kind_of(change: Change) -> tuple[str, str, Step, CauseKind]:
    """What changes must have in common to be one group: site, rule, step, and for an end what it came of."""
    return change.finding.site, change.finding.detector, change.step, change.cause.kind if change.step == "resolved" else "observed"


def fold(bundled: Sequence[Bundled], *, digest: bool = False) -> Fold:
    """One message for these rows; the same rows give the same id."""
    rows = sorted(one.row.id for one in bundled)
    ordered = sorted(bundled, key=lambda one: kind_of(one.change))
    counts = [_count(list(group), named=not digest) for _, group in groupby(ordered, key=lambda one: kind_of(one.change))]
    return Fold(
        id="fold-" + hashlib.blake2s("|".join(rows).encode(), digest_size=10).hexdigest(),
        at=max(one.change.at for one in bundled),
        digest=digest,
        counts=tuple(sorted(counts, key=lambda count: (-count.severity.rank, -count.count, count.site, count.detector))),
        members=tuple(member(one) for one in bundled),
    )


def member(one: Bundled) -> Member:
    """What is kept of a row that was told."""
    finding = one.change.finding
    return Member(
        row=one.row.id,
        finding=finding.id,
        state=finding.state,
        severity=finding.severity,
        sequence=finding.sequence,
        step=one.change.step,
        cause=one.change.cause.kind,
        at=one.change.at,
        flaps=one.flaps,
    )


def _count(group: Sequence[Bundled], *, named: bool) -> Count:
    site, detector, step, cause = kind_of(group[0].change)
    worst = sorted(group, key=lambda one: -one.change.finding.severity.rank)
    return Count(
        site=site,
        detector=detector,
        step=step,
        cause=cause,
        severity=worst[0].change.finding.severity,
        count=len(group),
        names=tuple(_name(one.change) for one in worst[:_NAMED]) if named else (),
    )


def _name(change: Change) -> str:
    return change.name or change.finding.subject.id
