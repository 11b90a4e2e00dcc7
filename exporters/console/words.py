"""The terms of the page beyond those it shares with alerts: what grades and states mean, vantages, lamps and the fifteen findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from exporters import evidence_words
from exporters import render_words as words
from exporters.console import coverage_words, fleet_words, pc_words, people_words, portal_words
from model.text import Text
from model.wording import coverage, probes
from model.wording.unlisted_device import CLASSES

GRADE_MEANING: Final = {
    "proven": Text("chính khung tin do hộp gửi để thử đã được nghe thấy ở phía bên kia", "the very test frame sent by this box was heard on the other side"),
    "confirmed": Text(
        "thiết bị tự nói ra, đọc trực tiếp từ thiết bị, hoặc nghe được chính việc đó",
        "the device said so, it was read from the device, or the very act was heard",
    ),
    "likely": Text("nhiều dấu hiệu cùng chỉ về một điều, chưa đọc trực tiếp được", "several signs agree; not read directly"),
    "inferred": Text("suy ra từ dấu hiệu gián tiếp và cách các thiết bị cùng hoạt động", "drawn from indirect signs and from how the devices behave together"),
    "by_design": Text("giao thức này không có cách nào để bật bảo vệ", "the protocol has no protection that could be switched on"),
}

STATE_MEANING: Final = {
    "pending": Text("vi phạm chưa kéo dài đủ lâu để báo", "the violation has not lasted long enough to be told"),
    "open": Text("đang vi phạm, chưa thấy dấu hiệu đã khắc phục", "violated, no sign yet that it was repaired"),
    "accepted": Text("vẫn vi phạm; có người chịu trách nhiệm chấp nhận đến một ngày định trước", "still violated; somebody accepted it until a date"),
    "resolved": Text("đã thấy dấu hiệu trực tiếp là hết vi phạm", "a direct sign showed that it is over"),
    "lapsed": Text("lâu không thấy đối tượng này; không có nghĩa là đã khắc phục", "the subject has long not been seen; this does not mean repaired"),
}

ROLE: Final = words.ROLES

HEARS: Final = {
    "plain": Text("tin quảng bá, tin phát nhóm và tin gửi cho chính hộp này", "broadcast, multicast and what is sent to this box"),
    "mirror": Text("mọi gói tin đi qua các cổng được sao chép", "every packet that crosses the mirrored ports"),
    "inline": Text("mọi gói tin đi qua đường truyền này", "every packet that crosses this line"),
    "unknown": Text("đang đo; ít nhất là tin quảng bá và tin phát nhóm", "being measured; broadcast and multicast at least"),
}

DEAF: Final = {
    "plain": Text(
        "tin riêng giữa hai máy khác: lệnh phát lên màn hình, trả lời DHCP gửi riêng, phiên điều khiển từ xa, giả mạo ARP nhắm đích",
        "unicast between other stations: commands to screens, unicast DHCP answers, remote-control sessions, targeted ARP spoofing",
    ),
    "mirror": Text("nội dung đã mã hóa, cổng không được sao chép, sóng Wi-Fi", "encrypted content, ports that are not mirrored, the radio"),
    "inline": Text("nội dung đã mã hóa, tin giữa hai máy cùng một phía, sóng Wi-Fi", "encrypted content, traffic that stays on one side, the radio"),
    "unknown": Text("chưa rõ; cho đến khi đo xong, coi như chỉ nghe được như cổng thường", "not known yet; until measured, no more than a plain port hears"),
}

# What each rung of VG-NET-01's ladder says of two segments, in few words and in full. A line shared is never told as a network shared.
RUNG: Final = {
    "shared_l2": Text("chung một mạng (lớp 2)", "one network (layer 2)"),
    "same_subnet": Text("chung dải địa chỉ", "one address range"),
    "routed_reachable": Text("đi được sang nhau", "reachable"),
    "same_line_only": Text("chỉ chung đường truyền", "one line only"),
    "not_observed": Text("chưa thấy liên hệ", "no link seen"),
    "blind": Text("chưa nhìn được", "not visible"),
}

RUNG_MEANING: Final = {
    "shared_l2": Text("máy ở bên này nghe thấy máy ở bên kia như trên cùng một dây", "devices on one side hear those on the other as on one wire"),
    "same_subnet": Text("cùng dải địa chỉ và cùng cổng ra", "the same range of addresses and the same way out"),
    "routed_reachable": Text("qua bộ định tuyến, máy bên này tới được máy bên kia", "through a router, devices on one side reach the other"),
    "same_line_only": Text("chung đường ra Internet; đây không phải căn cứ là chung mạng", "one way out to the Internet; this is no sign of one network"),
    "not_observed": Text("không thấy căn cứ dùng chung; chưa chứng minh được là tách biệt", "no sign of sharing; not proven to be apart"),
    "blind": Text("ít nhất một bên chưa được nghe nên chưa kết luận được", "at least one side is not heard, so nothing can be said"),
}

# How much of a lane can be heard at all.
HEARING: Final = {
    "all": Text("nghe hết", "hears all"),
    "part": Text("nghe một phần", "hears a part"),
    "deaf": Text("không ai nghe", "nobody listens"),
}

SERVES: Final = {"dhcp": Text("cấp DHCP", "DHCP"), "gateway": Text("cổng ra", "way out")}

# The one word for a screen's four lamps.
WORST_LAMP: Final = {
    "open": Text("mở, không bảo vệ", "open, unprotected"),
    "in_session": Text("đang trình chiếu", "in session"),
    "unknown": Text("chưa rõ", "unknown"),
    "enabled": Text("đang bật, có bảo vệ", "enabled, protected"),
    "present": Text("có mặt", "present"),
    "off": Text("đang tắt", "switched off"),
}

# What a smart device is for, as the classes' rules tell it.
PURPOSE: Final = {
    "hub": Text("bộ điều khiển trung tâm", "hub"),
    "kitchen": Text("đồ bếp", "kitchen"),
    "power supply": Text("bộ lưu điện", "power supply"),
    "light": Text("đèn", "light"),
    "module": Text("mô-đun nhúng", "module"),
    "plug": Text("ổ cắm", "plug"),
    "robot": Text("rô-bốt", "robot"),
    "scale": Text("cân", "scale"),
    "sensor": Text("cảm biến", "sensor"),
}

# Names of protocols are told as they are; what is said beside them is ours.
FAMILY: Final = {
    "AirPlay (âm thanh)": Text("AirPlay (âm thanh)", "AirPlay (sound)"),
    "DLNA (chưa rõ vai trò)": Text("DLNA (chưa rõ vai trò)", "DLNA (role unknown)"),
}

SUBJECT: Final = {
    "asset": Text("thiết bị", "asset"),
    "segment": Text("phân đoạn mạng", "segment"),
    "segments": Text("hai phân đoạn mạng", "two segments"),
    "sensor": Text("bộ thu", "sensor"),
    "site": Text("điểm", "site"),
    "portal": Text("cổng thông tin", "portal"),
    "uplink": Text("đường truyền", "uplink"),
    "account": Text("tài khoản", "account"),
}

TERMS: Final[Mapping[str, Mapping[Any, Text]]] = {
    "severity": words.SEVERITIES,
    "outcome": words.OUTCOMES,
    "grade": words.GRADES,
    "grade_meaning": GRADE_MEANING,
    "state": words.STATES,
    "state_meaning": STATE_MEANING,
    "step": words.STEPS,
    "cause": words.CAUSES,
    "urgency": words.URGENCIES,
    "role": ROLE,
    "sensor": coverage.STATES,
    "vantage": evidence_words.VANTAGES,
    "hears": HEARS,
    "deaf": DEAF,
    "lamp": words.LAMPS,
    "lit": words.LIT,
    "evidence": evidence_words.KINDS,
    "subject": SUBJECT,
    "class": CLASSES,
    "purpose": PURPOSE,
    "rung": RUNG,
    "rung_meaning": RUNG_MEANING,
    "probe": probes.KINDS,
    "probe_outcome": probes.OUTCOMES,
    "hearing": HEARING,
    "serves": SERVES,
    "worst_lamp": WORST_LAMP,
    "family": FAMILY,
    **portal_words.TERMS,
    **pc_words.TERMS,
    **people_words.TERMS,
    **coverage_words.TERMS,
    **fleet_words.TERMS,
}
