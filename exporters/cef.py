"""One finding's change as an ArcSight Common Event Format 0 record, the payload that every SIEM reads."""

from __future__ import annotations

import unicodedata

import msgspec

from exporters.audience import Detail
from exporters.render import Place, alert, brief, inert
from model.ledger import Change
from model.text import Language, shown
from model.times import SECOND
from model.verdict import Severity

# CEF counts to 10: 0 to 3 low, 4 to 6 medium, 7 and 8 high, 9 and 10 very high.
SEVERITIES = {Severity.LOW: 3, Severity.MEDIUM: 5, Severity.HIGH: 8, Severity.CRITICAL: 10}

_VENDOR, _PRODUCT = "Vong Gac", "vonggac"
_MS = SECOND // 1000
_HEADER, _NAME, _ID = 128, 80, 200


class Teller(msgspec.Struct, frozen=True, kw_only=True):
    """What a record says beside the change: which box and version tell it, how much, in which words."""

    box: str
    version: str
    detail: Detail = "full"
    language: Language = "vi"
    place: Place = Place()


def record(row: str, change: Change, teller: Teller) -> str:
    """The record of one outbox row: one line, at most some 6,000 bytes of UTF-8, NFC; `row` is its id, the same each time it is sent."""
    finding = change.finding
    rule = teller.place.rules.get(finding.detector)
    # The rule's title, not the finding's: SIEMs count events by it, and no device's name can be in it.
    name = rule.to(teller.language) if rule else finding.detector
    head = ["CEF:0", *(_header(part) for part in (_VENDOR, _PRODUCT, teller.version, finding.detector, name)), str(SEVERITIES[finding.severity])]
    fields = " ".join(f"{key}={_value(value)}" for key, value in _fields(row, change, teller) if value)
    return "|".join([*head, fields])


def _fields(row: str, change: Change, teller: Teller) -> list[tuple[str, str]]:
    finding = change.finding
    told = [
        ("rt", str(change.at // _MS)),
        ("start", str(finding.opened // _MS)),
        ("externalId", shown(row, _ID)),
        ("deviceExternalId", shown(teller.box, _ID)),
        ("cat", f"finding.{change.step}"),
        ("outcome", finding.state),
        ("cs1Label", "finding"),
        ("cs1", shown(finding.id, _ID)),
        ("cs2Label", "site"),
        ("cs2", shown(finding.site, _ID)),
        ("cs3Label", "grade"),
        ("cs3", finding.grade),
        ("cn1Label", "sequence"),
        ("cn1", str(finding.sequence)),
    ]
    if teller.detail == "id_only":
        return [*told, ("msg", brief(change, teller.language, teller.place))]
    return [*told, *_subject(change), ("msg", alert(change, teller.language, teller.place))]


def _subject(change: Change) -> list[tuple[str, str]]:
    if change.finding.subject.kind != "asset":
        return [("cs4Label", "subject"), ("cs4", inert(change.name or change.finding.subject.id, _NAME))]
    # CEF's src is an IPv4 address; c6a2 is where it has one of IPv6.
    fours = [ip for ip in change.ips if ":" not in ip]
    sixes = [ip for ip in change.ips if ":" in ip]
    return [
        ("shost", inert(change.name, _NAME)),
        ("src", shown(fours[0], _NAME) if fours else ""),
        *([("c6a2Label", "Source IPv6 Address"), ("c6a2", shown(sixes[0], _NAME))] if sixes else []),
        ("smac", shown(change.macs[0], _NAME) if change.macs else ""),
    ]


def _header(value: str) -> str:
    """In the header a backslash and a bar are escaped; a line cannot end there."""
    return _composed(shown(value, _HEADER)).replace("\\", "\\\\").replace("|", "\\|")


def _value(value: str) -> str:
    """In a value a backslash and an equals sign are escaped, and a line's end is written out."""
    return _composed(value).replace("\\", "\\\\").replace("=", "\\=").replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _composed(value: str) -> str:
    """NFC, before anything is escaped and with no mark at its beginning: U+0338 makes one letter of the `=` before it, and a field would have no end."""
    bare = unicodedata.normalize("NFC", value)
    return next((bare[place:] for place, letter in enumerate(bare) if not unicodedata.combining(letter)), "")
