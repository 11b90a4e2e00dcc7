"""The contract's JSON (architecture §4): one line a finding, one line an asset. Other programs read these keys in this order.

The same line leaves by `replay`, by `findings`, in the JSON lines file and as the `data` of a webhook.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

import msgspec
from msgspec import UNSET, UnsetType

from model.classes.kinds import Classification
from model.text import shown
from model.times import rfc3339

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from model.ledger import Cause, Change
    from model.rows import Asset
    from model.text import Language, Text
    from model.verdict import Evidence, Grade, Severity


class EvidenceLine(msgspec.Struct, frozen=True):
    """One reason: kind, raw value, RFC 3339 time."""

    kind: str
    value: str
    at: str


class SubjectLine(msgspec.Struct, frozen=True, kw_only=True):
    """What a finding is about; `macs` and `ips` are there for assets only."""

    kind: str
    id: str
    name: str
    macs: tuple[str, ...] | UnsetType = UNSET
    ips: tuple[str, ...] | UnsetType = UNSET


class FindingLine(msgspec.Struct, frozen=True, kw_only=True):
    """A finding as it stands. `cause` begins with its kind (`policy by Lan: ...`); `remedy` holds the numbered steps."""

    id: str
    detector: str
    state: str
    severity: Severity
    grade: Grade
    site: str
    subject: SubjectLine
    opened: str
    updated: str
    title: str
    summary: str
    evidence: tuple[EvidenceLine, ...]
    remedy: str
    source_findings: tuple[int, ...]
    attack: tuple[str, ...]
    cause: str


class AssetBody(msgspec.Struct, frozen=True, kw_only=True):
    """An asset as the inventory prints it."""

    id: str
    macs: tuple[str, ...]
    ips: tuple[str, ...]
    names: tuple[str, ...]
    device_class: str = msgspec.field(name="class")
    class_grade: Grade | None
    class_evidence: tuple[EvidenceLine, ...]
    role: str
    segment: str
    first_seen: str
    last_seen: str


class AssetLine(msgspec.Struct, frozen=True):
    """The envelope that tells an asset's line from a finding's."""

    asset: AssetBody


def finding_line(change: Change, language: Language = "vi") -> FindingLine:
    """The contract's line of a finding as it stood after `change`."""
    finding = change.finding
    return FindingLine(
        id=finding.id,
        detector=finding.detector,
        state=finding.state,
        severity=finding.severity,
        grade=finding.grade,
        site=finding.site,
        subject=_subject(change),
        opened=rfc3339(finding.opened),
        updated=rfc3339(finding.updated),
        title=finding.title.to(language),
        summary=finding.summary.to(language),
        evidence=evidence_lines(finding.evidence),
        remedy=numbered(finding.remedy, language),
        source_findings=finding.findings,
        attack=finding.attack,
        cause=cause_text(change.cause),
    )


def asset_line(asset: Asset, role: str, classification: Classification | None = None) -> AssetLine:
    """The contract's line of an asset; `role` comes from the site's view. Names are newest first, addresses in their order."""
    known = classification or Classification()
    body = AssetBody(
        id=asset.id,
        macs=tuple(sorted(asset.macs)),
        ips=tuple(sorted(asset.ips, key=_address_order)),
        names=_names(asset),
        device_class=known.name,
        class_grade=known.grade,
        class_evidence=evidence_lines(known.evidence),
        role=role,
        segment=max(sorted(asset.segments), key=lambda s: asset.segments[s].last, default=""),
        first_seen=rfc3339(asset.seen.first),
        last_seen=rfc3339(asset.seen.last),
    )
    return AssetLine(body)


def encode(line: msgspec.Struct) -> bytes:
    """One line of JSON, UTF-8, without the newline."""
    return msgspec.json.encode(line)


def evidence_lines(evidence: Iterable[Evidence]) -> tuple[EvidenceLine, ...]:
    """Typed reasons with readable times."""
    return tuple(EvidenceLine(e.kind, e.value, rfc3339(e.at)) for e in evidence)


def numbered(steps: Sequence[Text], language: Language) -> str:
    """Steps as one sentence: `1. ... 2. ...`."""
    return " ".join(f"{number}. {step.to(language)}" for number, step in enumerate(steps, 1))


def cause_text(cause: Cause) -> str:
    """`observed`, or the kind with who and why: `policy by Lan: declared as approved`."""
    who = f" by {shown(cause.by)}" if cause.by else ""
    why = f": {shown(cause.why, 200)}" if cause.why else ""
    return cause.kind + who + why


def _subject(change: Change) -> SubjectLine:
    subject = change.finding.subject
    if subject.kind != "asset":
        return SubjectLine(kind=subject.kind, id=subject.id, name=change.name)
    return SubjectLine(kind=subject.kind, id=subject.id, name=change.name, macs=change.macs, ips=change.ips)


def _names(asset: Asset) -> tuple[str, ...]:
    """Names without the protocol that told them (`mdns:TV` and `dhcp:TV` are one name)."""
    newest: dict[str, int] = {}
    for key, seen in asset.names.items():
        name = key.partition(":")[2]
        newest[name] = max(newest.get(name, 0), seen.last)
    return tuple(sorted(newest, key=lambda name: (-newest[name], name)))


def _address_order(ip: str) -> tuple[int, int, str]:
    address = ipaddress.ip_address(ip)
    return (address.version, int(address), ip)
