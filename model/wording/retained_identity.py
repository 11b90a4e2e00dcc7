"""What VG-END-09 says."""

from __future__ import annotations

from collections.abc import Sequence

from model.text import Text

TITLE = Text("Lưu giữ giấy tờ, hình ảnh của người dân trên máy", "Citizens' papers and pictures are kept on the PC")
PLACES = {
    "desktop": Text("màn hình nền (Desktop)", "the desktop"),
    "downloads": Text("Tải xuống (Downloads)", "Downloads"),
    "documents": Text("Tài liệu (Documents)", "Documents"),
    "zalo": Text("thư mục nhận tệp của Zalo", "Zalo's folder of received files"),
    "scanner": Text("thư mục máy quét", "the scanner's folder"),
    "pictures": Text("Ảnh (Pictures)", "Pictures"),
}
REMEDY = (
    Text(
        "Chuyển hồ sơ còn cần vào hệ thống một cửa, rồi xóa khỏi máy và dọn Thùng rác.",
        "Move what is needed into the one-stop system, delete it from the PC and empty the recycle bin.",
    ),
    Text(
        "Đặt máy quét gửi thẳng vào hệ thống; tắt việc tự tải ảnh của Zalo.",
        "Let the scanner send into the system directly; switch off Zalo's automatic download of pictures.",
    ),
)
REMEDY_PUBLIC = (
    Text(
        "Xóa ngay giấy tờ người dân để lại; đặt máy tự xóa dữ liệu sau mỗi lượt dùng.",
        "Delete what citizens left behind; let the PC wipe itself after each use.",
    ),
)
GOOD = Text("không có giấy tờ, hình ảnh của người dân quá hạn", "no citizens' papers or pictures are kept too long")
NO_DATES = Text("máy có tệp giống giấy tờ nhưng ngày tháng của tệp không đúng", "there are such files, but their dates are not right")


def kept(place: str, count: int, days: int) -> Text:
    """How many files lie in one place, and how old the oldest is."""
    where = PLACES.get(place, Text(place, place))
    files = "1 file" if count == 1 else f"{count} files"
    age = "1 day" if days == 1 else f"{days} days"
    return Text(f"{where.vi}: {count} tệp, cũ nhất {days} ngày", f"{where.en}: {files}, the oldest {age} old")


def found(places: Sequence[Text], more: int, allowed: int, law: Text | None) -> Text:
    """The places with the oldest files and how many `more` there are, for how long keeping is allowed, and the law of the day of the answer."""
    vi, en = "; ".join(place.vi for place in places), "; ".join(place.en for place in places)
    most = f"quá {allowed} ngày làm việc được phép" if allowed else "để lại từ hôm trước"
    most_en = f"beyond the {allowed} working days allowed" if allowed else "left from the day before"
    also, also_en = (f"; còn {more} chỗ khác", f"; {more} more places") if more else ("", "")
    by, by_en = (f". Đây là dữ liệu cá nhân theo {law.vi}", f". These are personal data under {law.en}") if law else ("", "")
    return Text(f"có tệp giống giấy tờ người dân {most}: {vi}{also}{by}", f"keeps what looks like citizens' papers {most_en}: {en}{also_en}{by_en}")
