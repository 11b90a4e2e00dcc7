"""What VG-COV-01 says of enrolled PCs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.text import Text, shown
from model.times import local, since_when

if TYPE_CHECKING:
    from collections.abc import Sequence

    from model.posture.roster import Standing

NO_RECEIVER = Text(
    "Có danh sách máy kết nối SOC (enrolled.csv) nhưng hộp này chưa bật bộ thu máy tính ([endpoints]): chưa biết máy nào còn báo cáo.",
    "There is a list of enrolled PCs (enrolled.csv), yet this box has no receiver for them ([endpoints]): which of them report is not known.",
)
_AGENT = Text(
    "Bật máy, kiểm tra dịch vụ osqueryd đang chạy và máy nối được tới hộp (vonggac endpoints show).",
    "Switch the PC on; see that osqueryd runs and the PC reaches the box (vonggac endpoints show).",
)
_GONE = Text(
    "Máy không còn dùng: bỏ khỏi enrolled.csv và thu hồi chứng thư (vonggac endpoints revoke).",
    "No longer used: take it out of enrolled.csv and revoke its certificate (vonggac endpoints revoke).",
)
_INSTALL = Text(
    "Cài bằng bộ cài của tỉnh (enroll-kit); chưa cài được thì kiểm tra bằng USB (endpoints import).",
    "Install it from the province's kit (enroll-kit); until then use the stick (endpoints import).",
)
_MISSPELT = Text(
    "Đã cài rồi: so mã trong enrolled.csv với tên trong chứng thư của máy.",
    "Installed already: compare the code in enrolled.csv with the name in its certificate.",
)
_MUTE = Text(
    "Máy chạy mà không báo cáo: hỏi người dùng có tắt, gỡ osqueryd không; xem có bị chặn cổng không.",
    "It works and does not report: ask whether osqueryd was removed; see whether its port is blocked.",
)
_RENEW = Text(
    "Vẫn dùng máy: xin tỉnh cấp chứng thư mới (enroll-kit). Đã mất hay thanh lý: bỏ khỏi enrolled.csv.",
    "Still in use: ask the province for a certificate. Lost or discarded: take it out of enrolled.csv.",
)
_COPY = Text(
    "Xem hai mã này có phải cùng một máy, hay ổ đĩa của máy này được chép sang máy khác.",
    "See whether these are one PC, or whether the disk of one was copied to another.",
)
_ONE = Text("Thu hồi chứng thư thừa; máy chép phải được cấp chứng thư riêng.", "Revoke the one too many; a copied PC must get a certificate of its own.")
REMEDIES = {
    "silent": (_AGENT, _GONE),
    "mute": (_MUTE, _AGENT),
    "never": (_INSTALL, _MISSPELT, _GONE),
    "revoked": (_RENEW,),
    "copied": (_COPY, _ONE),
}
_MOST = 4


def evidence(standing: Standing) -> str:
    """Its short machine form."""
    who = [*standing.others, *standing.was, *standing.shares][:_MOST]
    return " ".join([standing.what, local(standing.at) if standing.at else "-", *who])


def wrong(name: str, standing: Standing, now: int, days: int) -> tuple[Text, Text] | None:
    """Title and summary; None where nothing is wrong."""
    name, when = shown(name), since_when(standing.at, now)
    match standing.what:
        case "silent":
            return _silent(name, when, days)
        case "mute":
            return _mute(name, when)
        case "never":
            return _never(name, when)
        case "revoked":
            return _revoked(name, standing)
        case "copied":
            return _copied(name, standing.others)
    return None


def _silent(name: str, when: Text, days: int) -> tuple[Text, Text]:
    return (
        Text(f"Máy tính “{name}” không còn báo cáo về SOC", f"PC “{name}” no longer reports to the SOC"),
        Text(
            f"Lần báo cáo cuối lúc {when.vi}, cách đây ít nhất {days} ngày làm việc. Các kiểm tra trên máy không còn thấy máy này; phát hiện đang mở vẫn giữ.",
            f"It last reported at {when.en}, {days} working days ago or more. The checks made on PCs no longer see it; open findings stay.",
        ),
    )


def _mute(name: str, when: Text) -> tuple[Text, Text]:
    return (
        Text(f"Máy tính “{name}” đang hoạt động mà không báo cáo về SOC", f"PC “{name}” is at work and does not report to the SOC"),
        Text(
            f"Trên mạng vẫn thấy máy, nhưng lần báo cáo cuối lúc {when.vi}: chương trình báo cáo có thể đã bị tắt, gỡ hoặc chặn.",
            f"The network hears it, yet it last reported at {when.en}: the reporting may have been stopped, removed or blocked.",
        ),
    )


def _never(name: str, when: Text) -> tuple[Text, Text]:
    return (
        Text(f"Máy tính “{name}” trong danh sách chưa từng báo cáo về SOC", f"PC “{name}” of the list never reported to the SOC"),
        Text(
            f"Có trong enrolled.csv, bộ thu máy tính đã chờ từ {when.vi} mà chưa nhận được gì; các kiểm tra trên máy không nhìn thấy máy này.",
            f"It is in enrolled.csv, and nothing came of it since {when.en}; the checks made on PCs do not see it.",
        ),
    )


def _revoked(name: str, standing: Standing) -> tuple[Text, Text]:
    revoked = standing.revoked
    day = local(revoked.day).partition(" ")[0] if revoked else ""
    by, why = (shown(revoked.by, 60), shown(revoked.why, 60)) if revoked else ("", "")
    return (
        Text(f"Chứng thư của máy tính “{name}” đã bị thu hồi", f"The certificate of PC “{name}” was revoked"),
        Text(
            f"Thu hồi ngày {day} ({by}: {why}); máy không báo cáo được nữa nhưng vẫn có trong enrolled.csv.",
            f"Revoked on {day} ({by}: {why}); the PC cannot report any more, and enrolled.csv still names it.",
        ),
    )


def _copied(name: str, others: Sequence[str]) -> tuple[Text, Text]:
    listed = _listed(others)
    return (
        Text(f"Nhiều mã máy cùng một phần cứng: “{name}”", f"Several certificates for one piece of hardware: “{name}”"),
        Text(
            f"“{name}” và {listed} báo cáo cùng lúc với cùng một dấu phần cứng: ổ đĩa bị chép sang máy khác, hoặc một máy được cấp hai chứng thư.",
            f"“{name}” and {listed} report at the same time with the same hardware mark: a disk was copied, or one PC has two certificates.",
        ),
    )


def unknown(name: str, standing: Standing) -> Text:
    """Why nobody can say yet."""
    if standing.what == "blind":
        return NO_RECEIVER
    return Text(
        f"“{shown(name)}” chưa báo cáo; chưa chờ đủ số ngày làm việc để kết luận.",
        f"“{shown(name)}” has not reported; not enough working days have passed to say.",
    )


def reports(name: str, standing: Standing, now: int) -> Text:
    """It reports; with what a person who looks for duplicates wants to know."""
    when = since_when(standing.at, now)
    vi, en = f"“{shown(name)}” báo cáo về SOC, lần cuối lúc {when.vi}", f"“{shown(name)}” reports to the SOC, last at {when.en}"
    if standing.what == "carried":
        vi, en = f"“{shown(name)}” được kiểm tra bằng USB, lần cuối lúc {when.vi}", f"“{shown(name)}” is inspected by the stick, last at {when.en}"
    if standing.was:
        listed = _listed(standing.was)
        vi, en = f"{vi}; trước có mã {listed}", f"{en}; it was {listed} before"
    if standing.shares:
        listed = _listed(standing.shares)
        vi = f"{vi}; dùng chung một địa chỉ mạng với {listed} (đế cắm, bộ chuyển dùng chung)"
        en = f"{en}; it shares a hardware address with {listed} (a dock or adapter used by both)"
    return Text(vi + ".", en + ".")


def _listed(names: Sequence[str]) -> str:
    more = f" (+{len(names) - _MOST})" if len(names) > _MOST else ""
    return shown(", ".join(names[:_MOST]), 80) + more
