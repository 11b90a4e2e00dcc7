"""For how long a verdict or a row stands that its box does not repeat: what nobody confirms is not known, and after a month it is of something gone."""

from __future__ import annotations

from typing import Final

import msgspec

from model.ports import Observed, Posture
from model.text import Text
from model.times import DAY
from model.verdict import Outcome

# A box sends a verdict on change and once a day while its subject is judged, a row while it has it; a weekend without anybody at work proves nothing.
UNCONFIRMED: Final = 3 * DAY
GONE: Final = 30 * DAY

# Without a date, so that a report counts them as one reason.
REASON: Final = Text(
    "Hơn 3 ngày hộp của điểm không nhắc lại kết luận này (đối tượng đã đi, quy tắc bị tắt, hoặc hộp im lặng): không biết nay còn đúng không.",
    "The site's box has not repeated this verdict for more than 3 days (its subject left, the rule is off, or the box is silent): whether it holds is unknown.",
)


def confirmed(posture: Posture, now: int, *, stands: bool) -> Posture | None:
    """The verdict as it counts at `now` (ns): as told, unknown where it was not repeated for `UNCONFIRMED`, None after `GONE`.

    `stands`: its finding does, which only its box or a person ends: such a violation is never taken for less.
    """
    age, verdict = now - posture.at, posture.verdict
    if age <= UNCONFIRMED or (stands and verdict.outcome is Outcome.VIOLATION):
        return posture
    if age > GONE:
        return None
    if verdict.outcome is Outcome.UNKNOWN:
        return posture
    return msgspec.structs.replace(posture, verdict=msgspec.structs.replace(verdict, outcome=Outcome.UNKNOWN, reason=REASON, state=()))


def repeated(observed: Observed, heard_at: int, now: int) -> Observed | None:
    """The row as it counts at `now` (ns): as told, gone from the view where its box spoke on for `UNCONFIRMED` without it, None after `GONE`.

    `heard_at`: when the box was heard last, ns. Of a box that fell silent the last is kept for a month: each row says when it was seen, and the site that it
    is silent; an empty picture would say that there is nothing.
    """
    if now - observed.at > GONE:
        return None
    if observed.gone or heard_at - observed.at <= UNCONFIRMED:
        return observed
    return msgspec.structs.replace(observed, row="", gone=True)
