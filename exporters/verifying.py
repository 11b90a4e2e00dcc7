"""What a receiver has to check before it believes a delivery (Standard Webhooks), with the reason as a sentence when it must not."""

from __future__ import annotations

from collections.abc import Mapping

from exporters.signing import SigningKeys
from model.text import Text, shown

# The specification's tolerance, seconds: an older delivery may be one that somebody recorded and plays again.
TOLERANCE = 300
# Unix seconds of any day to come.
_DIGITS = 12
_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")

_STALE = Text(
    "webhook-timestamp sớm hơn lúc nhận %d giây: quá 5 phút, có thể là tin cũ bị phát lại",
    "webhook-timestamp is %d seconds before the receipt: over 5 minutes, it may be an old delivery played again",
)
_EARLY = Text(
    "webhook-timestamp muộn hơn lúc nhận %d giây: quá 5 phút, hãy xem lại đồng hồ hai máy",
    "webhook-timestamp is %d seconds after the receipt: over 5 minutes, look at both clocks",
)
_FORGED = Text(
    "không chữ ký v1 nào khớp: sai khóa, hoặc nội dung (từng byte) hay webhook-id, webhook-timestamp đã bị đổi",
    "no v1 signature fits: another key, or body (to the byte), webhook-id or webhook-timestamp were changed",
)


def flaw(keys: SigningKeys, headers: Mapping[str, str], body: bytes, now: int) -> Text | None:
    """Why a delivery that was received at `now` (Unix seconds) must not be believed; None for one that is genuine and fresh. Any case of header names."""
    told = {name.lower(): value.strip() for name, value in headers.items()}
    for name in _HEADERS:
        if not told.get(name):
            return Text(f"thiếu tiêu đề {name}", f"header {name} is missing")
    message, stamp, signature = (told[name] for name in _HEADERS)
    # As it was sent: a stamp written otherwise was signed by nobody.
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= _DIGITS and str(int(stamp)) == stamp):
        return Text(f"webhook-timestamp không phải số giây Unix: “{shown(stamp)}”", f"webhook-timestamp is no number of Unix seconds: “{shown(stamp)}”")
    if not keys.signed(message, int(stamp), body, signature):
        return _FORGED
    late = now - int(stamp)
    if abs(late) <= TOLERANCE:
        return None
    sentence = _STALE if late > 0 else _EARLY
    return Text(sentence.vi % abs(late), sentence.en % abs(late))


def headers_of(text: str) -> dict[str, str]:
    """Headers as they go over the wire or are saved by a receiver: a line each, `name: value`; other lines are left out."""
    pairs = (line.partition(":") for line in text.splitlines())
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}
