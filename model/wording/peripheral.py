"""What VG-END-01 says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.text import Text, shown
from model.times import local, since_when

if TYPE_CHECKING:
    from collections.abc import Sequence

    from model.declared import UsbRule
    from model.posture.told import Peripheral

TITLE = Text("Chưa hạn chế thiết bị ngoại vi", "Peripherals are not restricted")
DEVICE_TITLE = Text("Thiết bị ngoại vi ngoài danh mục cắm vào máy", "A peripheral that the register does not list")
WAY_OUT_TITLE = Text("Điện thoại, USB 4G mở đường ra Internet khác cho máy", "A phone or 4G stick gives a PC another way out")
BOX_TITLE = Text("Thiết bị lạ cắm vào hộp giám sát", "A strange device is plugged into the box itself")
KEYBOARD_TITLE = Text("Bàn phím lạ vừa cắm vào máy", "A strange keyboard was plugged in")

RESTRICT = (
    Text(
        "Bật kiểm soát thiết bị của Kaspersky, hoặc trong gpedit.msc: Removable Storage Access, Deny all.",
        "Switch on Kaspersky's device control, or in gpedit.msc: Removable Storage Access, Deny all.",
    ),
)
UNPLUG = (
    Text("Hỏi người dùng máy: thiết bị của ai, để làm gì; quét mã độc máy và thiết bị.", "Ask whose it is and what for; scan the PC and the device."),
    Text("Của cơ quan: ghi vào declared/usb.csv. Không phải: rút ra.", "If it is the office's: enter it in declared/usb.csv. If not: unplug it."),
)
CUT_OFF = (
    Text(
        "Rút điện thoại, USB 4G khỏi máy ngay: máy đang có đường ra mạng không qua bảo vệ của cơ quan.",
        "Unplug the phone or stick now: it bypasses the network.",
    ),
    Text("Sạc điện thoại bằng củ sạc, không cắm vào máy tính.", "Charge phones from a charger, not from a PC."),
)
CUT_OFF_GONE = (
    Text(
        "Hỏi người dùng máy: đã nối điện thoại, USB 4G để làm gì; nhắc không nối lại.",
        "Ask the PC's user what the phone or stick was for; it must not be plugged in again.",
    ),
    CUT_OFF[1],
)
CHECK_KEYBOARD = (
    Text(
        "Nhìn cổng USB của máy: có đúng bàn phím mới của cơ quan không; là que nhỏ thì rút và báo SOC.",
        "Look at the sockets: a new keyboard of the office? If it is a small stick, unplug it, tell the SOC.",
    ),
    Text("Đúng là bàn phím của cơ quan: ghi vào declared/usb.csv.", "If it is the office's keyboard: enter it in declared/usb.csv."),
)
RADIO_OFF = (Text("Tắt Bluetooth: Cài đặt > Bluetooth & thiết bị.", "Switch Bluetooth off: Settings > Bluetooth & devices."),)

NO_CONTROL = Text("chưa có biện pháp nào hạn chế thiết bị ngoại vi", "nothing restricts peripherals")
OLD_REPORT = Text(
    "báo cáo Kaspersky Security Center về kiểm soát thiết bị đã quá 30 ngày", "the report of Kaspersky Security Center on device control is over 30 days old"
)
BLUETOOTH = Text("Bluetooth đang bật trên máy không nên bật", "Bluetooth is on where it should not be")
GOOD = Text("có biện pháp hạn chế thiết bị ngoại vi, không có thiết bị ngoài danh mục", "peripherals are restricted, and none is outside the register")
NO_REGISTER = Text(
    "có biện pháp hạn chế thiết bị ngoại vi; chưa khai báo danh mục USB (usb.csv) nên chưa xét từng thiết bị",
    "peripherals are restricted; no register of devices is declared (usb.csv), so single devices were not judged",
)

BOX_GOOD = Text("Không có thiết bị ngoài danh mục cắm vào hộp giám sát.", "Nothing outside the register is plugged into the box itself.")
BOX_UNHEARD = Text("Chưa nghe được cổng USB của hộp giám sát.", "The box's own USB sockets are not heard.")
BOX_NO_REGISTER = Text("Chưa khai báo danh mục USB (usb.csv).", "No register of devices is declared (usb.csv).")

_KINDS = {
    "storage": Text("ổ nhớ USB", "a USB drive"),
    "phone": Text("điện thoại", "a phone"),
    "network": Text("thiết bị mạng", "a network device"),
    "camera": Text("camera", "a camera"),
    "printer": Text("máy in, máy quét", "a printer or scanner"),
    "keyboard": Text("bàn phím", "a keyboard"),
    "way_out": Text("điện thoại hoặc USB 4G phát mạng", "a tethering phone or 4G stick"),
}
_UNFIT = {
    "unlisted": Text("không có trong danh mục", "is not in the register"),
    "other_serial": Text("cùng loại nhưng không phải chiếc đã khai", "is of a listed kind, but not the listed one"),
    "more_interfaces": Text("có thêm chức năng ngoài khai báo", "can do more than was declared"),
    "other_pc": Text("chỉ được khai cho máy khác", "is listed for another PC only"),
}


def kind_of(matter: str) -> Text:
    """What kind of thing it is to the rule (`model.posture.peripherals.Matter`)."""
    return _KINDS.get(matter, Text("thiết bị", "a device"))


def device(thing: Peripheral, matter: str, fit: str, rule: UsbRule | None, gone: int | None, now: int) -> Text:
    """One device that must not be there; `gone`: when it was there last, None where it is there now."""
    kind = kind_of(matter)
    name = f"“{shown(thing.name, 30)}” ({thing.usb[:9]})" if thing.name else f"({thing.usb[:9]})"
    why = (
        Text(f"hết hạn cho phép ngày {local(rule.until - 1)[:10]}", f"was allowed until {local(rule.until - 1)[:10]}")
        if fit == "expired" and rule
        else _UNFIT[fit]
    )
    if gone is None:
        return Text(f"đang cắm {kind.vi} {name}, {why.vi}", f"{kind.en} {name} is plugged in and {why.en}")
    when = since_when(gone, now)
    return Text(f"đã cắm {kind.vi} {name}, lần cuối thấy lúc {when.vi}, {why.vi}", f"{kind.en} {name} was plugged in, seen last at {when.en}, and {why.en}")


def on_box(clauses: Sequence[Text], at: int, now: int) -> Text:
    """What is plugged into the box itself."""
    vi, en = "; ".join(clause.vi for clause in clauses[:2]), "; ".join(clause.en for clause in clauses[:2])
    when = since_when(at, now)
    return Text(f"Ở hộp giám sát: {vi}. Hộp thấy lúc {when.vi}.", f"At the box itself: {en}. Seen at {when.en}.")


def way_out(thing: Peripheral, gone: int | None, now: int) -> Text:
    """It leads around the office's network."""
    name = f"“{shown(thing.name, 30)}” ({thing.usb[:9]})" if thing.name else f"({thing.usb[:9]})"
    if gone is None:
        return Text(f"{_KINDS['way_out'].vi} {name} đang cắm vào máy", f"{_KINDS['way_out'].en} {name} is plugged in")
    when = since_when(gone, now)
    return Text(
        f"{_KINDS['way_out'].vi} {name} đã cắm vào máy, lần cuối thấy lúc {when.vi}",
        f"{_KINDS['way_out'].en} {name} was plugged in, seen last at {when.en}",
    )


def keyboard(thing: Peripheral, first: int, now: int) -> Text:
    """It came after the PC's first list: perhaps a stick that types."""
    when = since_when(first, now)
    return Text(
        f"bàn phím mới ({thing.usb[:9]}) xuất hiện lúc {when.vi}: có thể là thiết bị giả bàn phím để gõ lệnh (BadUSB)",
        f"a new keyboard ({thing.usb[:9]}) appeared at {when.en}: it may be a stick that types commands (BadUSB)",
    )
