"""What VG-NET-10 says."""

from __future__ import annotations

from model.text import Text, shown

TITLE = Text("Kích hoạt bản quyền bằng máy chủ lậu", "Licence activation by a pirate's server")
CLOSING = Text("30 ngày không còn dấu hiệu trong khi vẫn thấy máy trên mạng.", "30 days without a sign while the PC is seen on the network.")
REMEDY = (
    Text(
        "Trên máy: chạy slmgr /dlv (Windows), ospp.vbs /dstatus (Office) để xem máy chủ kích hoạt.",
        "On the PC: run slmgr /dlv (Windows) and ospp.vbs /dstatus (Office) to see the activation server.",
    ),
    Text("Gỡ công cụ kích hoạt lậu, quét mã độc, dùng bản quyền của cơ quan.", "Remove the activation tool, scan for malware, use the office's licence."),
    Text(
        "Máy chủ KMS của cơ quan, của tỉnh: ghi vào declared/kms_servers.csv.",
        "If it is the office's or the province's KMS server: enter it in declared/kms_servers.csv.",
    ),
)
NOT_DECLARED = Text("Chưa khai báo máy chủ kích hoạt (kms_servers.csv).", "No activation servers are declared (kms_servers.csv).")
NOT_STAFF = Text("Quy tắc này chỉ xét máy cán bộ và máy chưa phân loại.", "This rule judges officers' and unlabelled devices only.")
CARRIER = Text(
    "Thiết bị này chuyển lưu lượng của máy khác, nên dấu hiệu không phải của nó.", "This device passes on the traffic of others, so the sign is not its own."
)
PLAIN = Text("Cổng thường không nghe được: cần cổng sao chép (mirror).", "A plain port cannot hear it: it takes a mirror port.")
NOT_LONG = Text("Chưa nghe đủ lâu.", "Not listened to for long enough.")
AWAY = Text("Không thấy máy trên mạng.", "The PC is not seen on the network.")


def listed(name: str, pirate: str, *, script: bool) -> Text:
    """It sought a pirate's server or script."""
    if script:
        return Text(f"“{shown(name)}” tải công cụ kích hoạt lậu ({pirate}).", f"“{shown(name)}” fetched a piracy activation script ({pirate}).")
    return Text(f"“{shown(name)}” tìm máy chủ kích hoạt lậu ({pirate}).", f"“{shown(name)}” sought a pirate's activation server ({pirate}).")


def outside(name: str, ip: str) -> Text:
    """It activates by a server on the Internet that nobody declared."""
    return Text(
        f"“{shown(name)}” kích hoạt qua máy chủ KMS ngoài Internet {ip}, không có trong khai báo.",
        f"“{shown(name)}” activates by a KMS server on the Internet, {ip}, which is not declared.",
    )


def inside(name: str, server: str) -> Text:
    """It activates by a server of this network that nobody declared."""
    return Text(
        f"“{shown(name)}” kích hoạt qua máy chủ KMS lạ trong mạng: “{shown(server)}”.",
        f"“{shown(name)}” activates by an undeclared KMS server inside: “{shown(server)}”.",
    )


def is_server(name: str) -> Text:
    """It is such a server itself."""
    return Text(f"“{shown(name)}” là máy chủ KMS mà không có trong khai báo.", f"“{shown(name)}” is a KMS server that is not declared.")


def lawful(name: str) -> Text:
    """It uses a declared server."""
    return Text(f"“{shown(name)}” kích hoạt qua máy chủ đã khai báo.", f"“{shown(name)}” activates by a declared server.")


def quiet(name: str) -> Text:
    """Nothing heard for long, and what that does not cover."""
    return Text(
        f"“{shown(name)}” không tìm máy chủ kích hoạt lậu trong thời gian nghe. Không thấy được: kích hoạt ngay trên máy.",
        f"“{shown(name)}” sought no pirate's activation server while listened to. Not seen: activation on the PC itself.",
    )
