"""The list of findings with its filters, held in the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from exporters.console.overview import ranked
from exporters.render_words import SEVERITIES, STATES
from model.inspection.matters import FIFTEEN
from model.ledger import STANDING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from exporters.console.snapshot import Snapshot
    from model.detector import About
    from model.ledger import Change, Finding

T = TypeVar("T")

# 50 rows keep a page under 200 kB whatever devices call themselves.
PAGE: Final = 50
ALL: Final = "all"
DEFAULT_STATE: Final = "standing"
CHOICES: Final = (DEFAULT_STATE, *(state for state in STATES if state != "pending"), ALL)


class BadFilterError(ValueError):
    """A filter in the address has a value it cannot have."""

    def __init__(self, key: str, value: str, allowed: Sequence[str]) -> None:
        super().__init__(key)
        self.key = key
        self.value = value
        self.allowed = tuple(allowed)


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; an empty string does not narrow."""

    severity: str = ""
    state: str = DEFAULT_STATE
    number: str = ""
    detector: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything differs from the plain list."""
        return self != Filters()

    def lets(self, finding: Finding) -> bool:
        """Whether a finding is in the list."""
        return (
            self.severity in {"", finding.severity.value}
            and (self.state in {ALL, finding.state} or (self.state == DEFAULT_STATE and finding.state in STANDING))
            and (not self.number or int(self.number) in finding.findings)
            and self.detector in {"", finding.detector}
        )


@dataclass(frozen=True)
class Paged(Generic[T]):
    """One page of a long list; `page` counts from 1."""

    rows: Sequence[T]
    total: int
    page: int
    pages: int


def filters(query: Mapping[str, str], detectors: Sequence[str]) -> Filters:
    """The filters of an address. Raises BadFilterError for a value that does not exist."""
    return Filters(
        severity=_choice(query, "muc", ("", *(severity.value for severity in SEVERITIES))),
        state=_choice(query, "trang-thai", CHOICES, DEFAULT_STATE),
        number=_choice(query, "so", ("", *(str(number) for number in range(1, len(FIFTEEN) + 1)))),
        detector=_choice(query, "quy-tac", ("", *detectors)),
    )


def _choice(query: Mapping[str, str], key: str, allowed: Sequence[str], default: str = "") -> str:
    value = query.get(key) or default
    if value not in allowed:
        raise BadFilterError(key, value, [choice for choice in allowed if choice])
    return value


def detectors_of(snapshot: Snapshot, abouts: Sequence[About]) -> list[str]:
    """Every detector that could be asked for: those that run here and those that left findings."""
    return sorted({about.id for about in abouts} | {change.finding.detector for change in snapshot.findings})


def listed(snapshot: Snapshot, chosen: Filters) -> list[Change]:
    """The findings the filters let through, in the page's order."""
    return ranked(change for change in snapshot.findings if chosen.lets(change.finding))


def paged(rows: Sequence[T], query: Mapping[str, str], size: int = PAGE) -> Paged[T]:
    """The page `trang` of `rows`, the nearest one that exists."""
    asked = query.get("trang", "1")
    pages = max(1, -(-len(rows) // size))
    page = min(max(1, int(asked)), pages) if asked.isdecimal() and len(asked) < 7 else 1
    return Paged(rows[(page - 1) * size : page * size], len(rows), page, pages)
