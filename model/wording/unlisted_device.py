"""What VG-NET-06 says."""

from __future__ import annotations

from model.text import Text

CLOSING = Text(
    "Thiết bị được ghi vào danh mục (register.csv). Không thấy 14 ngày: mất dấu. Thiết bị dùng địa chỉ ngẫu nhiên: một ngày nghe đủ mà chỉ còn vài chiếc.",
    "The device is entered in register.csv. Unseen for 14 days: lapsed. Devices with random addresses: only a few within a day of listening.",
)

REMEDY = (
    Text("Tìm thiết bị theo địa chỉ MAC; hỏi người phụ trách phòng.", "Find the device by its MAC address; ask who is in charge of the room."),
    Text("Của cơ quan: ghi vào declared/register.csv.", "If it is the office's: enter it in declared/register.csv."),
    Text("Không của cơ quan: rút khỏi mạng cán bộ.", "If it is not: take it off the staff network."),
)

PHONES = Text("Nhiều thiết bị không rõ của ai ở mạng cán bộ", "Many devices on the staff network that nobody can tell apart")
PHONES_REMEDY = (
    Text(
        "Điện thoại riêng nên dùng Wi-Fi khách; đổi mật khẩu Wi-Fi cán bộ nếu nhiều người biết.",
        "Private phones belong on the guest Wi-Fi; change the password of the staff Wi-Fi if many know it.",
    ),
    Text(
        "Máy của cơ quan: tắt “địa chỉ MAC ngẫu nhiên” cho mạng này, rồi ghi vào declared/register.csv.",
        "The office's own: switch random addresses off for it, then enter it in declared/register.csv.",
    ),
)
NOT_A_DAY = Text("Chưa nghe đủ một ngày để đếm thiết bị dùng địa chỉ ngẫu nhiên.", "Not listened for a whole day yet to count devices with random addresses.")
TITLE = Text("Thiết bị ngoài danh mục ở mạng cán bộ", "A device on the staff network that the register does not list")
NO_REGISTER = Text("Chưa khai báo danh mục thiết bị (register.csv).", "No register of devices is declared (register.csv).")

CLASSES = {
    "windows_pc": Text("máy tính Windows", "Windows PC"),
    "mac": Text("máy Mac", "Mac"),
    "linux_pc": Text("máy tính Linux", "Linux PC"),
    "phone_android": Text("điện thoại Android", "Android phone"),
    "phone_iphone": Text("điện thoại iPhone", "iPhone"),
    "tablet": Text("máy tính bảng", "tablet"),
    "printer": Text("máy in", "printer"),
    "scanner": Text("máy quét", "scanner"),
    "camera": Text("camera", "camera"),
    "screen": Text("màn hình", "screen"),
    "speaker": Text("loa", "speaker"),
    "projector": Text("máy chiếu", "projector"),
    "router": Text("bộ định tuyến", "router"),
    "access_point": Text("điểm truy cập Wi-Fi", "access point"),
    "switch": Text("bộ chuyển mạch", "switch"),
    "nas": Text("ổ lưu trữ mạng", "network storage"),
    "server": Text("máy chủ", "server"),
    "voip_phone": Text("điện thoại bàn IP", "IP phone"),
    "console": Text("máy chơi trò chơi", "game console"),
    "single_board_computer": Text("máy tính một bo mạch", "single-board computer"),
    "kvm": Text("bộ điều khiển từ xa bàn phím, màn hình (KVM)", "KVM over IP"),
    "iot": Text("thiết bị thông minh", "smart device"),
    "unknown": Text("thiết bị chưa rõ loại", "device of unknown kind"),
}


def found(name: str, device_class: str) -> Text:
    """What is there."""
    kind = CLASSES.get(device_class, CLASSES["unknown"])
    return Text(f"“{name}” ({kind.vi}) ở mạng cán bộ, không có trong danh mục.", f"“{name}” ({kind.en}) is on the staff network and not in the register.")


def nameless(segment: str, count: int) -> Text:
    """How many devices no register could list."""
    return Text(
        f"Trong vòng một ngày có khoảng {count} thiết bị dùng địa chỉ MAC ngẫu nhiên (thường là điện thoại riêng) ở mạng cán bộ “{segment}”; "
        "danh mục không ghi được từng chiếc.",
        f"Within a day about {count} devices with random MAC addresses (private phones mostly) were on the staff network “{segment}”; "
        "no register can list them one by one.",
    )


def few(segment: str, count: int) -> Text:
    """So few that they are the officers' own."""
    return Text(
        f"Trong vòng một ngày chỉ có {count} thiết bị dùng địa chỉ ngẫu nhiên ở “{segment}”.",
        f"Within a day only {count} devices with random addresses were on “{segment}”.",
    )


def listed(name: str) -> Text:
    """It is in the register."""
    return Text(f"“{name}” có trong danh mục.", f"“{name}” is in the register.")


def elsewhere(name: str) -> Text:
    """It is no longer on a staff segment."""
    return Text(f"“{name}” không còn ở mạng cán bộ.", f"“{name}” is no longer on the staff network.")


def not_heard(name: str) -> Text:
    """Nothing heard of it for long."""
    return Text(f"Không còn nghe thấy “{name}”.", f"“{name}” is no longer heard.")
