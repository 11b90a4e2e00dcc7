"""Ways in from afar, and the PC as somebody else's screen."""

from __future__ import annotations

from typing import Final, get_args

from collector.decode.posture.cells import VERSION, Desk, Row, counted
from collector.decode.posture.people import written
from model.posture.told import Projecting, RemoteDesktop, RemoteTools, Stage, ToolFound
from model.remote.products import BY_ID
from model.times import DAY

_STAGES: Final[tuple[Stage, ...]] = get_args(Stage)
_SCRIPT_HOLDS: Final = 3 * DAY


def remote_tools(rows: list[Row], _desk: Desk) -> RemoteTools | None:
    """Each product once with its worst stage; products are ids of model.remote.products, nothing else passes."""
    found, looked = counted(rows, "product")
    if not looked:
        return None
    worst: dict[str, ToolFound] = {}
    for row in found:
        product, stage = row.raw("product"), next((known for known in _STAGES if known == row.raw("stage")), None)
        if product not in BY_ID or stage is None:
            continue
        worst[product] = _worse(
            worst.get(product), ToolFound(product=product, stage=stage, version=row.text("version", VERSION), portable=bool(row.flag("portable")))
        )
    return RemoteTools(tools=tuple(worst[product] for product in sorted(worst)))


def _worse(one: ToolFound | None, other: ToolFound) -> ToolFound:
    if one is None:
        return other
    stage = max(one.stage, other.stage, key=_STAGES.index)
    # A program that is installed as well is not carried.
    return ToolFound(product=one.product, stage=stage, version=one.version or other.version, portable=one.portable and other.portable)


def remote_desktop(rows: list[Row], _desk: Desk) -> RemoteDesktop | None:
    """`fDenyTSConnections` 0 is on. Without any listening port the table was not read."""
    row = next((row for row in rows if any(row.raw(column) for column in ("denied", "nla", "assistance"))), None)
    if row is None:
        return None
    denied = row.flag("denied")
    listening = bool(row.number("listening")) if row.number("ports") else None
    return RemoteDesktop(on=None if denied is None else not denied, nla=row.flag("nla"), assistance=row.flag("assistance"), listening=listening)


def projecting(rows: list[Row], desk: Desk) -> Projecting | None:
    """The capability only by a fresh word of the script; switches where policy has them."""
    row = next((row for row in rows if row.number("ports") or row.raw("receiver")), None)
    if row is None:
        return None
    at = written(rows)
    fresh = at is not None and desk.at - at <= _SCRIPT_HOLDS
    return Projecting(
        receiver=row.flag("receiver") if fresh else None,
        allowed=row.flag("allowed"),
        # 0: never asked for; 1: the first time; 2: always.
        pin=row.flag("pin"),
        play_to=row.flag("play_to"),
        listening=bool(row.number("listening")) if row.number("ports") else None,
    )
