"""What VG-END-02 says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.text import Text, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

TITLE = Text("Phần mềm diệt vi-rút thiếu, tắt, cũ hoặc hết bản quyền", "Antivirus missing, off, out of date or without a licence")
MISSING = Text("Máy không có phần mềm diệt vi-rút", "A PC without antivirus")

_SCAN = Text("Sau đó quét toàn bộ máy.", "Then scan the whole PC.")
INSTALL = (
    Text(
        "Cài phần mềm diệt vi-rút mà đơn vị đã mua; chưa có thì bật Microsoft Defender.",
        "Install the office's antivirus; if there is none yet, switch Microsoft Defender on.",
    ),
    _SCAN,
)
TURN_ON = (
    Text(
        "Mở phần mềm diệt vi-rút, bật lại bảo vệ; hỏi ai đã tắt và vì sao.",
        "Open the antivirus and switch protection on again; ask who switched it off and why.",
    ),
    _SCAN,
)
UPDATE = (
    Text(
        "Bấm cập nhật trong phần mềm diệt vi-rút; không được thì kiểm tra đường mạng và bản quyền.",
        "Update it from its own window; if that fails check the network and the licence.",
    ),
)
LICENSE = (
    Text(
        "Nhập mã bản quyền của đơn vị vào phần mềm diệt vi-rút; hết hạn thì đề nghị tỉnh gia hạn.",
        "Enter the office's licence in the antivirus; where it ran out ask the province for a new one.",
    ),
)

NONE = Text("máy không có phần mềm diệt vi-rút nào", "no antivirus at all")
NO_SERVICE = Text("máy chủ không chạy dịch vụ diệt vi-rút nào trong danh sách biết", "the server runs no antivirus service of the known list")
CONTRADICTS = Text(
    "Windows không thấy phần mềm diệt vi-rút nhưng có dịch vụ diệt vi-rút đang chạy", "Windows knows of no antivirus, yet the service of one runs"
)
NO_CENTRE = Text(
    "máy chủ Windows không có Security Center, chỉ thấy dịch vụ diệt vi-rút đang chạy, chưa biết mẫu nhận diện còn mới không",
    "a Windows server has no Security Center: a service runs, how old its signatures are is not known",
)
NOT_SAID = Text("Windows không cho biết trạng thái phần mềm diệt vi-rút", "Windows does not tell the state of the antivirus")
FRESH_UNKNOWN = Text("phần mềm diệt vi-rút đang bật, chưa biết mẫu nhận diện còn mới không", "antivirus is on; how old its signatures are is not known")
NOT_ACTIVATED = Text("Kaspersky chưa kích hoạt bản quyền", "Kaspersky is not activated")

_STATES = {
    "off": Text("đang tắt", "is off"),
    "snoozed": Text("đang tạm dừng", "is paused"),
    "expired": Text("đã hết hạn bản quyền", "has an expired licence"),
}


def at_work(names: Sequence[str]) -> Text:
    """What is on and fresh."""
    said = ", ".join(f"“{shown(name, 40)}”" for name in names[:2])
    return Text(f"{said} đang bật, mẫu nhận diện còn mới", f"{said} is on and up to date")


def server_at_work() -> Text:
    """A server with Kaspersky, by its own values."""
    return Text("Kaspersky đang chạy, có bản quyền, mẫu nhận diện còn mới", "Kaspersky runs, is licensed and up to date")


def down(name: str, state: str) -> Text:
    """Installed, and not at work."""
    is_so = _STATES[state]
    return Text(f"“{shown(name, 40)}” {is_so.vi}", f"“{shown(name, 40)}” {is_so.en}")


def service_down(product: str) -> Text:
    """A server's antivirus is installed and does not run."""
    return Text(f"dịch vụ diệt vi-rút “{shown(product, 40)}” không chạy", f"the antivirus service “{shown(product, 40)}” does not run")


def stale(name: str) -> Text:
    """On, with old signatures."""
    return Text(f"“{shown(name, 40)}” có mẫu nhận diện vi-rút đã cũ", f"“{shown(name, 40)}” has old signatures")


def bases(days: int) -> Text:
    """Kaspersky's own word on its signatures."""
    return Text(f"Kaspersky không cập nhật mẫu nhận diện {days} ngày", f"Kaspersky's signatures are {days} days old")


def expired() -> Text:
    """Kaspersky's own word on its licence."""
    return Text("bản quyền Kaspersky đã hết hạn", "the Kaspersky licence has expired")


def runs_out(days: int) -> Text:
    """Soon no licence."""
    return Text(f"bản quyền Kaspersky còn {days} ngày", f"the Kaspersky licence runs out in {days} days")
