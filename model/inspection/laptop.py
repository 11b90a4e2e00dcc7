"""What an inspection from a laptop could not have seen, row by row: an hour at one socket of one room clears nobody's whole site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec.structs import replace

from model.text import Text
from model.verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from model.verdict import Verdict

_MINUTE: Final = 60
_COVERAGE: Final = "VG-COV-01"
# Rows that only the PCs' own answers tell, and those that PCs and the network tell together.
_ANSWERED: Final = (3, 5, 6, 7, 8, 9, 10, 11, 12, 13)
_HEARD: Final = (1, 2, 3, 8, 11, 13)

_NOTHING_HEARD: Final = Text("Không nghe mạng trong lần kiểm tra này.", "The network was not listened to in this inspection.")
_NO_BUNDLES: Final = Text("Không có gói trả lời nào của máy tính được nhập.", "No PC's answers were carried here.")
_NO_PROBES: Final = Text(
    "Máy xách tay chỉ nghe, không gửi thăm dò: chưa thử được đường từ ngoài vào và giữa các phân đoạn.",
    "The laptop only listened and sent no probes: ways in from outside and between segments were not tried.",
)
_SCREENS: Final = Text(
    "Không hỏi màn hình: chỉ biết điều màn hình tự phát ra trong lúc nghe.", "Screens were not asked: only what they said of themselves meanwhile is known."
)
_USB: Final = Text(
    "Ổ cắm USB của máy xách tay không được xét; thiết bị ngoại vi chỉ biết qua gói trả lời.",
    "The laptop's own USB sockets were not judged; peripherals are known from carried answers alone.",
)
_NO_PORTALS: Final = Text("Không cổng nào được nêu để xem trong lần kiểm tra này.", "No portal was named to be looked at in this inspection.")
_HALF: Final = Text("Dừng khi chưa xem cổng này dưới mọi kiểu truy cập.", "It was ended before every kind of visitor had looked at this portal.")
_NO_SOC: Final = Text(
    "Máy xách tay không biết SOC có nghe thấy máy hay cổng này không; chỉ so được với danh sách đã đăng ký.",
    "The laptop does not know whether the SOC hears this PC or portal; it can only compare with the list of enrolled ones.",
)
_NO_DELIVERY: Final = Text(
    "Một lần kiểm tra không đo được việc theo dõi 24/7 và thời gian báo động.",
    "One inspection measures neither the watch round the clock nor the time to an alert.",
)


class Circumstances(NamedTuple):
    """How it was looked: seconds of listening, legs with their vantages, PCs whose answers were carried here and files refused, portals looked at and named.

    `unfinished`: ids of portals at which not every visitor's look came to its end.
    """

    seconds: float
    legs: Sequence[tuple[str, str]]
    pcs: int
    looked: int
    portals: int
    refused: int = 0
    ended_early: bool = False
    unfinished: frozenset[str] = frozenset()


def limits(seen: Circumstances) -> dict[int, tuple[Text, ...]]:
    """By row, why more could not be seen: there is something to say in each of the fifteen."""
    said: dict[int, list[Text]] = {number: [] for number in range(1, 16)}
    for number in _HEARD:
        said[number].append(_heard(seen))
    for number in _ANSWERED:
        said[number].append(_answered(seen))
    said[2].append(_SCREENS)
    said[3].append(_USB)
    said[4].append(_looked(seen))
    said[13].append(_NO_PROBES)
    said[14].append(_NO_SOC)
    said[15].append(_NO_DELIVERY)
    return {number: tuple(reasons) for number, reasons in said.items()}


def honest(verdicts: Iterable[Verdict], seen: Circumstances) -> list[Verdict]:
    """The verdicts as a laptop may give them. That the SOC sees something is not for it to say, nor that a portal is clear at which it looked by half.

    Its own ears are nobody's sensor, and are left out.
    """
    return [_unsure(verdict, seen) for verdict in verdicts if verdict.detector != _COVERAGE or verdict.subject.kind != "sensor"]


def _unsure(verdict: Verdict, seen: Circumstances) -> Verdict:
    if verdict.outcome is not Outcome.CLEAR:
        return verdict
    if verdict.detector == _COVERAGE:
        return replace(verdict, outcome=Outcome.UNKNOWN, reason=_NO_SOC)
    half = verdict.subject.kind == "portal" and verdict.subject.id in seen.unfinished
    return replace(verdict, outcome=Outcome.UNKNOWN, reason=_HALF) if half else verdict


def _heard(seen: Circumstances) -> Text:
    if not seen.legs:
        return _NOTHING_HEARD
    legs = ", ".join(leg for leg, _ in seen.legs)
    cut = Text(", dừng sớm", ", ended early") if seen.ended_early else Text("", "")
    long, deaf = _length(seen.seconds), _deaf({vantage for _, vantage in seen.legs})
    return Text(
        f"Chỉ nghe {long.vi} ở chân mạng {legs}{cut.vi}{deaf.vi}. Mạng khác, giờ khác: chưa biết.",
        f"Listened for {long.en} only, on {legs}{cut.en}{deaf.en}. Other networks and hours: not known.",
    )


def _length(seconds: float) -> Text:
    if seconds < _MINUTE:
        return Text(f"{round(seconds)} giây", f"{round(seconds)} seconds")
    return Text(f"{round(seconds / _MINUTE)} phút", f"{round(seconds / _MINUTE)} minutes")


def _deaf(vantages: set[str]) -> Text:
    if "plain" in vantages:
        return Text("; ở cổng thường không nghe được máy khác nói riêng với nhau", "; a plain port does not hear what others say to each other alone")
    if "unknown" in vantages:
        return Text("; chưa kịp biết cổng này nghe được những gì", "; there was no time to find out what this port hears")
    return Text("", "")


def _answered(seen: Circumstances) -> Text:
    refused = Text(f" {seen.refused} tệp bị từ chối.", f" {seen.refused} files were refused.") if seen.refused else Text("", "")
    if not seen.pcs:
        return Text(_NO_BUNDLES.vi + refused.vi, _NO_BUNDLES.en + refused.en)
    return Text(
        f"Chỉ xét {seen.pcs} máy tính có gói trả lời được nhập; máy khác chưa biết.{refused.vi}",
        f"Only {seen.pcs} PCs whose answers were carried here; others are not known.{refused.en}",
    )


def _looked(seen: Circumstances) -> Text:
    if not seen.portals:
        return _NO_PORTALS
    return Text(
        f"Đã xem {seen.looked} trên {seen.portals} cổng được nêu, một lượt, không dùng tên máy tìm kiếm; lúc khác, trang khác chưa biết.",
        f"{seen.looked} of {seen.portals} named portals were looked at, once, not as search engines' crawlers; other times and pages are not known.",
    )
