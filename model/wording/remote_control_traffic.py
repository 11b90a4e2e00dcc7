"""What VG-NET-07 says."""

from __future__ import annotations

from collections.abc import Sequence

from model.text import Text, shown

TITLE = Text("Phần mềm điều khiển từ xa", "Remote-control software")
CLOSING = Text(
    "5 ngày làm việc không còn dấu hiệu trong khi vẫn thấy máy trên mạng; hoặc được phép trong tools.csv.",
    "5 working days without a sign while the PC is seen on the network; or approved in tools.csv.",
)
REMEDY = (
    Text(
        "Hỏi người dùng máy: ai đang hỗ trợ, có yêu cầu không? Không rõ: rút dây mạng của máy.",
        "Ask the PC's user who is helping and at whose request. Not clear: unplug the PC.",
    ),
    Text("Gỡ phần mềm; đổi mật khẩu đã dùng trên máy nếu có phiên lạ.", "Remove the software; change passwords used on the PC if there was a strange session."),
    Text(
        "Cần dùng: ghi vào declared/tools.csv (phần mềm, máy, người phụ trách, ngày hết hạn, khung giờ).",
        "If it is needed: enter it in declared/tools.csv (product, PC, owner, last day, hours).",
    ),
)

PLAIN = Text(
    "Cổng thường không nghe được: điều khiển từ xa là liên lạc riêng giữa hai máy, cần cổng sao chép (mirror).",
    "A plain port cannot hear it: remote control is spoken between two computers only, which takes a mirror port.",
)
NOT_LONG = Text("Chưa nghe đủ 5 ngày làm việc có máy này trên mạng.", "Not yet listened to for 5 working days with this PC on the network.")
AWAY = Text(
    "Không thấy máy trên mạng, nên chưa biết phần mềm còn hay không.",
    "The PC is not seen on the network, so it is not known whether the software is still there.",
)
NOT_STAFF = Text("Quy tắc này chỉ xét máy cán bộ và máy chưa phân loại.", "This rule judges officers' and unlabelled devices only.")
CARRIER = Text(
    "Thiết bị này chuyển lưu lượng của máy khác, nên dấu hiệu không phải của nó.", "This device passes on the traffic of others, so the sign is not its own."
)

_DID = {
    ("session", "controlled"): Text("bị điều khiển từ xa bằng {}", "was controlled remotely by {}"),
    ("session", "controlling"): Text("điều khiển máy khác bằng {}", "controlled another computer by {}"),
    ("session", ""): Text("có phiên điều khiển từ xa bằng {}", "had a remote-control session by {}"),
    ("connecting", "controlled"): Text("mở cửa cho điều khiển từ xa bằng {}", "answers remote control by {}"),
    ("connecting", "controlling"): Text("tìm cách điều khiển máy khác bằng {}", "tried to control another computer by {}"),
    ("connecting", ""): Text("đang chạy {}, nối tới máy chủ của phần mềm", "runs {}, which speaks to its maker's servers"),
    ("listening", "controlled"): Text("chạy {}, chờ được điều khiển", "runs {}, waiting to be controlled"),
    ("listening", "controlling"): Text("chạy {}", "runs {}"),
    ("listening", ""): Text("chạy {}, tự giới thiệu trên mạng", "runs {}, which calls into the network"),
    ("named", ""): Text("tra tên máy chủ hoặc trang của {}; chưa thấy chạy", "looked up a name of {}; it was not seen running"),
}
_WEAK = {
    "none": Text("máy mở không cần mật khẩu", "the computer asks for no password"),
    "vncauth": Text("mật khẩu VNC kiểu cũ, dễ dò", "the old VNC password, easily guessed"),
    "standard": Text("không có NLA: ai cũng thấy được màn hình đăng nhập", "without NLA: anybody is shown the log-in screen"),
    "tls": Text("không có NLA: ai cũng thấy được màn hình đăng nhập", "without NLA: anybody is shown the log-in screen"),
}
_RDP_ONLY = frozenset({"tls", "standard"})
OUTSIDE = Text("máy ngoài Internet", "a computer on the Internet")
ROUTED = Text("một máy ở mạng khác, qua bộ định tuyến", "a computer on another network, through the router")


def title(product: str, stage: str) -> Text:
    """The finding's title by its worst sign."""
    head = Text("Phiên điều khiển từ xa", "Remote-control session") if stage == "session" else TITLE
    return Text(f"{head.vi}: {shown(product, 60)}", f"{head.en}: {shown(product, 60)}")


def found(name: str, product: str, stage: str, end: str, *, when: Text, peer: Text | None, security: str, others: Sequence[str], expired: str) -> Text:
    """What the worst sign says, with whom, how it is guarded, what else there is, and an approval that has run out."""
    did = _DID.get((stage, end), _DID[stage, ""])
    vi, en = f"“{shown(name)}” {did.vi.format(product)}, lần cuối {when.vi}", f"“{shown(name)}” {did.en.format(product)}, last at {when.en}"
    if peer is not None:
        vi, en = f"{vi}, với {peer.vi}", f"{en}, with {peer.en}"
    if weak := _weak(security, product):
        vi, en = f"{vi}; {weak.vi}", f"{en}; {weak.en}"
    if others:
        listed = shown(", ".join(others), 80)
        vi, en = f"{vi}; còn có {listed}", f"{en}; also {listed}"
    if expired:
        vi, en = f"{vi}; giấy phép trong tools.csv hết hạn {expired}", f"{en}; the approval in tools.csv ran out on {expired}"
    return Text(vi + ".", en + ".")


def _weak(security: str, product: str) -> Text | None:
    return None if security in _RDP_ONLY and "RDP" not in product else _WEAK.get(security)


def device(name: str) -> Text:
    """Another device of this network."""
    return Text(f"“{shown(name, 60)}”", f"“{shown(name, 60)}”")


def unnamed(asset: str) -> Text:
    """One that may be a citizen's own, by its code."""
    return Text(f"thiết bị #{asset[:8]}", f"device #{asset[:8]}")


def approved(name: str, products: Sequence[str], owner: str, until: str) -> Text:
    """Everything heard is approved."""
    listed = shown(", ".join(products), 120)
    return Text(
        f"“{shown(name)}” dùng {listed}, được phép đến {until} ({shown(owner, 60)}).",
        f"“{shown(name)}” uses {listed}, approved until {until} ({shown(owner, 60)}).",
    )


def quiet(name: str, *, lan: bool) -> Text:
    """Nothing heard for long, and what that does not cover."""
    if lan:
        return Text(
            f"“{shown(name)}” 5 ngày làm việc không còn tự giới thiệu phần mềm điều khiển từ xa; cổng thường không nghe được phần khác.",
            f"“{shown(name)}” has not called into the network with remote-control software for 5 working days; a plain port does not hear the rest.",
        )
    return Text(
        f"“{shown(name)}” 5 ngày làm việc không có dấu hiệu: tên miền, TLS, QUIC, giao thức riêng. Không thấy được: DNS mã hóa (DoH), ECH.",
        f"“{shown(name)}” shows no sign for 5 working days: names, TLS, QUIC, own protocols. Not seen: encrypted DNS (DoH), ECH.",
    )
