"""The words for evidence that is in terms of ours: what a PC was asked and said, who looked at a portal, how a hop was taken, what a sensor is doing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from model.text import Text
from model.wording import address_takeover, coverage, host_firewall, portal_common, portal_terms, retained_identity

if TYPE_CHECKING:
    from model.text import Language

# What is wrong with a PC (the facets of VG-END-01 ... 11), and the values that are no figure or name.
_FACETS: Final = {
    "antivirus": Text("phần mềm diệt vi-rút", "antivirus"),
    "signatures": Text("mẫu nhận diện vi-rút", "signatures"),
    "bases": Text("mẫu nhận diện của Kaspersky", "Kaspersky's signatures"),
    "licence": Text("bản quyền", "licence"),
    "government": Text("mật khẩu hệ thống nhà nước", "passwords of government systems"),
    "others": Text("mật khẩu trang khác", "passwords of other sites"),
    "synced": Text("mật khẩu đồng bộ sang máy khác", "passwords synced elsewhere"),
    "store": Text("kho mật khẩu có dùng, chưa đếm được", "a password store in use, not counted"),
    "accounts outside": Text("tài khoản ngoài cơ quan", "accounts from outside the organisation"),
    "policy": Text("chính sách", "policy"),
    "blank": Text("tài khoản không cần mật khẩu", "accounts that need no password"),
    "unset": Text("tài khoản chưa từng đặt mật khẩu", "accounts that never had a password"),
    "generic": Text("tài khoản tên chung", "accounts with general names"),
    "shared": Text("nhiều người dùng chung", "shared by several people"),
    "automatic": Text("tự động đăng nhập", "automatic logon"),
    "stored": Text("mật khẩu đăng nhập lưu dạng đọc được", "logon password stored readable"),
    "clear_text": Text("lưu mật khẩu dạng giải mã được", "passwords kept decryptable"),
    "remote_blank": Text("đăng nhập từ xa không mật khẩu", "remote logon without a password"),
    "guest": Text("tài khoản Khách", "Guest account"),
    "length": Text("độ dài mật khẩu tối thiểu", "least length of passwords"),
    "complexity": Text("đòi mật khẩu phức tạp", "complex passwords asked for"),
    "lockout": Text("khóa khi gõ sai", "lockout after failures"),
    "server": Text("máy chủ kích hoạt", "activation server"),
    "term": Text("hạn kích hoạt", "term of activation"),
    "no_ticket": Text("không báo về Microsoft khi kích hoạt", "set not to report activation"),
    "updating": Text("dịch vụ cập nhật", "update service"),
    "hosts": Text("máy chủ cập nhật trong tệp hosts", "update servers in the hosts file"),
    "account": Text("tài khoản làm việc hằng ngày", "account of the daily work"),
    "builtin": Text("tài khoản Administrator có sẵn", "built-in Administrator"),
    "exemption": Text("phép dùng quyền quản trị", "exemption for administrator rights"),
    "remote_desktop": Text("Remote Desktop", "Remote Desktop"),
    "assistance": Text("Remote Assistance", "Remote Assistance"),
    "control": Text("kiểm soát thiết bị ngoại vi", "control of peripherals"),
    "bluetooth": Text("Bluetooth", "Bluetooth"),
    "holes": Text("quy tắc cho vào mọi cổng", "rules that let any port in"),
    "off": Text("tường lửa tắt", "firewall off"),
    "working": Text("tường lửa hoạt động", "firewall at work"),
    "receiver": Text("nhận hình chiếu", "takes projected pictures"),
    "play_to": Text("cho phát hình, tiếng lên máy", "lets others play on it"),
}
_VALUES: Final[Mapping[str, Text]] = {
    "yes": Text("có", "yes"),
    "no": Text("không", "no"),
    "on": Text("đang bật", "on"),
    "off": Text("đang tắt", "off"),
    "open": Text("đang mở", "open"),
    "none": Text("không có", "none"),
    "old": Text("đã cũ", "old"),
    "used": Text("có dùng", "used"),
    "over": Text("đã hết hạn", "over"),
    "expired": Text("đã hết hạn", "expired"),
    "runs_out": Text("sắp hết hạn", "runs out soon"),
    "not_activated": Text("chưa kích hoạt", "not activated"),
    "snoozed": Text("đang tạm dừng", "paused"),
    "never": Text("không bao giờ", "never"),
    "too_long": Text("dài hơn KMS thật cho phép", "longer than a real KMS gives"),
    "loopback": Text("ngay trên máy", "the PC itself"),
    "blocked": Text("bị chặn", "blocked"),
    "administrator": Text("có quyền quản trị", "an administrator's"),
    "without_nla": Text("bật, không bắt xác thực trước (NLA)", "on, without NLA"),
    "one_account": Text("một tài khoản", "one account"),
    **host_firewall.PROFILES,
}
# How far software for remote control goes, from its PC (VG-END-08) or from the wire (VG-NET-07).
_STAGES: Final = {
    "installed": Text("đã cài", "installed"),
    "automatic": Text("tự chạy", "starts by itself"),
    "running": Text("đang chạy", "running"),
    "session": Text("có phiên", "in session"),
    "connecting": Text("đang kết nối", "connecting"),
    "listening": Text("đang chờ kết nối", "listening"),
    "named": Text("mới tra tên", "looked up only"),
    "controlled": Text("bị điều khiển", "controlled"),
    "controlling": Text("điều khiển máy khác", "controlling"),
    "wire:": Text("trên mạng:", "on the wire:"),
    "portable": Text("không cần cài", "portable"),
}
_BEATS: Final = {
    **coverage.STATES,
    "never": Text("chưa lần nào", "never"),
    "mute": Text("có trên mạng mà không báo cáo", "on the network, does not report"),
    "revoked": Text("chứng thư đã thu hồi", "certificate revoked"),
    "reports": Text("có báo cáo", "reports"),
    "blind": Text("chưa rõ", "not known"),
    "copied": Text("trùng phần cứng với", "the same hardware as"),
    "carried": Text("kiểm tra bằng USB", "inspected by the stick"),
}
_HOWS: Final = {**portal_common.HOW, "asked": Text("địa chỉ được mở", "the address asked for")}
_SIGHTING: Final = re.compile(r"(\S+)( @\S+)? x(\d+), (\d+) s")
_SEEN: Final = Text("{} thấy {} lần", "{} saw it, times: {}")
_WITHIN: Final = Text(" trong {} giây", ", within {} s")
# How a device lies about an address (VG-NET-08), by whose hand, and that nothing more was heard of what was (VG-NET-04, 08).
_LIE: Final = re.compile(r"(\S*): ([a-z_]+(?:, [a-z_]+)*); (\d+) unasked")
_UNASKED: Final = Text("{} lần", "times: {}")
_QUIET: Final = Text("im lặng", "silent")
_FILES: Final = re.compile(r"(\w+): (\d+), (\d+) B, (\d+) d")
_KEPT: Final = Text("{}: {} tệp, {} B, cũ nhất {} ngày", "{}: files {}, {} B, oldest {} days")
# What a server promises (VG-NET-04, 05): a word of ours before each value.
_PROMISES: Final = {
    "server": Text("máy chủ", "server"),
    "relay": Text("bộ chuyển tiếp", "relay"),
    "router": Text("cổng ra", "router"),
    "routers": Text("cổng ra", "routers"),
    "dns": Text("DNS", "dns"),
    "networks": Text("dải địa chỉ", "networks"),
}
_PROMISED: Final = re.compile(r"(?:^|(?<=[;:] ))(server|relay|routers?|dns|networks) ")
_WORKED: Final = re.compile(r"known (\d+)/(\d+), administrator (\d+), built-in (\d+)")
_DAYS: Final = Text("biết {}/{} ngày; quản trị {}, Administrator có sẵn {}", "days known {}/{}; administrator's {}, built-in {}")
# What stands before a value: of a declared exemption, of the wire, of a tool.
_BEFORE: Final = {
    "admins until ": Text("được dùng quyền quản trị đến ", "admins until "),
    "kms heard on the wire: ": Text("KMS nghe thấy trên mạng: ", "kms heard on the wire: "),
    "traces ": Text("dấu vết ", "traces "),
    "sent by ": Text("do máy khác gửi: ", "sent by "),
}
_PASSED: Final = Text("máy bên kia nhận kết nối (SYN+ACK)", "the other side accepted (SYN+ACK)")


def told(kind: str, line: str, language: Language) -> str:
    """The line with our own terms in words; as it is where there are none."""
    tell = _TELLERS.get(kind)
    return tell(line, language) if tell else line


def _facet(line: str, language: Language) -> str:
    what, colon, values = line.partition(": ")
    if not colon or what not in _FACETS:
        return line
    return f"{_FACETS[what].to(language)}: {', '.join(_word(_VALUES, value, language) for value in values.split(','))}"


def _persona(line: str, language: Language) -> str:
    if found := _SIGHTING.fullmatch(line):
        within = _WITHIN.to(language).format(found[4]) if found[4] != "0" else ""
        return _SEEN.to(language).format(_word(portal_common.PERSONA, found[1], language) + (found[2] or ""), found[3]) + within
    who, gap, why = line.partition(" ")
    if not who:
        # Nobody looked at all.
        return _word(portal_common.REASON, why, language)
    return f"{_word(portal_common.PERSONA, who, language)}{': ' if gap else ''}{_word(portal_common.REASON, why, language)}"


def _count(line: str, language: Language) -> str:
    if found := _FILES.fullmatch(line):
        return _KEPT.to(language).format(_word(retained_identity.PLACES, found[1], language), found[2], found[3], found[4])
    if found := _WORKED.fullmatch(line):
        return _DAYS.to(language).format(*found.groups())
    return _facet(line, language)


def _claim(line: str, language: Language) -> str:
    if found := _LIE.fullmatch(line):
        signs = ", ".join(_word(address_takeover.HOW, sign, language) for sign in found[2].split(", "))
        return f"{found[1]}: {signs}; {_UNASKED.to(language).format(found[3])}"
    return _served(line, language)


def _served(line: str, language: Language) -> str:
    if line in ("quiet", "silent"):
        return _QUIET.to(language)
    return _PROMISED.sub(lambda found: f"{_PROMISES[found[1]].to(language)} ", line)


def _lead(line: str, language: Language) -> str:
    head = next((head for head in _BEFORE if line.startswith(head)), "")
    return f"{_BEFORE[head].to(language)}{line.removeprefix(head)}" if head else line


def _session(line: str, language: Language) -> str:
    return _PASSED.to(language) if line == "SYN+ACK" else line


def _first(table: Mapping[str, Text]) -> Callable[[str, Language], str]:
    """A line whose first word is one of `table`."""

    def tell(line: str, language: Language) -> str:
        word, gap, rest = line.partition(" ")
        return f"{_word(table, word, language)}{gap}{rest}"

    return tell


def _product(line: str, language: Language) -> str:
    name, *rest = line.split(" ")
    known = [name, *rest] if rest and (name == "wire:" or rest[0] in _STAGES) else []
    return " ".join(_word(_STAGES, word, language) for word in known) or _lead(line, language)


def _page(line: str, language: Language) -> str:
    """`address sign how host value`, or `sign value`."""
    words = line.split(" ")
    said = [_word(portal_terms.SIGN, word, language) for word in words[:2]]
    hows = [_word(_HOWS, word, language) for word in words[2:3]] if said[1:] != words[1:2] else words[2:3]
    return " ".join([*said, *hows, *words[3:]])


def _word(table: Mapping[str, Text], word: str, language: Language) -> str:
    return table[word].to(language) if word in table else word


_TELLERS: Final[Mapping[str, Callable[[str, Language], str]]] = {
    "state": _facet,
    "count": _count,
    "arp": _claim,
    "nd": _claim,
    "dhcp": _served,
    "ra": _served,
    "mac": _lead,
    "declared": _lead,
    "session": _session,
    "heartbeat": _first(_BEATS),
    "hop": _first(_HOWS),
    "page": _page,
    "persona": _persona,
    "product": _product,
    "script": _page,
}
