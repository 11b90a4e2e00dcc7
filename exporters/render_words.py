"""The words of alerts: one table for grades, severities, states, steps and causes, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.text import Text
from model.verdict import Grade, Outcome, Severity, Urgency

if TYPE_CHECKING:
    from model.ledger import CauseKind, FindingState, Step

SEVERITIES: dict[Severity, Text] = {
    Severity.LOW: Text("thấp", "low"),
    Severity.MEDIUM: Text("trung bình", "medium"),
    Severity.HIGH: Text("cao", "high"),
    Severity.CRITICAL: Text("nghiêm trọng", "critical"),
}

GRADES: dict[Grade, Text] = {
    Grade.PROVEN: Text("đã chứng minh", "proven"),
    Grade.CONFIRMED: Text("đã xác nhận", "confirmed"),
    Grade.LIKELY: Text("có khả năng", "likely"),
    Grade.INFERRED: Text("suy luận", "inferred"),
    Grade.BY_DESIGN: Text("do thiết kế", "by design"),
}

STATES: dict[FindingState, Text] = {
    "pending": Text("đang xem xét", "pending"),
    "open": Text("đang mở", "open"),
    "accepted": Text("đã chấp nhận rủi ro", "accepted"),
    "resolved": Text("đã khắc phục", "resolved"),
    "lapsed": Text("mất dấu", "lapsed"),
}

OUTCOMES: dict[Outcome, Text] = {
    Outcome.VIOLATION: Text("vi phạm", "violation"),
    Outcome.CLEAR: Text("đạt", "clear"),
    Outcome.UNKNOWN: Text("chưa rõ", "unknown"),
    Outcome.NOT_APPLICABLE: Text("không áp dụng", "not applicable"),
}

URGENCIES: dict[Urgency, Text] = {
    Urgency.PAGE: Text("gọi trực", "page"),
    Urgency.TICKET: Text("đưa vào hàng việc", "ticket"),
    Urgency.REPORT: Text("chỉ báo cáo", "report"),
}

STEPS: dict[Step, Text] = {
    "opened": Text("phát hiện mới", "opened"),
    "updated": Text("cập nhật", "updated"),
    "resolved": Text("đã khắc phục", "resolved"),
    "lapsed": Text("mất dấu", "lapsed"),
    "reopened": Text("tái diễn", "came back"),
    "accepted": Text("đã chấp nhận rủi ro", "risk accepted"),
    "acknowledged": Text("đã tiếp nhận", "acknowledged"),
    "expired": Text("hết hạn chấp nhận rủi ro", "acceptance expired"),
}

CAUSES: dict[CauseKind, Text] = {
    "observed": Text("quan sát được", "observed"),
    "policy": Text("sửa khai báo", "edit of the declared data"),
    "rule_version": Text("quy tắc phát hiện đổi phiên bản", "new version of the rule"),
    "act": Text("người phụ trách thao tác", "a person's act"),
    "merged": Text("thiết bị được nhập với thiết bị khác", "device merged with another"),
}

# Whom an asset or a network serves.
ROLES: dict[str, Text] = {
    "citizen": Text("người dân", "citizens"),
    "staff": Text("cán bộ", "staff"),
    "display": Text("màn hình", "screens"),
    "infrastructure": Text("hạ tầng", "infrastructure"),
    "unlabelled": Text("chưa khai báo", "not declared"),
}

# A screen's four lamps, and what each may be.
LAMPS: dict[str, Text] = {
    "present": Text("Có mặt", "Present"),
    "enabled": Text("Đang bật", "Enabled"),
    "open": Text("Mở, không bảo vệ", "Open"),
    "in_session": Text("Đang trình chiếu", "In session"),
}
LIT: dict[str, Text] = {"yes": Text("có", "yes"), "no": Text("không", "no"), "unknown": Text("chưa rõ", "unknown")}

# Only what was observed may be told as over; the other ends are told as what they are (findings.md).
ENDINGS: dict[CauseKind, Text] = {
    "observed": Text("đã khắc phục", "resolved"),
    "policy": Text("đóng do sửa khai báo", "closed by an edit of the declared data"),
    "rule_version": Text("đóng do đổi quy tắc", "closed by a new version of the rule"),
    "act": Text("đóng bởi người phụ trách", "closed by a person"),
    "merged": Text("đóng do nhập thiết bị trùng", "closed by merging devices"),
}

NOT_REPAIRED = Text("Chưa có căn cứ là đã khắc phục.", "Nothing shows that it was repaired.")
NOT_SEEN_ANY_MORE = Text(
    "Không còn nhìn thấy đối tượng; không có nghĩa là đã khắc phục.",
    "The subject is no longer seen; this does not mean that it was repaired.",
)
SEEN = Text("thấy", "seen")
BY = Text("bởi", "by")
UNTIL = Text("đến", "until")
OPEN_SINCE = Text("mở từ", "open since")
TIMES = Text("lần thứ", "time number")
EVIDENCE = Text("Căn cứ", "Evidence")
CODE = Text("Mã", "Code")
SUBJECT = Text("Đối tượng", "Subject")
LOCAL_TIME = Text("giờ Việt Nam", "UTC+7")
