"""What VG-WEB-03 says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from model.portals.hosts import defanged
from model.text import Text, shown
from model.wording import portal_common as common

if TYPE_CHECKING:
    from model.portals.judgement import Judgement
    from model.portals.rows import Seen

ABOUT: Final = Text("Cổng thông tin điện tử cho máy tìm kiếm, điện thoại thấy nội dung khác", "A portal shows search engines or phones something else")

CHECK: Final = (
    Text(
        "Kiểm tra máy chủ: luật theo User-Agent, Referer (.htaccess, web.config), mô-đun IIS.",
        "Check the server: rules by User-Agent or Referer (.htaccess, web.config), IIS modules.",
    ),
    Text(
        "Kiểm tra tệp index, 404, tác vụ định kỳ (cron), tài khoản quản trị, thư mục tải lên.",
        "Check index and 404 files, scheduled tasks (cron), administrators' accounts, upload folders.",
    ),
)


def worst(judgement: Judgement) -> Seen:
    """The sighting that a sentence is made of."""
    seen = judgement.standing.seen if judgement.standing else ()
    return max(seen, key=lambda each: (each.last.at - each.first.at, each.last))


def title(judgement: Judgement) -> Text:
    """Who is shown something else, at which portal."""
    found = judgement.standing
    who, name = common.visitors(found.personas if found else ()), common.name_of(judgement)
    return Text(f"Cổng thông tin cho {who.vi} thấy nội dung khác · {name}", f"The portal shows {who.en} something else · {name}")


def summary(judgement: Judgement, now: int) -> Text:
    """On which address, which strange hosts only they were shown; the campaign."""
    sight = worst(judgement).told.value
    hosts = ", ".join(shown(defanged(host), 32) for host in sight.hosts[:2])
    place = common.where(sight.url)
    what = Text(
        f"Ở {place} chữ khác hẳn và có {hosts} mà kiểu truy cập khác không thấy",
        f"At {place} the text is another and {hosts} is there, which other personas do not see",
    )
    return common.told(judgement, now, what)


def remedy(judgement: Judgement) -> tuple[Text, ...]:
    """What to do, in three steps."""
    return common.preserved(worst(judgement).told.value.capture), *CHECK


def clear(judgement: Judgement) -> Text:
    """Nobody is shown something else again and again; nothing is said of what all of them are shown."""
    name, seen = common.name_of(judgement), common.looked(judgement)
    return Text(
        f"Không thấy {name} lặp lại việc cho một kiểu truy cập xem nội dung khác: {seen.vi}. Quy tắc này chỉ so các kiểu truy cập với nhau.",
        f"{name} was not seen to show a persona something else again and again: {seen.en}. This rule only compares the personas.",
    )


def unknown(judgement: Judgement) -> Text:
    """Who might be shown something else without being seen."""
    return common.blinded(judgement, Text("có cho một kiểu truy cập xem nội dung khác hay không", "whether a persona is shown something else"))
