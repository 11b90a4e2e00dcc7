"""What VG-END-11 says."""

from __future__ import annotations

from collections.abc import Sequence

from model.text import Text, shown

TITLE = Text("Máy tính cho người khác chiếu hình lên mà không hỏi mã PIN", "The PC lets others project to it without a PIN")
REMEDY_RECEIVER = (
    Text(
        "Mở Settings, System, Projecting to this PC: chọn Always Off; cần dùng thì bắt mã PIN: Always.",
        "Open Settings, System, Projecting to this PC: choose Always Off; where needed require the PIN.",
    ),
    Text(
        "Không dùng: gỡ tính năng Wireless Display trong Settings, Apps, Optional features.",
        "Not used: remove the feature Wireless Display in Settings, Apps, Optional features.",
    ),
)
REMEDY_PLAY = (
    Text(
        "Mở Control Panel, Network and Sharing Center, Media streaming options: tắt phát lên máy này.",
        "Open Control Panel, Network and Sharing Center, Media streaming options: stop playing to this PC.",
    ),
)
OPEN = Text("đang mở nhận hình chiếu không dây, không bắt buộc mã PIN", "takes pictures over the air, and no PIN is required")
OPEN_LIKELY = Text(
    "đang mở nhận hình chiếu không dây; không có quy định nào bắt buộc mã PIN", "takes pictures over the air; nothing is set that requires a PIN"
)
PLAYS = Text("cho phép mọi thiết bị trong mạng phát hình, tiếng lên máy (DLNA)", "lets every device of the network play pictures and sound on it (DLNA)")
GOOD = Text("không nhận hình chiếu, hoặc chỉ nhận khi có mã PIN", "takes no pictures from others, or only with a PIN")
INSTALLED_OFF = Text("đã cài tính năng nhận hình chiếu nhưng không thấy đang mở", "the receiver is installed, and not seen to be open")
UNTOLD = Text(
    "có cài tính năng nhận hình chiếu hay không: chỉ tập lệnh kiểm tra (vg-facts) đọc được, máy này chưa chạy",
    "whether the receiver is installed only the facts script can read, and it has not run on this PC",
)
MAY_LISTEN = Text(
    "đã cài tính năng nhận hình chiếu; máy không cho biết đang mở hay tắt", "the receiver is installed; the PC does not say whether it is switched on"
)


def also_heard(families: Sequence[str]) -> Text:
    """The network hears the same PC as a screen: the other rule's finding is about this very thing."""
    said = shown(", ".join(families), 60)
    return Text(
        f"trên mạng cũng thấy máy này tự giới thiệu là màn hình ({said}, xem VG-NET-02)", f"it calls itself a screen on the network too ({said}, see VG-NET-02)"
    )


def only_heard(families: Sequence[str]) -> Text:
    """Windows' own receiver is no matter, yet the network hears a screen: some other program."""
    said = shown(", ".join(families), 60)
    return Text(
        f"Windows không mở nhận hình chiếu, nhưng trên mạng máy này vẫn tự giới thiệu là màn hình ({said}, xem VG-NET-02): có thể do phần mềm khác",
        f"Windows takes no pictures, yet the PC calls itself a screen on the network ({said}, see VG-NET-02): some other program may do so",
    )
