"""What VG-NET-05 says."""

from __future__ import annotations

from collections.abc import Sequence

from model.text import Text, shown

TITLE = Text("Bộ định tuyến, điểm phát mạng hoặc thiết bị điều khiển từ xa ngoài khai báo", "An undeclared router, access point, tether or remote keyboard")

CLOSING = Text(
    "Không còn nghe thấy dấu hiệu của nó 5 ngày làm việc trong khi vẫn nghe mạng, hoặc đã ghi vào khai báo.",
    "Its signs unheard for 5 working days while the network was listened to, or entered in the declared data.",
)

_FIND = Text(
    "Tìm thiết bị theo địa chỉ MAC (bảng địa chỉ của bộ chuyển mạch); rút dây hoặc tắt phát mạng.",
    "Find the device by its MAC address and the port of the switch, unplug it or stop its sharing.",
)
_ASK = Text(
    "Hỏi tại chỗ ai đang phát mạng từ điện thoại, máy tính hoặc cắm bộ phát 4G; yêu cầu tắt ngay.",
    "Ask on site who shares a line from a phone, a PC or a 4G stick; have it switched off.",
)
_OTHER_WAY = Text(
    "Kiểm tra các máy đã đi qua nó: máy công vụ không được có đường ra Internet nào khác.",
    "Look at the PCs that went out through it: an office PC may have no other way to the Internet.",
)
_ENTER = Text(
    "Nếu là thiết bị của cơ quan: ghi vào declared/routers.csv hoặc declared/register.csv.",
    "If it is the office's own: enter it in declared/routers.csv or declared/register.csv.",
)
_KEYBOARD = Text(
    "Thiết bị này xem màn hình, gõ bàn phím từ xa: cắm vào máy nào, ai lắp? Giữ nguyên để kiểm tra.",
    "It sees a PC's screen and types on it from afar: see which PC, who fitted it; keep it as it is.",
)

_KINDS = {
    "router": Text("bộ định tuyến", "a router"),
    "access_point": Text("điểm phát Wi-Fi", "a Wi-Fi access point"),
    "kvm": Text("thiết bị điều khiển màn hình, bàn phím từ xa (KVM qua mạng)", "a remote keyboard and screen (KVM over IP)"),
    "tether": Text("điện thoại hoặc máy tính đang chia sẻ mạng", "a phone or PC that shares its line"),
    "modem": Text("bộ phát 4G hoặc bộ định tuyến bỏ túi", "a 4G stick or pocket router"),
}

_SIGNS = {
    "ra": Text("tự quảng bá là bộ định tuyến IPv6", "advertises itself as an IPv6 router"),
    "dhcp": Text("cấp địa chỉ và bảo các máy đi ra ngoài qua nó", "gives out addresses and names itself as the way out"),
    "double_dhcp": Text("cấp địa chỉ trái với máy chủ khác trong cùng mạng", "gives out addresses that contradict another server of the network"),
    "igd": Text("tự quảng bá là cổng ra Internet (UPnP IGD)", "advertises itself as an Internet gateway (UPnP IGD)"),
    "lldp": Text("tự khai là bộ định tuyến hoặc điểm phát Wi-Fi (LLDP, CDP)", "says that it is a router or access point (LLDP, CDP)"),
    "plan": Text("dùng địa chỉ mặc định của loại thiết bị này", "uses the address that such devices give themselves"),
    "pikvm": Text("dùng địa chỉ MAC của PiKVM", "uses PiKVM's MAC address"),
    "brings": Text("đưa gói tin từ Internet vào mạng", "brings packets from the Internet into the network"),
    "hops": Text("chuyển tiếp gói tin của máy khác nằm sau nó (TTL đã giảm một bậc)", "passes on packets of others behind it (TTL one below)"),
    "class": Text("còn dấu hiệu khác của loại thiết bị này", "other signs show this kind of device"),
}

NOT_DECLARED = Text("Chưa khai báo bộ định tuyến (routers.csv).", "No routers are declared (routers.csv).")
GONE = Text("Không còn nghe thấy dấu hiệu của thiết bị này.", "The signs of this device are no longer heard.")
SILENT = Text("Chưa im lặng đủ lâu để coi là đã gỡ.", "Not silent for long enough to count as taken away.")
PLAIN = Text(
    "Cổng thường không nghe được gói tin đi qua thiết bị này: cần cổng sao chép (mirror) để biết nó còn chuyển tiếp hay không.",
    "A plain port does not hear packets that pass this device: a mirror port is needed to know whether it still passes them on.",
)


def remedy(kind: str, *, named: bool) -> tuple[Text, ...]:
    """What to do. What is not `named` may be a citizen's own: nobody is told its address, so that it is found by asking."""
    if kind == "kvm":
        return _KEYBOARD, _FIND, _ENTER
    return (_FIND if named else _ASK), _OTHER_WAY, _ENTER


def title(kind: str) -> Text:
    """What stands there undeclared."""
    vi, en = _KINDS[kind].vi, _KINDS[kind].en
    return Text(f"{vi[0].upper()}{vi[1:]} ngoài khai báo", f"{en[0].upper()}{en[1:]}, not declared")


def lawful(name: str) -> Text:
    """It is declared."""
    return Text(f"“{shown(name)}” có trong khai báo.", f"“{shown(name)}” is declared.")


def found(name: str, kind: str, signs: Sequence[str]) -> Text:
    """What it is and by which signs; without a name of one that may be a citizen's own."""
    told = [_SIGNS[sign] for sign in dict.fromkeys(signs)]
    vi = f"“{name}” là {_KINDS[kind].vi}" if name else f"Trong mạng có {_KINDS[kind].vi}"
    en = f"“{name}” is {_KINDS[kind].en}" if name else f"There is {_KINDS[kind].en} on the network"
    return Text(f"{vi} ngoài khai báo: {'; '.join(each.vi for each in told[:3])}.", f"{en}, not declared: {'; '.join(each.en for each in told[:3])}.")


def undecided(name: str, signs: Sequence[str]) -> Text:
    """Signs that say too little by themselves."""
    told = [_SIGNS[sign] for sign in dict.fromkeys(signs)]
    vi = f"“{name}”" if name else "Một thiết bị"
    en = f"“{name}”" if name else "A device"
    return Text(
        f"{vi} mới có một dấu hiệu yếu: {told[0].vi}; chưa đủ để kết luận.",
        f"{en} shows one weak sign only: {told[0].en}; too little to tell.",
    )


def not_applicable(name: str, kind: str) -> Text:
    """It routes, and nobody said which router may."""
    vi = f"“{name}”" if name else "Một thiết bị"
    en = f"“{name}”" if name else "A device"
    return Text(
        f"{vi} là {_KINDS[kind].vi}; chưa khai báo bộ định tuyến (routers.csv) nên không biết có được phép không.",
        f"{en} is {_KINDS[kind].en}; no routers are declared (routers.csv), so nobody can tell whether it may be there.",
    )
