"""Looks to keep, and a clock moved by hand."""

from __future__ import annotations

import zlib
from pathlib import Path

from collector.clock import SystemClock
from collector.sensors.portals.evidence import Recorded, Store, Story
from model.ledger import Change, Finding
from model.portals.declared import Portal
from model.text import Text
from model.times import SECOND
from model.verdict import Evidence, Grade, Severity, Subject, Urgency
from model.webfacts import Hop, Sign

START = 1_752_541_443 * SECOND
PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 50
TARGET = "https://nhacai77.example/vao?a=1"
PORTAL = Portal(id="xa-mau", url="https://xamau.example/", name="Cổng thông tin xã Mẫu", owner="UBND xã Mẫu", vendor="Công ty A")


class HandClock(SystemClock):
    def __init__(self) -> None:
        self.at = START

    def now(self) -> int:
        return self.at


def store_in(folder: Path, max_bytes: int = 1 << 30, clock: HandClock | None = None) -> Store:
    return Store(folder, max_bytes, clock or HandClock(), "vonggac/9.9")


def exchanges(body: bytes = b"<html>nh\xc3\xa0 c\xc3\xa1i</html>") -> list[Recorded]:
    return [
        Recorded(
            url="https://xamau.example/",
            started=START,
            finished=START + SECOND,
            request_headers=(("Host", "xamau.example"), ("User-Agent", "Mozilla/5.0 (Linux; Android 15)"), ("Referer", "https://www.google.com/")),
            status=302,
            reason="Found",
            response_headers=(("Server", "nginx"), ("Location", TARGET), ("Content-Length", "0")),
            address="103.28.36.1",
            issuer="CN=Test CA",
            certificate="ab" * 32,
        ),
        Recorded(
            how="http",
            url=TARGET,
            started=START + 2 * SECOND,
            request_headers=(("User-Agent", "Mozilla/5.0 (Linux; Android 15)"),),
            status=200,
            reason="OK",
            response_headers=(("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"), ("X-Odd", "\udcff\r\nX-False: 1")),
            body=body,
            truncated=True,
            address="2001:db8::1",
            trouble="tls:name",
        ),
        Recorded(how="script", url="http://10.0.0.1/á b", started=START + 4 * SECOND, trouble="refused:private"),
    ]


def story(at: int = START, **changes: object) -> Story:
    whole = {
        "at": at,
        "url": "https://xamau.example/",
        "persona": "mobile",
        "box": "hop-1",
        "vantage": "xa-mau",
        "part": "home",
        "round": "r1",
        "title": "Nhà cái\u202e số 1",
        "hops": (
            Hop(how="asked", url="https://xamau.example/", host="xamau.example", status=302, address="103.28.36.1"),
            Hop(how="http", url=TARGET, host="nhacai77.example", status=200, delay=3.5, digest="cd" * 32),
        ),
        "signs": (Sign(kind="promotion", value="nạp rút siêu tốc https://b.example", where="div#a", gambling=True),),
    }
    return Story(**whole | changes)  # type: ignore[arg-type]


def noise(size: int, seed: int) -> bytes:
    """Bytes that do not compress, the same each time."""
    state, out = zlib.crc32(str(seed).encode()), bytearray()
    while len(out) < size:
        state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        out += state.to_bytes(8, "little")
    return bytes(out[:size])


def finding_change() -> Change:
    return Change(
        step="opened",
        at=START + 60 * SECOND,
        name="Cổng thông tin xã Mẫu",
        finding=Finding(
            id="0123456789ab",
            detector="VG-WEB-01",
            version=1,
            site="diem-1",
            subject=Subject("portal", "xa-mau"),
            state="open",
            severity=Severity.CRITICAL,
            grade=Grade.CONFIRMED,
            urgency=Urgency.PAGE,
            since=START,
            opened=START + 60 * SECOND,
            updated=START + 60 * SECOND,
            times=2,
            title=Text("Cổng thông tin chuyển khách dùng điện thoại sang trang cá cược", "The portal sends phones to a betting page"),
            summary=Text("Hai lần cách nhau 61 giây.", "Twice, 61 seconds apart."),
            evidence=(Evidence("url_host", "nhacai77.example", START),),
        ),
    )
