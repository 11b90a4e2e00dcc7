"""How evidence is told to people: a word for its kind, and its value as it was heard, except where the value is a word of ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from exporters import evidence_terms
from model.text import Text
from model.wording import pc_common, probes, shared_segment
from model.wording.unlisted_device import CLASSES

if TYPE_CHECKING:
    from model.text import Language
    from model.verdict import Evidence
    from model.wirefacts import ProbeKind

VANTAGES: Final[dict[str, Text]] = {
    "plain": Text("cổng thường", "plain port"),
    "mirror": Text("cổng sao chép", "mirror port"),
    "inline": Text("đặt giữa đường truyền", "inline"),
    "unknown": Text("chưa rõ", "not known yet"),
}


KINDS: Final[dict[str, Text]] = {
    "mdns": Text("quảng bá mDNS", "mDNS advert"),
    "ssdp": Text("quảng bá SSDP/UPnP", "SSDP/UPnP advert"),
    "wsd": Text("tự giới thiệu (WS-Discovery, SADP, DHIP)", "WS-Discovery, SADP or DHIP advert"),
    "dhcp": Text("DHCP", "DHCP"),
    "arp": Text("ARP", "ARP"),
    "nd": Text("ND (IPv6)", "ND (IPv6)"),
    "ra": Text("quảng bá bộ định tuyến IPv6", "IPv6 router advertisement"),
    "pjlink": Text("máy chiếu PJLink", "PJLink projector"),
    "mac": Text("địa chỉ MAC", "MAC address"),
    "netbios": Text("tên NetBIOS", "NetBIOS name"),
    "llmnr": Text("tên LLMNR", "LLMNR name"),
    "lldp": Text("LLDP/CDP trên dây", "LLDP/CDP on the cable"),
    "dns": Text("DNS", "DNS"),
    "ttl": Text("TTL", "TTL"),
    "port": Text("cổng TCP", "TCP port"),
    "state": Text("trạng thái", "state"),
    "count": Text("số lượng", "count"),
    "age": Text("thời gian", "age"),
    "vantage": Text("vị trí nghe", "vantage"),
    "heartbeat": Text("tín hiệu sống", "heartbeat"),
    "declared": Text("khai báo", "declared"),
    "product": Text("phần mềm", "software"),
    "version": Text("phiên bản", "version"),
    "address": Text("địa chỉ", "address"),
    "vendor": Text("hãng sản xuất", "vendor"),
    "segment": Text("phân đoạn mạng", "segment"),
    "session": Text("phiên", "session"),
    "read": Text("câu trả lời của màn hình", "the screen's answer"),
    "push": Text("gửi lên màn hình", "pushed to a screen"),
    "url_host": Text("máy chủ trong URL", "URL host"),
    "hop": Text("bước chuyển hướng", "hop"),
    "page": Text("trang đã xem", "page seen"),
    "persona": Text("kiểu người truy cập", "persona"),
    "script": Text("mã trong trang", "script"),
    "capture": Text("gói chứng cứ", "evidence kept"),
    "certificate": Text("chứng thư", "certificate"),
    "sitemap": Text("sơ đồ trang", "sitemap"),
    "campaign": Text("chiến dịch", "campaign"),
    "probe": Text("thăm dò", "probe"),
}

# A device by its code, which is all that is kept of some (model.privacy).
_DEVICE: Final = re.compile(r"\b(a[0-9a-f]{7})[0-9a-f]{9}\b")
_A_DEVICE: Final = Text("thiết bị", "device")
_ASKED: Final = Text("đã hỏi", "asked")
_SHAPES: Final[dict[str, ProbeKind]] = {"raw": "nonce_raw", "udp": "nonce_udp", "routed": "routed"}
_CROSSED: Final = re.compile(r"nonce (raw|udp|routed) (\S+) > (.+)")

_OPEN: Final = Text("SOC gõ thử, cổng mở:", "knocked by the SOC, open:")
_NONE_OPEN: Final = Text("SOC gõ thử, không cổng nào mở", "knocked by the SOC, no port open")
# What came of a technique for VG-NET-01 (`model.techniques.Outcome`).
_TRIED: Final = {
    "fired": Text("có thấy", "seen"),
    "silent": Text("không thấy", "not seen"),
    "unable": Text("chưa làm được", "could not be tried"),
    "over": Text("nay không còn thấy", "seen no more"),
}


def coded(said: str) -> str:
    """With devices' codes as short as people are told them."""
    return _DEVICE.sub(r"#\1", said)


def kind(piece: Evidence, language: Language) -> str:
    """The word for what sort of evidence it is."""
    if _DEVICE.fullmatch(piece.value):
        return _A_DEVICE.to(language)
    if piece.kind == "age" and pc_common.looked_at(piece.value) is not None:
        return _ASKED.to(language)
    return KINDS[piece.kind].to(language) if piece.kind in KINDS else piece.kind


def value(piece: Evidence, language: Language) -> str:
    """What was heard, raw; a term of ours in words."""
    if piece.kind == "vantage" and piece.value in VANTAGES:
        return VANTAGES[piece.value].to(language)
    if piece.kind == "probe":
        return _probe(piece.value, language)
    if piece.kind == "age" and (asked := pc_common.looked_at(piece.value)) is not None:
        return asked.to(language)
    return coded(reason(evidence_terms.told(piece.kind, piece.value, language), language))


def reason(line: str, language: Language) -> str:
    """A line of evidence for a class, `sign → class, class`, with the classes in words."""
    said, arrow, names = line.rpartition(" → ")
    if not arrow:
        return line
    told = [CLASSES.get(name) for name in names.split(", ")]
    return f"{said} → {', '.join(word.to(language) for word in told if word)}" if all(told) else line


def _probe(line: str, language: Language) -> str:
    """`nonce fired`: a technique and what came of it; `nonce raw a > b`: a frame of ours that crossed; `open 22,80`: the SOC knocked; else as it is."""
    if found := _CROSSED.fullmatch(line):
        return f"{probes.KINDS[_SHAPES[found[1]]].to(language)}: {found[2]} → {found[3]}"
    name, _, outcome = line.partition(" ")
    if name == "open":
        return _NONE_OPEN.to(language) if outcome == "-" else f"{_OPEN.to(language)} {outcome}"
    technique = shared_segment.TECHNIQUES.get(name)
    return f"{technique.to(language)}: {_TRIED[outcome].to(language)}" if technique and outcome in _TRIED else line
