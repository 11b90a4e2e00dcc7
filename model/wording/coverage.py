"""What VG-COV-01 says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from model.text import Text, shown
from model.times import since_when
from model.wording import portal_common

if TYPE_CHECKING:
    from model.portals.coverage import Unseen

CLOSING = Text("Nghe thấy trở lại.", "Heard again.")

REMEDY = (
    Text("Kiểm tra nguồn, dây mạng và dịch vụ của bộ thu (vonggac doctor).", "Check the sensor's power, cable and service (vonggac doctor)."),
    Text("Không coi các kiểm tra bị mù là đạt cho đến khi nghe lại.", "Do not read the blinded checks as good until it is heard again."),
)

REMEDY_PC = (
    Text(
        "Cài chương trình báo cáo về SOC trên máy này và ghi máy vào enrolled.csv.", "Install the SOC's reporting on this machine and enter it in enrolled.csv."
    ),
    Text("Máy không còn dùng: bỏ khỏi danh mục register.csv.", "If the machine is no longer used: take it out of register.csv."),
)

REMEDY_NEVER_HEARD = (
    Text(
        "Tìm máy này: đang tắt, cắm ở mạng khác, hay register.csv ghi sai địa chỉ MAC.",
        "Find the machine: it is off, on another network, or register.csv has a wrong MAC address.",
    ),
    REMEDY_PC[1],
)

REMEDY_PORTAL = (
    Text(
        "Kiểm tra cổng mở được từ mạng của bộ thu; mở chặn cho địa chỉ của bộ thu.",
        "Check that the portal opens from the sensor's network; let its address in.",
    ),
    Text("Không coi cổng là sạch khi chưa xem được; thử thêm điểm nhìn khác.", "Do not read the portal as clean while it is not seen; add another vantage."),
)

# Findings that a deaf network sensor can no longer see (findings.md), and what each of the others is for: how it is called, and what nobody sees without it.
BLINDED = "1, 2, 3, 11, 13"
_SENSORS = {
    "screens": (Text("bộ thu màn hình", "the screens sensor"), "2"),
    "lines": (Text("bộ so đường truyền", "the sensor of lines"), "1"),
    "portals": (Text("bộ thu cổng thông tin", "the portals sensor"), "4"),
    "peripherals": (Text("bộ thu ngoại vi", "the peripherals sensor"), "3"),
    "endpoints": (Text("bộ thu máy tính", "the endpoints sensor"), "2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13"),
}
STATES = {
    "running": Text("đang nghe", "listening"),
    "waiting": Text("đang chờ", "waiting"),
    "failed": Text("hỏng", "failed"),
    "stopped": Text("đã dừng", "stopped"),
    "silent": Text("im lặng", "silent"),
}


def called(sensor: str, leg: str) -> Text:
    """A sensor as people know it."""
    if sensor in _SENSORS:
        return _SENSORS[sensor][0]
    return Text(f"bộ thu mạng ở chân “{leg or sensor}”", f"the sensor of leg “{leg or sensor}”")


def _blinded(sensor: str) -> str:
    return _SENSORS[sensor][1] if sensor in _SENSORS else BLINDED


def silent(sensor: str, leg: str, last: int, now: int) -> tuple[Text, Text]:
    """Title and summary for a sensor not heard since `last`."""
    who, blinded, since = called(sensor, leg), _blinded(sensor), since_when(last, now)
    return (
        Text(f"Không còn nghe thấy {who.vi}", f"{_capital(who.en)} is no longer heard"),
        Text(
            f"Không có tín hiệu hoạt động từ {since.vi}; các kiểm tra bị mù: {blinded}. Các phát hiện đang mở vẫn giữ nguyên.",
            f"No heartbeat since {since.en}; blinded checks: {blinded}. Open findings stay as they are.",
        ),
    )


def deaf(sensor: str, leg: str, state: str, message: str) -> tuple[Text, Text]:
    """Title and summary for a sensor that is alive and cannot do its work."""
    who, blinded, why = called(sensor, leg), _blinded(sensor), f": {shown(message)}" if message else ""
    told, cannot = STATES.get(state, Text(state, state)), Text("làm việc", "work") if sensor in _SENSORS else Text("nghe", "listen")
    return (
        Text(f"{_capital(who.vi)} không {cannot.vi} được", f"{_capital(who.en)} cannot {cannot.en}"),
        Text(
            f"Bộ thu báo trạng thái {told.vi}{why}; các kiểm tra bị mù: {blinded}. Các phát hiện đang mở vẫn giữ nguyên.",
            f"The sensor reports: {told.en}{why}; blinded checks: {blinded}. Open findings stay as they are.",
        ),
    )


def heard(sensor: str, leg: str) -> Text:
    """The sensor is fine."""
    who = called(sensor, leg)
    return Text(f"{_capital(who.vi)} đang hoạt động.", f"{_capital(who.en)} is at work.")


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]


NOT_YET = Text("Mới khởi động, chưa đủ một nhịp tín hiệu để kết luận.", "Just started: less than one heartbeat to judge by.")
NOT_DECLARED = Text("Bộ thu này chưa được khai báo.", "This sensor is not declared.")

NO_ENROLMENT = Text("Chưa khai báo danh sách máy đã kết nối SOC (enrolled.csv).", "No list of machines enrolled at the SOC is declared (enrolled.csv).")
NOT_LONG_ENOUGH = Text("Chưa nghe đủ lâu để kết luận máy này vắng mặt.", "Not listened for long enough to call this machine absent.")


def not_enrolled(name: str) -> tuple[Text, Text]:
    """Title and summary for a staff PC that reports to nobody."""
    return (
        Text(f"Máy tính cán bộ “{name}” chưa kết nối SOC", f"Staff PC “{name}” is not connected to the SOC"),
        Text(
            f"“{name}” hoạt động ở mạng cán bộ nhưng không có trong danh sách máy đã kết nối SOC; các kiểm tra trên máy (5 đến 12) không nhìn thấy máy này.",
            f"“{name}” works on the staff network and is not among the machines enrolled at the SOC; the checks made on PCs (5 to 12) do not see it.",
        ),
    )


def enrolled(name: str) -> Text:
    """It reports to the SOC."""
    return Text(f"“{name}” có trong danh sách máy đã kết nối SOC.", f"“{name}” is enrolled at the SOC.")


def never_heard(name: str, days: int) -> tuple[Text, Text]:
    """Title and summary for a listed PC nobody ever heard."""
    return (
        Text(f"Máy tính “{name}” trong danh mục chưa từng nghe thấy", f"PC “{name}” of the register was never heard"),
        Text(
            f"Đã nghe mạng {days} ngày mà không thấy “{name}”: máy tắt, ở mạng khác, hoặc danh mục ghi sai địa chỉ MAC.",
            f"After {days} days of listening “{name}” was not heard: it is off, on another network, or the register has a wrong MAC address.",
        ),
    )


WAITING = Text("Chưa đủ hai chu kỳ truy cập để kết luận.", "Less than two periods of looks to judge by.")


def watched(name: str, personas: int) -> Text:
    """The portal is seen by all its visitors' eyes."""
    return Text(f"Cổng {name} đang xem được bằng {personas} kiểu truy cập.", f"The portal {name} is seen by {personas} personas.")


def blind(name: str, unseen: Sequence[Unseen], personas: int, now: int) -> tuple[Text, Text]:
    """Title and summary for a portal that some or all personas have not seen for too long."""
    since = since_when(min(each.since for each in unseen), now)
    if not any(each.persona for each in unseen):
        return (
            Text(f"Chưa xem được cổng thông tin · {name}", f"The portal was not looked at · {name}"),
            Text(
                f"Cổng đã khai báo nhưng không có lần truy cập nào từ {since.vi}; phát hiện số 4 không kiểm tra được.",
                f"The portal is declared and nothing looked at it since {since.en}; finding 4 cannot be judged.",
            ),
        )
    who = portal_common.unseen(unseen)
    return (
        Text(f"{len(unseen)}/{personas} kiểu truy cập không xem được cổng · {name}", f"{len(unseen)}/{personas} personas cannot see the portal · {name}"),
        Text(
            f"Không xem được từ {since.vi}: {who.vi}. Chưa biết những khách này có bị chuyển hướng hay không.",
            f"Not seen since {since.en}: {who.en}. Whether these visitors are sent elsewhere is not known.",
        ),
    )
