"""A site by hand on which all fifteen matters have something to say: violations, clear, unknown and not applicable in each of the first fourteen."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from model.declared import Declared, Enrolled, ExpectedSensor, Zone
from model.detector import About, Closing
from model.ledger import Cause, Change, Finding
from model.ports import SinkStatus
from model.posture import told
from model.posture.builds import Builds, SupportEnd
from model.posture.rows import Answer, PcRow, Topic
from model.rows import HASH, Asset, Held, Leg, Sighting, Stamp
from model.text import Text
from model.times import DAY, HOUR, MINUTE, SECOND, day_of
from model.verdict import Evidence, Grade, Outcome, Severity, Subject, Urgency, Verdict
from tests.console.commune import NOW, Journal

STAMP = Stamp(0, NOW - HOUR, "endpoints", 1)
HOSTILE = '<script>alert(1)</script>\u202e=HYPERLINK("http://x.example")'
PHONE = "iPhone-cua-Nguyen-Van-Binh"
VEILED = "a00000000000000ff"

DECLARED = Declared(
    site="xa-a",
    name="Trung tâm phục vụ hành chính công xã A",
    commune="00001",
    province="25",
    legs=("lan0", "lan1"),
    zones=(Zone(leg="lan0", role="citizen", name="Sảnh", uplink="FPT 1"), Zone(leg="lan1", role="staff", name="Phòng", uplink="VNPT 2")),
    enrolled=(Enrolled(id="xa-a-may-001", name="Máy một cửa 1"), Enrolled(id="xa-a-may-002", name="Máy một cửa 2")),
    builds=Builds(as_of=day_of(NOW), ends=(SupportEnd(build=14393, label="10 1607", ends=day_of(NOW) - 900),)),
    sensors=(ExpectedSensor(sensor="capture@lan0", leg="lan0", heartbeat=MINUTE, since=NOW - 9 * DAY),),
)


DEAF = Text("Cổng thường không nghe được việc này.", "A plain port cannot hear this.")
UNDECLARED = Text("Chưa khai báo danh mục.", "No register is declared.")


def about(row: int) -> About:
    """A rule that answers one row."""
    return About(
        id=f"VG-ROW-{row:02}", findings=(row,), title=Text(f"mục {row}", f"row {row}"), kinds=("asset",), needs=(), closing=Closing(rule=Text("hết", "over"))
    )


ABOUTS = tuple(about(row) for row in range(1, 15))


def asset(name: str, number: int) -> Asset:
    """A device of the office."""
    seen = Sighting(NOW - 3 * DAY, NOW)
    made = Asset(id=f"a{number:016x}", seen=seen)
    made.macs[f"02:00:00:00:00:{number:02x}"] = seen
    made.ips[f"192.168.1.{number}"] = seen
    made.segments["lan1"] = seen
    made.names["mdns:" + name] = seen
    return made


def veiled() -> Asset:
    """A citizen's own phone as the journal may hold it: a hash."""
    seen = Sighting(NOW - DAY, NOW)
    return Asset(id=VEILED, seen=seen, macs={HASH + VEILED: seen}, segments={"lan0": seen}, device_class="phone")


def verdicts() -> Iterator[Verdict]:
    """Four subjects of each row, one of each outcome."""
    outcomes = (Outcome.VIOLATION, Outcome.CLEAR, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE)
    reasons = (None, None, DEAF, UNDECLARED)
    for row in range(1, 15):
        for number, (outcome, reason) in enumerate(zip(outcomes, reasons, strict=True), 1):
            subject = Subject("asset", f"a{number:016x}")
            title = Text(f"mục {row}", f"row {row}")
            yield Verdict(detector=f"VG-ROW-{row:02}", subject=subject, outcome=outcome, title=title, summary=title, reason=reason)


def finding(row: int, **fields: object) -> Finding:
    """The finding of a row, on the first device."""
    given: dict[str, object] = {
        "id": f"{row:012x}", "detector": f"VG-ROW-{row:02}", "version": 1, "site": "xa-a", "subject": Subject("asset", f"a{1:016x}"), "state": "open",
        "severity": Severity.HIGH, "grade": Grade.CONFIRMED, "urgency": Urgency.TICKET, "since": NOW - row * HOUR, "opened": NOW - row * HOUR + 2 * SECOND,
        "updated": NOW - row * HOUR, "times": 1, "sequence": 1, "title": Text(f"Vi phạm của mục {row}", f"Violation of row {row}"),
        "summary": Text("Thấy rõ trên mạng.", "Plainly seen."),
        "remedy": (Text("Ngắt kết nối.", "Disconnect."), Text("Báo người phụ trách.", "Tell the owner.")),
        "evidence": (Evidence("mdns", "TV-Sảnh._airplay._tcp.local. TXT pw=0", NOW - HOUR), Evidence("vantage", "plain", NOW)),
        "findings": (row,),
    }  # fmt: skip
    return Finding(**{**given, **fields})  # type: ignore[arg-type]


def change(made: Finding, name: str = "") -> Change:
    """As the journal tells it."""
    return Change(step="opened", at=made.updated, finding=made, cause=made.cause, name=name)


def pc(number: int, build: int, *, unknown: int = 0, answers: bool = True) -> PcRow:
    """An enrolled PC that told of its hardware and programs, or nothing."""
    row = PcRow(id=f"xa-a-may-{number:03}", asset=f"a{number:016x}", seen=Sighting(NOW - 9 * DAY, NOW))
    machine = told.Machine(
        platform="windows", product="Windows 10", edition="Professional", build=build, installed=day_of(NOW) - 2500, cpu="Intel Core 2 Duo E7500", cores=2,
        memory=2 << 30, vendor="Dell", model="OptiPlex 380",
    )  # fmt: skip
    programs = told.Programs(installed=80, unknown=unknown, names=("KeyGen 2.0", "=cmd|' /C calc'!A0")[:unknown])
    for answer in (machine, told.Disks(size=160 << 30, free=9 << 30), programs) if answers else ():
        row.topics[str(answer.__struct_config__.tag)] = Topic(answer=Held(Answer(answer, "osquery"), STAMP))
    return row


def legs() -> list[Leg]:
    """One leg heard for three days but for six hours; the other never."""
    return [Leg(name="lan0", seen=Sighting(NOW - 3 * DAY, NOW), vantage="plain", blind=[(NOW - 2 * DAY, NOW - 2 * DAY + 6 * HOUR)])]


def journal() -> Journal:
    """The site as a journal holds it, with hostile names, a citizen's phone and findings in each state."""
    made = Journal(devices=[asset("PC-1", 1), asset(HOSTILE, 2), veiled()], judged=list(verdicts()))
    made.machines = [pc(1, 14393, unknown=2), pc(2, 26100, answers=False)]
    made.others = [*legs()]
    made.changes = [change(finding(row)) for row in range(1, 15)]
    made.changes += [
        change(finding(40, detector="VG-ROW-02", findings=(2,), subject=Subject("asset", VEILED), severity=Severity.CRITICAL), PHONE),
        change(finding(41, detector="VG-ROW-03", findings=(3,), subject=Subject("asset", f"a{2:016x}"), title=Text(HOSTILE, HOSTILE))),
        change(finding(42, detector="VG-ROW-05", findings=(5,), state="accepted", accepted_until=NOW + DAY, cause=Cause("act", "Lan", "chờ mua"))),
        change(finding(43, detector="VG-ROW-09", findings=(9,), state="resolved")),
        change(finding(44, detector="VG-ROW-09", findings=(9,), state="lapsed")),
        change(finding(45, site="xa-b")),
        change(finding(46, state="pending")),
    ]
    made.statuses = [SinkStatus(sink="soc", waiting=3, oldest_at=NOW - 90 * SECOND, dead=1, delivered=9)]
    return made


def after(made: Finding, **fields: object) -> Change:
    """The same finding later."""
    return change(msgspec.structs.replace(made, **fields))
