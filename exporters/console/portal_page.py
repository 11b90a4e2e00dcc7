"""One portal as its page shows it: who saw what, the ways visitors went, incidents with their re-checks, what the portal's own way is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from exporters.console import hop_tree
from exporters.console.overview import ranked
from exporters.console.portal_marks import Labels, Mark, label_of, marks_of
from exporters.console.portals import Line, line_of
from model.portals.baseline import LEARN_DAYS, Difference, differences
from model.portals.incidents import RECHECKS, REPEAT_AFTER, Standing, counted, pending, standing
from model.portals.judgement import active
from model.portals.policy import Policy
from model.portals.shipped import DESTINATIONS
from model.times import DAY, SECOND
from model.verdict import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from exporters.console.snapshot import Snapshot
    from model.ledger import Change
    from model.portals.declared import Destination, Portal
    from model.portals.rows import Baseline, Incident, Look, PortalRow, Seen
    from model.text import Text

# A row is bounded, a declared list is not.
MOST_DESTINATIONS: Final = 40
_MOST_SEEN: Final = 6
_ENDING: Final = 30 * DAY
_MEDIUM: Final = Severity.MEDIUM.rank

RecheckState = Literal["done", "due", "late"]
Force = Literal["current", "ending", "expired", "future"]


@dataclass(frozen=True)
class Recheck:
    """One of the looks that an incident waits for: how long after the last dirty one (ns), when (ns), whether it was clean."""

    delay: int
    at: int
    state: RecheckState


@dataclass(frozen=True)
class Trouble:
    """An incident: who saw it how often, and what it still waits for. `standing` is None once it is over or excused, and while it is but `suspected`."""

    incident: Incident
    suspected: bool
    standing: Standing | None
    finding: Change | None
    dirty: int
    looked: int
    personas: tuple[Text, ...]
    active: int
    rechecks: tuple[Recheck, ...]
    seen: tuple[Seen, ...]
    captures: tuple[str, ...]


@dataclass(frozen=True)
class PersonaLooks:
    """A persona's mark with its last look at each place, newest first."""

    mark: Mark
    looks: tuple[tuple[Look, int], ...]


@dataclass(frozen=True)
class Permission:
    """A destination and whether it is in force."""

    entry: Destination
    force: Force


@dataclass(frozen=True)
class Ways:
    """What was learnt: until when (ns), what came since, what is the portal's own by kind."""

    baseline: Baseline
    until: int
    learning: bool
    different: tuple[Difference, ...]
    own: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Shot:
    """Captures that may have a picture of what somebody saw: tried in order."""

    state: str
    captures: tuple[str, ...]


@dataclass(frozen=True)
class PortalPage:
    """All that the page of one portal is drawn from; without `row` nobody looked yet."""

    line: Line
    declared: bool
    row: PortalRow | None
    findings: tuple[Change, ...]
    personas: tuple[PersonaLooks, ...]
    roots: tuple[hop_tree.Hop, ...]
    troubles: tuple[Trouble, ...]
    ways: Ways | None
    permissions: tuple[Permission, ...]
    more_permissions: int


def portal_page(snapshot: Snapshot, portal: Portal, row: PortalRow | None, labels: Labels) -> PortalPage:
    """The page of one portal."""
    policy = Policy(snapshot.declared)
    now = snapshot.now
    about = ranked(change for change in snapshot.findings if change.finding.subject.kind == "portal" and change.finding.subject.id == portal.id)
    marks = marks_of(row, labels, now, crawlers=portal.crawlers)
    troubles = tuple(_troubles(row, portal, policy, about, labels, now)) if row else ()
    permissions = sorted(_permissions(snapshot, portal), key=lambda each: (each.entry.portal == "", each.force == "expired", each.entry.host))
    return PortalPage(
        line=line_of(snapshot, portal),
        declared=portal.id in snapshot.portals,
        row=row,
        findings=tuple(about),
        personas=tuple(PersonaLooks(mark, tuple(_looks(row, mark.persona))) for mark in marks),
        roots=tuple(hop_tree.tree(_ways(row, troubles, labels), lambda host: policy.lawful(portal, host, now))) if row else (),
        troubles=troubles,
        ways=_learnt(row, now) if row and row.baseline.since else None,
        permissions=tuple(permissions[:MOST_DESTINATIONS]),
        more_permissions=max(0, len(permissions) - MOST_DESTINATIONS),
    )


def shots(page: PortalPage) -> tuple[Shot, ...]:
    """What a picture is looked for: of what was held against the portal, and of what the others saw."""
    if page.row is None:
        return ()
    looks = sorted(page.row.looks.values(), key=lambda watched: (not watched.look.value.rendered, -watched.look.stamp.at))
    dirty = [watched.look.value.capture for watched in looks if watched.look.value.outcome == "dirty"]
    told = [seen.told for trouble in page.troubles for seen in trouble.incident.seen.values()]
    dirty += [held.value.capture for held in sorted(told, key=lambda held: -held.stamp.at)]
    clean = [watched.look.value.capture for watched in looks if watched.look.value.outcome == "clean"]
    return Shot("dirty", tuple(filter(None, dirty))), Shot("clean", tuple(filter(None, clean)))


def _looks(row: PortalRow | None, persona: str) -> Iterator[tuple[Look, int]]:
    mine = [watched.look for watched in row.looks.values() if watched.look.value.persona == persona] if row else []
    for held in sorted(mine, key=lambda held: (-held.stamp.at, held.value.url)):
        yield held.value, held.stamp.at


def _ways(row: PortalRow, troubles: Sequence[Trouble], labels: Labels) -> Iterator[hop_tree.Way]:
    """The last way of each persona, and the last dirty ones where they are others."""
    known = [persona for persona in labels if persona in row.chains]
    for persona in (*known, *sorted(row.chains.keys() - labels.keys())):
        held = row.chains[persona]
        yield hop_tree.Way(persona, held.value, held.stamp.at)
    for trouble in troubles:
        chain = trouble.incident.chain
        if trouble.standing and chain and (chain.value.persona not in row.chains or row.chains[chain.value.persona].stamp != chain.stamp):
            yield hop_tree.Way(chain.value.persona, chain.value, chain.stamp.at, held=True)


def _troubles(row: PortalRow, portal: Portal, policy: Policy, about: Sequence[Change], labels: Labels, now: int) -> Iterator[Trouble]:
    by_rule = {change.finding.detector: change for change in reversed(about)}
    every = sorted(row.incidents.values(), key=lambda incident: (incident.over, incident.detector))
    for incident in every:
        found = standing(row, incident.detector, portal, policy, now)
        seen = found.seen if found else tuple(incident.seen.values())
        dirty, looked = counted(row, seen)
        personas = tuple(label_of(persona, labels) for persona in sorted({each.persona for each in seen if each.persona}))
        yield Trouble(
            incident=incident,
            suspected=found is None and not any(map(_weighty, incident.seen.values())),
            standing=found,
            finding=by_rule.get(incident.detector),
            dirty=dirty,
            looked=looked,
            personas=personas,
            active=len({*active(row), *(each.persona for each in seen if each.persona)}),
            rechecks=tuple(_rechecks(row, incident, now)),
            seen=tuple(sorted(seen, key=lambda each: (-each.confirmed, -each.last.at, each.persona, each.kind))[:_MOST_SEEN]),
            captures=tuple(_captures(incident, by_rule)),
        )


def _weighty(seen: Seen) -> bool:
    """Whether it would be a violation but for what people declared: by a single look, or because it came back."""
    return seen.rank >= _MEDIUM or (seen.confirmed >= _MEDIUM and seen.last.at - seen.first.at >= REPEAT_AFTER)


def _rechecks(row: PortalRow, incident: Incident, now: int) -> Iterator[Recheck]:
    waiting = () if incident.over else pending(row, incident)
    for delay in RECHECKS:
        at = incident.last.at // SECOND * SECOND + delay
        yield Recheck(delay, at, "done" if delay not in waiting else "late" if at <= now else "due")


def _captures(incident: Incident, findings: Mapping[str, Change]) -> Iterator[str]:
    yield from (seen.told.value.capture for seen in incident.seen.values() if seen.told.value.capture)
    change = findings.get(incident.detector)
    yield from (piece.value for piece in (change.finding.evidence if change else ()) if piece.kind == "capture")


def _learnt(row: PortalRow, now: int) -> Ways:
    base = row.baseline
    until = base.since + LEARN_DAYS * DAY
    different = differences(row)
    later = {(each.kind, each.value) for each in different}
    tables = {
        "new_script_host": base.scripts,
        "new_frame_host": base.frames,
        "new_form_host": base.forms,
        "new_generator": base.generators,
        "new_issuer": base.issuers,
        "moved_address": base.networks,
        "changed_missing": base.missing,
    }
    own = tuple((kind, tuple(sorted(value for value in table if (kind, value) not in later))) for kind, table in tables.items())
    return Ways(base, until, now <= until, tuple(different), tuple((kind, values) for kind, values in own if values))


def _permissions(snapshot: Snapshot, portal: Portal) -> Iterator[Permission]:
    for entry in (*snapshot.declared.destinations, *DESTINATIONS):
        if entry.portal in ("", portal.id):
            yield Permission(entry, _force(entry, snapshot.now))


def _force(entry: Destination, now: int) -> Force:
    if entry.until and entry.until <= now:
        return "expired"
    if entry.since > now:
        return "future"
    return "ending" if entry.until and entry.until - now < _ENDING else "current"
