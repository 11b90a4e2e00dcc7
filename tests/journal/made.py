"""Makers of findings, changes, verdicts and rows for tests."""

from __future__ import annotations

from collections.abc import Sequence

from model.ledger import Change, Finding
from model.ports import Health, Posture
from model.rows import Asset, Sighting
from model.text import Text
from model.times import SECOND
from model.verdict import Grade, Outcome, Severity, Subject, Urgency, Verdict

# 2025-06-03 04:05:06 UTC: tests live in the past, nothing may look at the clock.
THEN = 1_748_923_506 * SECOND
SITE = "xa-tan-an"


def finding(n: int = 1, *, sequence: int = 1, state: str = "open", summary: str = "AirPlay mở") -> Finding:
    return Finding(
        id=f"{n:012x}",
        detector="VG-NET-02",
        version=1,
        site=SITE,
        subject=Subject("asset", f"a{n}"),
        state=state,  # type: ignore[arg-type]
        severity=Severity.HIGH,
        grade=Grade.CONFIRMED,
        urgency=Urgency.PAGE,
        since=THEN,
        opened=THEN,
        updated=THEN + sequence,
        sequence=sequence,
        title=Text("Màn hình mở", "Open screen"),
        summary=Text(summary, summary),
    )


def change(n: int = 1, *, sequence: int = 1, summary: str = "AirPlay mở") -> Change:
    step = "opened" if sequence == 1 else "updated"
    return Change(step=step, at=THEN + sequence, finding=finding(n, sequence=sequence, summary=summary), name="TV", macs=("02:00:00:00:00:01",))  # type: ignore[arg-type]


def changes(numbers: Sequence[int], sequence: int = 1) -> list[Change]:
    return [change(n, sequence=sequence) for n in numbers]


def verdict(n: int = 1, *, outcome: Outcome = Outcome.VIOLATION, text: str = "t") -> Verdict:
    return Verdict(detector="VG-NET-02", subject=Subject("asset", f"a{n}"), outcome=outcome, title=Text(text, text), summary=Text(text, text))


def posture(n: int = 1, *, at: int = THEN, text: str = "t") -> Posture:
    return Posture(site=SITE, at=at, findings=(2,), verdict=verdict(n, text=text))


def health(at: int = THEN, lost: dict[str, int] | None = None) -> Health:
    return Health(site=SITE, at=at, box="hop-01", queued=0, oldest_at=0, lost=lost or {})


def asset(n: int = 1, *, last: int = THEN) -> Asset:
    return Asset(id=f"a{n}", seen=Sighting(THEN, last), macs={f"02:00:00:00:00:{n % 256:02x}": Sighting(THEN, last)})
