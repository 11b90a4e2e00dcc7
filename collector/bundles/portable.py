"""The snapshot log of an osqueryd that ran from a stick, nothing installed: lines of the filesystem logger, the same objects as the TLS logger's `data[]`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from collector.bundles.errors import BundleError
from collector.decode.posture.envelope import Envelope, Result
from model.text import Text
from model.times import SECOND

MAX_FILE: Final = 64 << 20
_MANY: Final = 4_096
_NO_LOG = Text("không phải nhật ký snapshot của osqueryd", "no snapshot log of osqueryd")


class Line(msgspec.Struct, frozen=True):
    """One snapshot (osquery wiki, Logging: snapshot format). Numbers may come as text."""

    name: str
    snapshot: list[Mapping[str, Any]]
    hostIdentifier: str = ""  # noqa: N815 - osquery's own word
    unixTime: int | str = 0  # noqa: N815 - same


def read(data: bytes) -> Envelope:
    """The last snapshot of each topic; a last line that was cut off is left out. Raises BundleError."""
    if len(data) > MAX_FILE:
        raise BundleError(_NO_LOG)
    lines = [line for each in data.splitlines()[:_MANY] if (line := _line(each)) is not None]
    if not lines:
        raise BundleError(_NO_LOG)
    if len({line.hostIdentifier for line in lines}) > 1:
        raise BundleError(Text("nhật ký trộn nhiều máy: nhập riêng từng máy", "the log mixes several PCs: import each by itself"))
    latest = sorted(lines, key=_time)
    results = {line.name: Result(rows=line.snapshot) for line in latest}
    return Envelope(host=latest[-1].hostIdentifier, collected_at=_time(latest[-1]) * SECOND, tool="osquery", results=results)


def _line(data: bytes) -> Line | None:
    try:
        return msgspec.json.decode(data, type=Line)
    except (ValueError, RecursionError):
        return None


def _time(line: Line) -> int:
    text = str(line.unixTime)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0
