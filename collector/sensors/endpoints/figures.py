"""What the server counts; by these words the metrics and docs/endpoint.md call it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Figures:
    """Counts since the server began.

    `lines`: result lines and answers that came; `repeated` of them known already, `quarantined` that nobody could read, `unknown` of topics that the
    catalogue does not have, `changes` that only make us ask. `dropped`: cells that may not travel. `status`: lines of the agents' own logs, never kept.
    """

    enrolled: int = 0
    batches: int = 0
    lines: int = 0
    repeated: int = 0
    quarantined: int = 0
    changes: int = 0
    dropped: int = 0
    unknown: int = 0
    status: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    def as_counts(self) -> dict[str, int]:
        """All of them by name; refusals as `refused.<reason>`."""
        plain = {name: getattr(self, name) for name in self.__slots__ if name != "refused"}
        return plain | {f"refused.{reason}": times for reason, times in self.refused.items()}
