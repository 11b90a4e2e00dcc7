"""Changes and rows the exporters' tests send."""

from typing import Any

import msgspec

from model.ledger import OBSERVED, Change, Finding, finding_id
from model.ports import Health, OutboxRow, Posture, Told
from model.text import Text
from model.times import SECOND
from model.verdict import Evidence, Grade, Outcome, Severity, Subject, Urgency, Verdict

# 15/07/2025 09:14:03 in Viet Nam.
AT = 1_752_545_643 * SECOND


def finding(**fields: Any) -> Finding:
    subject = fields.pop("subject", Subject("asset", "a0011223344556677"))
    detector = fields.pop("detector", "VG-NET-02")
    told = {
        "id": finding_id("xa-a", detector, subject),
        "detector": detector,
        "version": 1,
        "site": "xa-a",
        "subject": subject,
        "state": "open",
        "severity": Severity.HIGH,
        "grade": Grade.CONFIRMED,
        "urgency": Urgency.TICKET,
        "since": AT,
        "opened": AT,
        "updated": AT,
        "times": 1,
        "sequence": 1,
        "title": Text("Màn hình đang mở cho mọi người", "Screen open to anybody"),
        "summary": Text("“TV-Sảnh” nhận hình từ bất kỳ thiết bị nào (DLNA).", "“TV-Sảnh” takes a picture from any device (DLNA)."),
        "remedy": (
            Text("Tắt phản chiếu màn hình.", "Switch mirroring off."),
            Text("Đặt mã PIN.", "Set a PIN."),
            Text("Chuyển sang mạng riêng.", "Move it to a network of its own."),
            Text("Báo SOC.", "Tell the SOC."),
        ),
        "evidence": (Evidence("ssdp", "NT: urn:schemas-upnp-org:device:MediaRenderer:1", AT), Evidence("mdns", "_airplay._tcp.local. pw=0", AT + 1500)),
        "findings": (2,),
        "attack": ("T1491",),
    }
    return Finding(**{**told, **fields})


def change(step: str = "opened", at: int = AT, **fields: Any) -> Change:
    cause = fields.pop("cause", OBSERVED)
    about = {key: fields.pop(key) for key in ("name", "macs", "ips") if key in fields}
    states = {"resolved": "resolved", "lapsed": "lapsed", "accepted": "accepted"}
    stood = finding(**{"state": states.get(step, "open"), "updated": at, **fields})
    return Change(step=step, at=at, finding=msgspec.structs.replace(stood, cause=cause), cause=cause, **about)


def told(seq: int, what: Change | None = None, **fields: Any) -> OutboxRow:
    return OutboxRow(seq=seq, id=f"row-{seq}", stream="finding", at=fields.pop("at", AT), document=Told(change=what or change(**fields)))


def posture(seq: int) -> OutboxRow:
    verdict = Verdict(
        detector="VG-NET-02",
        subject=Subject("asset", "a1"),
        outcome=Outcome.UNKNOWN,
        title=Text("Màn hình", "Screen"),
        summary=Text("Chưa rõ.", "Unknown."),
        reason=Text("Cổng thường", "Plain port"),
    )
    return OutboxRow(seq=seq, id=f"row-{seq}", stream="posture", at=AT, document=Posture(site="xa-a", at=AT, findings=(2,), verdict=verdict))


def health(seq: int) -> OutboxRow:
    return OutboxRow(
        seq=seq, id=f"row-{seq}", stream="health", at=AT, document=Health(site="xa-a", at=AT, box="hop-1", queued=3, oldest_at=AT, lost={"posture": 2})
    )
