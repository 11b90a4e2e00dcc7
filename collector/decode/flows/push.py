"""What one HTTP or RTSP request does to a screen."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from collector.decode.flows.http import Request
from model.wirefacts import PushKind, ScreenFamily


class Push(msgspec.Struct, frozen=True):
    """As `model.wirefacts.ScreenPushed`. `whole`: nothing more of the request would change it; an empty `action` is no push after all."""

    family: ScreenFamily
    kind: PushKind
    action: str
    url: str = ""
    agent: str = ""
    guarded: bool | None = None
    whole: bool = True


# None: the request is nothing that this reader knows.
Reader = Callable[[Request], Push | None]
