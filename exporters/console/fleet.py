"""What the province's pages show: tiles of sites, totals that never add who is silent to who is clear, filters held in the address. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, get_args

from exporters.console.findings import ALL, CHOICES, DEFAULT_STATE, PAGE, BadFilterError
from model.declared import Declared
from model.fleet.ports import Asked, Heard, SiteStanding
from model.inspection.counting import WORST
from model.inspection.matters import FIFTEEN
from model.ledger import STANDING
from model.ports import SinkStatus
from model.verdict import Outcome, Severity

# Tiles on one page: worse ones first, so that who must be looked at is among them; the fifteen stay within reach below.
TILES: Final = 60
HEARD: Final[tuple[Heard, ...]] = get_args(Heard)
STATES: Final = tuple(outcome.value for outcome in WORST)
SEVERITIES: Final = tuple(severity.value for severity in reversed(Severity))
# A name that fits half the province narrows to nothing useful, and an engine bounds how many may be named.
_MOST_SITES: Final = 1_000
_LONGEST: Final = 80


@dataclass(frozen=True)
class FleetSnapshot:
    """What every page of the province has in its head; `version` was asked first. `declared` stands for the province as a box's does for its site."""

    version: int
    now: int
    declared: Declared
    # Open findings; None where the page does not need the store that knows.
    standing: int | None = None
    portals: Mapping[str, object] = field(default_factory=dict)
    sinks: Sequence[SinkStatus] = ()


@dataclass(frozen=True)
class Wanted:
    """What the tiles are narrowed to; an empty string does not narrow."""

    search: str = ""
    group: str = ""
    heard: str = ""
    state: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything differs from the plain list."""
        return self != Wanted()


@dataclass(frozen=True)
class Filters:
    """What the list of findings is narrowed to."""

    site: str = ""
    severity: str = ""
    state: str = DEFAULT_STATE
    number: str = ""
    detector: str = ""
    owner: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything differs from the plain list."""
        return self != Filters()


@dataclass(frozen=True)
class Totals:
    """The province in figures: open findings by severity, at how many sites; sites by how they are heard, and by their state."""

    sites: int
    open: tuple[tuple[str, int], ...]
    sites_open: int
    accepted: int
    heard: tuple[tuple[str, int], ...]
    unheard: int


def wanted(query: Mapping[str, str], groups: Sequence[str]) -> Wanted:
    """The filters of the tiles. Raises BadFilterError."""
    chosen = Wanted(
        search=query.get("tim", "").strip()[:_LONGEST],
        group=query.get("cum", ""),
        heard=query.get("nghe", ""),
        state=query.get("trang-thai", ""),
    )
    for key, value, allowed in (("cum", chosen.group, groups), ("nghe", chosen.heard, HEARD), ("trang-thai", chosen.state, STATES)):
        if value not in {"", *allowed}:
            raise BadFilterError(key, value, allowed)
    return chosen


def filters(query: Mapping[str, str], detectors: Sequence[str]) -> Filters:
    """The filters of the list of findings. Raises BadFilterError."""
    chosen = Filters(
        site=query.get("diem", "").strip()[:_LONGEST],
        severity=query.get("muc", ""),
        state=query.get("trang-thai", "") or DEFAULT_STATE,
        number=query.get("so", ""),
        detector=query.get("quy-tac", ""),
        owner=query.get("nguoi", "").strip()[:_LONGEST],
    )
    numbers = tuple(str(number) for number in range(1, len(FIFTEEN) + 1))
    known = (
        ("muc", chosen.severity, SEVERITIES),
        ("trang-thai", chosen.state, CHOICES),
        ("so", chosen.number, numbers),
        ("quy-tac", chosen.detector, detectors),
    )
    for key, value, allowed in known:
        if value not in {"", *allowed}:
            raise BadFilterError(key, value, allowed)
    return chosen


def asked(chosen: Filters, sites: Sequence[str], page: int) -> Asked:
    """The question that a page of the list asks."""
    states = {DEFAULT_STATE: STANDING, ALL: ("open", "accepted", "resolved", "lapsed")}.get(chosen.state, (chosen.state,))
    return Asked(
        sites=tuple(sites), states=states, severity=chosen.severity, detector=chosen.detector, number=int(chosen.number or 0), owner=chosen.owner,
        start=(page - 1) * PAGE, limit=PAGE,
    )  # fmt: skip


def named(names: Mapping[str, str], search: str) -> list[str]:
    """The sites in whose name or code every word of `search` begins a word; one whose code it is, alone."""
    if search in names:
        return [search]
    return [site for site, name in names.items() if _fits(search, f"{site} {name}")][:_MOST_SITES]


def listed(sites: Iterable[SiteStanding], chosen: Wanted) -> list[SiteStanding]:
    """The sites that the filters let through, in the reader's order."""
    return [
        site
        for site in sites
        if chosen.group in {"", site.group}
        and chosen.heard in {"", site.heard}
        and chosen.state in {"", state_of(site)}
        and (not chosen.search or _fits(chosen.search, f"{site.site} {site.name} {site.commune}"))
    ]


def _fits(search: str, told: str) -> bool:
    # Of whole words, so that "xã A" is not every place with an a in it.
    known = told.lower().split()
    return all(any(word.startswith(part) for word in known) for part in search.lower().split())


def state_of(site: SiteStanding) -> str:
    """The shape of a tile: what is open makes it violated, also of who fell silent since; who is not heard, or has anything unknown, is unknown."""
    if site.open:
        return Outcome.VIOLATION.value
    if site.heard != "heard" or site.outcomes.get("unknown") or not site.outcomes:
        return Outcome.UNKNOWN.value
    return Outcome.CLEAR.value if site.outcomes.get("clear") or site.outcomes.get("violation") else Outcome.NOT_APPLICABLE.value


def totals(sites: Sequence[SiteStanding]) -> Totals:
    """The figures above the tiles."""
    opened: Counter[str] = Counter()
    for site in sites:
        opened.update(site.open)
    heard = Counter(site.heard for site in sites)
    return Totals(
        sites=len(sites),
        open=tuple((severity, opened[severity]) for severity in SEVERITIES),
        sites_open=sum(bool(site.open) for site in sites),
        accepted=sum(site.accepted for site in sites),
        heard=tuple((state, heard[state]) for state in HEARD),
        unheard=len(sites) - heard["heard"],
    )


def missed(sites: Iterable[SiteStanding]) -> list[SiteStanding]:
    """Who is not heard: the silent first, who has been silent longest at the top; then who never was, then of whom it is not known."""
    order = ("silent", "never", "unknown")
    return sorted((site for site in sites if site.heard != "heard"), key=lambda site: (order.index(site.heard), site.heard_at, site.name, site.site))


def page_of(query: Mapping[str, str]) -> int:
    """The page that an address asks for, from 1."""
    told = query.get("trang", "1")
    return max(1, int(told)) if told.isdecimal() and len(told) < 7 else 1
