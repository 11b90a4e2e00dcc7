"""What the province says of its boxes and sites, and of what it tells as one."""

from __future__ import annotations

from collections.abc import Sequence

from model.text import Text, shown
from model.times import since_when

CLOSING_SILENT = Text("Nghe thấy nhịp tim trở lại.", "A heartbeat is heard again.")
CLOSING_FOLD = Text("Mọi phát hiện trong nhóm đã hết.", "All findings in it have ended.")

TITLE = Text("Điểm hoặc hộp mà tỉnh không nghe thấy", "A site or box that the province does not hear")
REMEDY = (
    Text("Gọi trung tâm: kiểm tra điện, đường truyền và hộp.", "Call the centre: check power, line and box."),
    Text("Không coi các kiểm tra ở điểm này là đạt cho đến khi nghe lại; phát hiện đang mở vẫn giữ nguyên.",
         "Do not read this site's checks as good until it is heard again; open findings stay as they are."),
)  # fmt: skip
REMEDY_NEVER = (
    Text("Lắp hộp, hoặc kiểm tra hộp đã gửi tới đúng máy chủ và khóa đã có trong boxes.csv.",
         "Install the box, or check that it sends to the right server and that its key is in boxes.csv."),
    Text("Điểm chưa đến hạn lắp: ghi ngày vào cột since của sites.csv.", "A site that is not due yet: write the day into the column since of sites.csv."),
)  # fmt: skip
REMEDY_ALL = (
    Text("Kiểm tra kho dữ liệu (Elasticsearch, OpenSearch) có nhận ghi không, và đường vào trung tâm.",
         "Check whether the store (Elasticsearch, OpenSearch) takes writes, and the line into the centre."),
)  # fmt: skip
REMEDY_FOLD = (
    Text("Mở trang của tỉnh, lọc theo quy tắc này để xem từng điểm.", "Open the province's page and filter by this rule to see each site."),
    Text("Tìm nguyên nhân chung trước: một lần cập nhật, một thay đổi cấu hình, một nhà cung cấp.",
         "Look for the common cause first: an update, a change of configuration, one supplier."),
)  # fmt: skip

NOT_LOOKING = Text(
    "Tỉnh chưa đọc đủ nhịp tim để kết luận: dịch vụ vừa khởi động, hoặc kho dữ liệu không đọc được.",
    "The province has not read enough heartbeats to say: the service just began, or the store cannot be read.",
)
ALL_SILENT = Text(
    "Mọi điểm cùng im lặng một lúc: có thể đường vào trung tâm hoặc kho dữ liệu gặp lỗi, không kết luận cho từng điểm.",
    "All sites fell silent together: perhaps the way into the centre or the store fails; nothing is said of each site.",
)
NO_BOX = Text("Chưa khai báo hộp nào cho điểm này (boxes.csv).", "No box is declared for this site (boxes.csv).")


def heard(name: str) -> Text:
    """A site that is heard."""
    return Text(f"Đang nghe thấy {shown(name)}.", f"{shown(name)} is heard.")


def silent_site(name: str, since: int, now: int) -> tuple[Text, Text]:
    """Title and summary for a site none of whose boxes is heard."""
    when = since_when(since, now)
    return (
        Text(f"Không còn nghe thấy điểm {shown(name)}", f"Site {shown(name)} is no longer heard"),
        Text(
            f"Không hộp nào của {shown(name)} gửi nhịp tim từ {when.vi}; mọi kiểm tra ở điểm này đang mù. Các phát hiện đang mở vẫn giữ nguyên.",
            f"No box of {shown(name)} sent a heartbeat since {when.en}; every check there is blind. Open findings stay as they are.",
        ),
    )


def never_site(name: str) -> tuple[Text, Text]:
    """Title and summary for a declared site that was never heard."""
    return (
        Text(f"Điểm {shown(name)} đã khai báo mà chưa từng nghe thấy", f"Site {shown(name)} is declared and was never heard"),
        Text(
            f"Chưa có nhịp tim nào của {shown(name)}: hộp chưa lắp, gửi nhầm nơi, hoặc khóa chưa được khai báo. Điểm này chưa được giám sát.",
            f"Not one heartbeat of {shown(name)} came: its box is not installed, sends elsewhere, or its key is not declared. The site is not watched.",
        ),
    )


def silent_box(box: str, name: str, since: int, now: int) -> tuple[Text, Text]:
    """Title and summary for one box of a site that has others; `since` 0: it was never heard."""
    moment = since_when(since, now)
    when = Text(f"từ {moment.vi}", f"since {moment.en}") if since else Text("lần nào", "at all")
    return (
        Text(f"Không nghe thấy hộp {shown(box)} tại {shown(name)}", f"Box {shown(box)} at {shown(name)} is not heard"),
        Text(
            f"Hộp {shown(box)} không gửi nhịp tim {when.vi}; hộp khác của {shown(name)} vẫn nghe thấy. Phần hộp này theo dõi đang mù.",
            f"Box {shown(box)} sent no heartbeat {when.en}; another of {shown(name)} is heard. What this one watches is blind.",
        ),
    )


def all_silent(province: str, sites: int, since: int, now: int) -> tuple[Text, Text]:
    """Title and summary for a whole province that fell silent together."""
    when = since_when(since, now)
    return (
        Text(f"Không còn nghe thấy điểm nào của {shown(province)}", f"No site of {shown(province)} is heard any more"),
        Text(
            f"{sites} điểm cùng im lặng từ {when.vi}: có thể đường vào trung tâm hoặc kho dữ liệu gặp lỗi. "
            "Chưa kết luận cho từng điểm; phát hiện vẫn giữ nguyên.",
            f"{sites} sites fell silent together at {when.en}: perhaps the way into the centre or the store fails. Nothing is said of each; findings stay.",
        ),
    )


def storm(rule: Text, sites: int, findings: int, named: Sequence[str]) -> tuple[Text, Text]:
    """Title and summary for one rule at many sites at once."""
    vi, en = _named(named, sites)
    return (
        Text(f"{sites} điểm cùng có: {rule.vi}", f"{sites} sites at once: {rule.en}"),
        Text(
            f"{findings} phát hiện ở {sites} điểm ({vi}) được báo chung một lần; từng phát hiện có trên trang của tỉnh.",
            f"{findings} findings at {sites} sites ({en}) are told as one; each is on the province's page.",
        ),
    )


def campaign(target: str, sites: int, findings: int, named: Sequence[str]) -> tuple[Text, Text]:
    """Title and summary for portals that lead to one place; the name is written so that nothing makes a link of it."""
    vi, en = _named(named, sites)
    inert = shown(target).replace(".", "[.]")
    return (
        Text(f"Chiến dịch: nhiều cổng cùng dẫn tới {inert}", f"Campaign: several portals lead to {inert}"),
        Text(
            f"{findings} phát hiện về cổng ở {sites} điểm ({vi}) cùng dẫn tới {inert}.",
            f"{findings} findings on portals of {sites} sites ({en}) lead to {inert}.",
        ),
    )


def _named(named: Sequence[str], sites: int) -> tuple[str, str]:
    listed, more = ", ".join(shown(name, 40) for name in named), sites - len(named)
    return (f"{listed} và {more} điểm khác", f"{listed} and {more} more") if more > 0 else (listed, listed)
