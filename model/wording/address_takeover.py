"""What VG-NET-08 says."""

from __future__ import annotations

from collections.abc import Iterable

from model.text import Text
from model.wording.common import many

CLOSING = Text(
    "Yên 30 phút trong lúc vẫn nghe được mạng, và địa chỉ bộ định tuyến chỉ còn do đúng thiết bị của nó trả lời.",
    "Quiet for 30 minutes while the network was heard, and the router's address answered by its own device only.",
)

REMEDY = (
    Text(
        "Tìm thiết bị theo địa chỉ MAC (bảng địa chỉ của bộ chuyển mạch); rút dây hoặc chặn Wi-Fi ngay.",
        "Find the device by its MAC address (the switch's table), unplug it or block it on the Wi-Fi at once.",
    ),
    Text(
        "Đến khi rút được: không đăng nhập hệ thống nghiệp vụ ở mạng này; sau đó đổi mật khẩu đã dùng.",
        "Until then do not log in anywhere from this network; afterwards change the passwords used.",
    ),
    Text(
        "Là bộ định tuyến của cơ quan (dự phòng, mới thay): ghi cả địa chỉ MAC vào declared/routers.csv.",
        "The office's own router (a stand-by, a new one): enter it with its MAC in declared/routers.csv.",
    ),
)

# The address of what may be a citizen's own device is told to nobody; those it lied to know it all the same.
REMEDY_STRANGER = (
    Text(
        "Gõ arp -a trên một máy trong mạng, xem MAC ở dòng bị giả; tìm ở bộ chuyển mạch, rút hoặc chặn ngay.",
        "Run arp -a on a PC there for the MAC beside the address taken; find it at the switch, cut it off.",
    ),
    *REMEDY[1:],
)

TITLE = Text("Thiết bị giả mạo địa chỉ của thiết bị khác trong mạng", "A device poses as another's address on the network")
GATEWAY_TITLE = Text("Thiết bị giả mạo bộ định tuyến", "A device poses as the router")
STRANGER = Text("Một thiết bị lạ", "An unknown device")
ITS_KEEPER = Text("Thiết bị này giữ đúng địa chỉ của nó.", "This device keeps the address that is its own.")
DECLARED = Text("Bộ định tuyến có trong khai báo.", "A router that is declared.")
PLAIN = Text(
    "Cổng thường không nghe được trả lời ARP gửi riêng: không thấy giả mạo chưa có nghĩa là không có.",
    "A plain port does not hear ARP answers sent to one device: nothing seen does not mean nothing there.",
)
NOT_LONG_ENOUGH = Text("Chưa nghe mạng này đủ lâu.", "This network was not heard for long enough.")
CONTESTED = Text("Một thiết bị khác đang nhận địa chỉ của bộ định tuyến này.", "Another device claims this router's address.")
QUIET = Text("Đã 30 phút liền không còn giả mạo.", "No more posing for 30 minutes on end.")
NO_KEEPER = Text(
    "Đã yên, nhưng chưa nghe bộ định tuyến thật trả lời cho địa chỉ của nó.", "Quiet, but the real router was not heard to answer for its address."
)

HOW = {
    "poison": Text("liên tục trả lời khi không ai hỏi", "answers again and again what nobody asked"),
    "contradiction": Text(
        "nhận một địa chỉ là của mình nhưng lại đi hỏi địa chỉ ấy ở đâu", "says the address is its own, yet asks the others where that address is"
    ),
    "both_ways": Text("nói với hai bên rằng nó là bên kia để đứng giữa nghe", "tells each of two sides that it is the other, to stand between them"),
    "announced": Text("liên tục tự xưng trong khi chủ địa chỉ vẫn đang dùng", "announces itself again and again while the address is in use by its owner"),
    "turns": Text("thay phiên với bộ định tuyến thật, là thiết bị vẫn đang chạy", "takes turns with the real router, which is still there"),
    "two_answers": Text("cùng trả lời câu hỏi của hộp về bộ định tuyến", "also answers the box's own question for the router"),
}


def posing(name: Text, address: str, signs: Iterable[str], *, victims: int, since: Text, gateway: bool) -> Text:
    """Who poses as what, how, and since when; an empty `address` is not named."""
    how = [HOW[sign] for sign in signs]
    vi = f"{name.vi} tự nhận là {'bộ định tuyến' if gateway else 'thiết bị khác'}{f' ({address})' if address else ''} từ {since.vi}"
    en = f"{name.en} poses as {'the router' if gateway else 'another device'}{f' ({address})' if address else ''} since {since.en}"
    told_vi = f"; {victims} máy đã nhận lời giả" if victims else ""
    told_en = f"; it told so to {many(victims, 'device', 'devices')}" if victims else ""
    # What it means before how it is known: an alert cuts the end.
    may_vi, may_en = (". Liên lạc của các máy có thể đi qua nó", ". What others send may pass through it") if gateway else ("", "")
    return Text(
        f"{vi}{told_vi}{may_vi}. Dấu hiệu: {', '.join(each.vi for each in how)}.",
        f"{en}{told_en}{may_en}. Signs: {', '.join(each.en for each in how)}.",
    )


def title(address: str, *, gateway: bool) -> Text:
    """As whom it poses; with its hardware `address` where it has no name: the address people would call it by is the one it took."""
    said = GATEWAY_TITLE if gateway else TITLE
    return Text(f"{said.vi}: “{address}”", f"{said.en}: “{address}”") if address else said


def called(name: str) -> Text:
    """A device by its name or address."""
    return Text(f"Thiết bị “{name}”", f"The device “{name}”")
