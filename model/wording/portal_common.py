"""Words that the three rules about portals share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from model.portals.hosts import defanged, host_of
from model.portals.incidents import counted
from model.text import Text, shown
from model.times import DAY, HOUR, SECOND, local, since_when

if TYPE_CHECKING:
    from model.portals.coverage import Unseen
    from model.portals.judgement import Blind, Judgement
    from model.portals.rows import Seen

CLOSING: Final = Text(
    "Không kiểu truy cập nào còn thấy điều này sau 1 giờ, 6 giờ, 1 ngày và 7 ngày kể từ lần thấy cuối cùng; thấy lại thì tính lại từ đầu.",
    "No persona sees this any more 1 hour, 6 hours, 1 day and 7 days after it was last seen; seeing it again starts the wait anew.",
)

PERSONA: Final = {
    "desktop": Text("máy tính", "desktop"),
    "mobile": Text("điện thoại Android", "Android phone"),
    "iphone": Text("iPhone", "iPhone (phone)"),
    "search_google": Text("đến từ Google", "coming from Google"),
    "search_google_mobile": Text("điện thoại đến từ Google", "phone coming from Google"),
    "search_coccoc": Text("đến từ Cốc Cốc", "coming from Coc Coc"),
    "social_zalo": Text("mở trong Zalo", "opened in Zalo"),
    "social_facebook": Text("mở trong Facebook", "opened in Facebook"),
    "crawler_google": Text("máy tìm kiếm Google", "Google's crawler"),
    "crawler_bing": Text("máy tìm kiếm Bing", "Bing's crawler"),
    "crawler_coccoc": Text("máy tìm kiếm Cốc Cốc", "Coc Coc's crawler"),
    "returning": Text("khách cũ", "returning visitor"),
    "english": Text("trình duyệt tiếng Anh", "English browser"),
}

HOW: Final = {
    "http": Text("máy chủ chuyển hướng", "the server redirects"),
    "refresh": Text("tiêu đề Refresh", "a Refresh header"),
    "meta": Text("thẻ meta refresh", "a meta refresh"),
    "script": Text("mã JavaScript", "a script"),
    "form": Text("biểu mẫu tự gửi", "a form that submits itself"),
    "popup": Text("cửa sổ bật ra", "a pop-up"),
    "frame": Text("khung che trang", "a frame over the page"),
    "rendered": Text("mã chạy trong trình duyệt", "code run in the browser"),
}

REASON: Final = {
    "dns": Text("không phân giải được tên miền", "the name does not resolve"),
    "connect": Text("không kết nối được", "no connection"),
    "tls": Text("lỗi chứng thư", "a certificate fault"),
    "timeout": Text("quá thời gian", "timed out"),
    "protocol": Text("trả lời sai giao thức", "an answer against the protocol"),
    "refused": Text("địa chỉ nội bộ, bộ thu không được phép vào", "an address inside, which the sensor must not visit"),
    "blocked": Text("bị chặn", "blocked"),
    "challenged": Text("bị đòi mã xác nhận", "challenged"),
    "error": Text("máy chủ báo lỗi", "a server error"),
    "too_large": Text("trang quá lớn", "the page is too large"),
    "loop": Text("chuyển hướng lòng vòng", "a redirect loop"),
    "budget": Text("hết hạn mức truy cập trong ngày", "the day's budget is spent"),
    "unfolded": Text("có mã không đọc được đích", "a script whose target could not be read"),
    "stale": Text("lâu chưa truy cập lại", "not looked at for long"),
}

NOT_DECLARED: Final = Text("Cổng này không còn trong danh sách khai báo.", "This portal is no longer declared.")
TOO_FEW: Final = Text("Cần ít nhất hai kiểu truy cập xem được cổng để so sánh.", "At least two personas must see the portal to compare.")
NEVER: Final = Text("Chưa truy cập cổng này lần nào.", "This portal was not looked at yet.")
STALE: Final = Text("Lâu chưa truy cập lại cổng này.", "This portal was not looked at for long.")

_PHONES: Final = frozenset({"mobile", "iphone"})
_SEARCH: Final = frozenset({"search_google", "search_google_mobile", "search_coccoc"})
_SOCIAL: Final = frozenset({"social_zalo", "social_facebook"})
_CRAWLERS: Final = frozenset({"crawler_google", "crawler_bing", "crawler_coccoc"})
_MOST_NAMED: Final = 3
_HOUR: Final = HOUR // SECOND
_DAY: Final = DAY // SECOND


def name_of(judgement: Judgement) -> str:
    """What people call the portal in a title: its host."""
    return shown(host_of(judgement.row.url) or judgement.row.id, 48)


def visitors(personas: Iterable[str]) -> Text:
    """Who is hit, in a title: one kind of visitor, or visitors."""
    kinds = frozenset(personas)
    if not kinds:
        return Text("khách", "visitors")
    if kinds <= _CRAWLERS:
        return Text("máy tìm kiếm", "search engines")
    if kinds <= _PHONES:
        return Text("khách dùng điện thoại", "visitors with phones")
    if kinds <= _SEARCH | _CRAWLERS:
        return Text("khách đến từ máy tìm kiếm", "visitors from search engines")
    if kinds <= _SOCIAL:
        return Text("khách đến từ Zalo, Facebook", "visitors from Zalo, Facebook")
    return Text("khách", "visitors")


def named(personas: Sequence[str]) -> Text:
    """Personas in words, three at most."""
    words = [PERSONA.get(persona, Text(shown(persona, 24), shown(persona, 24))) for persona in personas]
    more = len(words) - _MOST_NAMED
    tail = Text(f" và {more} kiểu khác", f" and {more} more") if more > 0 else Text("", "")
    return Text(
        ", ".join(word.vi for word in words[:_MOST_NAMED]) + tail.vi,
        ", ".join(word.en for word in words[:_MOST_NAMED]) + tail.en,
    )


def gravest(judgement: Judgement) -> Seen:
    """The sighting that a sentence is made of: what is worst once confirmed, then by itself, then the latest."""
    seen = judgement.standing.seen if judgement.standing else ()
    return max(seen, key=lambda each: (each.confirmed, each.rank, each.last, each.kind))


def told(judgement: Judgement, now: int, what: Text) -> Text:
    """The summary of an incident: `what` was seen at which address, then who saw it since when and how sure that is; the campaign it belongs to."""
    witnessed, campaign = _witnessed(judgement, now), _shared(judgement)
    again = _again(judgement.standing.incident.times if judgement.standing else 1)
    return Text(f"{what.vi}. {witnessed.vi}.{again.vi}{campaign.vi}", f"{what.en}. {witnessed.en}.{again.en}{campaign.en}")


def _witnessed(judgement: Judgement, now: int) -> Text:
    """How many kinds of visitor saw it, since when, how far apart the sightings are, and in how many looks: where room is short the end is cut."""
    found = judgement.standing
    if found is None:
        return Text("", "")
    total = len({*judgement.personas, *found.personas})
    since = since_when(min(seen.first.at for seen in found.seen), now)
    apart = _apart(found.seen)
    if not found.personas:
        return Text(f"Thấy từ {since.vi}, {apart.vi}", f"Seen since {since.en}, {apart.en}")
    dirty, looked = counted(judgement.row, found.seen)
    who = named(found.personas)
    return Text(
        f"{len(found.personas)}/{total} kiểu truy cập thấy ({who.vi}) từ {since.vi}, {apart.vi}, {dirty}/{looked} lượt gần đây",
        f"{len(found.personas)}/{total} personas saw it ({who.en}) since {since.en}, {apart.en}, in {dirty}/{looked} recent looks",
    )


def _apart(seen: Sequence[Seen]) -> Text:
    """How long there is between first and last sighting, as far as that says how sure it is."""
    seconds = max(((each.last.at - each.first.at) // SECOND for each in seen), default=0)
    if seconds <= 0:
        return Text("mới thấy một lần", "once so far")
    if seconds < _HOUR:
        return Text(f"thấy lại sau {seconds} giây", f"again {seconds} seconds later")
    if seconds < 2 * _DAY:
        return Text(f"thấy lại sau {seconds // _HOUR} giờ", f"again {seconds // _HOUR} hours later")
    return Text(f"thấy lại sau {seconds // _DAY} ngày", f"again {seconds // _DAY} days later")


def _shared(judgement: Judgement) -> Text:
    """What the verdict says of the campaign it belongs to; empty where it stands alone."""
    campaign = judgement.campaign
    if campaign is None:
        return Text("", "")
    if campaign.lead.portal == judgement.row.id and campaign.lead.detector == (judgement.standing.incident.detector if judgement.standing else ""):
        if not campaign.others:
            return Text("", "")
        more = campaign.portals - 1
        names = ", ".join(shown(other, 24) for other in campaign.others[:2]) + ("…" if more > 2 else "")
        return Text(f" Cùng chiến dịch: {more} cổng khác ({names}).", f" Same campaign: {more} other portals ({names}).")
    lead = shown(campaign.lead.portal, 40)
    if campaign.lead.portal == judgement.row.id:
        return Text(f" Cùng sự cố đã báo ở {campaign.lead.detector}.", f" Same incident as told by {campaign.lead.detector}.")
    return Text(
        f" Thuộc chiến dịch {campaign.portals} cổng, đã báo ở “{lead}” ({campaign.lead.detector}).",
        f" Part of a campaign over {campaign.portals} portals, told at “{lead}” ({campaign.lead.detector}).",
    )


def _again(times: int) -> Text:
    """That it came back."""
    return Text(f" Tái phát lần thứ {times}.", f" Time no. {times}.") if times > 1 else Text("", "")


def unseen(blind: Sequence[Blind | Unseen]) -> Text:
    """Which personas do not see the portal, and why."""
    reasons: dict[str, list[str]] = {}
    for each in blind:
        reasons.setdefault(each.reason, []).append(each.persona)
    parts = [(REASON.get(reason, Text(reason, reason)), named(personas)) for reason, personas in sorted(reasons.items())][:2]
    return Text("; ".join(f"{who.vi} ({why.vi})" for why, who in parts), "; ".join(f"{who.en} ({why.en})" for why, who in parts))


def blinded(judgement: Judgement, question: Text) -> Text:
    """What of the portal is not known (an indirect question, after its name), and which personas could not tell."""
    seen, name = unseen(judgement.blind), name_of(judgement)
    return Text(f"Chưa biết {name} {question.vi}: chưa xem được bằng {seen.vi}.", f"Not known of {name}: {question.en}. It could not be seen as {seen.en}.")


def looked(judgement: Judgement) -> Text:
    """What a clear verdict rests on: who looked, and when last. What they saw is for the rule to say, each of its own question alone."""
    who, times = named(judgement.personas), local(judgement.seen)
    return Text(
        f"{len(judgement.personas)} kiểu truy cập đã xem ({who.vi}), lần cuối {times}",
        f"{len(judgement.personas)} personas looked ({who.en}), last at {times}",
    )


def where(url: str) -> str:
    """An address inside a sentence."""
    return shown(defanged(url, 56), 56)


def preserved(capture: str) -> Text:
    """Whom to call, not to destroy evidence, and where ours is: first of all, for whoever reads it at night can do no more."""
    ours = Text(f" (đã giữ WARC {shown(capture, 13)})", f" (WARC {shown(capture, 13)} is kept)") if capture else Text("", "")
    return Text(
        f"Báo đơn vị vận hành và PA05; không xóa tệp, sao lưu rồi mới sửa{ours.vi}.",
        f"Call the operator and PA05; delete nothing, copy before repairing{ours.en}.",
    )


def accept_command(portal: str) -> str:
    """The command by which a person says that a change is the owner's, ready but for who and why."""
    return f'vonggac portals accept-change {shown(portal, 64)} --by "…" --why "…"'


def accepting(portal: str) -> Text:
    """When to accept a change, with the command."""
    command = accept_command(portal)
    return Text(f"Nếu chủ cổng tự đổi: {command}", f"If the owner made the change: {command}")
