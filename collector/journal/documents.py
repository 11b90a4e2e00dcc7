"""Documents as they are queued: their stream, what they are about, and the id that every sink sees."""

from __future__ import annotations

import base64
import hashlib

import msgspec

from model.ports import Document, Health, Observed, Posture, Stream, Told
from model.times import rfc3339

# Part of every id: a document of another shape is another document.
DOCUMENT_SCHEMA = 1

decode_document = msgspec.json.Decoder(Document).decode


def stream_of(document: Document) -> Stream:
    """The stream a document goes out on."""
    match document:
        case Told():
            return "finding"
        case Posture():
            return "posture"
        case Health():
            return "health"
        case Observed():
            return "observation"


def time_of(document: Document) -> int:
    """When what the document tells happened, ns."""
    return document.change.at if isinstance(document, Told) else document.at


def key_of(document: Document) -> str:
    """What the document is about: documents of one key reach a sink one after the other. Empty where order does not matter."""
    match document:
        case Told(change=change):
            return "finding|" + change.finding.id
        case Posture(site=site, verdict=verdict):
            return f"posture|{site}|{verdict.detector}|{verdict.subject.kind}|{verdict.subject.id}"
        case Observed(site=site, kind=kind, id=row):
            return f"observed|{site}|{kind}|{row}"
        case Health():
            return ""


def document_id(box: str, epoch: int, document: Document) -> str:
    """`yyMMdd` (UTC) and 27 characters of base64url: the same occurrence has the same id, whoever queues it and however often.

    The date first keeps neighbours in time neighbours in the index of the receiving engine.
    """
    at = time_of(document)
    natural = msgspec.json.encode([box, stream_of(document), DOCUMENT_SCHEMA, *_occurrence(epoch, document), at])
    digest = base64.urlsafe_b64encode(hashlib.sha256(natural).digest()[:20]).rstrip(b"=")
    return rfc3339(at)[2:10].replace("-", "") + digest.decode()


def _occurrence(epoch: int, document: Document) -> tuple[object, ...]:
    match document:
        case Told(change=change):
            return (change.finding.site, change.finding.id, change.finding.sequence, change.step)
        case Posture(site=site, verdict=verdict):
            # One subject may be judged twice within a tick; what was said tells the two apart.
            said = (verdict.outcome, verdict.severity, verdict.grade, verdict.state)
            return (site, epoch, verdict.detector, verdict.subject.kind, verdict.subject.id, *said)
        case Observed(site=site, kind=kind, id=row, gone=gone):
            return (site, epoch, kind, row, gone)
        case Health(site=site):
            return (site, epoch)
