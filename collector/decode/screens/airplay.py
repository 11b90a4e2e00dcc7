"""AirPlay's `GET /info`: an RTSP-like answer whose body is a binary property list with the same flags as the advert's (network §2.1)."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from collector.decode.screens import plist
from collector.decode.screens.told import Told, short
from model.screens import airplay as bits

# With `X-Apple-...` left out, this is what a sender asks before anything else; nothing is shown by it.
REQUEST: Final = b"GET /info RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: AirPlay/745.83\r\n\r\n"
LONGEST_HEAD: Final = 4_096
LONGEST: Final = LONGEST_HEAD + plist.MAX_BYTES
# "Connection authorization required": a receiver that tells nothing before pairing.
_UNAUTHORISED: Final = (401, 403, 470)
_STATUS = re.compile(rb"(?:RTSP|HTTP)/1\.[01] (\d{3})\b")
_LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d{1,7})\s*\r\n", re.IGNORECASE)


class Head(NamedTuple):
    """The head of an answer: where its body begins, and how long it says it is."""

    status: int
    begins: int
    length: int


def head(data: bytes) -> Head | None:
    """None while its end has not come, or where it is none."""
    end = data.find(b"\r\n\r\n", 0, LONGEST_HEAD)
    found = _STATUS.match(data)
    if end < 0 or found is None:
        return None
    length = _LENGTH.search(data, 0, end + 2)
    return Head(int(found[1]), end + 4, int(length[1]) if length else 0)


def info(status: int, body: bytes) -> Told | None:
    """What the receiver says of itself; one that wants pairing before it speaks is guarded."""
    if status in _UNAUTHORISED:
        return Told(protected=True, guard="pin")
    told = plist.top(body) if status == 200 else {}
    if not told:
        return None
    text = _as_record(told)
    guard = bits.protection(text)
    picture = bits.picture(text)
    return Told(
        protected=None if guard is None else bool(guard),
        guard=guard or "",
        playing=bits.playing(text),
        name=short(told.get("name")),
        model=short(told.get("model")),
        picture=None if picture == "unknown" else picture == "yes",
    )


def _as_record(told: dict[str, plist.Value]) -> dict[str, str]:
    """The same words as in the advert's TXT record, so that one reader holds for both."""
    record = {key: str(told[name]) for key, name in (("flags", "statusFlags"), ("features", "features"), ("act", "act")) if type(told.get(name)) is int}
    if told.get("pw") is True or told.get("passwordProtected") is True:
        record["pw"] = "true"
    return record
