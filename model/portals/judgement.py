"""What holds of one portal now for one rule, put together from its row: the incident, what is slight, what could not be seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from model.portals.baseline import differences
from model.portals.campaigns import Campaign
from model.portals.fold import policy_of
from model.portals.incidents import RETIRED_AFTER, Standing, standing
from model.portals.raised import INJECTION, REDIRECT
from model.portals.rows import Found, Look, PortalRow, WebDetector
from model.times import DAY

if TYPE_CHECKING:
    from model.portals.declared import Portal
    from model.portals.policy import Policy
    from model.site import SiteView

# Sampled pages come round within so long: what was slight there speaks until then.
_SLIGHT_FOR: Final = 8 * DAY
# A page is run in the browser once a day where nothing asks for more; with some delay.
_RENDERED_FOR: Final = 2 * DAY
REGULAR: Final = ("home", "declared")
_LOW: Final = 1


class Slight(NamedTuple):
    """Something that only the report tells: its kind, where or what, since when (ns)."""

    kind: str
    value: str
    at: int


class Blind(NamedTuple):
    """A persona that does not see the portal as its visitors do, and why (a `Failure`, `unfolded`, or `stale`)."""

    persona: str
    reason: str


class Judgement(NamedTuple):
    """All that one rule's verdict is made of. `seen` and `personas`: last look that saw something (ns, 0: none), and by how many personas."""

    row: PortalRow
    portal: Portal
    standing: Standing | None
    campaign: Campaign | None
    slight: tuple[Slight, ...]
    blind: tuple[Blind, ...]
    personas: tuple[str, ...]
    seen: int


def judged(view: SiteView, portal_id: str, detector: WebDetector, fresh: int, learn_days: int) -> Judgement | None:
    """What holds of the portal; None when no fact of it came yet. `fresh`: for how long (ns) a look speaks for its persona."""
    row = view.portals.get(portal_id)
    if row is None:
        return None
    policy = policy_of(view)
    portal = policy.portal(row.id, row.url)
    found = standing(row, detector, portal, policy, view.now)
    return Judgement(
        row,
        portal,
        found,
        view.campaigns.of(row.id, detector) if found else None,
        _slight(row, portal, policy, detector, learn_days),
        tuple(_blind(row, max(view.now, row.last), fresh, detector)),
        active(row),
        max((visits.ok for visits in row.visits.values()), default=0),
    )


def active(row: PortalRow) -> tuple[str, ...]:
    """The personas that look at this portal, sorted."""
    return tuple(sorted(name for name, visits in row.visits.items() if row.last - visits.last < RETIRED_AFTER))


def _slight(row: PortalRow, portal: Portal, policy: Policy, detector: WebDetector, learn_days: int) -> tuple[Slight, ...]:
    """Each thing once, by kind and value: six personas that see one new script host see one thing."""
    first: dict[tuple[str, str], Slight] = {}
    for each in _slights(row, portal, policy, detector, learn_days):
        known = first.setdefault(each[:2], each)
        first[each[:2]] = min(known, each)
    return tuple(sorted(first.values()))


def _slights(row: PortalRow, portal: Portal, policy: Policy, detector: WebDetector, learn_days: int) -> Iterator[Slight]:
    for watched in row.looks.values():
        if row.last - watched.look.stamp.at < _SLIGHT_FOR:
            for found in watched.look.value.found:
                if found.detector == detector and found.rank == _LOW and not _excused(found, portal, policy, row.last):
                    yield Slight(found.kind, found.host or found.value, watched.look.stamp.at)
    if detector == INJECTION:
        for difference in differences(row, learn_days):
            yield Slight(*difference)
        for host, held in row.names.items():
            if held.value.state == "dangling":
                yield Slight("dangling", host, held.stamp.at)


def _excused(found: Found, portal: Portal, policy: Policy, at: int) -> bool:
    return found.detector == REDIRECT and bool(found.host) and policy.lawful(portal, found.host, at).allowed


def _blind(row: PortalRow, now: int, fresh: int, detector: WebDetector) -> Iterator[Blind]:
    hiding = _hiding(row, detector)
    for persona in active(row):
        visits = row.visits[persona]
        if visits.ok and now - visits.ok > fresh:
            yield Blind(persona, _failed(row, persona) or "stale")
        elif reason := hiding.get(persona, ""):
            yield Blind(persona, reason)
        elif not visits.ok:
            yield Blind(persona, _failed(row, persona) or "stale")


def _failed(row: PortalRow, persona: str) -> str:
    failed = row.visits[persona].failed
    return failed.value.reason if failed and failed.stamp.at >= row.visits[persona].ok else ""


def _hiding(row: PortalRow, detector: WebDetector) -> dict[str, str]:
    """The personas whose look at a regular page leaves open what the rule asks, with the reason."""
    regular = (look for watched in row.looks.values() if (look := watched.look.value).part in REGULAR)
    return {look.persona: look.reason for look in regular if _hides(look, row, detector)}


def _hides(look: Look, row: PortalRow, detector: WebDetector) -> bool:
    """Whether the look leaves open what the rule asks. Scripts that could not be read hide where they lead, not what the page shows."""
    if not look.reason:
        return False
    if look.reason != "unfolded":
        return True
    return detector == REDIRECT and not was_rendered(row, look)


def was_rendered(row: PortalRow, look: Look) -> bool:
    """Whether the browser ran that page for that persona lately, and saw it to its end."""
    lately = (watched.look.value for watched in row.looks.values() if row.last - watched.look.stamp.at < _RENDERED_FOR)
    return any(other.rendered and not other.reason and other.mark == look.mark and other.persona == look.persona for other in lately)


def comparable(judgement: Judgement) -> bool:
    """Whether two personas saw the portal, without which nothing can be said of cloaking."""
    blind = {each.persona for each in judgement.blind}
    return len([persona for persona in judgement.personas if persona not in blind]) > 1
