"""The page that tells officers what is read on their PCs and what is not, made from the catalogue itself: what is asked anew stands there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from collector.catalogue.lists import lists
from collector.catalogue.shapes import Catalogue, Query
from model.remote.products import BY_ID
from model.times import HOUR

_HEAD: Final = """# Máy tính của bạn được đọc những gì

Trang này dành cho cán bộ dùng máy tính ở điểm phục vụ hành chính công. Nó được làm ra từ chính bộ câu hỏi gửi tới máy
(bản {version}); bộ câu hỏi đổi thì trang này đổi theo.

**Nói gọn:** chương trình osquery trên máy trả lời {count} câu hỏi cố định về *tình trạng an toàn của máy*: con số, có hoặc không,
số ngày, tên phần mềm và loại thiết bị. Nó không đọc nội dung công việc.

## Không rời khỏi máy

- mật khẩu, kể cả mật khẩu đã lưu trong trình duyệt; tên đăng nhập; mã PIN
- địa chỉ trang web đã vào, lịch sử duyệt web, dấu trang, cookie
- tên tệp, tên thư mục, nội dung tệp, hình ảnh
- tên người, tên tài khoản, địa chỉ thư điện tử, số định danh, số điện thoại
- nội dung màn hình, bàn phím, bảng nhớ tạm, micro, camera
- khóa sản phẩm Windows và Office

Việc đếm (bao nhiêu mật khẩu đã lưu, bao nhiêu tệp giống giấy tờ) và việc so tên (tài khoản chung chung, tài khoản trình duyệt của
cơ quan) làm ngay trên máy; chỉ con số đi ra. Số sê-ri của máy, của USB và mã định danh tài khoản đi tới hộp đặt ở điểm, được hộp đổi
ngay thành mã không đảo ngược được. Hộp chỉ nhận đúng các mục đã khai cho từng câu hỏi, phần khác bị bỏ; câu trả lời thô không được
ghi ra đĩa.

Để biết tài khoản quản trị có bị dùng hằng ngày, hộp nhớ tối đa 40 ngày: mỗi ngày có những mã tài khoản nào làm việc trên máy và mã nào
có quyền quản trị. Hộp không biết mã đó là ai, không ghi giờ vào ra từng người.

## Ai hỏi được, ai xem được

- Hộp chỉ gửi những câu hỏi dưới đây, do tỉnh ký; câu hỏi đã sửa hoặc ký bằng khóa lạ bị hộp từ chối. Không ai gõ được câu hỏi tùy ý.
- Trên máy, cấu hình cài đặt tắt sẵn việc lấy tệp và các bảng nhạy cảm của osquery. Không có lệnh nào được gửi tới máy.
- Kết quả chỉ dùng để phát hiện máy chưa an toàn. Người xem: bộ phận phụ trách an toàn thông tin của điểm và của tỉnh.
- Căn cứ: Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15 và Nghị định 356/2025/NĐ-CP (từ 01/01/2026).

## Từng câu hỏi
"""

_TAIL: Final = """
## Phần mềm điều khiển từ xa được tìm

{tools}.

## Thắc mắc

Hỏi cán bộ phụ trách công nghệ thông tin của điểm. Muốn tự xem: bộ câu hỏi đã ký nằm trên hộp và mở được bằng `vonggac endpoints catalogue check`.
"""


def page(catalogue: Catalogue) -> str:
    """The whole page as Markdown, in Vietnamese."""
    queries = {query.topic: query for query in reversed(catalogue.queries) if "windows" in query.platforms}
    ordered = sorted(queries.values(), key=lambda query: (min(query.findings, default=99), query.topic))
    tools = ", ".join(sorted((BY_ID[name].name for name, row in lists()["remote_tools"].items() if isinstance(row, dict)), key=str.lower))
    return _HEAD.format(version=catalogue.version, count=len(ordered)) + "".join(_entry(query) for query in ordered) + _TAIL.format(tools=tools)


def _entry(query: Query) -> str:
    lines = (
        f"\n### {query.title.vi}\n",
        f"- **Đọc:** {query.read.vi}.",
        f"- **Không đọc:** {query.unread.vi}.",
        f"- **Để làm gì:** {query.why.vi}",
        f"- **Bao lâu một lần:** {_how_often(query)}." + _findings(query.findings),
    )
    return "\n".join(lines) + "\n"


def _how_often(query: Query) -> str:
    every = f"khi máy bật và lần trả lời trước đã quá {query.freshness // HOUR} giờ"
    return every if query.schedule is None else f"{query.schedule // 60} phút khi máy đang bật"


def _findings(numbers: Sequence[int]) -> str:
    return f" Trả lời tồn tại số {', '.join(map(str, numbers))} của đoàn kiểm tra." if numbers else ""
