"""What a package shows, in Vietnamese, for people who open no WARC. Addresses cannot be clicked by mistake: `hxxps://`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from collector.sensors.portals.evidence.store import Capture
from model.ledger import Change
from model.portals.declared import Portal
from model.text import shown
from model.times import local
from model.verdict import Grade, Severity
from model.webfacts import Hop, HopKind, Sign
from model.wording.portal_common import PERSONA
from model.wording.portal_terms import SIGN

_SEVERITY = {Severity.LOW: "THẤP", Severity.MEDIUM: "TRUNG BÌNH", Severity.HIGH: "CAO", Severity.CRITICAL: "NGHIÊM TRỌNG"}
_GRADE = {
    Grade.PROVEN: "đã chứng minh",
    Grade.CONFIRMED: "đã xác nhận",
    Grade.LIKELY: "có khả năng",
    Grade.INFERRED: "suy luận",
    Grade.BY_DESIGN: "do thiết kế",
}
_STATE = {"pending": "chờ xác nhận", "open": "đang mở", "accepted": "đã chấp nhận có thời hạn", "resolved": "đã đóng", "lapsed": "hết hạn theo dõi"}
_HOW: dict[HopKind, str] = {
    "asked": "địa chỉ được mở",
    "http": "chuyển hướng HTTP",
    "refresh": "tiêu đề Refresh",
    "meta": "thẻ meta refresh",
    "script": "mã JavaScript",
    "form": "biểu mẫu tự gửi",
    "popup": "cửa sổ bật lên",
    "frame": "khung phủ trang",
    "rendered": "trình duyệt tự chuyển",
}
_LONGEST = 600
_MOST_SIGNS = 12

_CHECK = """KIỂM TRA TOÀN VẸN
  Giải nén rồi chạy trong thư mục đó: sha256sum -c SHA256SUMS
  Trên Windows: certutil -hashfile TỆP SHA256, rồi so với dòng của tệp trong SHA256SUMS.
  Tên mỗi gói là 24 chữ số đầu của mã SHA-256 của chính tệp .warc.gz.
  Tệp .warc.gz (chuẩn WARC 1.1, ISO 28500) giữ nguyên từng yêu cầu, từng trả lời, địa chỉ máy chủ và giờ; manifest.json ghi từng bước ở dạng máy đọc.
  Cẩn thận: trong gói có trang của kẻ tấn công. Chỉ mở trên máy cách ly, không bấm vào địa chỉ nào."""


def summary(change: Change, captures: Sequence[Capture], portal: Portal | None, *, missing: Sequence[str] = (), changed: Sequence[str] = ()) -> str:
    """The text of `tom-tat.txt`, lines ended by line feeds."""
    return "\n".join((*_finding(change), *_portal(change, portal), *_looks(captures, changed), *_missing(missing), "", _CHECK, ""))


def inert(url: str) -> str:
    """An address that no program makes a link of, nor of one inside it."""
    return re.sub(r"([a-z0-9+.-]*)://", _inert, shown(url, _LONGEST), flags=re.IGNORECASE)


def _inert(found: re.Match[str]) -> str:
    scheme = found[1].lower()
    # A finding's own sentence is inert already.
    return f"hxxp{scheme[4:]}://" if scheme in ("http", "https", "hxxp", "hxxps") else f"{scheme}[://]"


def _finding(change: Change) -> Iterator[str]:
    finding = change.finding
    yield "GÓI CHỨNG CỨ · Vọng Gác"
    yield ""
    yield f"{_SEVERITY[finding.severity]} · {inert(finding.title.vi)}"
    yield inert(finding.summary.vi)
    yield ""
    yield f"Phát hiện: {finding.detector}/{finding.id} · {_STATE[finding.state]} · điểm {shown(finding.site)}"
    yield f"Mức chắc chắn: {_GRADE[finding.grade]}"
    yield f"Thấy từ: {local(finding.since)} (giờ Việt Nam); báo lúc {local(finding.opened)}; cập nhật {local(finding.updated)}"
    if finding.times > 1:
        yield f"Đã tái diễn: đây là lần thứ {finding.times}"


def _portal(change: Change, portal: Portal | None) -> Iterator[str]:
    yield f"Cổng: {shown(portal.name if portal and portal.name else change.name or change.finding.subject.id, 200)} (mã {shown(change.finding.subject.id)})"
    if portal is not None:
        yield f"Địa chỉ: {inert(portal.url)}"
        yield f"Đơn vị chủ quản: {shown(portal.owner, 200) or 'chưa khai báo'} · đơn vị xây dựng: {shown(portal.vendor, 200) or 'chưa khai báo'}"


def _looks(captures: Sequence[Capture], changed: Sequence[str]) -> Iterator[str]:
    yield ""
    yield f"NHỮNG LẦN NHÌN ĐƯỢC GIỮ LẠI ({len(captures)})"
    for number, capture in enumerate(captures, start=1):
        yield from _look(number, capture, intact=capture.name not in changed)


def _look(number: int, capture: Capture, *, intact: bool) -> Iterator[str]:
    story = capture.story
    rendered = " · bằng trình duyệt thật" if story.rendered else ""
    yield ""
    yield f"{number}. {local(story.at)} (giờ Việt Nam) · kiểu người truy cập: {_who(story.persona)}{rendered}"
    yield f"   Nhìn từ: hộp {shown(story.box) or '-'}, vị trí {shown(story.vantage) or '-'} · lần nhìn {shown(capture.look)}"
    for step, hop in enumerate(story.hops):
        yield f"   bước {step}: {_hop(hop)}"
    yield from (f"   lối khác, không đi theo: {_hop(hop)}" for hop in story.offered[:_MOST_SIGNS])
    if story.failed:
        yield f"   Không thấy hết trang: {shown(story.failed)} {inert(story.detail)}".rstrip()
    if story.title:
        yield f"   Tiêu đề trang cuối: “{inert(story.title)}”"
    yield from (f"   dấu hiệu: {_sign(sign)}" for sign in story.signs[:_MOST_SIGNS])
    yield f"   Gói: captures/{capture.name}.warc.gz · SHA-256 lúc giữ: {capture.sha256}"
    if not intact:
        yield "   CẢNH BÁO: tệp này đã khác so với lúc được giữ lại, không dùng làm chứng cứ nếu chưa rõ vì sao."


def _who(persona: str) -> str:
    return f"{PERSONA[persona].vi} ({persona})" if persona in PERSONA else shown(persona)


def _hop(hop: Hop) -> str:
    told = [_HOW[hop.how], inert(hop.url)]
    if hop.status:
        told.append(f"trả lời {hop.status}")
    if hop.address:
        told.append(f"máy chủ {shown(hop.address)}")
    if hop.delay:
        told.append(f"sau {hop.delay:g} giây")
    if hop.folded:
        told.append(f"gỡ bằng {shown(hop.folded)}")
    if hop.trouble:
        told.append(f"trục trặc {shown(hop.trouble)}")
    if hop.digest:
        told.append(f"SHA-256 {shown(hop.digest)}")
    return " · ".join(told)


def _sign(sign: Sign) -> str:
    told = [
        f"{SIGN[sign.kind].vi} ({sign.kind})" if sign.kind in SIGN else sign.kind,
        f"“{inert(sign.value)}”" if sign.value else "",
        f"ở {shown(sign.where)}" if sign.where else "",
        ", ".join(map(shown, sign.hosts[:8])),
    ]
    return " · ".join(filter(None, told))


def _missing(missing: Sequence[str]) -> Iterator[str]:
    if missing:
        yield ""
        yield f"KHÔNG CÒN {len(missing)} gói (đã bỏ vì hết chỗ, hoặc hỏng): {', '.join(map(shown, missing))}"
