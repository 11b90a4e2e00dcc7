"""Words that several rules share."""

from __future__ import annotations

from model.text import Text

ROLE = {
    "citizen": Text("mạng dành cho người dân", "the citizens' network"),
    "staff": Text("mạng cán bộ", "the staff network"),
    "display": Text("mạng trình chiếu", "the screens' network"),
    "infrastructure": Text("mạng hạ tầng", "the infrastructure network"),
    "unlabelled": Text("mạng chưa được phân loại", "a network nobody labelled"),
}

PROTECTION = {
    "pin": Text("mã PIN", "a PIN"),
    "password": Text("mật khẩu", "a password"),
    "home": Text("tài khoản được phép", "an allowed account"),
    "approval": Text("bước xác nhận trên màn hình", "a confirmation on the screen"),
    "setting": Text("cài đặt chặn điều khiển", "a setting that blocks control"),
}

UNGUARDED = Text("bảo vệ", "protection")

FORGOTTEN = Text(
    "Dấu vết của việc này không còn được lưu, thường vì có quá nhiều thiết bị lạ cùng lúc: chưa rõ đã hết chưa.",
    "What this rests on is no longer kept, mostly for too many unknown devices at once: whether it is over is not known.",
)


def many(count: int, one: str, more: str) -> str:
    """So many of a thing in English, which has a form for one: `1 account`, `3 accounts`."""
    return f"{count} {one if count == 1 else more}"
