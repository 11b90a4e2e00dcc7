"""How each kind of visitor saw a portal last, as one mark a persona."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from model.portals.incidents import RETIRED_AFTER
from model.portals.judgement import REGULAR, was_rendered
from model.text import Text
from model.times import HOUR
from model.wording.portal_common import PERSONA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from exporters.console.speech import Speech
    from model.portals.rows import Look, PortalRow, Watched

MarkState = Literal["dirty", "clean", "unknown", "never"]
Labels = Mapping[str, Text]

# The shape of each mark: those of the four outcomes.
SHAPES: Final[dict[MarkState, str]] = {"dirty": "violation", "clean": "clear", "unknown": "unknown", "never": "not_applicable"}

# Who stands beside whom, with the picture of the group; a persona nobody knows here comes last.
GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "machine": ("desktop", "returning", "english"),
    "phone": ("mobile", "iphone"),
    "search": ("search_google", "search_google_mobile", "search_coccoc"),
    "social": ("social_zalo", "social_facebook"),
    "crawler": ("crawler_google", "crawler_bing", "crawler_coccoc"),
}
OTHER: Final = "other"
CRAWLER: Final = "crawler_"

# As long as the rules let a look speak for its persona unless configured otherwise (detectors/portal_*.py, fresh_hours).
FRESH: Final = 24 * HOUR


@dataclass(frozen=True)
class Mark:
    """The last word of one persona: what it saw, when (ns, 0: never), and why it is not known."""

    persona: str
    label: Text
    state: MarkState
    at: int = 0
    reason: str = ""
    detail: str = ""

    @property
    def shape(self) -> str:
        """The mark's shape."""
        return SHAPES[self.state]


@dataclass(frozen=True)
class MarkGroup:
    """Personas of one sort with their picture's name."""

    name: str
    marks: tuple[Mark, ...]


def label_of(persona: str, labels: Labels) -> Text:
    """What people call a persona; its id where nobody said."""
    known = labels.get(persona) or PERSONA.get(persona)
    return known or Text(persona, persona)


def marks_of(row: PortalRow | None, labels: Labels, now: int, *, crawlers: bool) -> list[Mark]:
    """A mark for each persona there is, in their order; `crawlers`: the owner agreed to looks as one."""
    looks = _by_persona(row)
    met = [] if row is None else [persona for persona in row.visits if persona not in labels]
    return [_mark(row, looks.get(persona, []), persona, labels, now, crawlers) for persona in (*labels, *sorted(met))]


def grouped(marks: Sequence[Mark]) -> list[MarkGroup]:
    """The marks by group, groups without any left out."""
    known = {persona for personas in GROUPS.values() for persona in personas}
    groups = [MarkGroup(name, tuple(mark for persona in personas for mark in marks if mark.persona == persona)) for name, personas in GROUPS.items()]
    groups.append(MarkGroup(OTHER, tuple(mark for mark in marks if mark.persona not in known)))
    return [group for group in groups if group.marks]


class Once:
    """Draws marks that look alike once a page: one page has 650 marks and a dozen different ones."""

    def __init__(self, speech: Speech, now: int) -> None:
        self._speech = speech
        self._now = now
        self._drawn: dict[tuple[str, ...], Markup] = {}

    def __call__(self, draw: Callable[[Mark, int], Markup], mark: Mark) -> Markup:
        """The mark as `draw` (a template's macro) draws it."""
        ago = self._speech.about(self._now - mark.at) if mark.at else ""
        key = (mark.persona, mark.state, mark.reason, ago)
        if key not in self._drawn:
            self._drawn[key] = draw(mark, self._now)
        return self._drawn[key]


def _by_persona(row: PortalRow | None) -> dict[str, list[Watched]]:
    found: dict[str, list[Watched]] = {}
    for watched in row.looks.values() if row else ():
        found.setdefault(watched.look.value.persona, []).append(watched)
    return found


def _mark(row: PortalRow | None, looks: list[Watched], persona: str, labels: Labels, now: int, crawlers: bool) -> Mark:
    label = label_of(persona, labels)
    visits = row.visits.get(persona) if row else None
    if row is None or visits is None:
        refused = persona.startswith(CRAWLER) and not crawlers
        return Mark(persona, label, "never", reason="no_consent" if refused else "")
    if row.last - visits.last >= RETIRED_AFTER:
        return Mark(persona, label, "never", visits.last, "retired")
    dirty = [watched.look.stamp.at for watched in looks if watched.look.value.outcome == "dirty" and row.last - watched.look.stamp.at < RETIRED_AFTER]
    if dirty:
        return Mark(persona, label, "dirty", max(dirty))
    failed = visits.failed if visits.failed and visits.failed.stamp.at > visits.ok else None
    if failed is not None:
        return Mark(persona, label, "unknown", visits.last, failed.value.reason, failed.value.detail)
    if not visits.ok or now - visits.ok > FRESH:
        return Mark(persona, label, "unknown", visits.last, "stale")
    hidden = next((look.reason for look in _regular(looks) if look.reason and not (look.reason == "unfolded" and was_rendered(row, look))), "")
    return Mark(persona, label, "unknown", visits.ok, hidden) if hidden else Mark(persona, label, "clean", visits.ok)


def _regular(looks: list[Watched]) -> list[Look]:
    return [watched.look.value for watched in looks if watched.look.value.part in REGULAR]
