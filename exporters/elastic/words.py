"""What an operator reads when the way to Elasticsearch or OpenSearch does not work: each sentence names what to look at.

Which of the two it is, stands in the sink's options; the runner puts the sink's name before each sentence.
"""

from __future__ import annotations

from model.text import Text

LOGIN = Text(
    "máy chủ không nhận đăng nhập (401): hãy kiểm tra api_key_file, hoặc username và password_file",
    "the server does not take the login (401): check api_key_file, or username and password_file",
)
RIGHTS = Text(
    "tài khoản thiếu quyền (403): cần quyền ghi thêm vào logs-vonggac.*, xem docs/elasticsearch.md",
    "the login lacks a right (403): to append to logs-vonggac.*, see docs/elasticsearch.md",
)
MANAGE = Text(
    "tài khoản không phải của người quản trị (403): cần quyền quản lý mẫu chỉ mục và logs-vonggac.*, xem docs/elasticsearch.md",
    "the login is not an administrator's (403): to manage index templates and logs-vonggac.*, see docs/elasticsearch.md",
)
TEMPLATE = Text(
    "máy chủ chưa có mẫu cho luồng dữ liệu (404): người quản trị cần chạy vonggac es bootstrap",
    "the server has no template for the data stream (404): an administrator has to run vonggac es bootstrap",
)
NO_STREAM = Text(
    "máy chủ đã tạo một chỉ mục thường trùng tên luồng dữ liệu: người quản trị cần xóa chỉ mục đó rồi chạy vonggac es bootstrap",
    "the server made an ordinary index with the name of the data stream: an administrator has to delete it and to run vonggac es bootstrap",
)
NOT_THERE = Text("máy chủ không có địa chỉ này (404): hãy kiểm tra urls", "the server has no such address (404): check urls")
BLOCKED = Text(
    "máy chủ đang bị khóa ghi: hãy báo người quản trị máy chủ",
    "the server is blocked for writing: tell its administrator",
)
FULL = Text("ổ đĩa của máy chủ đã đầy: hãy báo người quản trị máy chủ", "the disk of the server is full: tell its administrator")
CLUSTER = Text(
    "máy chủ không mở được luồng dữ liệu: hãy báo người quản trị máy chủ",
    "the server cannot open the data stream: tell its administrator",
)
BUSY = Text("máy chủ quá tải, yêu cầu gửi chậm lại (429)", "the server is overloaded and asks to slow down (429)")
FAILING = Text("máy chủ gặp lỗi", "the server fails")
VERSION = Text(
    "phiên bản máy chủ không hợp: chương trình này gửi tới Elasticsearch 8.19, 9.x và OpenSearch 3.x",
    "the server's version does not fit: this program sends to Elasticsearch 8.19, 9.x and OpenSearch 3.x",
)
STRANGER = Text(
    "nơi trả lời không phải máy chủ loại đã ghi ở dialect (có thể là trang đăng nhập mạng hoặc proxy): hãy kiểm tra urls, dialect và đường mạng",
    "what answers is not a server of the kind in dialect (perhaps a network's log-in page or a proxy): check urls, dialect and the line",
)
MOVED = Text("máy chủ chuyển hướng sang nơi khác, không đi theo: hãy kiểm tra urls", "the server redirects, which is not followed: check urls")
ODD = Text("máy chủ trả lời ngoài dự kiến", "the answer of the server was not expected")
TOO_LARGE = Text("tài liệu lớn hơn mức máy chủ nhận (413)", "the document is larger than the server takes (413)")
REFUSED = Text("máy chủ từ chối tài liệu", "the server refuses the document")
SET_ASIDE = Text(
    "máy chủ không nhận tài liệu vào luồng mà cất sang kho lỗi của nó (failure store): hãy báo người quản trị máy chủ",
    "the server did not take the document into the stream but into its failure store: tell its administrator",
)

SILENT = Text("máy chủ không trả lời kịp", "the server did not answer in time")
NO_NAME = Text("không phân giải được tên máy chủ: hãy kiểm tra urls và DNS", "the name of the server cannot be resolved: check urls and DNS")
NO_WAY = Text("không kết nối được tới máy chủ", "the server cannot be reached")
CUT = Text("kết nối tới máy chủ bị cắt giữa chừng", "the connection to the server was cut")
EXPIRED = Text(
    "chứng thư của máy chủ đã hết hạn hoặc chưa có hiệu lực, hoặc đồng hồ máy này sai",
    "the certificate of the server has expired or is not valid yet, or this machine's clock is wrong",
)
WRONG_NAME = Text(
    "chứng thư của máy chủ không cấp cho tên ghi trong urls: hãy dùng đúng tên trong chứng thư",
    "the certificate of the server is not for the name in urls: use the name that is in it",
)
UNTRUSTED = Text(
    "chứng thư của máy chủ không do nơi tin cậy cấp: hãy kiểm tra ca_file",
    "the certificate of the server is from nobody we trust: check ca_file",
)
NO_TLS = Text("không bắt tay TLS được với máy chủ: hãy kiểm tra https trong urls", "no TLS with the server: check https in urls")
