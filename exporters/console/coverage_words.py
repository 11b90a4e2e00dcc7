"""The sentences of the page of coverage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from model.text import Text

PHRASES: Final = {
    "cov_lead": Text(
        "Điều đã khai báo mà không nghe thấy là chỗ mù, không phải là đạt.", "What is declared and not heard is a blind spot, never a clear answer."
    ),
    "cov_none": Text("{n}/{n} đối tượng đã khai báo có tin", "{n} of {n} declared things are heard"),
    "cov_unsure": Text("{n} đối tượng đã khai báo chưa rõ có tin hay không", "Of {n} declared things it is not known whether they are heard"),
    "cov_but": Text("nhưng chưa khai báo {what}", "but not declared: {what}"),
    "cov_not_said": Text("chưa khai báo", "not declared"),
    "cov_unsaid": Text("Chưa khai báo {what}", "Not declared: {what}"),
    "cov_one": Text("1 đối tượng đã khai báo không nghe thấy", "1 declared thing is not heard"),
    "cov_many": Text("{n} đối tượng đã khai báo không nghe thấy", "{n} declared things are not heard"),
    "cov_unknown": Text("{n} chưa rõ", "{n} unknown"),
    "cov_nothing": Text("Chưa khai báo gì để theo dõi: chưa thể nói ai im lặng", "Nothing is declared: who is silent cannot be said"),
    "cov_kind": Text("Loại", "Kind"),
    "cov_declared": Text("Đối tượng", "What"),
    "cov_state": Text("Tình trạng", "Standing"),
    "cov_since": Text("Từ", "Since"),
    "cov_last": Text("Tin gần nhất", "Last heard"),
    "cov_blinds": Text("Vì vậy không thấy được gì", "What that blinds"),
    "cov_unjudged": Text("Chưa có kết luận nào về đối tượng này.", "Nothing was concluded of it yet."),
    "cov_no_pcs": Text(
        "Chưa khai danh sách máy tính phải báo về (enrolled.csv): máy nào im lặng thì chưa thể biết.",
        "No list of PCs that have to report (enrolled.csv): which of them are silent cannot be known.",
    ),
    "cov_no_portals": Text(
        "Chưa khai cổng thông tin nào (portals.csv): không cổng nào được xem, cổng bị chèn mã cũng không ai biết.",
        "No portals are declared (portals.csv): none is looked at, and nobody would know of an injected one.",
    ),
    "cov_no_sensors": Text("Chưa khai chân mạng nào: không ai nghe mạng.", "No leg is declared: nobody listens to the network."),
    "cov_unwatched": Text("Quy tắc VG-COV-01 không chạy ở đây: chỉ thấy những gì đã lên tiếng.", "VG-COV-01 does not run here: only what spoke is seen."),
    "cov_shown": Text("{n} đối tượng", "{n} things"),
    "p50": Text("Một nửa trong vòng", "Half within"),
    "p95": Text("95% trong vòng", "95% within"),
    "seconds_within": Text("{n} giây", "{n} s"),
    "seconds_beyond": Text("hơn một ngày", "more than a day"),
    "seconds_unknown": Text("chưa rõ", "unknown"),
    "seconds_note": Text(
        "Số giây từ lúc việc xảy ra đến khi nơi nhận đã nhận. “Chưa rõ”: chưa gửi gì, hoặc tiến trình khác gửi (xem /metrics của nó).",
        "Seconds from what happened to its delivery. “Unknown”: nothing delivered yet, or by another process (see its /metrics).",
    ),
}

TERMS: Final[Mapping[str, Mapping[Any, Text]]] = {
    "cov_state": {
        "violation": Text("không nghe thấy", "not heard"),
        "clear": Text("đang nghe thấy", "heard"),
        "unknown": Text("chưa rõ", "unknown"),
        "not_applicable": Text("không áp dụng", "not applicable"),
    },
    "cov_kinds": {
        "sensor": Text("bộ thu", "sensors"),
        "asset": Text("máy tính", "PCs"),
        "portal": Text("cổng thông tin", "portals"),
    },
    "cov_kind": {
        "site": Text("điểm", "site"),
        "sensor": Text("bộ thu", "sensor"),
        "asset": Text("máy tính", "PC"),
        "portal": Text("cổng thông tin", "portal"),
    },
}
