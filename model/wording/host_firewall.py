"""What VG-END-10 says."""

from __future__ import annotations

from model.text import Text
from model.wording.common import many

TITLE = Text("Tường lửa của máy tính bị tắt hoặc bỏ ngỏ", "The PC's own firewall is off or left open")
PROFILES = {
    "public": Text("mạng công cộng", "public networks"),
    "private": Text("mạng riêng", "private networks"),
    "domain": Text("mạng cơ quan", "the organisation's network"),
}
REMEDY_OFF = (
    Text(
        "Mở Windows Security, mục Firewall & network protection, bật cả ba: Domain, Private, Public network.",
        "Open Windows Security, Firewall & network protection: switch on domain, private and public.",
    ),
    Text(
        "Dùng tường lửa của hãng khác: mở phần mềm đó, bật tường lửa và xem còn bản quyền không.",
        "With another maker's firewall: open that product, switch it on and check its licence.",
    ),
)
REMEDY_HOLES = (
    Text(
        "Chạy wf.msc, mục Inbound Rules: tắt các quy tắc Allow có Local Port là Any.",
        "Run wf.msc, Inbound Rules: disable the rules that allow any local port.",
    ),
)
REMEDY_STOPPED = (
    Text(
        "Mở services.msc, bật lại dịch vụ “Windows Defender Firewall” (tự động), rồi khởi động lại máy.",
        "Open services.msc, set “Windows Defender Firewall” to automatic again and restart the PC.",
    ),
)
GOOD = Text("tường lửa bật ở cả ba loại mạng, không có ngoại lệ cho mọi cổng", "its firewall is on for all three kinds of network, no rule lets any port in")
ANOTHER = Text("Windows xác nhận một tường lửa của hãng khác đang bảo vệ máy", "Windows says that another maker's firewall guards the PC")
STOPPED = Text(
    "tường lửa đã bật trong cài đặt nhưng Windows báo không hoạt động", "its firewall is on in the settings, but Windows reports that it does not work"
)


def off(profiles: list[str], *, sure: bool) -> Text:
    """In which kinds of network the firewall is off; `sure`: no other maker's firewall stands in for it."""
    vi, en = ", ".join(PROFILES[each].vi for each in profiles), " and ".join(PROFILES[each].en for each in profiles)
    more, more_en = ("", "") if sure else ("; không biết có tường lửa của hãng khác hay không", "; whether another maker's firewall is there is not known")
    return Text(f"tường lửa đang tắt ở {vi}{more}", f"the firewall is off on {en}{more_en}")


def holes(count: int, public: int) -> Text:
    """How many rules let any port in."""
    also, also_en = (f", {public} quy tắc có hiệu lực ở mạng công cộng", f", {public} of them on public networks") if public else ("", "")
    return Text(f"{count} quy tắc cho phép kết nối vào mọi cổng{also}", many(count, "rule lets", "rules let") + f" connections in to any port{also_en}")


def untold(profiles: list[str]) -> Text:
    """The PC did not say whether these are on."""
    vi, en = ", ".join(PROFILES[each].vi for each in profiles), " and ".join(PROFILES[each].en for each in profiles)
    return Text(f"máy không cho biết tường lửa ở {vi} bật hay tắt", f"the PC does not say whether the firewall is on for {en}")
