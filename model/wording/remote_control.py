"""What VG-END-08 says. What the wire says of the same PC is VG-NET-07's, and pages; this rule never does."""

from __future__ import annotations

from collections.abc import Sequence

from model.text import Text, shown

TITLE = Text("Máy tính có phần mềm cho phép điều khiển từ xa", "The PC holds software for remote control")
SESSION_TITLE = Text("Máy tính đang bị điều khiển từ xa", "The PC is being controlled remotely")
REMEDY_SESSION = (
    Text(
        "Hỏi ngay người dùng máy: ai đang điều khiển, có yêu cầu không? Không rõ: rút dây mạng của máy.",
        "Ask the PC's user at once who controls it and why. Not clear: unplug the PC from the network.",
    ),
)
REMEDY = (
    Text("Không cần dùng: gỡ phần mềm, xóa cả tệp chạy không cần cài.", "Not needed: uninstall it, and delete copies that run without installing."),
    Text(
        "Cần dùng: ghi vào tools.csv (phần mềm, máy, người chịu trách nhiệm, ngày hết hạn, khung giờ).",
        "Needed: enter it in tools.csv (product, PC, owner, last day, hours).",
    ),
)
REMEDY_RDP = (
    Text(
        "Mở Settings, System, Remote Desktop: tắt; cần dùng thì bật NLA và ghi vào tools.csv (rdp).",
        "Open Settings, System, Remote Desktop: switch it off; where needed use NLA and tools.csv.",
    ),
)
REMEDY_ASSISTANCE = (
    Text(
        "Mở System Properties, thẻ Remote: bỏ chọn “Allow Remote Assistance connections to this computer”.",
        "Open System Properties, tab Remote: clear “Allow Remote Assistance connections to this computer”.",
    ),
)
GOOD = Text(
    "không có phần mềm điều khiển từ xa ngoài danh sách cho phép, Remote Desktop tắt hoặc được phép",
    "holds no remote-control software but what is approved, and Remote Desktop is off or approved",
)
_STAGES = {
    "session": Text("đang có phiên điều khiển từ xa bằng {}", "a remote session by {} is going on"),
    "running": Text("{} đang chạy, chờ kết nối", "{} is running and waits to be reached"),
    "automatic": Text("{} tự chạy mỗi khi bật máy", "{} starts by itself with the PC"),
    "installed": Text("đã cài {}", "{} is installed"),
}
_PORTABLE = Text("có tệp {} chạy không cần cài đặt", "holds a copy of {} that runs without installing")
RDP_OPEN = Text("Remote Desktop bật mà không bắt xác thực trước khi kết nối (NLA)", "Remote Desktop is on without authentication before the connection (NLA)")
RDP_ON = Text("Remote Desktop đang bật", "Remote Desktop is on")
RDP_NLA_UNTOLD = Text(
    "máy không cho biết Remote Desktop có bắt xác thực trước khi kết nối hay không", "the PC does not say whether Remote Desktop asks for NLA"
)
RDP_UNTOLD = Text("máy không cho biết Remote Desktop bật hay tắt", "the PC does not say whether Remote Desktop is on")
ASSISTANCE = Text("cho phép mời người khác điều khiển qua Remote Assistance", "others may be invited to control it by Remote Assistance")


def tool(product: str, stage: str, *, portable: bool) -> Text:
    """How far one product goes."""
    said = _PORTABLE if portable and stage == "installed" else _STAGES[stage]
    name = shown(product, 60)
    return Text(said.vi.format(name), said.en.format(name))


def not_now(said: Text, until: str, *, over: bool) -> Text:
    """`said` of a product that is approved, though not any more, or not at this hour."""
    if over:
        return Text(f"{said.vi} (phép dùng đã hết hạn {until})", f"{said.en} (the approval ran out on {until})")
    return Text(f"{said.vi} (ngoài khung giờ được phép)", f"{said.en} (outside the approved hours)")


def also_heard(said: Text, when: Text) -> Text:
    """The network heard the same product of this PC."""
    return Text(f"{said.vi}; trên mạng cũng thấy, lần cuối {when.vi} (VG-NET-07)", f"{said.en}; the network hears it too, last at {when.en} (VG-NET-07)")


def only_heard(products: Sequence[str], when: Text) -> Text:
    """The PC tells of no such program, yet the network heard it: brought along, or deleted since."""
    listed = shown(", ".join(products), 60)
    return Text(
        f"trên mạng thấy {listed} của máy này lúc {when.vi} (VG-NET-07), nhưng máy không báo có phần mềm đó: có thể vừa gỡ hoặc chạy từ USB",
        f"the network heard {listed} of this PC at {when.en} (VG-NET-07), yet the PC tells of no such program: removed since, or run from a stick",
    )
