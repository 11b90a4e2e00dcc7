"""What VG-WEB-02 says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from model.portals.hosts import defanged
from model.text import Text, shown
from model.wording import portal_common as common

if TYPE_CHECKING:
    from model.portals.judgement import Judgement
    from model.portals.rows import Seen

ABOUT: Final = Text("Cổng thông tin điện tử bị chèn nội dung, liên kết, mã lạ", "Content, links or code that its owner did not publish stand on a portal")

CHECK: Final = Text(
    "Kiểm tra trên máy chủ: tệp index, 404, mẫu giao diện, thư viện .js, mô-đun IIS, tác vụ định kỳ, tài khoản quản trị, thư mục tải lên, hỏi đáp.",
    "Check on the server: index, 404, templates, .js libraries, IIS modules, scheduled tasks, administrators, uploads, question pages.",
)
ACCEPT: Final = Text("Nếu là thay đổi của chủ cổng: vonggac portals accept-change.", "If the owner made the change: vonggac portals accept-change.")

_KIND: Final = {
    "promotion": Text("hiện nội dung quảng cáo", "shows advertising"),
    "promoted_title": Text("có tiêu đề bị đổi thành quảng cáo", "has a title turned into advertising"),
    "promoted_links": Text("hiện liên kết quảng cáo", "shows advertising links"),
    "hidden_links": Text("chứa liên kết ẩn ra trang ngoài", "holds hidden links to other sites"),
    "hidden_text": Text("chứa chữ quảng cáo bị ẩn", "holds hidden advertising text"),
    "hidden_frame": Text("chứa khung ẩn của trang ngoài", "holds a hidden frame of another site"),
    "foreign_tag": Text("có thẻ trỏ sang trang quảng cáo", "has tags that name an advertising site"),
    "other_script": Text("có trang bằng chữ nước ngoài", "has pages in foreign letters"),
    "doorway": Text("có trang mồi cho máy tìm kiếm", "has doorway pages for search engines"),
    "sitemap_flood": Text("có sơ đồ trang đầy địa chỉ mồi", "has a sitemap full of doorway addresses"),
    "foreign_entries": Text("có sơ đồ trang liệt kê trang của người khác", "has a sitemap that lists others' pages"),
    "product": Text("có thẻ hàng hóa quảng cáo", "has tags of goods for advertising"),
    "sitemap_jump": Text("có sơ đồ trang tăng đột biến", "has a sitemap that jumped"),
    "inserted_script": Text("bị chèn mã từ máy chủ lạ", "loads code from a strange host"),
    "appended": Text("có thư viện bị chèn thêm mã", "has a library with code appended"),
    "obfuscated": Text("chứa mã bị che giấu", "holds code that hides what it does"),
    "brand_host": Text("nạp nội dung từ trang cá cược", "loads from a gambling host"),
    "feed": Text("nạp nội dung từ trang trong danh sách cá cược", "loads from a host on a gambling list"),
    "service_worker": Text("cài mã chạy ngầm của trang ngoài", "installs another site's background worker"),
    "click_hijack": Text("cướp cú bấm đầu tiên của khách", "hijacks the first click"),
    "exploit": Text("chứa mã tấn công trình duyệt", "holds code that attacks browsers"),
}
_OTHER: Final = Text("có nội dung lạ", "holds strange content")
_SLIGHT: Final = {
    "new_script_host": Text("nạp mã từ máy chủ mới", "loads scripts from a new host"),
    "new_frame_host": Text("nhúng khung từ máy chủ mới", "shows frames of a new host"),
    "new_form_host": Text("gửi biểu mẫu sang máy chủ mới", "sends forms to a new host"),
    "changed_library": Text("có thư viện đã đổi", "has a changed library"),
    "new_generator": Text("đổi phần mềm quản trị nội dung", "changed its content system"),
    "new_issuer": Text("đổi nơi cấp chứng thư", "changed its certificate's issuer"),
    "moved_address": Text("đổi địa chỉ máy chủ", "moved to another address"),
    "changed_missing": Text("đổi cách trả lời trang không tồn tại", "answers missing pages differently"),
    "dangling": Text("dùng tên miền không còn tồn tại", "uses a name that no longer exists"),
    "foreign_entries": Text("có sơ đồ trang chứa tên miền khác", "lists other hosts in its sitemap"),
    "inserted_script": Text("nạp mã bằng mã từ máy chủ chưa biết", "loads code by script from an unknown host"),
    "hidden_frame": Text("chứa khung ẩn chưa biết của ai", "holds a hidden frame of an unknown host"),
    "obfuscated": Text("chứa mã khó đọc", "holds code that is hard to read"),
    "foreign_tag": Text("có thẻ trỏ sang tên miền khác", "has tags that name another host"),
}
_DIFFERS: Final = Text("khác với nếp đã học", "differs from what was learnt")


def worst(judgement: Judgement) -> Seen:
    """The sighting that a sentence is made of."""
    seen = judgement.standing.seen if judgement.standing else ()
    return max(seen, key=lambda each: (each.confirmed, each.rank, each.last, each.kind))


def title(judgement: Judgement) -> Text:
    """What stands there, at which portal."""
    seen = worst(judgement)
    what, name = _KIND.get(seen.kind, _OTHER), common.name_of(judgement)
    gambling = Text(" cá cược", " for gambling") if seen.confirmed > 2 else Text("", "")
    return Text(f"Cổng thông tin {what.vi}{gambling.vi} · {name}", f"The portal {what.en}{gambling.en} · {name}")


def summary(judgement: Judgement, now: int) -> Text:
    """On which address, what, who saw it since when; the campaign."""
    sight = worst(judgement).told.value
    witnessed, campaign = common.witnessed(judgement, now), common.shared(judgement)
    again = common.again(judgement.standing.incident.times if judgement.standing else 1)
    said = shown(defanged(sight.value), 56)
    what = f"“{said}”" if said else "—"
    place = common.where(sight.url)
    return Text(
        f"{witnessed.vi}: {place}, {what}.{again.vi}{campaign.vi}",
        f"{witnessed.en}: {place}, {what}.{again.en}{campaign.en}",
    )


def remedy(judgement: Judgement) -> tuple[Text, ...]:
    """What to do, in three steps."""
    seen = worst(judgement)
    if seen.kind == "sitemap_jump":
        return CHECK, ACCEPT
    return CHECK, common.preserved(seen.told.value.capture), common.CALL


def slight_title(judgement: Judgement) -> Text:
    """One difference, and that there are more."""
    first = judgement.slight[0]
    what, name = _SLIGHT.get(first.kind, _KIND.get(first.kind, _DIFFERS)), common.name_of(judgement)
    return Text(f"Cổng thông tin {what.vi} · {name}", f"The portal {what.en} · {name}")


def slight_summary(judgement: Judgement) -> Text:
    """The differences, three of them."""
    pieces = [(_SLIGHT.get(each.kind, _KIND.get(each.kind, _DIFFERS)), shown(defanged(each.value), 40)) for each in judgement.slight[:3]]
    more = len(judgement.slight) - len(pieces)
    tail = Text(f" Và {more} thay đổi khác.", f" And {more} more.") if more else Text("", "")
    return Text(
        "; ".join(f"{what.vi} ({value})" for what, value in pieces) + ". Chưa có dấu hiệu cá cược." + tail.vi,
        "; ".join(f"{what.en} ({value})" for what, value in pieces) + ". No sign of gambling." + tail.en,
    )


def slight_remedy(judgement: Judgement) -> tuple[Text, ...]:
    """Ask the owner; accept what is his."""
    del judgement
    return Text("Hỏi chủ cổng thay đổi này có phải của mình không.", "Ask the portal's owner whether the change is his."), ACCEPT


def clear(judgement: Judgement) -> Text:
    """Nothing on it that its owner would not have put there."""
    name, seen = common.name_of(judgement), common.looked(judgement)
    return Text(f"{name} không có nội dung, liên kết, mã lạ: {seen.vi}", f"{name} holds nothing strange: {seen.en}")
