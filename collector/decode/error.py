"""The one way a decoder says that its input is broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from model.fact import StationFact


class DecodeError(Exception):
    """The sender (or the capture's cut) broke the protocol; `facts` were read whole before the fault and stand."""

    def __init__(self, reason: str, facts: Sequence[StationFact] = ()) -> None:
        super().__init__(reason)
        self.facts = facts
