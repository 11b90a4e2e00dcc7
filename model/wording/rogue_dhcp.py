"""What VG-NET-04 says."""

from __future__ import annotations

from collections.abc import Sequence

from model.text import Text, shown

CLOSING = Text(
    "Im lặng trước 3 lần hộp hỏi trong 24 giờ; nếu hộp không hỏi: 5 ngày làm việc không nghe thấy trong khi vẫn nghe mạng.",
    "Silent to 3 questions of the box over 24 hours; without questions: unheard for 5 working days while the network was listened to.",
)

REMEDY = (
    Text(
        "Tìm thiết bị theo địa chỉ MAC (thường là bộ phát Wi-Fi cắm nhầm cổng LAN), rút dây của nó.",
        "Find it by its MAC address (most often a Wi-Fi router plugged in by a LAN port) and unplug it.",
    ),
    Text(
        "Khởi động lại mạng trên các máy đã nhận địa chỉ từ nó, để nhận lại từ máy chủ đúng.",
        "Reconnect the devices that took an address from it, so that they get one from the right server.",
    ),
    Text(
        "Là của cơ quan: ghi vào declared/dhcp_servers.csv; bộ định tuyến thì declared/routers.csv.",
        "If it is the office's own: enter it in declared/dhcp_servers.csv, a router in declared/routers.csv.",
    ),
)

_TITLES = {
    "dhcp4": Text("Máy chủ DHCP ngoài khai báo", "A DHCP server that is not declared"),
    "dhcp6": Text("Máy chủ DHCPv6 ngoài khai báo", "A DHCPv6 server that is not declared"),
    "ra": Text("Bộ định tuyến IPv6 ngoài khai báo", "An IPv6 router that is not declared"),
}
TITLE = Text("Máy chủ DHCP hoặc bộ định tuyến IPv6 ngoài khai báo", "A DHCP server or IPv6 router that is not declared")
NOT_DECLARED = Text("Chưa khai báo máy chủ DHCP (dhcp_servers.csv).", "No DHCP servers are declared (dhcp_servers.csv).")
NO_ROUTERS = Text("Chưa khai báo bộ định tuyến (routers.csv).", "No routers are declared (routers.csv).")
GONE = Text("Không còn nghe thấy máy chủ này.", "This server is no longer heard.")
SILENT = Text("Chưa im lặng đủ lâu để coi là đã gỡ.", "Not silent for long enough to count as taken away.")
PLAIN = Text(
    "Cổng thường không nghe được trả lời DHCP gửi riêng: hãy cho hộp tự hỏi (probes) để biết máy chủ còn hay không.",
    "A plain port does not hear DHCP answers sent to one client: let the box ask (probes) to learn whether the server is still there.",
)

_WHAT = {
    "dhcp4": Text("cấp địa chỉ mạng (DHCP)", "gives out addresses (DHCP)"),
    "dhcp6": Text("cấp địa chỉ IPv6 (DHCPv6)", "gives out IPv6 addresses (DHCPv6)"),
    "ra": Text("tự quảng bá là bộ định tuyến IPv6", "advertises itself as an IPv6 router"),
}


def title(kinds: Sequence[str]) -> Text:
    """What it serves undeclared; the rule's own words where that is more than one thing."""
    return _TITLES.get(kinds[0], TITLE) if len(kinds) == 1 else TITLE


def lawful(name: str) -> Text:
    """It is declared."""
    return Text(f"“{shown(name)}” có trong khai báo.", f"“{shown(name)}” is declared.")


def disagree(name: str, others: int) -> Text:
    """Nothing is declared, but two servers cannot both be right."""
    return Text(
        f"Chưa khai báo máy chủ DHCP, bộ định tuyến; “{shown(name)}” và {others} thiết bị khác trong cùng mạng trả lời trái ngược nhau.",
        f"No DHCP servers or routers are declared; “{shown(name)}” and {others} other devices on the same network contradict one another.",
    )


def found(name: str, where: Sequence[str], kinds: Sequence[str], *, routers: Sequence[str], dns: Sequence[str], refused: int, relay: str) -> Text:
    """Who serves what undeclared on which networks (the declared data are by leg), where it sends people, and whom it refuses."""
    what, places = [_WHAT[kind] for kind in kinds], shown(", ".join(f"“{place}”" for place in where))
    vi = f"“{shown(name)}” {', '.join(each.vi for each in what)} ở {places} mà không được khai báo cho mạng này"
    en = f"“{shown(name)}” {', '.join(each.en for each in what)} on {places} and is not declared for that network"
    for values, told in (
        (routers, Text("bảo các máy đi ra ngoài qua", "sends people out through")),
        (dns, Text("bảo hỏi tên miền (DNS) ở", "has people look names up at")),
        ((relay,) if relay else (), Text("chuyển tiếp từ máy chủ", "passes on the answers of")),
    ):
        if values:
            listed = shown(", ".join(values))
            vi, en = f"{vi}; {told.vi} {listed}", f"{en}; {told.en} {listed}"
    if refused:
        vi, en = f"{vi}; từ chối (NAK) {refused} máy của máy chủ khác", f"{en}; refuses (NAK) {refused} clients of another server"
    return Text(vi + ".", en + ".")
