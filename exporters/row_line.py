"""An outbox row as one line of JSON: the row's own id first, then what it carries (a finding by the contract of architecture §4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import UNSET, UnsetType

from exporters.contract import EvidenceLine, FindingLine, SubjectLine, evidence_lines, finding_line
from model.ports import Health, Observed, Posture, Told
from model.times import rfc3339

if TYPE_CHECKING:
    from model.ports import OutboxRow
    from model.rows import Sensor
    from model.text import Language


class PostureLine(msgspec.Struct, frozen=True, kw_only=True):
    """The latest verdict of one detector on one subject."""

    detector: str
    site: str
    subject: SubjectLine
    outcome: str
    severity: str
    grade: str
    title: str
    summary: str
    reason: str
    state: dict[str, str]
    evidence: tuple[EvidenceLine, ...]
    source_findings: tuple[int, ...]


class SensorLine(msgspec.Struct, frozen=True, kw_only=True):
    """A sensor as last heard; counters since its start."""

    sensor: str
    leg: str
    state: str
    interface: str
    vantage: str
    last_seen: str
    received: int
    dropped: int
    decoded: int
    undecodable: int
    flows: int
    flows_dropped: int
    flows_cut: int
    message: str


class HealthLine(msgspec.Struct, frozen=True, kw_only=True):
    """A box's heartbeat; `lost` are rows given up, per stream; `oldest` is empty when nothing waits."""

    site: str
    box: str
    queued: int
    oldest: str
    lost: dict[str, int]
    sensors: tuple[SensorLine, ...]


class ObservedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the view: its kind and id, and the row itself as JSON; empty where it is gone."""

    site: str
    kind: str
    id: str
    row: str
    gone: bool


class RowLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The envelope. `row` is the same for every attempt and sink: a reader that saw it leaves the line out."""

    row: str
    stream: str
    at: str
    step: str | UnsetType = UNSET
    sequence: int | UnsetType = UNSET
    finding: FindingLine | UnsetType = UNSET
    posture: PostureLine | UnsetType = UNSET
    health: HealthLine | UnsetType = UNSET
    observed: ObservedLine | UnsetType = UNSET


def row_line(row: OutboxRow, language: Language = "vi") -> RowLine:
    """The envelope of any document."""
    at = rfc3339(row.at)
    match row.document:
        case Told(change=change):
            line = finding_line(change, language)
            return RowLine(row=row.id, stream=row.stream, at=at, step=change.step, sequence=change.finding.sequence, finding=line)
        case Posture() as posture:
            return RowLine(row=row.id, stream=row.stream, at=at, posture=_posture(posture, language))
        case Health() as health:
            return RowLine(row=row.id, stream=row.stream, at=at, health=_health(health))
        case Observed(site=site, kind=kind, id=name, row=text, gone=gone):
            observed = ObservedLine(site=site, kind=kind, id=name, row=text, gone=gone)
            return RowLine(row=row.id, stream=row.stream, at=at, observed=observed)


def _posture(posture: Posture, language: Language) -> PostureLine:
    verdict = posture.verdict
    return PostureLine(
        detector=verdict.detector,
        site=posture.site,
        subject=SubjectLine(kind=verdict.subject.kind, id=verdict.subject.id, name=""),
        outcome=verdict.outcome,
        severity=verdict.severity,
        grade=verdict.grade,
        title=verdict.title.to(language),
        summary=verdict.summary.to(language),
        reason=verdict.reason.to(language) if verdict.reason else "",
        state=dict(verdict.state),
        evidence=evidence_lines(verdict.evidence),
        source_findings=posture.findings,
    )


def _health(health: Health) -> HealthLine:
    return HealthLine(
        site=health.site,
        box=health.box,
        queued=health.queued,
        oldest=rfc3339(health.oldest_at) if health.oldest_at else "",
        lost=health.lost,
        sensors=tuple(_sensor(sensor) for sensor in health.sensors),
    )


def _sensor(sensor: Sensor) -> SensorLine:
    return SensorLine(
        sensor=sensor.sensor,
        leg=sensor.leg,
        state=sensor.state,
        interface=sensor.interface,
        vantage=sensor.vantage,
        last_seen=rfc3339(sensor.seen.last),
        received=sensor.received,
        dropped=sensor.dropped,
        decoded=sensor.decoded,
        undecodable=sensor.undecodable,
        flows=sensor.flows,
        flows_dropped=sensor.flows_dropped,
        flows_cut=sensor.flows_cut,
        message=sensor.message,
    )
