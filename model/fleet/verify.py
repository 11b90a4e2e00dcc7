"""Whether a document is what a declared box signed for its own site, and what it says. The payload alone counts (docs/decisions/012-the-province.md)."""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping
from typing import Final, Literal

import msgspec

from model.fleet.declared import FleetBox, FleetDeclared
from model.fleet.signed import key_id, signed_bytes, version
from model.ledger import Finding, finding_id
from model.ports import Document, Health, Observed, Posture, Signed, Stream, Told
from model.text import Text
from model.times import DAY, SECOND

Reason = Literal["unsigned", "no_key", "signature", "unreadable", "other_site", "other_stream", "version", "clock", "odd", "many"]
# (public key, message, signature): whether the signature holds. It never raises.
Verifier = Callable[[bytes, bytes, bytes], bool]

REASONS: Final[Mapping[Reason, Text]] = {
    "unsigned": Text("không có chữ ký của hộp", "there is no signature of a box"),
    "no_key": Text("khóa ký không được khai báo cho hộp và điểm này vào lúc đó (boxes.csv)", "its key is not declared for that box and site at that time"),
    "signature": Text("chữ ký không khớp: nội dung đã bị sửa, hoặc do nơi khác viết", "the signature does not hold: it was changed, or written by another"),
    "unreadable": Text("nội dung đã ký không đọc được bằng phiên bản này", "what was signed cannot be read by this version"),
    "other_site": Text("tài liệu ghi điểm hoặc hộp khác với nội dung đã ký", "the document names another site or box than what was signed"),
    "other_stream": Text("nằm ở luồng dữ liệu khác với nội dung đã ký", "it lies in another stream than what was signed"),
    "version": Text("số thứ tự hoặc kỳ nhật ký không hợp lệ", "its sequence or epoch is none that a box can have"),
    "clock": Text("đồng hồ của hộp chạy trước quá một ngày", "the box's clock is more than a day ahead"),
    "many": Text("điểm này đã có quá nhiều phát hiện, phát hiện mới không được nhận thêm", "the site has too many findings already, no new ones are taken"),
    "odd": Text("có mã, con số hoặc độ dài mà không hộp nào viết ra", "it holds a code, a number or a length that no box writes"),
}

_STREAMS: Final[Mapping[type, Stream]] = {Told: "finding", Posture: "posture", Health: "health", Observed: "observation"}
_ID_BYTES: Final = 6
# A row's id and a rule stand in headers, subjects and links of what is told; both are ours to make, and of these letters alone.
_ROW: Final = re.compile(r"[0-9A-Za-z_-]{1,100}")
_RULE: Final = re.compile(r"VG-[A-Z]{3}-[0-9]{2}")
# Instants and counts beyond it fit into no column, and into no calendar.
_MOST_NUMBER: Final = 1 << 63
# A page of the province lists fifty of these in one answer of 16 MiB, each letter at its longest: one site's must not keep it from being read.
_MOST_LETTERS: Final = 64 * 1024
_decode: Final = msgspec.json.Decoder(Document).decode


class Arrived(msgspec.Struct, frozen=True, kw_only=True):
    """A document as it lies in the engine: its id, the stream it was read from, what its outer fields claim."""

    id: str
    stream: Stream
    box: str
    site: str
    signed: Signed | None


class Genuine(msgspec.Struct, frozen=True, kw_only=True):
    """A document whose box and site are certain; `version` orders what the box says."""

    id: str
    box: str
    site: str
    version: int
    signed: Signed
    document: Document

    @property
    def at(self) -> int:
        """When what it tells happened, ns."""
        return self.document.change.at if isinstance(self.document, Told) else self.document.at


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A document that changes nothing, and why. `box` and `site` are what it claims."""

    id: str
    stream: Stream
    box: str
    site: str
    reason: Reason


def checked(arrived: Arrived, declared: FleetDeclared, verify: Verifier, now: int) -> Genuine | Refusal:
    """What a document is worth."""
    found = _checked(arrived, declared, verify, now)
    if isinstance(found, Genuine):
        return found
    return Refusal(id=arrived.id, stream=arrived.stream, box=arrived.box, site=arrived.site, reason=found)


def _checked(arrived: Arrived, declared: FleetDeclared, verify: Verifier, now: int) -> Genuine | Reason:
    signed = arrived.signed
    if signed is None:
        return "unsigned"
    try:
        document = _decode(signed.payload)
    except (ValueError, RecursionError):
        return "unreadable"
    try:
        order = version(signed.epoch, signed.sequence)
    except ValueError:
        return "version"
    site = document.change.finding.site if isinstance(document, Told) else document.site
    genuine = Genuine(id=arrived.id, box=arrived.box, site=site, version=order, signed=signed, document=document)
    reason = _signature(genuine, declared, verify) or _claims(genuine, arrived) or _odd(genuine)
    if reason is None and signed.epoch * SECOND > now + DAY:
        # What comes later with the right clock would be older than this for ever.
        reason = "clock"
    return reason or genuine


def _signature(genuine: Genuine, declared: FleetDeclared, verify: Verifier) -> Reason | None:
    signed = genuine.signed
    lines = [line for line in declared.keys_of(genuine.box, genuine.site) if key_id(line.key) == signed.key and _holds(line, genuine)]
    if not lines:
        return "no_key"
    try:
        signature = urlsafe_b64decode(signed.signature.encode() + b"==")
        message = signed_bytes(genuine.box, genuine.id, signed)
    except (Base64Error, ValueError):
        return "signature"
    return None if any(verify(line.key, message, signature) for line in lines) else "signature"


def _holds(line: FleetBox, genuine: Genuine) -> bool:
    # A journal made after the key's last day is not of the box that it was taken from, whatever day its documents bear.
    return line.since <= genuine.at and (not line.until or max(genuine.at, genuine.signed.epoch * SECOND) < line.until)


def _claims(genuine: Genuine, arrived: Arrived) -> Reason | None:
    document = genuine.document
    if _STREAMS[type(document)] != arrived.stream:
        return "other_stream"
    if arrived.site != genuine.site or (isinstance(document, Health) and document.box != genuine.box):
        return "other_site"
    return None


def _odd(genuine: Genuine) -> Reason | None:
    """What a box that is no longer itself may sign: of its own site it can say anything, but not so that it harms how all are told or shown."""
    document = genuine.document
    fine = _ROW.fullmatch(genuine.id) is not None and _small(document)
    if isinstance(document, Told | Posture):
        rule = document.change.finding.detector if isinstance(document, Told) else document.verdict.detector
        fine = fine and _RULE.fullmatch(rule) is not None and len(genuine.signed.payload) <= _MOST_LETTERS
    return None if fine else "odd"


def _small(value: object) -> bool:
    match value:
        case int():
            return -_MOST_NUMBER < value < _MOST_NUMBER
        case msgspec.Struct():
            return all(_small(getattr(value, name)) for name in value.__struct_fields__)
        case tuple() | list():
            return all(map(_small, value))
        case dict():
            return all(map(_small, value.values()))
    return True


def own_id(site: str, finding: Finding, known: str) -> str:
    """The id a site's finding goes by at the province. `known`: the site whose finding is known under its id already, empty for none.

    An id is made of the site; one that is not (a finding that moved with its device keeps its id) may be another site's, taken on purpose.
    """
    if known == site or finding.id == finding_id(site, finding.detector, finding.subject):
        return finding.id
    return hashlib.blake2s(f"{site}|{finding.id}".encode(), digest_size=_ID_BYTES).hexdigest()
