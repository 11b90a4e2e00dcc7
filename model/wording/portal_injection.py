"""What VG-WEB-02 says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from model.portals.baseline import CHANGES
from model.portals.hosts import defanged
from model.text import Text, shown
from model.wording import portal_common as common

if TYPE_CHECKING:
    from model.portals.judgement import Judgement

ABOUT: Final = Text("Cổng thông tin điện tử bị chèn nội dung, liên kết, mã lạ", "Content, links or code that its owner did not publish stand on a portal")

CHECK: Final = (
    Text(
        "Kiểm tra máy chủ: tệp index, 404, mẫu giao diện, thư viện .js, mô-đun IIS.",
        "Check the server: index and 404 files, templates, .js libraries, IIS modules.",
    ),
    Text(
        "Kiểm tra tác vụ định kỳ (cron), tài khoản quản trị, thư mục tải lên, mục hỏi đáp.",
        "Check scheduled tasks (cron), administrators' accounts, upload folders, question pages.",
    ),
)

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
    "brand_host": Text("dẫn tới tên miền kiểu nhà cái", "leads to a host named like a bookmaker"),
    "feed": Text("dẫn tới tên miền trong danh sách cá cược", "leads to a host on a gambling list"),
}
# Their names alone speak of gambling.
_NAMED: Final = frozenset({"brand_host", "feed"})
_MOST_KINDS: Final = 3
_MOST_VALUES: Final = 3
_DIFFERS: Final = Text("khác với nếp đã học", "differs from what was learnt")


def title(judgement: Judgement) -> Text:
    """What stands there, at which portal."""
    seen = common.gravest(judgement)
    what, name = _KIND.get(seen.kind, _OTHER), common.name_of(judgement)
    gambling = Text(" cá cược", " for gambling") if seen.confirmed > 2 else Text("", "")
    return Text(f"Cổng thông tin {what.vi}{gambling.vi} · {name}", f"The portal {what.en}{gambling.en} · {name}")


def summary(judgement: Judgement, now: int) -> Text:
    """On which address, what, where it leads; who saw it since when; the campaign."""
    sight = common.gravest(judgement).told.value
    said, place = shown(defanged(sight.value), 56), common.where(sight.url)
    hosts = ", ".join(shown(defanged(host), 32) for host in sight.hosts[-2:] if host not in sight.value)
    words, leads = f": “{said}”" if said else "", Text(f", dẫn tới {hosts}", f", leading to {hosts}") if hosts else Text("", "")
    return common.told(judgement, now, Text(f"Ở {place}{words}{leads.vi}", f"At {place}{words}{leads.en}"))


def remedy(judgement: Judgement) -> tuple[Text, ...]:
    """What to do, in three steps."""
    seen = common.gravest(judgement)
    if seen.kind == "sitemap_jump":
        return *CHECK, common.accepting(judgement.row.id)
    return common.preserved(seen.told.value.capture), *CHECK


def slight_title(judgement: Judgement) -> Text:
    """One difference, and that there are more."""
    what, name = _slight(judgement.slight[0].kind), common.name_of(judgement)
    return Text(f"Cổng thông tin {what.vi} · {name}", f"The portal {what.en} · {name}")


def slight_summary(judgement: Judgement) -> Text:
    """The differences, three kinds of them."""
    kinds: dict[str, list[str]] = {}
    for each in judgement.slight:
        kinds.setdefault(each.kind, []).append(shown(defanged(each.value), 40))
    pieces = [(_slight(kind), ", ".join(values[:_MOST_VALUES])) for kind, values in list(kinds.items())[:_MOST_KINDS]]
    more = len(judgement.slight) - sum(min(len(values), _MOST_VALUES) for values in list(kinds.values())[:_MOST_KINDS])
    tail = Text(f" Và {more} điều khác.", f" And {more} more.") if more else Text("", "")
    harm = Text("", "") if kinds.keys() & _NAMED else Text(" Chưa có dấu hiệu cá cược.", " No sign of gambling.")
    return Text(
        f"Cổng {'; '.join(f'{what.vi} ({values})' for what, values in pieces)}.{tail.vi}{harm.vi}",
        f"It {'; '.join(f'{what.en} ({values})' for what, values in pieces)}.{tail.en}{harm.en}",
    )


def slight_remedy(judgement: Judgement) -> tuple[Text, ...]:
    """Ask the owner; accept what is his, where accepting a change is what settles it."""
    ask = Text("Hỏi chủ cổng: điều này có phải do mình đưa lên không.", "Ask the portal's owner whether this is his doing.")
    return (ask, common.accepting(judgement.row.id)) if any(each.kind in CHANGES for each in judgement.slight) else (ask,)


def _slight(kind: str) -> Text:
    return _SLIGHT.get(kind) or _KIND.get(kind, _DIFFERS)


def clear(judgement: Judgement) -> Text:
    """Nothing on its own pages that its owner would not have put there; nothing is said of where visitors are sent."""
    name, seen = common.name_of(judgement), common.looked(judgement)
    return Text(
        f"Không thấy nội dung, liên kết, mã lạ trên các trang của {name}: {seen.vi}. Quy tắc này chỉ xét trang của chính cổng.",
        f"Nothing strange was seen on the pages of {name}: {seen.en}. This rule judges only the portal's own pages.",
    )


def unknown(judgement: Judgement) -> Text:
    """On whose pages something strange might stand without being seen."""
    return common.blinded(judgement, Text("có nội dung, liên kết, mã lạ hay không", "whether strange content, links or code stand on its pages"))
