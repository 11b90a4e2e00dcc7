"""A province's portals by hand: one that sends phones to a bookmaker, one with hidden links, some nobody sees, and many that are clean."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import msgspec

from model.declared import Declared
from model.detector import About, Closing
from model.ledger import Change
from model.portals.declared import Destination, Portal
from model.portals.hosts import host_of
from model.portals.rows import (
    Baseline,
    Beat,
    Chain,
    Failed,
    Found,
    Incident,
    Look,
    Name,
    PortalRow,
    Seen,
    Sight,
    SiteFile,
    Step,
    Visits,
    Watched,
    key_of,
    mark_of,
)
from model.rows import Held, Stamp
from model.text import Text
from model.times import DAY, HOUR, MINUTE, SECOND
from model.verdict import Evidence, Grade, Outcome, Severity, Subject, Urgency, Verdict
from model.wording import portal_common as common
from model.wording import portal_redirect
from tests.console.commune import ABOUTS, NOW, Journal, change, finding, sensor

EVERYBODY = ("desktop", "mobile", "iphone", "search_google", "search_google_mobile", "search_coccoc", "social_zalo", "social_facebook", "returning", "english")
RULES = tuple(
    About(id=name, findings=(4,), title=title, kinds=("portal",), needs=("declared",), closing=Closing(rule=common.CLOSING))
    for name, title in (
        ("VG-WEB-01", portal_redirect.ABOUT),
        ("VG-WEB-02", Text("Cổng thông tin điện tử bị chèn nội dung, liên kết, mã lạ", "Injected content")),
        ("VG-WEB-03", Text("Cổng cho máy tìm kiếm, điện thoại thấy nội dung khác", "Cloaking")),
    )
)
PORTAL_ABOUTS = (*ABOUTS, *RULES)
BAD, HIDDEN, UNSEEN, CLEAN, NEW = "xa-a", "tinh", "xa-c", "xa-d", "xa-e"
CAPTURE, OTHER_CAPTURE = "a1b2c3d4e5f60718293a4b5c", "00112233445566778899aabb"
PORTALS = (
    Portal(
        id=BAD,
        url="https://xa-a.tinh.example/",
        name="Cổng thông tin điện tử xã A",
        owner="Ủy ban nhân dân xã A",
        vendor="Công ty Phần mềm Một",
        aliases=("www.xa-a.tinh.example", "dichvu.xa-a.tinh.example"),
    ),
    Portal(id=HIDDEN, url="https://tinh.example/", name="Cổng thông tin điện tử tỉnh", level="province", owner="Văn phòng UBND tỉnh", crawlers=True),
    Portal(id=UNSEEN, url="https://xa-c.tinh.example/", name="Cổng thông tin điện tử xã C"),
    Portal(id=CLEAN, url="https://xa-d.tinh.example/"),
    Portal(id=NEW, url="https://xa-e.tinh.example/", name="Cổng thông tin điện tử xã E"),
)
DESTINATIONS = (
    Destination(host="motcua.tinh.example", portal=BAD, until=NOW - 3 * DAY, owner="Nguyễn Văn Bình", why="Một cửa điện tử cũ."),
    Destination(host="egov.tinh.example", subdomains=True, until=NOW + 10 * DAY, owner="Sở Khoa học và Công nghệ", why="Đăng nhập một cửa."),
)
SITE = Declared(site="tinh", name="Tỉnh thử nghiệm", portals=PORTALS, destinations=DESTINATIONS)


def stamp(at: int) -> Stamp:
    """When the portals sensor saw it."""
    return Stamp(0, at, "portals", at // SECOND)


def look(persona: str, at: int, **fields: Any) -> tuple[str, Watched]:
    """One last look with the key it is kept by."""
    given = {"part": "home", "url": "https://xa-a.tinh.example/", "round": "r1", "status": 200, **fields}
    made = Look(persona=persona, mark=mark_of(given["url"]), **given)
    return key_of(made), Watched(Held(made, stamp(at)), [at // SECOND])


def clean_row(portal: Portal, at: int = NOW - 20 * MINUTE) -> PortalRow:
    """Everybody saw the home page clean."""
    row = PortalRow(id=portal.id, url=portal.url, first=NOW - 30 * DAY, last=at)
    for persona in EVERYBODY:
        row.visits[persona] = Visits(first=NOW - 30 * DAY, last=at, ok=at)
        key, watched = look(persona, at, url=portal.url, end=portal.url.split("/")[2])
        row.looks[key] = watched
        row.chains[persona] = Held(way(persona, ("asked", portal.url, 200)), stamp(at))
    row.baseline = Baseline(since=NOW - 30 * DAY, scripts={"cdn.tinh.example": NOW - 29 * DAY}, issuers={"Example CA": NOW - 30 * DAY})
    row.beat = Held(Beat(10, 10, 0, NOW + 3 * HOUR), stamp(at))
    return row


def way(persona: str, *steps: tuple[Any, ...], outcome: str = "clean", cut: int = 0) -> Chain:
    """The hops of one look: how, URL, status, and how a script was folded or what was wrong."""
    made = [Step(how, url, host_of(url), status, *more) for how, url, status, *more in steps]
    return Chain(persona=persona, url=made[0].url, steps=tuple(made), outcome=outcome, cut=cut, capture=CAPTURE if outcome == "dirty" else "")  # type: ignore[arg-type]


def seen(persona: str, times: int = 3, **fields: Any) -> Seen:
    """One persona was led to the bookmaker again and again."""
    sight = {"place": "home", "url": "https://xa-a.tinh.example/", "how": "script", "host": "play88.bet.example", "value": "play88", "capture": CAPTURE}
    at = [NOW - n * 20 * MINUTE for n in range(times, 0, -1)]
    return Seen(
        persona=persona,
        kind=fields.pop("kind", "gambling"),
        rank=2,
        confirmed=4,
        first=stamp(at[0]),
        last=stamp(at[-1]),
        times=[each // SECOND for each in at],
        told=Held(Sight(**{**sight, **fields}), stamp(at[-1])),
    )


HOME = "https://xa-a.tinh.example/"
TO_BET = (
    ("asked", HOME, 200),
    ("script", "https://cdn-stat.example/go?id=7", 302, "atob, nối chuỗi"),
    ("http", "https://play88.bet.example/dang-ky?ref=xa-a", 200),
)


def bad_row() -> PortalRow:
    """Phones and visitors from a search are sent to a bookmaker; others stay, one cannot see, one goes where it was lawful once."""
    row = clean_row(PORTALS[0])
    dirty = ("mobile", "search_google", "search_google_mobile")
    for persona in dirty:
        found = Found("VG-WEB-01", "gambling", 2, "play88.bet.example", "play88")
        key, watched = look(persona, NOW - 20 * MINUTE, outcome="dirty", left=True, end="play88.bet.example", found=(found,), capture=CAPTURE, vantage="box-1")
        row.looks.update({key: watched, f"{persona}||home": row.looks.pop(f"{persona}||home")})
        row.chains[persona] = Held(way(persona, *TO_BET, outcome="dirty"), stamp(NOW - 20 * MINUTE))
    row.looks.update([look("mobile", NOW - 19 * MINUTE, outcome="dirty", left=True, end="play88.bet.example", rendered=True, capture=OTHER_CAPTURE)])
    row.chains["iphone"] = Held(way("iphone", TO_BET[0], ("http", "https://xa-a.tinh.example/m/", 200)), stamp(NOW - HOUR))
    row.chains["english"] = Held(way("english", TO_BET[0], ("meta", "https://motcua.tinh.example/", 200)), stamp(NOW - HOUR))
    row.chains["returning"] = Held(way("returning", TO_BET[0], ("http", "https://dichvucong.gov.vn/p/home", 200)), stamp(NOW - HOUR))
    row.visits["social_zalo"].failed = Held(Failed("challenged", "403 captcha"), stamp(NOW - 10 * MINUTE))
    row.chains["social_zalo"] = Held(way("social_zalo", ("asked", HOME, 403, "", "tls:name"), outcome="unknown"), stamp(NOW - 10 * MINUTE))
    row.incidents["VG-WEB-01"] = Incident(
        detector="VG-WEB-01",
        first=stamp(NOW - 7 * HOUR),
        last=stamp(NOW - 6 * HOUR - 5 * MINUTE),
        seen={f"{persona}|gambling:play": seen(persona) for persona in dirty},
        places={"home": (NOW - 6 * HOUR - 5 * MINUTE) // SECOND},
        chain=Held(way("mobile", *TO_BET, outcome="dirty"), stamp(NOW - 20 * MINUTE)),
        times=2,
        before=[NOW - 20 * DAY],
    )
    for key, watched in row.looks.items():
        if key.endswith("home"):
            watched.times = [(NOW - 5 * HOUR) // SECOND]
    row.baseline.scripts["cdn-stat.example"] = NOW - 2 * DAY
    row.names["cdn-stat.example"] = Held(Name("script", "dangling", (), "gone.host.example"), stamp(NOW - HOUR))
    row.names["xa-a.tinh.example"] = Held(Name("portal", "resolves", ("203.0",)), stamp(NOW - HOUR))
    row.files["https://xa-a.tinh.example/sitemap.xml"] = Held(SiteFile("sitemap", 200, 412, added=("https://xa-a.tinh.example/tin/1.html",)), stamp(NOW - DAY))
    row.beat = Held(Beat(13, 9, 4, NOW + HOUR), stamp(NOW - 10 * MINUTE))
    row.counts = {"looks": 4_321, "failed": 7, "dirty": 9}
    return row


def told(portal: str, rule: str, outcome: Outcome, reason: Text | None = None) -> Verdict:
    """What a rule says of a portal."""
    title = next(about.title for about in PORTAL_ABOUTS if about.id == rule)
    return Verdict(detector=rule, subject=Subject("portal", portal), outcome=outcome, title=title, summary=title, reason=reason)


def redirected(number: int, portal: str, severity: Severity = Severity.CRITICAL, **fields: Any) -> Change:
    """A finding about a portal that sends phones to a bookmaker."""
    host = next((each.url.split("/")[2] for each in PORTALS if each.id == portal), portal)
    made = finding(
        number,
        Subject("portal", portal),
        severity,
        fields.pop("grade", Grade.CONFIRMED),
        fields.pop("title", Text(f"Cổng thông tin chuyển khách dùng điện thoại sang trang cá cược · {host}", f"Phones are sent to gambling · {host}")),
        detector=fields.pop("detector", "VG-WEB-01"),
        urgency=Urgency.PAGE,
        findings=(4,),
        summary=Text("3/10 kiểu truy cập thấy (điện thoại Android, đến từ Google) từ 08:02.", "3 of 10 personas saw it."),
        remedy=(*portal_redirect.CHECK, common.preserved(CAPTURE)),
        evidence=(
            Evidence("hop", "asked 200 https://xa-a.tinh.example/", NOW - HOUR),
            Evidence("hop", "script 302 https://cdn-stat.example/go?id=7 (atob)", NOW - HOUR),
            Evidence("persona", "mobile x3, 61 s", NOW - HOUR),
            Evidence("capture", CAPTURE, NOW - HOUR),
        ),
        **fields,
    )
    return change(made, host)


def province(extra: int = 0) -> Journal:
    """Five portals in five states, and `extra` clean ones."""
    made = Journal(others=[sensor()])
    made.watched = [bad_row(), clean_row(PORTALS[1]), clean_row(PORTALS[3])]
    unseen = clean_row(PORTALS[2], NOW - 2 * DAY)
    for visits in unseen.visits.values():
        visits.failed = Held(Failed("timeout", "connect"), stamp(NOW - HOUR))
    made.watched.append(unseen)
    hidden = Text("Cổng thông tin chứa liên kết ẩn ra trang ngoài · tinh.example", "Hidden links · tinh.example")
    made.changes = [
        redirected(1, BAD),
        redirected(2, HIDDEN, Severity.MEDIUM, detector="VG-WEB-02", title=hidden, grade=Grade.LIKELY, owner="Trần Thị Hoa"),
        redirected(3, CLEAN, Severity.MEDIUM, state="resolved"),
    ]
    blind = Text("Chưa kết luận được: quá thời gian.", "Nothing can be said: timed out.")
    for rule in RULES:
        made.judged += [told(portal, rule.id, Outcome.CLEAR) for portal in (HIDDEN, CLEAN)]
        made.judged += [told(UNSEEN, rule.id, Outcome.UNKNOWN, blind), told(NEW, rule.id, Outcome.UNKNOWN, common.NEVER)]
    made.judged += [told(BAD, "VG-WEB-01", Outcome.VIOLATION), told(BAD, "VG-WEB-02", Outcome.CLEAR)]
    for number in range(extra):
        portal = more(number)
        made.watched.append(clean_row(portal))
        made.judged += [told(portal.id, rule.id, Outcome.CLEAR) for rule in RULES]
    return made


def more(number: int) -> Portal:
    """One of many communes."""
    return Portal(id=f"xa-{number:05}", url=f"https://xa{number:05}.tinh.example/", name=f"Cổng thông tin điện tử xã số {number}")


def declared(extra: int = 0) -> Declared:
    """The five portals, and `extra` communes."""
    return msgspec.structs.replace(SITE, portals=(*PORTALS, *(more(number) for number in range(extra))))


def png(width: int = 320, height: int = 180) -> bytes:
    """A small picture: a band of blue over white."""
    lines = b"".join(b"\0" + (b"\x20\x40\x90" if y < height // 4 else b"\xfa\xfa\xfa") * width for y in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


class Kept:
    """An evidence store in memory; it remembers what it was asked for."""

    def __init__(self, pictures: dict[str, bytes] | None = None, packages: dict[str, bytes] | None = None, broken: bool = False) -> None:
        self.pictures, self.packages, self.broken = pictures or {}, packages or {}, broken
        self.asked: list[str] = []

    def picture(self, capture: str) -> bytes | None:
        self.asked.append(capture)
        if self.broken:
            raise OSError("disk")
        return self.pictures.get(capture)

    def package(self, change: Change, out: Path) -> bool:
        if self.broken:
            raise OSError("disk")
        kept = self.packages.get(change.finding.id)
        if kept is not None:
            out.write_bytes(kept)
        return kept is not None
