"""The words of the pages about PCs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from model.text import Text
from model.wording.pc_common import TOPICS

# The head of each column of the matrix: a word or two.
CHECKS: Final = {
    "VG-END-01": Text("Ngoại vi", "Peripherals"),
    "VG-END-02": Text("Diệt vi-rút", "Antivirus"),
    "VG-END-03": Text("Mật khẩu lưu", "Saved passwords"),
    "VG-END-04": Text("Đăng nhập", "Log-on"),
    "VG-END-05": Text("Bản quyền", "Licence"),
    "VG-END-06": Text("Bản vá", "Patches"),
    "VG-END-07": Text("Quyền quản trị", "Admin rights"),
    "VG-END-08": Text("Điều khiển từ xa", "Remote control"),
    "VG-END-09": Text("Giấy tờ giữ lại", "Papers kept"),
    "VG-END-10": Text("Tường lửa", "Firewall"),
    "VG-END-11": Text("Nhận chiếu hình", "Projecting"),
}

USES: Final = {
    "office": Text("làm việc", "office"),
    "counter": Text("quầy tiếp nhận", "counter"),
    "kiosk": Text("người dân tra cứu", "kiosk"),
    "admin": Text("quản trị", "administration"),
    "server": Text("máy chủ", "server"),
}

SOURCES: Final = {
    "osquery": Text("máy tự báo", "the PC itself"),
    "portable": Text("USB kiểm tra", "inspection stick"),
    "script": Text("tập lệnh kiểm tra", "facts script"),
    "ksc": Text("báo cáo Kaspersky", "Kaspersky report"),
    "inventory": Text("báo cáo kiểm kê", "inventory report"),
}

TROUBLES: Final = {
    "failed": Text("máy trả lời lỗi", "answered with an error"),
    "denied": Text("máy tự chặn vì quá tải", "blocked by the PC, overloaded"),
    "refused": Text("sai mẫu nên bị bỏ", "not of the allowed form, dropped"),
    "absent": Text("không áp dụng cho máy này", "not for this PC"),
    "script": Text("cần chạy tập lệnh kiểm tra", "needs the facts script"),
}

# How old the answers are that a verdict rests on.
AGES: Final = {
    "fresh": Text("còn mới", "fresh"),
    "aged": Text("đã cũ", "aged"),
    "old": Text("quá cũ hoặc chưa có", "too old or none"),
}

TERMS: Final[Mapping[str, Mapping[Any, Text]]] = {
    "pc_check": CHECKS,
    "pc_use": USES,
    "pc_source": SOURCES,
    "pc_trouble": TROUBLES,
    "pc_age": AGES,
    "pc_topic": {
        **TOPICS,
        "programs": Text("phần mềm không rõ hãng", "programs of unknown makers"),
        "shares": Text("thư mục chia sẻ", "shared folders"),
        "agent": Text("phần mềm báo cáo", "the agent"),
    },
}

PHRASES: Final = {
    "pcs": Text("Máy tính", "PCs"),
    "pc": Text("Máy", "PC"),
    "pcs_none": Text("Không máy nào có phát hiện đang mở", "No PC has an open finding"),
    "pcs_one": Text("1 máy có phát hiện đang mở", "1 PC has an open finding"),
    "pcs_many": Text("{n} máy có phát hiện đang mở", "{n} PCs have open findings"),
    "pcs_of": Text("trên {n} máy đã khai hoặc đã báo về, {m} im lặng", "of {n} PCs enrolled or heard, {m} silent"),
    "pcs_not_safe": Text(
        "Không có phát hiện không có nghĩa là an toàn: máy im lặng chưa ai kiểm tra.", "No findings does not mean safe: nobody checked the silent ones."
    ),
    "pcs_undeclared": Text(
        "Chưa có máy nào: khai enrolled.csv và cài bộ báo cáo của tỉnh (docs/endpoint.md).",
        "No PC yet: declare enrolled.csv and install the province’s kit (docs/endpoint.md).",
    ),
    "pcs_no_match": Text("Không máy nào khớp bộ lọc này.", "No PC matches these filters."),
    "pcs_shown": Text("{n} máy", "{n} PCs"),
    "pcs_search": Text("Tìm tên, mã máy, người phụ trách", "Name, id, owner"),
    "pcs_unwatched": Text("Hộp này chưa xét máy tính (không có quy tắc VG-END).", "This box does not judge PCs (no VG-END rules)."),
    "pcs_note": Text(
        "Mỗi cột một nội dung kiểm tra; dưới mỗi dấu là tuổi câu trả lời. Dấu nhạt dần: câu trả lời đã cũ. Vòng gạch chéo: chưa rõ.",
        "One column a check; below each mark the age of the answer. A paler mark: an aged answer. Hatched ring: unknown.",
    ),
    "pc_last": Text("Báo gần nhất", "Last heard"),
    "pc_never": Text("chưa báo lần nào", "never reported"),
    "pc_silent": Text("im lặng", "silent"),
    "pc_no_answer": Text("chưa có", "none"),
    "pc_unjudged": Text("Chưa có kết luận nào về máy này.", "Nothing was concluded about this PC."),
    "pc_unlisted": Text("không có trong enrolled.csv", "not in enrolled.csv"),
    "pc_owner": Text("Phụ trách: {name}", "Owner: {name}"),
    "pc_people": Text("{n} người dùng chung", "shared by {n} people"),
    "pc_agent": Text("osquery {version}", "osquery {version}"),
    "pc_skew": Text("đồng hồ lệch {span}", "clock off by {span}"),
    "pc_findings": Text("Phát hiện về máy này", "Findings about this PC"),
    "pc_no_findings": Text("Không có phát hiện nào đang mở.", "No finding is open."),
    "pc_checks": Text("Từng nội dung kiểm tra", "Each check"),
    "pc_check": Text("Nội dung", "Check"),
    "pc_rests_on": Text("Dựa trên câu trả lời", "Rests on answers of"),
    "pc_answers": Text("Các câu trả lời", "Answers"),
    "pc_answers_note": Text(
        "Chỉ có số đếm, công tắc, ngày và tên sản phẩm: không có tên người, tên tệp, nội dung.",
        "Counts, switches, days and products only: no name of a person or file, no content.",
    ),
    "pc_question": Text("Hỏi gì", "Question"),
    "pc_answered": Text("Trả lời lúc", "Answered"),
    "pc_by": Text("Bằng", "By"),
    "pc_trouble": Text("Trục trặc", "Trouble"),
    "pc_content": Text("Nội dung trả lời", "What it said"),
    "pc_on_wire": Text("Xem trên mạng", "See it on the network"),
}
