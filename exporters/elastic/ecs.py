"""A queued document as it is stored: which data stream, which fields (ECS 9.4, the rest under `vonggac.*`). Pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

import msgspec

from exporters import render_words as words
from exporters.contract import evidence_lines
from exporters.elastic.fields import ECS_VERSION
from exporters.render import FINDING_PATH, Place, alert
from model.ledger import Change, Finding
from model.ports import Health, Observed, OutboxRow, Posture, Signed, Stream, Told
from model.rows import Sensor
from model.text import Language, Text, shown
from model.times import SECOND, rfc3339
from model.verdict import Outcome, Severity, Verdict

Fields = dict[str, Any]

# Rises when a field of ours changes its meaning.
SCHEMA = 1
# Elastic's own four steps, so that ours sort in with what else a SOC has.
SEVERITIES = {Severity.LOW: 21, Severity.MEDIUM: 47, Severity.HIGH: 73, Severity.CRITICAL: 99}

_CATEGORIES = {"NET": "network", "WEB": "web", "END": "host", "COV": "host"}
_OUTCOMES = {Outcome.CLEAR: "success", Outcome.VIOLATION: "failure", Outcome.UNKNOWN: "unknown"}
_MAC = re.compile(r"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}")
_TECHNIQUE = re.compile(r"T\d{4}(?:\.\d{3})?")
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}")
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


def document(row: OutboxRow, namespace: str, origin: Origin, language: Language = "vi") -> tuple[str, Fields]:
    """The data stream of a row and the document as nested objects, empty fields left out; sentences for people in `language`."""
    fields = _common(row, origin, namespace)
    match row.document:
        case Told(change=change):
            fields |= _finding(change, origin, language)
        case Posture() as posture:
            fields |= _posture(posture, origin, language)
        case Health() as health:
            fields |= _health(health, origin, language)
        case Observed() as observed:
            fields |= _observed(observed, origin, language)
    if row.signed is not None:
        fields |= _signed(row.signed)
    return stream_name(row.stream, namespace), nested(fields)


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


def _common(row: OutboxRow, origin: Origin, namespace: str) -> Fields:
    dataset = f"vonggac.{row.stream}"
    return {
        "@timestamp": rfc3339(row.at),
        "ecs.version": ECS_VERSION,
        "data_stream.type": "logs",
        "data_stream.dataset": dataset,
        "data_stream.namespace": namespace,
        "tags": ["vonggac"],
        "event.id": row.id,
        "event.module": "vonggac",
        "event.dataset": dataset,
        "event.created": rfc3339(row.at),
        "observer.name": origin.box_name or origin.box,
        "observer.type": "sensor",
        "observer.product": "Vọng Gác",
        "observer.version": origin.version,
        "vonggac.schema": SCHEMA,
        "vonggac.box": origin.box,
    }


def _finding(change: Change, origin: Origin, language: Language) -> Fields:
    finding = change.finding
    place = origin.sites.get(finding.site, SitePlace())
    over = finding.state in ("resolved", "lapsed")
    return {
        "@timestamp": rfc3339(change.at),
        "message": alert(change, language, Place(name=place.name, page_url=origin.page_url)),
        "labels": {"severity": finding.severity.value, "state": finding.state},
        "event.kind": "alert",
        "event.category": _categories(finding),
        "event.type": _types(change, over),
        "event.action": f"finding-{change.step}",
        "event.sequence": finding.sequence,
        "event.reason": finding.summary.to(language),
        "event.url": f"{origin.page_url.rstrip('/')}{FINDING_PATH}{finding.id}" if origin.page_url else "",
        "event.start": _moment(finding.opened or finding.since),
        "event.end": _moment(finding.updated) if over else None,
        "related.user": _distinct(change.cause.by, finding.owner),
        "rule.version": str(finding.version),
        **_rule(finding.detector, origin),
        **_graded(finding),
        **_threat(finding.attack),
        **_host(change),
        **_site(finding.site, origin),
        **_life(change),
    }


def _life(change: Change) -> Fields:
    finding = change.finding
    return {
        "vonggac.finding.id": finding.id,
        "vonggac.finding.state": finding.state,
        "vonggac.finding.step": change.step,
        "vonggac.finding.sequence": finding.sequence,
        "vonggac.finding.times": finding.times,
        "vonggac.finding.since": _moment(finding.since),
        "vonggac.finding.opened": _moment(finding.opened),
        "vonggac.finding.updated": _moment(finding.updated),
        "vonggac.finding.owner": finding.owner,
        "vonggac.finding.accepted_until": _moment(finding.accepted_until),
        "vonggac.cause.kind": change.cause.kind,
        "vonggac.cause.by": change.cause.by,
        "vonggac.cause.why": change.cause.why,
        "vonggac.subject.name": change.name,
        "vonggac.source_findings": list(finding.findings),
        "vonggac.facets": dict(finding.facets),
        **_both("reason", finding.stale),
    }


def _posture(posture: Posture, origin: Origin, language: Language) -> Fields:
    verdict = posture.verdict
    said = words.OUTCOMES[verdict.outcome].to(language)
    return {
        "@timestamp": rfc3339(posture.at),
        "message": f"{verdict.detector} · {said}: {verdict.summary.to(language)}",
        "labels": {"severity": verdict.severity.value, "outcome": verdict.outcome.value},
        "event.kind": "state",
        "event.category": [_category(verdict.detector)],
        "event.type": ["info"],
        "event.action": "posture",
        "event.outcome": _OUTCOMES.get(verdict.outcome),
        "event.reason": (verdict.reason or verdict.summary).to(language),
        "host.id": verdict.subject.id if verdict.subject.kind == "asset" else None,
        "vonggac.posture.outcome": verdict.outcome.value,
        "vonggac.posture.unseen_seconds": verdict.unseen // SECOND,
        "vonggac.source_findings": list(posture.findings),
        "vonggac.facets": dict(verdict.state),
        **_rule(verdict.detector, origin),
        **_graded(verdict),
        **_both("reason", verdict.reason),
        **_site(posture.site, origin),
    }


def _health(health: Health, origin: Origin, language: Language) -> Fields:
    place = origin.sites.get(health.site, SitePlace())
    given_up = sum(health.lost.values())
    message = _HEARTBEAT.to(language) % (health.box, place.name or health.site, len(health.sensors), health.queued)
    return {
        "@timestamp": rfc3339(health.at),
        "message": message + (_LOST.to(language) % given_up if given_up else ""),
        "tags": ["vonggac", "loss"] if given_up else ["vonggac"],
        "event.kind": "metric",
        "event.category": ["host"],
        "event.type": ["info"],
        "event.action": "heartbeat",
        "observer.name": origin.box_name or health.box,
        "vonggac.box": health.box,
        "vonggac.health.queued": health.queued,
        "vonggac.health.oldest": _moment(health.oldest_at),
        "vonggac.health.lost": dict(health.lost),
        "vonggac.health.sensors": [_sensor(sensor) for sensor in health.sensors],
        **_site(health.site, origin),
    }


def _observed(observed: Observed, origin: Origin, language: Language) -> Fields:
    said = _GONE if observed.gone else _SEEN
    return {
        "@timestamp": rfc3339(observed.at),
        "message": said.to(language) % (observed.kind, shown(observed.id)),
        "event.kind": "state",
        "event.category": ["network"],
        "event.type": ["info"],
        "event.action": "gone" if observed.gone else "observed",
        "vonggac.row.kind": observed.kind,
        "vonggac.row.id": observed.id,
        "vonggac.row.gone": observed.gone or None,
        **_site(observed.site, origin),
    }


def _signed(signed: Signed) -> Fields:
    """What the province checks and reads; `payload` and `signature` stand in no mapping, so that they are kept and not indexed."""
    return {
        "vonggac.signed.payload": signed.payload,
        "vonggac.signed.signature": signed.signature,
        "vonggac.signed.key": signed.key,
        "vonggac.epoch": signed.epoch,
        "vonggac.sequence": signed.sequence,
    }


def _sensor(sensor: Sensor) -> Fields:
    return nested(
        {
            "sensor": sensor.sensor,
            "leg": sensor.leg,
            "state": sensor.state,
            "interface": sensor.interface,
            "vantage": sensor.vantage,
            "message": sensor.message,
            "received": sensor.received,
            "dropped": sensor.dropped,
            "decoded": sensor.decoded,
            "undecodable": sensor.undecodable,
            "flows": sensor.flows,
            "flows_dropped": sensor.flows_dropped,
            "flows_cut": sensor.flows_cut,
            "first": _moment(sensor.seen.first),
            "last": _moment(sensor.seen.last),
        }
    )


def _rule(detector: str, origin: Origin) -> Fields:
    return {
        "rule.id": detector,
        "rule.name": origin.rules.get(detector, detector),
        "rule.ruleset": "vonggac",
        "rule.category": _category(detector),
    }


def _graded(said: Finding | Verdict) -> Fields:
    """What a finding and a verdict have in common."""
    return {
        "event.severity": SEVERITIES[said.severity],
        "event.risk_score": float(SEVERITIES[said.severity]),
        "vonggac.severity": said.severity.value,
        "vonggac.grade": said.grade.value,
        "vonggac.urgency": said.urgency.value,
        "vonggac.subject.kind": said.subject.kind,
        "vonggac.subject.id": said.subject.id,
        "vonggac.evidence": [msgspec.structs.asdict(line) for line in evidence_lines(said.evidence)],
        "vonggac.remedy": [{"vi": step.vi, "en": step.en} for step in said.remedy],
        **_both("title", said.title),
        **_both("summary", said.summary),
    }


@lru_cache(maxsize=256)
def _threat(codes: tuple[str, ...]) -> Mapping[str, Any]:
    """Techniques are a threat; mitigations (M...) name what to do against none in particular and are kept apart. There are as many as rules."""
    techniques = [code for code in codes if _TECHNIQUE.fullmatch(code)]
    return {
        "threat.framework": "MITRE ATT&CK" if techniques else None,
        "threat.technique.id": _distinct(*(code.partition(".")[0] for code in techniques)),
        "threat.technique.subtechnique.id": [code for code in techniques if "." in code],
        "vonggac.mitigations": [code for code in codes if code.startswith("M")],
    }


def _host(change: Change) -> Fields:
    if change.finding.subject.kind != "asset":
        return {}
    ips = addresses(change.ips)
    return {
        "host.id": change.finding.subject.id,
        "host.name": change.name,
        "host.ip": ips,
        "host.mac": [mac.upper().replace(":", "-") for mac in change.macs if _MAC.fullmatch(mac)],
        "related.ip": ips,
        "related.hosts": _distinct(change.name),
    }


def addresses(ips: Iterable[str]) -> list[str]:
    """Addresses as the engine's type `ip` takes them; anything else would refuse the whole document, so it is left out."""
    kept: list[str] = []
    for ip in ips:
        if _IPV4.fullmatch(ip):
            kept.append(ip)
            continue
        # A zone (`fe80::1%eth0`, RFC 4007 §11) means something on this box alone.
        plain = ip.partition("%")[0]
        try:
            kept.append(str(ipaddress.ip_address(plain)))
        except ValueError:
            continue
    return _distinct(*kept)


def _site(site: str, origin: Origin) -> Fields:
    place = origin.sites.get(site, SitePlace())
    return {
        "organization.id": place.commune,
        "organization.name": place.name,
        "vonggac.site.id": site,
        "vonggac.site.name": place.name,
        "vonggac.site.commune": place.commune,
        "vonggac.site.province": place.province,
    }


@lru_cache(maxsize=256)
def _category(detector: str) -> str:
    """`VG-NET-02` is about the network."""
    return _CATEGORIES.get(detector.split("-")[1] if detector.count("-") else "", "host")


def _categories(finding: Finding) -> list[str]:
    attack = _threat(finding.attack)["threat.framework"]
    return [_category(finding.detector), *(["intrusion_detection"] if attack else [])]


def _types(change: Change, over: bool) -> list[str]:
    # ECS lets `web` events neither start nor end.
    if _category(change.finding.detector) == "web":
        return ["info"]
    if over:
        return ["info", "end"]
    return ["info", "start"] if change.step in ("opened", "reopened") else ["info"]


def _both(name: str, text: Text | None) -> Fields:
    return {f"vonggac.{name}.vi": text.vi, f"vonggac.{name}.en": text.en} if text else {}


def _distinct(*values: str) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))


def _moment(at: int) -> str | None:
    return rfc3339(at) if at else None
