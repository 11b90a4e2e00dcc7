"""A commune by hand: a reader of a journal that exists only here, so that the page can be tested with any content."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from model.acts import Act, apply
from model.declared import Declared, Screen, Zone
from model.detector import About, Closing
from model.ledger import Cause, Change, Finding
from model.portals.rows import PortalRow
from model.ports import CoreStatus, DeadLetter, Delivery, OtherRow, OutboxRow, SinkStatus, Told
from model.posture.rows import PcRow
from model.rows import Asset, Episode, Held, Leg, Segment, Sensor, Service, Sighting, Stamp, Upnp
from model.text import Text
from model.times import DAY, HOUR, MINUTE, SECOND
from model.verdict import Evidence, Grade, Outcome, Severity, Subject, Urgency, Verdict

# 09:14:03 15/07/2025 in Viet Nam
NOW = 1_752_545_643 * SECOND
STAMP = Stamp(0, NOW, "capture", 1)

DISPLAY = About(
    id="VG-NET-02",
    findings=(2,),
    title=Text("Màn hình còn mở", "Open screen"),
    kinds=("asset",),
    needs=("multicast",),
    closing=Closing(rule=Text("tắt", "off")),
)
COVERAGE = About(
    id="VG-COV-01",
    findings=(14,),
    title=Text("Không nhìn thấy", "Not seen"),
    kinds=("sensor",),
    needs=("declared",),
    closing=Closing(rule=Text("nghe lại", "heard again")),
)
ABOUTS = (DISPLAY, COVERAGE)

DECLARED = Declared(
    site="xa-a",
    name="Trung tâm phục vụ hành chính công xã A",
    zones=(Zone(leg="lan0", role="citizen", name="Sảnh tiếp dân"), Zone(leg="lan1", role="staff", name="Phòng chuyên môn")),
    screens=(
        Screen(mac="02:00:00:00:00:01", name="TV-Sảnh", place="Sảnh tầng 1"),
        Screen(mac="02:00:00:00:00:02", name="Màn hình gọi số", place="Quầy tiếp nhận"),
    ),
)


def asset(number: int, name: str, *, leg: str = "lan0", last: int = NOW) -> Asset:
    """The n-th device, calling itself `name`."""
    seen = Sighting(NOW - 3 * DAY, last)
    made = Asset(id=f"a{number:016x}", seen=seen)
    made.macs[f"02:00:00:00:{number // 256:02x}:{number % 256:02x}"] = seen
    made.ips[f"192.168.{1 + number // 250}.{1 + number % 250}"] = seen
    made.segments[leg] = seen
    if name:
        made.names["mdns:" + name] = seen
    return made


def screen(number: int, name: str, service: str = "_airplay._tcp.local.") -> Asset:
    """A device that advertises itself as a screen."""
    made = asset(number, name)
    row = Service(service, name, Sighting(NOW - DAY, NOW), Held(True, STAMP), 4500, "tv.local.", 7000)
    row.texts.append(Held((("flags", "0x4"), ("model", "AppleTV3,2")), STAMP))
    made.services[f"{service}|{name}"] = row
    return made


def finding(number: int, subject: Subject, severity: Severity, grade: Grade, title: Text, **fields: object) -> Finding:
    """A finding with the parts a page shows."""
    given: dict[str, object] = {
        "id": f"{number:012x}",
        "detector": "VG-NET-02",
        "version": 1,
        "site": "xa-a",
        "subject": subject,
        "state": "open",
        "severity": severity,
        "grade": grade,
        "urgency": Urgency.TICKET,
        "since": NOW - number * HOUR,
        "opened": NOW - number * HOUR,
        "updated": NOW - number * MINUTE,
        "times": 1,
        "sequence": 1,
        "title": title,
        "summary": Text("“TV-Sảnh” (AirPlay) đang bật và không đòi mã PIN hay mật khẩu, ở mạng người dân.", "“TV-Sảnh” (AirPlay) is on and asks no PIN."),
        "remedy": (
            Text("Tắt phản chiếu trên màn hình nếu không dùng.", "Switch mirroring off if it is not used."),
            Text("Nếu cần dùng: bật mã PIN cho mỗi lần kết nối.", "If it is used: require a PIN for each connection."),
            Text("Chuyển màn hình sang mạng riêng, không chung với Wi-Fi của người dân.", "Move the screen to a network of its own."),
        ),
        "evidence": (
            Evidence("mdns", "TV-Sảnh._airplay._tcp.local. TXT flags=0x4 features=0x5A7FFFF7,0x1E model=AppleTV3,2 srcvers=220.68 pw=0", NOW - 2 * MINUTE),
            Evidence("vantage", "plain", NOW),
        ),
        "findings": (2,),
        "attack": ("M1042",),
    }
    return Finding(**{**given, **fields})  # type: ignore[arg-type]


def change(made: Finding, name: str = "", step: str = "opened", ips: tuple[str, ...] = (), macs: tuple[str, ...] = ()) -> Change:
    """The finding's latest change."""
    return Change(step=step, at=made.updated, finding=made, cause=made.cause, name=name, ips=ips, macs=macs)  # type: ignore[arg-type]


def lamps(number: int, outcome: Outcome, *lit: str, families: str = "AirPlay") -> Verdict:
    """A verdict of the display rule with its four lamps."""
    names = ("present", "enabled", "open", "in_session")
    return Verdict(
        detector="VG-NET-02",
        subject=Subject("asset", f"a{number:016x}"),
        outcome=outcome,
        title=DISPLAY.title,
        summary=DISPLAY.title,
        reason=Text("Không nghe thấy màn hình quảng bá trong 24 giờ qua.", "Not heard for 24 hours.") if outcome is Outcome.UNKNOWN else None,
        state=(*zip(names, lit, strict=True), ("families", families)),
    )


@dataclass
class Journal:
    """A journal in memory that answers as `JournalReader`; `bump` makes a new version, `down` makes it fail as a lost connection does."""

    changes: list[Change] = field(default_factory=list)
    told: dict[str, list[Change]] = field(default_factory=dict)
    receipts: dict[str, Sequence[Delivery]] = field(default_factory=dict)
    judged: list[Verdict] = field(default_factory=list)
    devices: list[Asset] = field(default_factory=list)
    others: list[OtherRow] = field(default_factory=list)
    watched: list[PortalRow] = field(default_factory=list)
    machines: list[PcRow] = field(default_factory=list)
    statuses: list[SinkStatus] = field(default_factory=list)
    letters: list[DeadLetter] = field(default_factory=list)
    now: int = NOW
    version: int = 1
    down: bool = False
    asked_in: list[int] = field(default_factory=list)
    _bell: asyncio.Event = field(default_factory=asyncio.Event)

    def bump(self) -> None:
        """The journal changed."""
        self.version += 1
        self._bell.set()
        self._bell = asyncio.Event()

    def fall(self, down: bool) -> None:
        """Core goes away or comes back."""
        self.down = down
        self._bell.set()
        self._bell = asyncio.Event()

    def _answer(self) -> None:
        if self.down:
            raise ConnectionRefusedError("core.sock")

    async def findings(self, states: Sequence[str] = ()) -> Sequence[Change]:
        self._answer()
        return [c for c in self.changes if c.finding.state in states or (not states and c.finding.state != "pending")]

    async def history(self, finding: str) -> Sequence[Change]:
        self._answer()
        return self.told.get(finding) or [c for c in self.changes if c.finding.id == finding]

    async def deliveries(self, finding: str) -> Sequence[Delivery]:
        self._answer()
        return self.receipts.get(finding, ())

    async def verdicts(self, site: str = "") -> Sequence[Verdict]:
        self._answer()
        return self.judged

    async def assets(self) -> Sequence[Asset]:
        self._answer()
        return self.devices

    async def rows(self) -> Sequence[OtherRow]:
        self._answer()
        return self.others

    async def portals(self, ids: Sequence[str] = ()) -> Sequence[PortalRow]:
        self._answer()
        return [portal for portal in self.watched if not ids or portal.id in ids]

    async def pcs(self) -> Sequence[PcRow]:
        self._answer()
        return self.machines

    async def sinks(self) -> Sequence[SinkStatus]:
        self._answer()
        return self.statuses

    async def dead_letters(self, sink: str = "") -> Sequence[DeadLetter]:
        self._answer()
        return [letter for letter in self.letters if sink in {"", letter.sink}]

    async def status(self) -> CoreStatus:
        self._answer()
        return CoreStatus(
            now=self.now,
            started=NOW - DAY,
            facts={"capture": 1_234_567},
            refused={"capture": 0},
            assets=len(self.devices),
            evicted=0,
            overflowed=0,
            queue=3,
            commits=86_000,
            commit_seconds=12.5,
            journal_bytes=4_404_019,
            lost={},
        )

    async def wait(self, version: int, wait: float) -> int:
        self._answer()
        self.asked_in.append(version)
        if self.version == version:
            bell = self._bell
            try:
                await asyncio.wait_for(bell.wait(), wait)
            except TimeoutError:
                return self.version
        self._answer()
        return self.version


@dataclass
class Hand:
    """Acts on the stub's findings by the real rule, and remembers what was asked."""

    journal: Journal
    asked: list[Act] = field(default_factory=list)

    async def act(self, act: Act) -> Finding:
        self.asked.append(act)
        at = next(i for i, c in enumerate(self.journal.changes) if c.finding.id == act.finding)
        self.journal.changes[at] = apply(self.journal.changes[at].finding, act, NOW)
        self.journal.bump()
        return self.journal.changes[at].finding


def sensor(name: str = "capture-lan0", **fields: object) -> Sensor:
    """A sensor that listens on a plain port."""
    given: dict[str, object] = {"leg": "lan0", "interface": "enp1s0", "vantage": "plain", "received": 1_204_311, "decoded": 88_120, "undecodable": 12}
    return Sensor(sensor=name, seen=Sighting(NOW - DAY, NOW - 5 * SECOND), **{**given, **fields})  # type: ignore[arg-type]


def quiet() -> Journal:
    """A site with nothing wrong: devices heard, one of them unknown, one sensor."""
    made = Journal(devices=[screen(1, "TV"), asset(2, "may-in"), asset(3, "")], others=[sensor()])
    made.judged = [lamps(1, Outcome.CLEAR, "yes", "yes", "no", "unknown"), lamps(2, Outcome.UNKNOWN, "yes", "unknown", "unknown", "unknown")]
    return made


def morning(tv: Subject, call: Subject, room: Subject) -> list[Finding]:
    """One finding of each severity, and one that is over."""
    return [
        finding(
            1,
            tv,
            Severity.CRITICAL,
            Grade.CONFIRMED,
            Text("Màn hình “TV-Sảnh” đang bị phát nội dung lạ", "Foreign content is being played on “TV-Sảnh”"),
            detector="VG-NET-03",
            urgency=Urgency.PAGE,
            owner="Trần Văn Minh",
            summary=Text(
                "Từ 08:14 ngày 15/07, một thiết bị lạ (điện thoại) đã phát nội dung lên màn hình “TV-Sảnh” (Sảnh tầng 1) qua DLNA: hxxp://203.0.113.7/v.mp4.",
                "Since 08:14 on 15/07 a strange device (phone) presents on the screen “TV-Sảnh” (Sảnh tầng 1) by DLNA: hxxp://203.0.113.7/v.mp4.",
            ),
            evidence=(Evidence("session", "SetAVTransportURI http://203.0.113.7/v.mp4 → TV-Sảnh (DLNA), 3a:5e:10:aa:00:17", NOW - HOUR),),
        ),
        finding(
            2,
            call,
            Severity.HIGH,
            Grade.BY_DESIGN,
            Text("Màn hình “Màn hình gọi số” cho phép bất kỳ ai trình chiếu", "Screen “Màn hình gọi số” lets anyone present to it"),
            owner="Nguyễn Thị Lan",
            summary=Text(
                "“Màn hình gọi số” (Google Cast) nhận nội dung từ mọi thiết bị cùng mạng: giao thức không có mã bảo vệ, ở “Wi-Fi khách” (người dân tới được).",
                "“Màn hình gọi số” (Google Cast) takes content from any device on the network: its protocol has no protection.",
            ),
        ),
        finding(
            3,
            Subject("sensor", "capture-lan1"),
            Severity.MEDIUM,
            Grade.CONFIRMED,
            Text("Bộ thu mạng ở chân “lan1” không nghe được", "The sensor of leg “lan1” cannot listen"),
            detector="VG-COV-01",
            findings=(14,),
            summary=Text(
                "Bộ thu báo trạng thái hỏng: cạc mạng enp2s0 đã mất kết nối; các kiểm tra bị mù: 1, 2, 3, 11, 13. Các phát hiện đang mở vẫn giữ nguyên.",
                "The sensor reports: failed: enp2s0 has no link; blinded checks: 1, 2, 3, 11, 13. Open findings stay as they are.",
            ),
            evidence=(Evidence("heartbeat", "failed", NOW - MINUTE),),
        ),
        finding(
            4,
            room,
            Severity.LOW,
            Grade.INFERRED,
            Text("Có thiết bị truyền thông “Phong hop Samsung”, chưa rõ có nhận hình", "Media device “Phong hop Samsung”, not known to take pictures"),
            summary=Text("“Phong hop Samsung” có mặt trên mạng, chưa rõ có nhận nội dung từ thiết bị khác.", "“Phong hop Samsung” is present; no more known."),
        ),
        finding(5, tv, Severity.MEDIUM, Grade.LIKELY, Text("Màn hình cũ đã tắt", "Old screen switched off"), state="resolved"),
    ]


def watched(tv: Subject) -> list[Segment | Leg | Sensor | Episode]:
    """A sensor that hears, one that does not, and what happens at the screen."""
    return [
        sensor(),
        sensor("capture-lan1", leg="lan1", interface="enp2s0", state="failed", vantage="mirror", dropped=4_812, message="Cạc mạng enp2s0 đã mất kết nối"),
        Episode(
            id="e1",
            kind="push",
            asset=tv.id,
            who="điện thoại, địa chỉ ngẫu nhiên",
            what="SetAVTransportURI http://203.0.113.7/v.mp4",
            seen=Sighting(NOW - HOUR, NOW),
            ended=Held(False, STAMP),
        ),
    ]


def answers() -> list[Verdict]:
    """Each lamp in each state, and two sensors."""
    return [
        lamps(1, Outcome.VIOLATION, "yes", "yes", "yes", "yes", families="AirPlay, DLNA"),
        lamps(2, Outcome.VIOLATION, "yes", "yes", "yes", "no", families="Google Cast"),
        lamps(3, Outcome.UNKNOWN, "yes", "unknown", "unknown", "unknown", families="Samsung"),
        lamps(4, Outcome.CLEAR, "yes", "yes", "no", "no"),
        Verdict(detector="VG-COV-01", subject=Subject("sensor", "capture-lan1"), outcome=Outcome.VIOLATION, title=COVERAGE.title, summary=COVERAGE.title),
        Verdict(
            detector="VG-COV-01",
            subject=Subject("sensor", "capture-lan0"),
            outcome=Outcome.CLEAR,
            title=COVERAGE.title,
            summary=Text("Bộ thu mạng ở chân “lan0” đang hoạt động.", "The sensor of leg “lan0” is at work."),
        ),
    ]


def busy() -> Journal:
    """A site on a bad morning: each severity, each lamp, a deaf sensor, a sink that is behind."""
    made = Journal(
        devices=[screen(1, "TV-Sanh"), screen(2, "GoiSo", "_googlecast._tcp.local."), screen(3, "Phong hop Samsung"), asset(4, "may-in-HP", leg="lan1")]
    )
    made.devices += [asset(n, f"DESKTOP-{n:03}", leg="lan1" if n % 3 else "lan0", last=NOW - n * MINUTE) for n in range(5, 15)]
    made.devices[1].upnp["uuid:2"] = Upnp(
        "uuid:2", "urn:schemas-upnp-org:device:MediaRenderer:1", Sighting(NOW - DAY, NOW), Held(True, STAMP), "Linux/5.4 UPnP/1.0"
    )
    tv, call, room = (Subject("asset", device.id) for device in made.devices[:3])
    rows = morning(tv, call, room)
    names = {tv: "TV-Sảnh", call: "Màn hình gọi số", room: "Phong hop Samsung"}
    ips = {tv: ("192.168.1.2",), call: ("192.168.1.3",), room: ("192.168.1.4",)}
    made.changes = [change(row, names.get(row.subject, ""), ips=ips.get(row.subject, ()), macs=("02:00:00:00:00:01",)) for row in rows]
    first = rows[0]
    made.told[first.id] = [
        change(msgspec.structs.replace(first, severity=Severity.HIGH, grade=Grade.LIKELY, updated=NOW - HOUR), "TV-Sảnh"),
        change(msgspec.structs.replace(first, updated=NOW - 58 * MINUTE), "TV-Sảnh", "updated"),
        change(
            msgspec.structs.replace(first, updated=NOW - 40 * MINUTE, cause=Cause("act", "Trần Văn Minh", "đã xuống sảnh kiểm tra")), "TV-Sảnh", "acknowledged"
        ),
    ]
    made.receipts[first.id] = [
        Delivery(sink="soc-elastic", outcome="waiting", occurred=NOW - 40 * MINUTE, attempts=7, reason="không nối được tới máy chủ: hết thời gian chờ"),
        Delivery(sink="webhook", outcome="accepted", occurred=NOW - 40 * MINUTE, at=NOW - 39 * MINUTE),
        Delivery(sink="webhook", outcome="accepted", occurred=NOW - HOUR, at=NOW - HOUR + 4 * SECOND),
        Delivery(sink="soc-elastic", outcome="accepted", occurred=NOW - HOUR, at=NOW - HOUR + 2 * SECOND),
        Delivery(sink="tram-truong", outcome="accepted", occurred=NOW - HOUR, at=NOW - HOUR + 2 * SECOND, reason="filtered"),
    ]
    made.judged, made.others = answers(), watched(tv)
    made.statuses = [
        SinkStatus(
            sink="soc-elastic", waiting=1_204, oldest_at=NOW - 12 * MINUTE, dead=1, delivered=88_120, last_error="không nối được tới máy chủ: hết thời gian chờ"
        ),
        SinkStatus(sink="webhook", waiting=0, oldest_at=0, dead=0, delivered=311),
    ]
    row = OutboxRow(seq=7, id="0197f0c2-finding", stream="finding", at=NOW - HOUR, document=Told(change=made.changes[0]))
    made.letters = [DeadLetter(sink="soc-elastic", row=row, reason="mapper_parsing_exception: field [source.ip]", at=NOW - 30 * MINUTE)]
    return made
