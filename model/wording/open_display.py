"""What VG-NET-02 says."""

from __future__ import annotations

from collections.abc import Sequence

from model.screens import Lamps
from model.text import Text, shown
from model.times import since_when
from model.verdict import Grade
from model.wording.common import PROTECTION, ROLE, UNGUARDED

CLOSING = Text(
    "Màn hình quảng bá hoặc trả lời rằng có mã bảo vệ, hoặc đã tắt (chào tạm biệt và cổng đã đóng). Không thấy 14 ngày: mất dấu.",
    "The screen advertises or answers that it is protected, or is switched off (goodbye and port closed). Unseen for 14 days: lapsed.",
)

REMEDY = (
    Text("Tắt phản chiếu/truyền hình ảnh trên màn hình nếu không dùng.", "Switch mirroring and casting off on the screen if it is not used."),
    Text("Nếu cần dùng: bật mã PIN hoặc mật khẩu cho mỗi lần kết nối.", "If it is used: require a PIN or password for each connection."),
    Text("Chuyển màn hình sang mạng riêng, không chung với Wi-Fi của người dân.", "Move the screen to its own network, apart from the citizens' Wi-Fi."),
)

REMEDY_SOUND = (
    Text(
        "Tắt nhận âm thanh từ mạng (AirPlay, Spotify ...) trên loa nếu không dùng.",
        "Switch playing from the network off if it is not used.",
    ),
    Text("Nếu cần dùng: bật mã PIN hoặc mật khẩu nếu loa có.", "If it is used: require a PIN or password where it has one."),
    Text("Chuyển loa sang mạng riêng, không chung với Wi-Fi của người dân.", "Move it to its own network, apart from the citizens' Wi-Fi."),
)

REMEDY_PRESENT = (
    Text(
        "Kiểm tra tại chỗ: thiết bị có nhận hình ảnh, lệnh từ thiết bị khác không.", "Check on site whether the device takes pictures or commands from others."
    ),
    Text("Ghi thiết bị vào danh mục màn hình (screens.csv).", "Enter the device in the list of screens (screens.csv)."),
)


def title(name: str, lamps: Lamps) -> Text:
    """Severity is said elsewhere; this says what and which screen."""
    if lamps.enabled != "yes":
        return Text(f"Có thiết bị truyền thông “{name}”, chưa rõ có nhận hình", f"Media device “{name}” present, not known to take pictures")
    if lamps.open == "yes" and lamps.picture == "no":
        return Text(f"Loa “{name}” cho phép bất kỳ ai phát âm thanh", f"Speaker “{name}” lets anyone play sound")
    if lamps.open == "yes":
        return Text(f"Màn hình “{name}” cho phép bất kỳ ai trình chiếu", f"Screen “{name}” lets anyone present to it")
    if lamps.open == "no":
        return Text(f"Màn hình “{name}” bật trình chiếu, có mã bảo vệ", f"Screen “{name}” has casting on, protected")
    return Text(f"Màn hình “{name}” bật trình chiếu, chưa rõ có mã bảo vệ", f"Screen “{name}” has casting on, protection unknown")


def place(zone: str, role: str) -> Text:
    """A network on which the screen was heard: its declared name, else whom it serves."""
    if not zone:
        return ROLE.get(role, ROLE["unlabelled"])
    return Text(f"“{zone}” (người dân với tới được)", f"“{zone}” (citizens reach it)") if role == "citizen" else Text(f"“{zone}”", f"“{zone}”")


def summary(name: str, judged: Lamps, heard: Sequence[Lamps], places: Sequence[Text], now: int) -> Text:
    """Two sentences at most: which family, which lamps, from which networks it can be reached, since when a session runs."""
    others = sorted({lamps.family for lamps in heard} - {judged.family})
    vi, en = _opening(judged)
    more_vi = f" Cũng nghe thấy: {', '.join(others)}." if others else ""
    more_en = f" Also heard: {', '.join(others)}." if others else ""
    playing = _playing(heard, now)
    return Text(
        f"“{name}” ({judged.family}) {vi}, ở {', '.join(place.vi for place in places)}{playing.vi}.{more_vi}",
        f"“{name}” ({judged.family}) {en}, on {', '.join(place.en for place in places)}{playing.en}.{more_en}",
    )


def _playing(heard: Sequence[Lamps], now: int) -> Text:
    sessions = [lamps.session for lamps in heard if lamps.session]
    if not sessions:
        return Text("", "")
    first = since_when(min(session.first.at for session in sessions), now)
    # The name of an application is the receiver's own word: cut, in quotes.
    named = next((f" (“{shown(session.what, 40)}”)" for session in sessions if session.what), "")
    return Text(f", đang có phiên trình chiếu từ {first.vi}{named}", f", a session has been running since {first.en}{named}")


def _opening(lamps: Lamps) -> tuple[str, str]:
    if lamps.enabled != "yes":
        return "có mặt trên mạng, chưa rõ có nhận nội dung từ thiết bị khác", "is present; whether it takes content from others is not known"
    if lamps.open == "yes" and lamps.grade is Grade.BY_DESIGN:
        return (
            "nhận nội dung từ mọi thiết bị cùng mạng vì giao thức không có mã bảo vệ",
            "takes content from any device on the network: its protocol has no protection",
        )
    if lamps.open == "yes":
        return "đang bật và không đòi mã PIN hay mật khẩu", "is on and asks neither PIN nor password"
    if lamps.open == "no":
        guard = PROTECTION.get(lamps.protection, UNGUARDED)
        return f"đang bật, có {guard.vi}", f"is on, guarded by {guard.en}"
    return "đang bật, chưa rõ có mã PIN hay mật khẩu", "is on; whether it asks a PIN or password is not known"


def protected_now(name: str, protection: str, *, asked: bool) -> Text:
    """Why a finding closed: by its advert, or by its answer when it was `asked`."""
    guard = PROTECTION.get(protection, UNGUARDED)
    if asked:
        return Text(f"“{name}” trước đây mở, nay trả lời là có {guard.vi}.", f"“{name}” was open and now answers that it has {guard.en}.")
    return Text(f"“{name}” trước đây mở, nay quảng bá có {guard.vi}.", f"“{name}” was open and now advertises {guard.en}.")


def switched_off(name: str) -> Text:
    """Goodbye heard and port refused."""
    return Text(f"“{name}” đã tắt: đã chào tạm biệt và cổng dịch vụ từ chối kết nối.", f"“{name}” is off: it said goodbye and its port refuses connections.")


def said_goodbye(name: str) -> Text:
    """Goodbye alone proves nothing about the port."""
    return Text(f"“{name}” đã chào tạm biệt, chưa kiểm tra được cổng đã đóng.", f"“{name}” said goodbye; whether its port is closed could not be seen.")


def not_heard(name: str, hours: int) -> Text:
    """Too long since the last advert."""
    return Text(f"Không nghe thấy “{name}” quảng bá suốt {hours} giờ.", f"“{name}” was not heard advertising for {hours} hours.")
