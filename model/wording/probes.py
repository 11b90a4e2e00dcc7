"""How probes are called, and what came of one."""

from __future__ import annotations

from model.text import Text
from model.wirefacts import ProbeKind, ProbeOutcome

KINDS: dict[ProbeKind, Text] = {
    "nonce_raw": Text("Khung thử lớp 2", "Layer-2 test frame"),
    "nonce_udp": Text("Gói thử quảng bá", "Broadcast test datagram"),
    "routed": Text("Gói thử qua bộ định tuyến", "Test packet by way of the router"),
    "dhcp": Text("Hỏi DHCP (không nhận địa chỉ)", "DHCP question (takes no address)"),
    "gateway4": Text("Hỏi cổng ra (ARP)", "Who is the gateway (ARP)"),
    "gateway6": Text("Hỏi bộ định tuyến IPv6", "Who is the IPv6 router"),
    "line": Text("So đường truyền qua SOC", "Line as the SOC sees it"),
}
OUTCOMES: dict[ProbeOutcome, Text] = {
    "sent": Text("đã gửi", "sent"),
    "no_address": Text("chưa có địa chỉ", "no address"),
    "refused": Text("không được gửi", "not sent"),
    "failed": Text("không gửi được", "could not be sent"),
}
