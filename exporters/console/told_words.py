"""Sentences and terms about who was told of a finding."""

from __future__ import annotations

from typing import Final

from model.text import Text

PHRASES: Final = {
    "told_nobody": Text("Chưa nơi nhận nào lấy phát hiện: không ai được báo.", "No sink takes findings: nobody is told."),
    "told_away": Text("Chưa rõ: nhật ký ghi việc báo tin chưa trả lời.", "Unknown: the journal that knows who was told does not answer."),
    "told_province": Text(
        "Đây là những nơi tỉnh đã báo. Hộp của điểm có thể tự báo thêm; việc ấy xem trên trang của hộp.",
        "These are the ones the province told. The site's box may tell others itself; see the box's own page.",
    ),
    "told_at": Text("đã tới nơi nhận lúc", "delivered at"),
    "told_refused": Text("từ chối hẳn lúc", "refused for good at"),
    "told_waiting": Text("chưa gửi được, còn chờ", "not delivered yet, waiting"),
    "told_tries": Text("đã thử {n} lần", "tried {n} times"),
    "told_later": Text("đang gom để báo chung, hoặc chờ đến lượt", "held to be told with others, or until its turn"),
    "told_left_out": Text(
        "Không báo: nơi này không nhận loại, mức độ hoặc bước này của phát hiện, hoặc đang giờ bảo trì.",
        "Not told: it does not take findings of this kind, severity or step, or there is maintenance.",
    ),
    "told_unknown": Text("Chưa rõ: không còn ghi chép nào về phát hiện này với nơi nhận này.", "Unknown: nothing is on record of this finding for this sink."),
    "told_step_gone": Text("Một lần thay đổi trước đây", "An earlier change"),
    "told_more": Text("và {n} lần trước đó", "and {n} before"),
    "told_answered": Text("Trả lời", "Answer"),
    "told_answer": Text("{name} nhận xử lý lúc", "Taken by {name} at"),
    "told_no_answer": Text("Chưa ai nhận xử lý.", "Nobody has taken it yet."),
}
