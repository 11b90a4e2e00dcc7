"""What an operator reads when the way to Elasticsearch does not work: each sentence names what to look at."""

from __future__ import annotations

from model.text import Text

LOGIN = Text(
    "máy chủ Elasticsearch không nhận đăng nhập (401): hãy kiểm tra api_key_file, hoặc username và password_file",
    "Elasticsearch does not take the login (401): check api_key_file, or username and password_file",
)
RIGHTS = Text(
    "tài khoản Elasticsearch thiếu quyền (403): cần create_doc và auto_configure trên logs-vonggac.*",
    "the Elasticsearch login lacks a right (403): create_doc and auto_configure on logs-vonggac.* are needed",
)
MANAGE = Text(
    "tài khoản Elasticsearch không phải của người quản trị (403): cần manage_index_templates, và manage trên logs-vonggac.*",
    "the Elasticsearch login is not an administrator's (403): manage_index_templates, and manage on logs-vonggac.* are needed",
)
TEMPLATE = Text(
    "máy chủ Elasticsearch chưa có mẫu cho luồng dữ liệu (404): người quản trị cần chạy vonggac es bootstrap",
    "Elasticsearch has no template for the data stream (404): an administrator has to run vonggac es bootstrap",
)
NOT_THERE = Text("máy chủ không có địa chỉ này (404): hãy kiểm tra urls", "the server has no such address (404): check urls")
BLOCKED = Text(
    "máy chủ Elasticsearch đang bị khóa ghi: hãy báo người quản trị máy chủ",
    "Elasticsearch is blocked for writing: tell its administrator",
)
FULL = Text("ổ đĩa của máy chủ Elasticsearch đã đầy: hãy báo người quản trị máy chủ", "the disk of Elasticsearch is full: tell its administrator")
CLUSTER = Text(
    "máy chủ Elasticsearch không mở được luồng dữ liệu: hãy báo người quản trị máy chủ",
    "Elasticsearch cannot open the data stream: tell its administrator",
)
BUSY = Text("máy chủ Elasticsearch quá tải, yêu cầu gửi chậm lại (429)", "Elasticsearch is overloaded and asks to slow down (429)")
FAILING = Text("máy chủ Elasticsearch gặp lỗi", "Elasticsearch fails")
VERSION = Text(
    "phiên bản máy chủ Elasticsearch không hợp: chương trình này gửi tới bản 8.19 và 9.x",
    "the Elasticsearch version does not fit: this program sends to 8.19 and 9.x",
)
STRANGER = Text(
    "nơi trả lời không phải Elasticsearch (có thể là trang đăng nhập mạng, proxy hoặc OpenSearch): hãy kiểm tra urls và đường mạng",
    "what answers is not Elasticsearch (perhaps a network's log-in page, a proxy or OpenSearch): check urls and the line",
)
MOVED = Text("máy chủ chuyển hướng sang nơi khác, không đi theo: hãy kiểm tra urls", "the server redirects, which is not followed: check urls")
ODD = Text("máy chủ Elasticsearch trả lời ngoài dự kiến", "the answer of Elasticsearch was not expected")
TOO_LARGE = Text("tài liệu lớn hơn mức máy chủ nhận (413)", "the document is larger than the server takes (413)")
REFUSED = Text("máy chủ Elasticsearch từ chối tài liệu", "Elasticsearch refuses the document")

SILENT = Text("máy chủ Elasticsearch không trả lời kịp", "Elasticsearch did not answer in time")
NO_NAME = Text("không phân giải được tên máy chủ Elasticsearch: hãy kiểm tra urls và DNS", "the name of Elasticsearch cannot be resolved: check urls and DNS")
NO_WAY = Text("không kết nối được tới máy chủ Elasticsearch", "Elasticsearch cannot be reached")
CUT = Text("kết nối tới máy chủ Elasticsearch bị cắt giữa chừng", "the connection to Elasticsearch was cut")
EXPIRED = Text(
    "chứng thư của máy chủ Elasticsearch đã hết hạn hoặc chưa có hiệu lực, hoặc đồng hồ máy này sai",
    "the certificate of Elasticsearch has expired or is not valid yet, or this machine's clock is wrong",
)
WRONG_NAME = Text(
    "chứng thư của máy chủ Elasticsearch không cấp cho tên ghi trong urls: hãy dùng đúng tên trong chứng thư",
    "the certificate of Elasticsearch is not for the name in urls: use the name that is in it",
)
UNTRUSTED = Text(
    "chứng thư của máy chủ Elasticsearch không do nơi tin cậy cấp: hãy kiểm tra ca_file",
    "the certificate of Elasticsearch is from nobody we trust: check ca_file",
)
NO_TLS = Text("không bắt tay TLS được với máy chủ Elasticsearch: hãy kiểm tra https trong urls", "no TLS with Elasticsearch: check https in urls")
