"""What VG-NET-03 says: to be read by somebody woken at night, who must know which screen, what is on it, and what to do now."""

from __future__ import annotations

from model.takeover import Case
from model.text import Text, shown
from model.times import since_when

TITLE = Text("Màn hình bị thiết bị lạ trình chiếu, điều khiển", "A screen was taken over by a strange device")
CLOSING = Text(
    "Người có tên đóng phát hiện (vonggac findings close), sau khi màn hình đã yên 30 phút.",
    "A named person closes it (vonggac findings close), after the screen has been quiet for 30 minutes.",
)
# An alert shows the first three, 100 characters of each: they must make sense there.
_AT_ONCE = (
    Text("Rút điện màn hình, hoặc bấm nút Source/Input chuyển sang đầu vào khác.", "Unplug the screen, or press Source/Input to show another input."),
    Text("Rút dây mạng hoặc tắt Wi-Fi của màn hình.", "Unplug the screen's network cable or switch its Wi-Fi off."),
    Text(
        "Chụp ảnh, ghi giờ; giữ nguyên bộ phát Wi-Fi, bộ định tuyến; báo công an (PA05).",
        "Photograph it, note the time; leave access point and router on; call the police.",
    ),
)
_SEALED = Text(
    "Gửi SOC tệp niêm phong (“gói chứng cứ” trong phần căn cứ): trong đó có địa chỉ thật của thiết bị gửi, chỉ SOC mở được (docs/evidence.md).",
    "Send the SOC the sealed file (“evidence kept” among the evidence): it holds the sender's true address; only the SOC can open it (docs/evidence.md).",
)
_NOT_SEALED = Text(
    "Không có chứng cứ niêm phong: hộp chưa có khóa của SOC hoặc không ghi được; báo người quản trị đặt mục [evidence] (docs/evidence.md).",
    "Nothing was sealed: the box has no key of the SOC, or could not write; have the administrator set [evidence] (docs/evidence.md).",
)
_LATER = (
    Text(
        "Trước khi bật lại: tắt phản chiếu, DLNA, điều khiển từ mạng trên màn hình; chuyển màn hình sang mạng riêng.",
        "Before it is used again: switch mirroring, DLNA and network control off on the screen; move it to a network of its own.",
    ),
    Text(
        "Nếu thiết bị gửi là của cơ quan: ghi địa chỉ của nó vào cột approved_senders của screens.csv, kèm khung giờ; lần sau sẽ không báo.",
        "If the sender is the office's own: write its address into approved_senders of screens.csv, with the hours; then it is not told again.",
    ),
)
NOBODY = Text("Không nghe thấy thiết bị nào gửi lên màn hình suốt 30 phút.", "Nobody was heard sending to the screen for 30 minutes.")
PLAIN = Text(
    "cổng thường không nghe được ai gửi gì lên màn hình; cần cổng sao chép (mirror) hoặc bật hỏi trạng thái màn hình",
    "a plain port does not hear who sends what to the screen; a mirror port is needed, or asking the screen for its state",
)
UNHEARD = Text("chưa biết vị trí nghe của chân mạng này", "the vantage of this leg is not known yet")


def remedy(*, sealed: bool | None) -> tuple[Text, ...]:
    """What to do, first things first; `sealed` None: there was no sender whose address could be kept."""
    kept = () if sealed is None else (_SEALED if sealed else _NOT_SEALED,)
    return (*_AT_ONCE, *kept, *_LATER)


_STRANGER = Text("một thiết bị lạ", "a strange device")
_FAMILY = {
    "dlna": "DLNA",
    "dial": "DIAL",
    "roku": "Roku",
    "samsung": "Samsung",
    "lg": "LG webOS",
    "sony": "Sony",
    "kodi": "Kodi",
    "pjlink": "PJLink",
    "ntcontrol": "Panasonic",
    "mice": "Miracast",
    "cast": "Google Cast",
    "airplay": "AirPlay",
    "adb": "Android ADB",
    "epson": "Epson",
}


# A receiver's own words name some families by more than one word (model.screens).
_KNOWN = {**_FAMILY, **{known.lower(): known for known in _FAMILY.values()}}


def family(name: str) -> str:
    """The family as people know it."""
    return _KNOWN.get(name, name)


def title(screen: str, case: Case) -> Text:
    """Which screen, and what was done to it."""
    if case.why in ("command", "refused"):
        return Text(f"Có thiết bị lạ gửi lệnh tới màn hình “{screen}”", f"A strange device sends commands to the screen “{screen}”")
    if case.why in ("hours", "host"):
        return Text(f"Màn hình “{screen}” phát ngoài khai báo", f"The screen “{screen}” plays what was not declared")
    if case.why == "sound":
        return Text(f"Thiết bị lạ phát tiếng ra loa “{screen}”", f"The loudspeaker “{screen}” plays what a strange device sent")
    return Text(f"Thiết bị lạ phát nội dung lên màn hình “{screen}”", f"The screen “{screen}” shows what a strange device sent")


def summary(screen: str, place: str, case: Case, sender: Text, others: int, now: int) -> Text:
    """What, by whom, since when; then why it is no worse or how it could be lawful."""
    where = Text(f" ({place})", f" ({place})") if place else Text("", "")
    when = since_when(case.since, now)
    did, thing = _did(case), _LOUDSPEAKER if case.why == "sound" else _SCREEN
    more = Text(f" Còn {others} thiết bị khác.", f" {others} more devices did so.") if others else Text("", "")
    why = _WHY.get(case.why, Text("", ""))
    return Text(
        f"Từ {when.vi}, {sender.vi} {did.vi} {thing.vi} “{screen}”{where.vi} qua {family(case.family)}{_media(case).vi}.{more.vi}{why.vi}",
        f"Since {when.en}, {sender.en} {did.en} {thing.en} “{screen}”{where.en} by {family(case.family)}{_media(case).en}.{more.en}{why.en}",
    )


_WHY = {
    "refused": Text(" Màn hình đã từ chối.", " The screen refused."),
    "guarded": Text(
        " Có nhập mã PIN hoặc được xác nhận trên màn hình, nên có thể người tại chỗ đã cho phép.",
        " A PIN was entered or somebody agreed at the screen, so it may have been allowed on site.",
    ),
    "sound": Text(" Thiết bị này chỉ phát tiếng, không hiện hình.", " This device plays sound only and shows no picture."),
    "hours": Text(" Ngoài khung giờ đã khai của màn hình.", " It is outside the screen's declared hours."),
    "host": Text(" Nguồn phát không có trong khai báo của màn hình.", " The source is not among those declared for the screen."),
}


_SCREEN, _LOUDSPEAKER = Text("màn hình", "the screen"), Text("loa", "the loudspeaker")


def _did(case: Case) -> Text:
    if case.why == "sound":
        return Text("đã phát tiếng ra", "plays sound on")
    if case.why in ("command", "refused"):
        return Text("đã gửi lệnh điều khiển tới", "sent commands to")
    return Text("đã phát nội dung lên", "presents on" if case.sender else "plays on")


def _media(case: Case) -> Text:
    said = shown(case.url, 120)
    return Text(f": {said}", f": {said}") if said else Text("", "")


def sender(name: str, kind: Text | None) -> Text:
    """Who sent it: the declared name; for a citizen's own device only what kind of thing it is."""
    if name:
        return Text(f"thiết bị “{name}” (không được phép)", f"the device “{name}”, which is not approved,")
    return Text(f"{_STRANGER.vi} ({kind.vi})", f"{_STRANGER.en} ({kind.en})") if kind else _STRANGER


def unknown_sender() -> Text:
    """Nobody was heard to send it."""
    return Text("nguồn chưa rõ (vị trí nghe không thấy thiết bị gửi)", "an unknown source (the sender cannot be heard from here)")


def approved(name: str) -> Text:
    """An approved device that plays when it should not."""
    return Text(f"thiết bị được phép “{name}”", f"the approved device “{name}”")


def lawful(screen: str, name: str) -> Text:
    """A session that is as declared."""
    return Text(f"“{screen}” đang được thiết bị đã khai báo “{name}” sử dụng.", f"“{screen}” is in use by the declared device “{name}”.")
