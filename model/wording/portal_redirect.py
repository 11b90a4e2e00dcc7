"""What VG-WEB-01 says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from model.portals.hosts import defanged
from model.text import Text, shown
from model.wording import portal_common as common

if TYPE_CHECKING:
    from model.portals.judgement import Judgement

ABOUT: Final = Text("Cổng thông tin điện tử chuyển khách ra ngoài danh sách cho phép", "A portal sends visitors to places that are not lawful destinations")

CHECK: Final = (
    Text(
        "Kiểm tra máy chủ: luật chuyển hướng (.htaccess, web.config), mô-đun IIS, index, 404.",
        "Check the server: rewrite rules (.htaccess, web.config), IIS modules, index and 404 files.",
    ),
    Text(
        "Kiểm tra tác vụ định kỳ (cron), tài khoản quản trị, thư mục tải lên.",
        "Check scheduled tasks (cron), administrators' accounts, upload folders.",
    ),
)
DECLARE: Final = Text(
    "Nếu việc chuyển là đúng: khai báo đích trong destinations.csv kèm người chịu trách nhiệm và thời hạn.",
    "If the move is right: declare the destination in destinations.csv with its owner and until when.",
)

_KIND: Final = {
    "gambling": Text("trang cá cược", "a gambling page"),
    "other_trade": Text("trang bán hàng rác", "a spam shop"),
    "address": Text("một địa chỉ IP lạ", "a bare IP address"),
    "dead_end": Text("một trang lạ không mở được", "a strange page that does not open"),
    "unseen_end": Text("một trang lạ không xem được", "a strange page that cannot be seen"),
    "missing_path": Text("trang lạ từ đường dẫn không tồn tại", "a strange page from paths that do not exist"),
    "hidden_script": Text("trang lạ bằng mã bị che giấu", "a strange page by a script that hides it"),
    "long_chain": Text("trang lạ qua nhiều chặng", "a strange page over many hops"),
    "only_some": Text("trang lạ mà khách khác không thấy", "a strange page that others do not see"),
    "offered": Text("trang cá cược khi bấm vào trang", "a gambling page at a click"),
}
_SLIGHT: Final = {
    "government": Text("chuyển sang cổng .gov.vn chưa khai báo", "leads to a .gov.vn host that is not declared"),
    "expired": Text("đích chuyển đã hết thời hạn cho phép", "leads to a destination whose permission has expired"),
    "moved": Text("chuyển sang trang chưa khai báo", "leads to a host that is not declared"),
}
_SELLS: Final = frozenset({"gambling", "offered"})
_PLACE: Final = Text("trang lạ", "a strange page")


def title(judgement: Judgement) -> Text:
    """Who is sent where, at which portal."""
    found = judgement.standing
    who = common.visitors(found.personas if found else ())
    what = _KIND.get(common.gravest(judgement).kind, _PLACE)
    name = common.name_of(judgement)
    if found and set(found.personas) >= set(judgement.personas):
        who = Text("khách", "visitors")
    return Text(f"Cổng thông tin chuyển {who.vi} sang {what.vi} · {name}", f"The portal sends {who.en} to {what.en} · {name}")


def summary(judgement: Judgement, now: int) -> Text:
    """From where, to where, by what; who saw it since when; the campaign."""
    seen = common.gravest(judgement)
    sight = seen.told.value
    how = common.HOW.get(sight.how, common.HOW["http"])
    way = f"{common.where(sight.url)} → {shown(defanged('https://' + sight.host), 48)}"
    # Where it sells gambling nobody asks whether it was declared.
    rule = Text("", "") if seen.kind in _SELLS else Text(", ngoài danh sách cho phép", ", not among the lawful destinations")
    return common.told(judgement, now, Text(f"{way}, do {how.vi}{rule.vi}", f"{way}, by {how.en}{rule.en}"))


def remedy(judgement: Judgement) -> tuple[Text, ...]:
    """What to do, in three steps."""
    return common.preserved(common.gravest(judgement).told.value.capture), *CHECK


def slight_title(judgement: Judgement) -> Text:
    """A move nobody declared."""
    what = _SLIGHT.get(judgement.slight[0].kind, _SLIGHT["moved"])
    name = common.name_of(judgement)
    return Text(f"Cổng thông tin {what.vi} · {name}", f"The portal {what.en} · {name}")


def slight_summary(judgement: Judgement) -> Text:
    """To where."""
    hosts = ", ".join(dict.fromkeys(shown(defanged(each.value), 40) for each in judgement.slight[:3]))
    expired = next(iter(_expired(judgement)), "")
    old = Text(f" Trước đây {expired}.", f" It was lawful: {expired}.") if expired else Text("", "")
    return Text(
        f"Đích: {hosts}. Chưa thấy dấu hiệu cá cược ở đó.{old.vi}",
        f"Leads to {hosts}. No sign of gambling was seen there.{old.en}",
    )


def _expired(judgement: Judgement) -> list[str]:
    looks = (watched.look.value for watched in judgement.row.looks.values())
    return [found.value for look in looks for found in look.found if found.kind == "expired" and found.value]


def slight_remedy(judgement: Judgement) -> tuple[Text, ...]:
    """Declare it, or stop it."""
    del judgement
    return (DECLARE,)


def clear(judgement: Judgement) -> Text:
    """Everybody stays on the portal or goes where it is lawful; nothing is said of what the pages hold."""
    name, seen = common.name_of(judgement), common.looked(judgement)
    return Text(
        f"Không thấy {name} chuyển khách ra ngoài danh sách cho phép: {seen.vi}. Quy tắc này chỉ xét nơi khách bị chuyển đến.",
        f"{name} was not seen to send anybody elsewhere: {seen.en}. This rule judges only where visitors end.",
    )


def unknown(judgement: Judgement) -> Text:
    """Whom the portal might send elsewhere without being seen."""
    return common.blinded(judgement, Text("có chuyển khách ra ngoài danh sách cho phép hay không", "whether it sends visitors elsewhere"))
