"""A site whose network has something to show: four segments, lines out, a crossed cable, a crowd in the hall, screens in every state."""

from __future__ import annotations

import hashlib

from model.declared import Declared, RegisteredAsset, Screen, Server, Zone
from model.ledger import Change
from model.rows import Asset, DhcpOffer, DhcpProfile, Held, Leg, Segment, Sighting
from model.segments import name as segment_name
from model.text import Text
from model.times import DAY, HOUR, MINUTE, SECOND
from model.verdict import Evidence, Grade, Outcome, Severity, Subject, Verdict
from model.wording import shared_segment as words
from tests.console.commune import DISPLAY, NOW, STAMP, Journal, asset, change, finding, lamps, screen, sensor

SITE = Declared(
    site="xa-a",
    name="Trung tâm phục vụ hành chính công xã A",
    legs=("lan0", "lan1", "lan2"),
    zones=(
        Zone(leg="lan0", role="citizen", name="Wi-Fi sảnh tiếp dân", uplink="VNPT 01"),
        Zone(leg="lan1", role="staff", name="Phòng chuyên môn", uplink="Viettel 02"),
        Zone(leg="lan0", vlan=(30,), role="display", name="Màn hình sảnh", uplink="VNPT 01"),
    ),
    screens=(Screen(mac="02:00:00:00:00:01", name="TV-Sảnh", place="Sảnh tầng 1"), Screen(mac="02:00:00:00:00:02", name="Màn hình gọi số", place="Quầy")),
    register=(RegisteredAsset(mac="02:00:00:00:00:14", name="PC-TuPhap-01", role="staff"),),
    routers=(Server(leg="lan1", ip="10.20.0.1"),),
)
PAIR = Subject("segments", "lan0|lan1")


def windows(number: int, name: str, leg: str = "lan1", last: int = NOW) -> Asset:
    """A PC that asks for its address as Windows does."""
    made = asset(number, name, leg=leg, last=last)
    made.dhcp = Held(DhcpProfile(host_name=name, vendor_class="MSFT 5.0", parameters=(1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252)), STAMP)
    return made


def server(number: int, name: str, leg: str, ip: str) -> Asset:
    """What gives out addresses on a leg, and is the way out."""
    made = asset(number, name, leg=leg)
    made.ips = {ip: made.seen}
    made.offer = Held(DhcpOffer(server_id=ip, mask="255.255.255.0", routers=(ip,), dns=(ip,)), STAMP)
    return made


def visitor(number: int, kind: str = "", leg: str = "lan0", last: int = NOW) -> Asset:
    """A citizen's own device as the journal keeps it: hash, class, places and times."""
    name = "a" + hashlib.blake2s(bytes([number % 256]), digest_size=8).hexdigest()
    seen = Sighting(last - HOUR, last)
    return Asset(id=name, seen=seen, macs={"hash:" + name: seen}, segments={leg: seen}, device_class=kind)


def pair(rung: str, outcome: Outcome = Outcome.VIOLATION, grade: Grade = Grade.CONFIRMED, subject: Subject = PAIR, said: Text = words.SHARED) -> Verdict:
    """What VG-NET-01 says of two segments."""
    evidence = (Evidence("segment", f"a{20:016x}", NOW - MINUTE), Evidence("segment", f"a{21:016x}", NOW - MINUTE))
    return Verdict(
        detector="VG-NET-01",
        subject=subject,
        outcome=outcome,
        severity=Severity.HIGH,
        grade=grade,
        title=words.SHARED,
        summary=said,
        evidence=evidence if outcome is Outcome.VIOLATION else (),
        reason=words.BLIND if outcome is Outcome.UNKNOWN else None,
        state=(("ladder", rung),),
    )


def network_site(visitors: int = 24, pcs: int = 18) -> Journal:
    """The whole site: a hall full of phones, an office of PCs, screens on a VLAN, and a leg that nobody declared and nobody listens to."""
    made = Journal(devices=[screen(1, "TV-Sanh"), screen(2, "GoiSo", "_googlecast._tcp.local."), screen(3, "Phong hop Samsung"), screen(4, "TV-Hop-Tang2")])
    for device in made.devices[:2]:
        device.segments = {"lan0/30": device.seen}
    made.devices += [
        server(700, "Archer-AX23", "lan0", "192.168.1.1"),
        server(701, "EdgeRouter-X", "lan1", "10.20.0.1"),
        asset(702, "HP-LaserJet-M404", leg="lan1"),
    ]
    made.devices += [windows(20 + n, f"DESKTOP-{n:03}", last=NOW - n * MINUTE) for n in range(pcs)]
    made.devices += [visitor(300 + n, ("phone_android", "phone_iphone", "")[n % 3], last=NOW - n * MINUTE) for n in range(visitors)]
    made.devices += [windows(703, "KIOSK-TRACUU", "lan0"), asset(704, "camera-sanh", leg="lan0"), windows(705, "PC-CU", last=NOW - 4 * DAY)]
    for device in made.devices:
        if device.id in {f"a{20:016x}", f"a{21:016x}"}:
            device.segments["lan0"] = Sighting(NOW - DAY, NOW)
    made.devices[5].vendors = {next(iter(made.devices[5].macs)): "Ubiquiti Inc"}
    made.judged = [
        lamps(1, Outcome.VIOLATION, "yes", "yes", "yes", "yes", families="AirPlay"),
        lamps(2, Outcome.CLEAR, "yes", "yes", "no", "no", families="Google Cast"),
        lamps(3, Outcome.UNKNOWN, "yes", "unknown", "unknown", "unknown", families="Samsung"),
        lamps(4, Outcome.VIOLATION, "yes", "yes", "yes", "no"),
        pair("shared_l2", said=words.crossed("Wi-Fi sảnh tiếp dân", "Phòng chuyên môn", 2, 214)),
        pair("same_line_only", grade=Grade.LIKELY, subject=Subject("segments", "lan0|lan0/30"), said=words.same_router("Wi-Fi sảnh tiếp dân", "Màn hình sảnh")),
        pair("blind", Outcome.UNKNOWN, subject=Subject("segments", "lan0/30|lan1")),
    ]
    made.changes = [about(1, Subject("asset", f"a{1:016x}"), Severity.HIGH, DISPLAY.title), about(2, PAIR, Severity.HIGH, words.SHARED, "VG-NET-01")]
    made.changes.append(about(3, Subject("segment", "lan0"), Severity.LOW, words.MAYBE_SHARED, "VG-NET-01"))
    made.others = [sensor(), sensor("capture-lan1", leg="lan1", interface="enp2s0", vantage="mirror")]
    made.others += [Leg(name="lan0", seen=Sighting(NOW - DAY, NOW), vantage="plain"), Leg(name="lan1", seen=Sighting(NOW - DAY, NOW), vantage="mirror")]
    made.others += [segment("lan0"), segment("lan1"), segment("lan0", 30)]
    return made


def segment(leg: str, *vlan: int) -> Segment:
    """A segment as heard."""
    return Segment(id=segment_name(leg, vlan), leg=leg, vlan=vlan, seen=Sighting(NOW - DAY, NOW - SECOND))


def about(number: int, subject: Subject, severity: Severity, title: Text, detector: str = "VG-NET-02") -> Change:
    """An open finding."""
    return change(finding(number, subject, severity, Grade.CONFIRMED, title, detector=detector, findings=(1,)))
