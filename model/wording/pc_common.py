"""What the rules about PCs say in common: of which answer, how old, and why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.text import Text
from model.times import since_when

if TYPE_CHECKING:
    from collections.abc import Sequence

CLOSING = Text("Lần đọc mới từ chính máy đó cho thấy đã khắc phục.", "A fresh answer of the same PC says that it is mended.")
NOT_ASKED_OF_THIS = Text("Nội dung này không áp dụng cho loại máy này.", "This does not apply to such a machine.")
NOT_WINDOWS = Text("Quy tắc này chỉ xét máy Windows.", "This rule judges Windows PCs only.")

# What one topic is called inside a sentence.
TOPICS = {
    "machine": Text("phiên bản Windows", "the version of Windows"),
    "interfaces": Text("cạc mạng", "network cards"),
    "disks": Text("ổ đĩa hệ thống", "the system disk"),
    "antivirus": Text("trạng thái phần mềm diệt vi-rút", "the state of the antivirus"),
    "av_services": Text("dịch vụ diệt vi-rút", "antivirus services"),
    "kaspersky": Text("bản quyền Kaspersky", "the Kaspersky licence"),
    "saved_passwords": Text("mật khẩu lưu trên trình duyệt", "passwords saved in browsers"),
    "browser_accounts": Text("tài khoản đồng bộ của trình duyệt", "accounts that browsers sync with"),
    "browser_policy": Text("chính sách trình duyệt", "the policy of browsers"),
    "auto_logon": Text("tự động đăng nhập", "automatic logon"),
    "logon_policy": Text("chính sách mật khẩu", "the password policy"),
    "accounts": Text("tài khoản trên máy", "accounts of the PC"),
    "licence": Text("tình trạng kích hoạt bản quyền", "the state of activation"),
    "kms_setting": Text("máy chủ kích hoạt đã cài", "the activation server that is set"),
    "piracy_traces": Text("dấu vết công cụ kích hoạt lậu", "traces of activation tools"),
    "updates": Text("ngày cập nhật gần nhất", "the day of the last update"),
    "update_control": Text("việc bật tắt cập nhật", "whether updating is on"),
    "working": Text("người đang làm việc", "who works at the PC"),
    "remote_tools": Text("phần mềm điều khiển từ xa", "remote-control software"),
    "remote_desktop": Text("Remote Desktop", "Remote Desktop"),
    "peripherals": Text("thiết bị đang cắm", "devices plugged in"),
    "peripheral_history": Text("thiết bị từng cắm", "devices plugged in before"),
    "peripheral_control": Text("biện pháp kiểm soát thiết bị ngoại vi", "measures against peripherals"),
    "suite_control": Text("kiểm soát thiết bị của bộ phần mềm bảo mật", "device control of the security suite"),
    "bluetooth": Text("Bluetooth", "Bluetooth"),
    "documents": Text("giấy tờ người dân trên máy", "citizens' documents on the PC"),
    "firewall": Text("tường lửa của máy", "the host firewall"),
    "firewall_holes": Text("ngoại lệ của tường lửa", "exceptions of the firewall"),
    "projecting": Text("chức năng nhận hình chiếu", "the projecting receiver"),
    "office": Text("phiên bản Office", "the version of Office"),
}

_WHY = {
    "failed": Text("máy trả lời lỗi", "the PC answered with an error"),
    "denied": Text("máy tự chặn câu hỏi này vì lần trước quá tải", "the PC blocks this question since it overloaded it before"),
    "refused": Text("câu trả lời không đúng mẫu nên bị bỏ", "the answer was not of the allowed form and was dropped"),
    "script": Text("chỉ tập lệnh kiểm tra (vg-facts) đọc được, máy này chưa chạy", "only the facts script can read it, and it has not run on this PC"),
    "never": Text("chưa đọc được lần nào", "never read"),
    "clock": Text("đồng hồ lúc đọc bị sai", "the clock was wrong when it was read"),
}
_BY = {
    "osquery": Text("Máy trả lời", "The PC answered"),
    "portable": Text("Đọc bằng USB kiểm tra", "Read by the inspection stick"),
    "script": Text("Đọc bằng tập lệnh kiểm tra", "Read by the facts script"),
    "ksc": Text("Theo báo cáo Kaspersky Security Center", "By the report of Kaspersky Security Center"),
    "inventory": Text("Theo báo cáo kiểm kê máy", "By an inventory report"),
}

_HOLDS = {
    "fresh": Text("còn mới", "fresh"),
    "aged": Text("đã cũ", "aged"),
    "stale": Text("quá cũ", "too old"),
    "absent": Text("không áp dụng cho máy này", "does not apply to this PC"),
}

# An officer reads a sentence, not a list; the rest is among the evidence.
_ROOM = 250
_MOST_TOPICS = 3

# How an answer came, its standing (model.posture.judging), and when it was given.
Answered = tuple[str, str, int]


def also(said: Text, more: Text) -> Text:
    """Two clauses as one."""
    return Text(f"{said.vi}; {more.vi}", f"{said.en}; {more.en}")


def looked_at(line: str) -> Text | None:
    """Evidence of what was asked, `topic source standing` (model.posture.judging), in words; None for anything else."""
    topic, _, rest = line.partition(" ")
    source, _, standing = rest.partition(" ")
    word = _HOLDS.get(standing) or _WHY.get(standing)
    if topic not in TOPICS or source not in _BY or word is None:
        return None
    what, by = TOPICS[topic], _BY[source]
    if standing not in _HOLDS:
        return Text(f"{what.vi}: {word.vi}", f"{what.en}: {word.en}")
    return Text(f"{what.vi}: {by.vi[0].lower()}{by.vi[1:]}, {word.vi}", f"{what.en}: {by.en[0].lower()}{by.en[1:]}, {word.en}")


def wrong(name: str, clauses: Sequence[Text], answered: Answered, now: int) -> Text:
    """What is wrong with the PC, worst first, and how old that is."""
    vi, en = _joined([clause.vi for clause in clauses], "còn {} điểm khác"), _joined([clause.en for clause in clauses], "{} more")
    age = _age(answered, now)
    return Text(f"“{name}”: {vi}. {age.vi}", f"“{name}”: {en}. {age.en}")


def good(name: str, looked: Text, answered: Answered, now: int) -> Text:
    """What was looked at and found good."""
    age = _age(answered, now)
    return Text(f"“{name}”: {looked.vi}. {age.vi}", f"“{name}”: {looked.en}. {age.en}")


def unsure(name: str, doubts: Sequence[Text], missing: Sequence[Answered], now: int) -> Text:
    """Why nobody can say. `missing`: topic, standing, when it was last answered."""
    lacks = [_lack(*each, now) for each in missing]
    shown_vi = [*(doubt.vi for doubt in doubts), *_cut([lack.vi for lack in lacks], "còn {} mục khác")]
    shown_en = [*(doubt.en for doubt in doubts), *_cut([lack.en for lack in lacks], "{} more")]
    return Text(f"“{name}”: chưa kết luận được. {_sentence(shown_vi)}.", f"“{name}”: not known. {_sentence(shown_en)}.")


def _lack(topic: str, standing: str, at: int, now: int) -> Text:
    what = TOPICS.get(topic, Text(topic, topic.replace("_", " ")))
    if standing in ("aged", "stale"):
        when = since_when(at, now)
        return Text(f"{what.vi}: lần đọc cuối lúc {when.vi}, đã quá cũ", f"{what.en}: last read at {when.en}, too old")
    why = _WHY[standing]
    return Text(f"{what.vi}: {why.vi}", f"{what.en}: {why.en}")


def _age(answered: Answered, now: int) -> Text:
    source, standing, at = answered
    by, when = _BY[source], since_when(at, now)
    if standing == "aged":
        return Text(f"{by.vi} lúc {when.vi}; từ đó có thể đã khác.", f"{by.en} at {when.en}; it may have changed since.")
    return Text(f"{by.vi} lúc {when.vi}.", f"{by.en} at {when.en}.")


def _joined(clauses: Sequence[str], more: str) -> str:
    kept: list[str] = []
    for clause in dict.fromkeys(clauses):
        if kept and len("; ".join([*kept, clause])) > _ROOM:
            break
        kept.append(clause)
    left = len(dict.fromkeys(clauses)) - len(kept)
    return "; ".join([*kept, more.format(left)] if left else kept)


def _cut(parts: list[str], more: str) -> list[str]:
    return parts if len(parts) <= _MOST_TOPICS else [*parts[:_MOST_TOPICS], more.format(len(parts) - _MOST_TOPICS)]


def _sentence(parts: Sequence[str]) -> str:
    said = "; ".join(parts)
    return said[:1].upper() + said[1:]
