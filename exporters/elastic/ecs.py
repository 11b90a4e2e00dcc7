"""A queued document as it is stored: which data stream, which fields (ECS 9.4, the rest under `vonggac.*`). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

from exporters import render_words as words
from exporters.contract import evidence_lines
from exporters.elastic.codes import Attack, addresses, attack_of, category_of, distinct
from exporters.elastic.fields import ECS_VERSION
from exporters.elastic.shapes import (
    About,
    Beat,
    Because,
    Both,
    Counts,
    DataStream,
    Ecs,
    Event,
    Host,
    Judged,
    Observer,
    Organization,
    Own,
    Related,
    Rule,
    Sealed,
    Site,
    Standing,
    Stored,
    ViewRow,
)
from exporters.render import FINDING_PATH, Place, alert
from model.ledger import Change
from model.ports import Health, Observed, OutboxRow, Posture, Stream, Told
from model.rows import Sensor
from model.text import Language, Text, shown
from model.times import SECOND, rfc3339
from model.verdict import Outcome, Severity

Fields = dict[str, Any]

# Rises when a field of ours changes its meaning.
SCHEMA = 1
# Elastic's own four steps, so that ours sort in with what else a SOC has.
SEVERITIES = {Severity.LOW: 21, Severity.MEDIUM: 47, Severity.HIGH: 73, Severity.CRITICAL: 99}

_OUTCOMES = {Outcome.CLEAR: "success", Outcome.VIOLATION: "failure", Outcome.UNKNOWN: "unknown"}
_MAC = re.compile(r"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}")
_EMPTY: tuple[object, ...] = (None, "", [], (), {})

_HEARTBEAT = Text("Hộp %s tại %s: %d bộ thu, %d bản tin chờ gửi", "Box %s at %s: %d sensors, %d rows waiting")
_LOST = Text("; đã phải bỏ %d bản tin vì hết chỗ", "; %d rows were given up for want of room")

_SEEN = Text("Hiện trạng %s %s", "Present state of %s %s")
_GONE = Text("Không còn trong hiện trạng: %s %s", "No longer in the view: %s %s")


class SitePlace(msgspec.Struct, frozen=True, kw_only=True):
    """A declared site as documents name it: commune and province are the State's codes."""

    name: str = ""
    commune: str = ""
    province: str = ""


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """What a document cannot know by itself: the box, its sites by code, titles of rules by id, where the page is."""

    box: str = ""
    box_name: str = ""
    version: str = ""
    page_url: str = ""
    sites: Mapping[str, SitePlace] = {}
    rules: Mapping[str, str] = {}


_ECS = Ecs(version=ECS_VERSION)
_NOWHERE = SitePlace()


def document(row: OutboxRow, namespace: str, origin: Origin, language: Language = "vi") -> tuple[str, Fields]:
    """The data stream of a row and the document as nested objects, empty fields left out; sentences for people in `language`."""
    # By way of JSON: what is a tuple here comes back as a list from the engine.
    return stream_name(row.stream, namespace), msgspec.json.decode(msgspec.json.encode(stored(row, namespace, origin, language)))


def stored(row: OutboxRow, namespace: str, origin: Origin, language: Language = "vi") -> Stored:
    """The document of a row, ready to be encoded."""
    match row.document:
        case Told(change=change):
            return _finding(row, change, namespace, origin, language)
        case Posture() as posture:
            return _posture(row, posture, namespace, origin, language)
        case Health() as health:
            return _health(row, health, namespace, origin, language)
        case Observed() as observed:
            return _observed(row, observed, namespace, origin, language)


def stream_name(stream: Stream, namespace: str) -> str:
    """The data stream's name, by Elastic's scheme type-dataset-namespace."""
    return f"logs-vonggac.{stream}-{namespace}"


def nested(fields: Fields) -> Fields:
    """Dotted names as objects; what is empty is left out."""
    tree: Fields = {}
    places = {"": tree}
    for name, value in fields.items():
        if not value and value in _EMPTY:
            continue
        parent, leaf = _split(name)
        place = places.get(parent)
        if place is None:
            place = _place(places, parent)
        place[leaf] = value
    return tree


def _place(places: dict[str, Fields], name: str) -> Fields:
    """The object of this dotted name, made where it is not there yet, as are those it stands in."""
    if name not in places:
        parent, leaf = _split(name)
        places[name] = _place(places, parent).setdefault(leaf, {})
    return places[name]


@cache
def _split(name: str) -> tuple[str, str]:
    """The name of the object and that of the field in it; there are as many names as fields."""
    parent, _, leaf = name.rpartition(".")
    return parent, leaf


def _finding(row: OutboxRow, change: Change, namespace: str, origin: Origin, language: Language) -> Stored:
    finding = change.finding
    place = origin.sites.get(finding.site, _NOWHERE)
    attack = attack_of(finding.attack)
    ips = addresses(change.ips) if finding.subject.kind == "asset" else []
    return _stored(
        row,
        namespace,
        origin,
        place,
        timestamp=rfc3339(change.at),
        message=alert(change, language, Place(name=place.name, page_url=origin.page_url)),
        labels={"severity": finding.severity.value, "state": finding.state},
        event=_alerting(row, change, attack, origin, language),
        host=_host(change, ips),
        related=_related(change, ips),
        rule=_rule(finding.detector, origin, str(finding.version)),
        threat=attack.threat,
        vonggac=_own_finding(row, change, attack, origin),
    )


def _alerting(row: OutboxRow, change: Change, attack: Attack, origin: Origin, language: Language) -> Event:
    finding = change.finding
    over = finding.state in ("resolved", "lapsed")
    severity = SEVERITIES[finding.severity]
    return _event(
        row,
        kind="alert",
        category=[category_of(finding.detector), *(["intrusion_detection"] if attack.threat else [])],
        type=_types(change, over),
        action=f"finding-{change.step}",
        severity=severity,
        risk_score=float(severity),
        sequence=finding.sequence,
        reason=finding.summary.to(language),
        url=f"{origin.page_url.rstrip('/')}{FINDING_PATH}{finding.id}" if origin.page_url else "",
        start=_moment(finding.opened or finding.since),
        end=_moment(finding.updated) if over else None,
    )


def _own_finding(row: OutboxRow, change: Change, attack: Attack, origin: Origin) -> Own:
    finding, cause = change.finding, change.cause
    return _own(
        row,
        origin.box,
        finding.site,
        origin.sites.get(finding.site, _NOWHERE),
        subject=About(kind=finding.subject.kind, id=finding.subject.id, name=change.name),
        severity=finding.severity.value,
        grade=finding.grade.value,
        urgency=finding.urgency.value,
        title=_both(finding.title),
        summary=_both(finding.summary),
        reason=_both(finding.stale),
        evidence=evidence_lines(finding.evidence),
        remedy=finding.remedy,
        source_findings=finding.findings,
        mitigations=attack.mitigations,
        facets=dict(finding.facets),
        finding=_standing(change),
        cause=Because(kind=cause.kind, by=cause.by, why=cause.why),
    )


def _standing(change: Change) -> Standing:
    finding = change.finding
    return Standing(
        id=finding.id,
        state=finding.state,
        step=change.step,
        sequence=finding.sequence,
        times=finding.times,
        since=_moment(finding.since),
        opened=_moment(finding.opened),
        updated=_moment(finding.updated),
        owner=finding.owner,
        accepted_until=_moment(finding.accepted_until),
    )


def _posture(row: OutboxRow, posture: Posture, namespace: str, origin: Origin, language: Language) -> Stored:
    verdict = posture.verdict
    place = origin.sites.get(posture.site, _NOWHERE)
    said = words.OUTCOMES[verdict.outcome].to(language)
    return _stored(
        row,
        namespace,
        origin,
        place,
        timestamp=rfc3339(posture.at),
        message=f"{verdict.detector} · {said}: {verdict.summary.to(language)}",
        labels={"severity": verdict.severity.value, "outcome": verdict.outcome.value},
        event=_event(
            row,
            kind="state",
            category=[category_of(verdict.detector)],
            type=["info"],
            action="posture",
            outcome=_OUTCOMES.get(verdict.outcome),
            severity=SEVERITIES[verdict.severity],
            risk_score=float(SEVERITIES[verdict.severity]),
            reason=(verdict.reason or verdict.summary).to(language),
        ),
        host=Host(id=verdict.subject.id) if verdict.subject.kind == "asset" and verdict.subject.id else None,
        rule=_rule(verdict.detector, origin),
        vonggac=_own_posture(row, posture, origin),
    )


def _own_posture(row: OutboxRow, posture: Posture, origin: Origin) -> Own:
    verdict = posture.verdict
    return _own(
        row,
        origin.box,
        posture.site,
        origin.sites.get(posture.site, _NOWHERE),
        subject=About(kind=verdict.subject.kind, id=verdict.subject.id),
        severity=verdict.severity.value,
        grade=verdict.grade.value,
        urgency=verdict.urgency.value,
        title=_both(verdict.title),
        summary=_both(verdict.summary),
        reason=_both(verdict.reason),
        evidence=evidence_lines(verdict.evidence),
        remedy=verdict.remedy,
        source_findings=posture.findings,
        facets=dict(verdict.state),
        posture=Judged(outcome=verdict.outcome.value, unseen_seconds=verdict.unseen // SECOND),
    )


def _health(row: OutboxRow, health: Health, namespace: str, origin: Origin, language: Language) -> Stored:
    place = origin.sites.get(health.site, _NOWHERE)
    given_up = sum(health.lost.values())
    message = _HEARTBEAT.to(language) % (health.box, place.name or health.site, len(health.sensors), health.queued)
    beat = Beat(queued=health.queued, oldest=_moment(health.oldest_at), lost=dict(health.lost), sensors=[_counts(sensor) for sensor in health.sensors])
    return _stored(
        row,
        namespace,
        origin,
        place,
        timestamp=rfc3339(health.at),
        message=message + (_LOST.to(language) % given_up if given_up else ""),
        tags=["vonggac", "loss"] if given_up else ["vonggac"],
        event=_event(row, kind="metric", category=["host"], type=["info"], action="heartbeat"),
        box=health.box,
        vonggac=_own(row, health.box, health.site, place, health=beat),
    )


def _observed(row: OutboxRow, observed: Observed, namespace: str, origin: Origin, language: Language) -> Stored:
    place = origin.sites.get(observed.site, _NOWHERE)
    said = _GONE if observed.gone else _SEEN
    return _stored(
        row,
        namespace,
        origin,
        place,
        timestamp=rfc3339(observed.at),
        message=said.to(language) % (observed.kind, shown(observed.id)),
        event=_event(row, kind="state", category=["network"], type=["info"], action="gone" if observed.gone else "observed"),
        vonggac=_own(row, origin.box, observed.site, place, row=ViewRow(kind=observed.kind, id=observed.id, gone=observed.gone or None)),
    )


def _stored(row: OutboxRow, namespace: str, origin: Origin, place: SitePlace, box: str = "", **rest: Any) -> Stored:  # noqa: ANN401 - fields of the shape
    """What every document has, and `rest`."""
    observer = Observer(name=origin.box_name or box or origin.box, type="sensor", product="Vọng Gác", version=origin.version)
    organization = Organization(id=place.commune, name=place.name) if place.commune or place.name else None
    rest.setdefault("tags", ["vonggac"])
    return Stored(ecs=_ECS, data_stream=_data_stream(row.stream, namespace), observer=observer, organization=organization, **rest)


def _event(row: OutboxRow, **rest: Any) -> Event:  # noqa: ANN401 - same
    return Event(id=row.id, module="vonggac", dataset=f"vonggac.{row.stream}", created=rfc3339(row.at), **rest)


def _own(row: OutboxRow, box: str, site: str, place: SitePlace, /, **rest: Any) -> Own:  # noqa: ANN401 - same
    where = Site(id=site, name=place.name, commune=place.commune, province=place.province)
    if (signed := row.signed) is not None:
        rest["signed"] = Sealed(payload=signed.payload, signature=signed.signature, key=signed.key)
        rest["epoch"], rest["sequence"] = signed.epoch, signed.sequence
    return Own(schema=SCHEMA, box=box, site=where, **rest)


@cache
def _data_stream(stream: Stream, namespace: str) -> DataStream:
    return DataStream(type="logs", dataset=f"vonggac.{stream}", namespace=namespace)


def _counts(sensor: Sensor) -> Counts:
    return Counts(
        sensor=sensor.sensor,
        leg=sensor.leg,
        state=sensor.state,
        interface=sensor.interface,
        vantage=sensor.vantage,
        message=sensor.message,
        received=sensor.received,
        dropped=sensor.dropped,
        decoded=sensor.decoded,
        undecodable=sensor.undecodable,
        flows=sensor.flows,
        flows_dropped=sensor.flows_dropped,
        flows_cut=sensor.flows_cut,
        first=_moment(sensor.seen.first),
        last=_moment(sensor.seen.last),
    )


def _rule(detector: str, origin: Origin, version: str = "") -> Rule:
    return Rule(id=detector, name=origin.rules.get(detector, detector), ruleset="vonggac", category=category_of(detector), version=version)


def _host(change: Change, ips: list[str]) -> Host | None:
    if change.finding.subject.kind != "asset":
        return None
    macs = [mac.upper().replace(":", "-") for mac in change.macs if _MAC.fullmatch(mac)]
    return Host(id=change.finding.subject.id, name=change.name, ip=ips, mac=macs)


def _related(change: Change, ips: list[str]) -> Related | None:
    users = distinct(change.cause.by, change.finding.owner)
    hosts = [change.name] if change.name and change.finding.subject.kind == "asset" else []
    return Related(ip=ips, hosts=hosts, user=users) if ips or hosts or users else None


def _types(change: Change, over: bool) -> list[str]:
    # ECS lets `web` events neither start nor end.
    if category_of(change.finding.detector) == "web":
        return ["info"]
    if over:
        return ["info", "end"]
    return ["info", "start"] if change.step in ("opened", "reopened") else ["info"]


def _both(text: Text | None) -> Both | None:
    return Both(vi=text.vi, en=text.en) if text and (text.vi or text.en) else None


def _moment(at: int) -> str | None:
    return rfc3339(at) if at else None
