"""The terms of the pages about portals: marks, places, hops, what is lawful, what is held against a portal, what differs from its own way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from model.text import Text
from model.wording import portal_common as common
from model.wording.portal_terms import LAWFUL, PART, SIGN

LEVEL: Final = {
    "province": Text("cấp tỉnh", "province"),
    "commune": Text("cấp xã", "commune"),
    "other": Text("cấp khác", "other"),
}

# What one kind of visitor saw last.
MARK: Final = {
    "dirty": Text("thấy vi phạm", "saw a violation"),
    "clean": Text("thấy sạch", "saw it clean"),
    "unknown": Text("chưa rõ", "unknown"),
    "never": Text("chưa truy cập", "never looked"),
    "moved": Text("bị chuyển ra ngoài, chưa thấy dấu hiệu xấu", "sent elsewhere, no sign of harm"),
}

WHY: Final = {
    **common.REASON,
    "no_consent": Text("chủ cổng chưa đồng ý cho giả làm máy tìm kiếm", "the owner has not agreed to looks as a crawler"),
    "retired": Text("kiểu này thôi không truy cập cổng", "this kind of visitor looks no more"),
}

HOW: Final = {**common.HOW, "asked": Text("địa chỉ được mở", "the address asked for")}

LAWFUL_SHAPE: Final = {"own": "clear", "destination": "clear", "government": "unknown", "none": "violation"}

# What came after learning and nobody accepted.
DIFFERS: Final = {
    "new_script_host": Text("máy chủ nạp mã mới", "new script host"),
    "new_frame_host": Text("máy chủ khung nhúng mới", "new frame host"),
    "new_form_host": Text("nơi nhận biểu mẫu mới", "new form target"),
    "changed_library": Text("thư viện đã đổi", "changed library"),
    "new_generator": Text("phần mềm quản trị nội dung mới", "new content system"),
    "new_issuer": Text("nơi cấp chứng thư mới", "new certificate issuer"),
    "moved_address": Text("dải địa chỉ máy chủ mới", "new server network"),
    "changed_missing": Text("cách trả lời trang không tồn tại đã đổi", "missing pages are answered differently"),
}

# What was learnt to be the portal's own, by the kind of difference that another one would be.
OWN: Final = {
    "new_script_host": Text("máy chủ nạp mã", "script hosts"),
    "new_frame_host": Text("máy chủ khung nhúng", "frame hosts"),
    "new_form_host": Text("nơi nhận biểu mẫu", "form targets"),
    "new_generator": Text("phần mềm quản trị nội dung", "content system"),
    "new_issuer": Text("nơi cấp chứng thư", "certificate issuers"),
    "moved_address": Text("dải địa chỉ máy chủ", "server networks"),
    "changed_missing": Text("mã trả lời trang không tồn tại", "answers to missing pages"),
}

GROUP: Final = {
    "machine": Text("máy tính", "computers"),
    "phone": Text("điện thoại", "phones"),
    "search": Text("đến từ trang tìm kiếm", "from a search"),
    "social": Text("đến từ mạng xã hội", "from social networks"),
    "crawler": Text("máy tìm kiếm", "search engines’ crawlers"),
    "other": Text("kiểu khác", "others"),
}

# Whether a lawful destination may be used now.
FORCE: Final = {
    "current": Text("đang có hiệu lực", "in force"),
    "ending": Text("sắp hết hạn", "ends soon"),
    "expired": Text("đã hết hạn", "expired"),
    "future": Text("chưa có hiệu lực", "not in force yet"),
}

FILE: Final = {"robots": Text("robots.txt", "robots.txt"), "sitemap": Text("sơ đồ trang", "sitemap")}

USED: Final = {
    "portal": Text("tên của cổng", "the portal’s name"),
    "script": Text("nơi nạp mã", "script host"),
    "frame": Text("nơi nạp khung", "frame host"),
}

RESOLVED: Final = {
    "resolves": Text("phân giải được", "resolves"),
    "dangling": Text("không còn tồn tại", "exists no more"),
    "failed": Text("chưa phân giải được", "could not be resolved"),
}

# A look that must not find it again before an incident ends.
RECHECK: Final = {
    "done": Text("không thấy lại", "not seen again"),
    "due": Text("chưa đến hạn", "not due yet"),
    "late": Text("đến hạn, chưa đủ kiểu khách xem lại được", "due, not yet looked at by all"),
}

# What a grade means of a portal: nothing there is heard from a device.
GRADE_MEANING: Final = {
    "confirmed": Text("cùng một kiểu khách thấy lại trong lần truy cập khác, hoặc đọc trực tiếp", "the same kind of visitor saw it again on another visit"),
    "likely": Text("mới thấy một lần, hoặc chưa có dấu hiệu xấu rõ ràng", "seen once so far, or with no clear sign of harm"),
}

# What of a list of gambling names is in use.
FEED: Final = {
    "newest": Text("dùng tệp mới nhất", "the newest file is in use"),
    "last_good": Text("tệp mới bị từ chối, vẫn dùng bản tốt gần nhất", "the new file was refused, the last good copy is in use"),
    "too_old": Text("không dùng được: bản tốt gần nhất đã quá hạn", "not in use: the last good copy is too old"),
    "none": Text("không dùng được: chưa có bản nào", "not in use: there is no good copy"),
}

TERMS: Final[Mapping[str, Mapping[Any, Text]]] = {
    "portal_level": LEVEL,
    "portal_mark": MARK,
    "portal_why": WHY,
    "portal_part": PART,
    "portal_how": HOW,
    "portal_lawful": LAWFUL,
    "portal_sign": SIGN,
    "portal_differs": DIFFERS,
    "portal_own": OWN,
    "portal_group": GROUP,
    "portal_force": FORCE,
    "portal_file": FILE,
    "portal_used": USED,
    "portal_resolved": RESOLVED,
    "portal_recheck": RECHECK,
    "portal_grade": GRADE_MEANING,
    "portal_feed": FEED,
}
