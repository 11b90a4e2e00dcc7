"""What a detector says about one subject now: four outcomes, how sure, and the typed reasons."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

import msgspec

from model.text import Text


class Outcome(StrEnum):
    """The four answers (after XCCDF): unknown never resolves and never opens."""

    VIOLATION = "violation"
    CLEAR = "clear"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Severity(StrEnum):
    """How bad; `rank` orders them, 1 = low."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """1 (low) to 4 (critical)."""
        return list(Severity).index(self) + 1


class Grade(StrEnum):
    """How sure (architecture rule 4)."""

    PROVEN = "proven"
    CONFIRMED = "confirmed"
    LIKELY = "likely"
    INFERRED = "inferred"
    BY_DESIGN = "by_design"

    @property
    def rank(self) -> int:
        """1 (inferred) to 4 (proven); what needs no proof, as it is so by design, is as sure as what was read."""
        return {"inferred": 1, "likely": 2, "proven": 4}.get(self.value, 3)


class Urgency(StrEnum):
    """Whom it wakes (findings.md): the on-call, the working queue, nobody."""

    PAGE = "page"
    TICKET = "ticket"
    REPORT = "report"


SubjectKind = Literal["asset", "segment", "segments", "sensor", "site", "portal", "uplink", "account"]


class Subject(msgspec.Struct, frozen=True, order=True):
    """What a verdict is about. `id` is stable for the subject's life."""

    kind: SubjectKind
    id: str


# Closed set: evidence can only be of a kind that was thought about for privacy (architecture rule 11).
# "read": what a screen answered to a question of our own; its media address has neither log-in nor query.
EvidenceKind = Literal[
    "mdns", "ssdp", "dhcp", "arp", "nd", "ra", "pjlink", "port", "state", "count", "age", "vantage", "heartbeat", "declared", "product", "version",
    "address", "mac", "vendor", "ttl", "netbios", "llmnr", "wsd", "lldp", "dns", "url_host", "segment", "session", "push", "read",
    "hop", "page", "persona", "script", "capture", "certificate", "sitemap", "campaign",
    "probe",  # what we asked or sent ourselves, and what came of it: without it nobody could check a proof, or see why there is none
]  # fmt: skip


class Evidence(msgspec.Struct, frozen=True):
    """One typed reason; `value` raw as seen (cut, one line), `at` in ns."""

    kind: EvidenceKind
    value: str
    at: int


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """A detector's whole answer on one subject.

    `state` is the short machine form of what matters (changes of it are told, changes of evidence times are not). `unseen` is for how many
    ns the subject was not seen although its leg was watched. `recheck_at` asks to be judged again then, without a new fact.
    """

    detector: str
    subject: Subject
    outcome: Outcome
    severity: Severity = Severity.LOW
    grade: Grade = Grade.INFERRED
    urgency: Urgency = Urgency.REPORT
    title: Text
    summary: Text
    remedy: tuple[Text, ...] = ()
    reason: Text | None = None
    evidence: tuple[Evidence, ...] = ()
    state: tuple[tuple[str, str], ...] = ()
    unseen: int = 0
    recheck_at: int | None = None
