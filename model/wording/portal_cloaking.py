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

CHECK: Final = Text(
    "Kiểm tra trên máy chủ: luật theo User-Agent, Referer (.htaccess, web.config), mô-đun IIS, tệp index và 404, tác vụ định kỳ, tài khoản, thư mục tải lên.",
    "Check on the server: rules by User-Agent or Referer (.htaccess, web.config), IIS modules, index and 404 files, scheduled tasks, accounts, uploads.",
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
    witnessed, campaign = common.witnessed(judgement, now), common.shared(judgement)
    again = common.again(judgement.standing.incident.times if judgement.standing else 1)
    hosts = ", ".join(f"`{shown(defanged(host), 32)}`" for host in sight.hosts[:2])
    place = common.where(sight.url)
    return Text(
        f"{witnessed.vi}: ở {place} chữ khác hẳn và có {hosts} mà kiểu truy cập khác không thấy.{again.vi}{campaign.vi}",
        f"{witnessed.en}: at {place} the text is another and {hosts} is there, which other personas do not see.{again.en}{campaign.en}",
    )


def remedy(judgement: Judgement) -> tuple[Text, ...]:
    """What to do, in three steps."""
    return CHECK, common.preserved(worst(judgement).told.value.capture), common.CALL


def slight_title(judgement: Judgement) -> Text:
    """Nothing slight belongs to this rule."""
    return title(judgement)


def slight_summary(judgement: Judgement) -> Text:
    """Nothing slight belongs to this rule."""
    return clear(judgement)


def slight_remedy(judgement: Judgement) -> tuple[Text, ...]:
    """Nothing slight belongs to this rule."""
    del judgement
    return (CHECK,)


def clear(judgement: Judgement) -> Text:
    """Everybody is shown the same."""
    name, seen = common.name_of(judgement), common.looked(judgement)
    return Text(f"{name} cho mọi kiểu truy cập thấy như nhau: {seen.vi}", f"{name} shows everybody the same: {seen.en}")
