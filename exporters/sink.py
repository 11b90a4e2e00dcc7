"""What a push sink is: one destination that answers for every row it was given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

from model.ports import OutboxRow, Receipt, Stream
from model.text import Text

if TYPE_CHECKING:
    from exporters.webhook_answer import Answer

# Reasons of an accepted receipt that was no delivery: the server had the document already, or the sink's options leave it out.
DUPLICATE = "duplicate"
FILTERED = "filtered"


class OptionsError(ValueError):
    """A sink cannot be set up as its options say; `text` is one sentence for people."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.vi)
        self.text = text


class Sink(Protocol):
    """One push destination. `name` is its cursor's name and is for ever; `streams` is what it wants."""

    @property
    def name(self) -> str:
        """The sink's name in config and in the journal."""

    @property
    def streams(self) -> tuple[Stream, ...]:
        """The streams it takes."""

    @property
    def batch(self) -> int:
        """How many rows it takes at once, at most."""

    async def send(self, rows: Sequence[OutboxRow]) -> Sequence[Receipt]:
        """Delivers rows; exactly one receipt a row. An outage is `retry` for all, never an exception."""

    async def close(self) -> None:
        """Lets go of connections."""


@runtime_checkable
class Reminding(Protocol):
    """A sink whose server forgets what it is not told again."""

    async def remind(self) -> Answer | None:
        """Says again what stands, when it is due; None when nothing was said. Asked for about once a second."""


class Pacing(NamedTuple):
    """`spread`: seconds, at most, for which all but findings wait at the start and after an outage; `rate`: how many of those go in a second, 0: all."""

    spread: float = 0.0
    rate: int = 0


@runtime_checkable
class Paced(Protocol):
    """A sink to which thousands of boxes come back at once."""

    @property
    def pacing(self) -> Pacing:
        """How its rows are spread."""
