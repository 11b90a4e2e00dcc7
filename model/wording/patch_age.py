"""What VG-END-06 says."""

from __future__ import annotations

from model.text import Text, shown
from model.times import DAY, local

TITLE = Text("Máy không cập nhật bản vá hoặc đã hết hỗ trợ", "A PC without updates, or out of support")
ENDED_TITLE = Text("Máy dùng hệ điều hành, Office đã hết hỗ trợ", "A PC with Windows or Office out of support")

UPDATE = (
    Text(
        "Mở Cài đặt > Windows Update, bấm “Kiểm tra bản cập nhật”, cài hết rồi khởi động lại.", "Open Settings > Windows Update, check, install all, restart."
    ),
    Text("Để máy bật đến khi cài xong; không được thì báo quản trị.", "Leave it on until done; if that fails tell the administrator."),
)
UPGRADE = (
    Text(
        "Nâng cấp lên Windows 11 còn hỗ trợ; máy không đủ cấu hình thì đưa vào danh sách thay thế.",
        "Upgrade to a supported Windows 11; a PC too weak for it goes on the list to be replaced.",
    ),
    Text("Trong lúc chờ: không dùng máy này để xử lý hồ sơ của người dân.", "Until then: do not handle citizens' files on it."),
)
UPGRADE_OFFICE = (Text("Nâng cấp Office lên bản còn hỗ trợ.", "Upgrade Office to a supported version."),)
SWITCH_ON = (
    Text(
        "Trong services.msc đặt “Windows Update” về Thủ công; bỏ NoAutoUpdate; gỡ công cụ đã tắt nó.",
        "In services.msc set “Windows Update” to Manual; remove NoAutoUpdate and the tool that set it.",
    ),
)

UNBLOCK = (
    Text(
        "Xóa các dòng chặn máy chủ của Microsoft trong tệp hosts của Windows; gỡ công cụ đã thêm chúng.",
        "Delete the lines that block Microsoft's servers from the hosts file; remove what added them.",
    ),
)

SERVICE_OFF = Text("dịch vụ cập nhật Windows bị tắt", "the Windows Update service is disabled")
POLICY_OFF = Text("chính sách trên máy tắt tự động cập nhật", "a policy switches updating off")
BLOCKED = Text("tệp hosts chặn máy chủ cập nhật của Microsoft", "the hosts file blocks Microsoft's update servers")
CONTROL_UNREAD = Text("chưa biết việc cập nhật có bị tắt không", "whether updating is switched off is not known")
EDITION_UNREAD = Text(
    "chưa biết bản Windows là Home, Pro hay Enterprise nên chưa rõ còn hỗ trợ không", "which edition it is, and so whether it is supported, is not known"
)
NO_BUILD = Text("máy không cho biết số bản dựng Windows", "the PC does not tell its build of Windows")


def day(number: int) -> str:
    """A number of a day as officers read it."""
    return local(number * DAY)[:10]


def table_ends(as_of: int) -> Text:
    """Said in every verdict that used a table older than it may be."""
    return Text(f"bảng bản vá của hệ thống chỉ đến ngày {day(as_of)}", f"our table of updates ends on {day(as_of)}")


def by_table(age: int, released: int) -> Text:
    """The update that the PC has, by its release."""
    return Text(f"bản vá gần nhất của máy phát hành ngày {day(released)}, đến nay đã {age} ngày", f"its newest update is of {day(released)}, {age} days ago")


def by_history(age: int, last: int) -> Text:
    """The last time the PC installed one."""
    return Text(f"máy cài bản vá gần nhất ngày {day(last)}, đến nay đã {age} ngày", f"it last installed an update on {day(last)}, {age} days ago")


def by_fleet(age: int, since: int) -> Text:
    """Its revision was known so long ago: a lower bound."""
    return Text(
        f"bản vá của máy đã thấy ở các máy trong điểm từ ngày {day(since)}, tức cũ ít nhất {age} ngày",
        f"its revision was seen on the PCs here on {day(since)}, so it is at least {age} days old",
    )


def older(age: int, before: int) -> Text:
    """Older than all that the table has of its build."""
    return Text(f"bản vá của máy cũ hơn ngày {day(before)}, tức ít nhất {age} ngày", f"its update is from before {day(before)}, at least {age} days old")


def by_change(age: int, since: int) -> Text:
    """The PC was seen to change its revision."""
    return Text(f"máy vừa đổi sang bản vá mới từ ngày {day(since)} ({age} ngày)", f"it was seen to take an update on {day(since)} ({age} days ago)")


def newer_here(age: int, since: int) -> Text:
    """Others have had a newer one for so long."""
    return Text(
        f"máy khác trong điểm có bản vá mới hơn từ ngày {day(since)}, máy này thiếu đã {age} ngày",
        f"another PC here has had a newer update since {day(since)}; this one has lacked it for {age} days",
    )


def support_ended(label: str, ends: int) -> Text:
    """No more updates for it. Editions as people know them, not by the letters of the published table."""
    name = shown(label.replace("(W)", "Home, Pro").replace("(E)", "Enterprise, Education"), 60)
    return Text(f"{name} hết hỗ trợ từ ngày {day(ends)}", f"{name} has been out of support since {day(ends)}")


def fresh(age: int) -> Text:
    """Updated, and by what."""
    return Text(f"bản vá gần nhất cách đây {age} ngày, cập nhật không bị tắt", f"its newest update is {age} days old, updating is not switched off")


def beyond(as_of: int) -> Text:
    """A doubt: nothing tells the age."""
    if not as_of:
        return Text(
            "chưa có bảng bản vá, máy không còn lịch sử cập nhật, chưa đủ lâu để so với các máy khác",
            "there is no table of updates, the PC has no history, and not enough was seen of other PCs",
        )
    return Text(
        f"bản vá mới hơn bảng của hệ thống (đến ngày {day(as_of)}), máy không còn lịch sử cập nhật, chưa đủ lâu để so với các máy khác",
        f"its update is newer than our table (to {day(as_of)}), the PC has no history, and not enough was seen of other PCs",
    )
