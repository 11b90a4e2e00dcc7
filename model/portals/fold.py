"""How one fact about a portal changes what is believed of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec

from model.portals import baseline, incidents, injections, looks, pairs
from model.portals.declared import Portal
from model.portals.figures import FAILURES
from model.portals.hosts import host_of, network
from model.portals.policy import Policy
from model.portals.raised import INJECTION, Suspicion
from model.portals.rows import (
    MAX_CHAINS,
    MAX_FILES,
    MAX_HOSTS,
    MAX_LETTERS,
    MAX_LOOKS,
    MAX_NAMES,
    MAX_PERSONAS,
    MAX_URL,
    Beat,
    Failed,
    Look,
    Name,
    PortalRow,
    SiteFile,
    Visits,
    Watched,
    keep_shown,
    kept_times,
    key_of,
    letters_of,
    mark_of,
    place_of,
    short_host,
)
from model.portals.suspicion import suspicions
from model.rows import Held, Stamp, put
from model.text import shown
from model.times import HOUR, SECOND
from model.verdict import Evidence, Severity, Subject
from model.webfacts import DnsSeen, LookFailed, PageLooked, PortalFact, PortalsHeard, ScriptSeen, SiteFileSeen

if TYPE_CHECKING:
    from model.site import SiteView

# Portals nobody declared are only met where nothing is declared; even then there is an end.
MAX_PORTALS: Final = 20_000
# After so long a look is news by itself: a verdict may have gone stale meanwhile.
_LONG_AGO: Final = HOUR
KINDS: Final[tuple[type[Any], ...]] = (PageLooked, LookFailed, ScriptSeen, SiteFileSeen, DnsSeen, PortalsHeard)


def fold(view: SiteView, fact: PortalFact) -> tuple[Subject, ...]:
    """Takes one fact in; the subjects whose verdicts may differ afterwards."""
    policy = policy_of(view)
    row = _row(view, fact) if policy.knows(fact.portal) else None
    if row is None:
        return ()
    row.first, row.last = min(row.first, fact.at), max(row.last, fact.at)
    portal = policy.portal(fact.portal, getattr(fact, "url", "") or row.url)
    news = _FOLDS[type(fact)](row, portal, policy, fact, Stamp(view.epoch, fact.at, fact.sensor, fact.sequence))
    view.changed("portal", row.id)
    if row.incidents:
        incidents.settle(row)
        touched = view.campaigns.put(row, portal, policy, row.last)
        return tuple(Subject("portal", name) for name in dict.fromkeys((row.id, *sorted(touched))))
    # A look like the last one changes no verdict; where somebody was told something, every look is judged, for it may end it.
    return (Subject("portal", row.id),) if news or row.id in view.pinned else ()


def policy_of(view: SiteView) -> Policy:
    """The view's declared data of portals, indexed anew when people changed it."""
    if view.policy.declared is not view.declared:
        view.policy = Policy(view.declared)
    return view.policy


def reindex(view: SiteView) -> None:
    """Builds the campaigns anew: after a restart, or when what is lawful or declared changed."""
    policy = policy_of(view)
    for row in view.portals.values():
        if not policy.knows(row.id):
            view.campaigns.drop(row.id)
        elif row.incidents:
            view.campaigns.put(row, policy.portal(row.id, row.url), policy, view.now)


def accept_change(view: SiteView, portal: str, at: int) -> tuple[Subject, ...]:
    """A person says that the portal is as its owner wants it: what differs from the baseline is its own way from now on."""
    row = view.portals[portal]
    baseline.accept(row.baseline, at)
    _forget_jumps(row)
    if row.baseline.pages is not None:
        sitemaps = [held for held in row.files.values() if held.value.kind == "sitemap"]
        row.baseline.pages = max((Held(held.value.entries, held.stamp) for held in sitemaps), key=lambda held: held.value, default=row.baseline.pages)
    view.changed("portal", portal)
    policy = policy_of(view)
    touched = view.campaigns.put(row, policy.portal(portal, row.url), policy, at)
    return tuple(Subject("portal", name) for name in dict.fromkeys((portal, *sorted(touched))))


def name_of(view: SiteView, portal: str) -> str:
    """What people call the portal: the name they declared, else its host."""
    row, declared = view.portals.get(portal), policy_of(view).portals.get(portal)
    host = host_of(declared.url if declared else row.url if row else "")
    return shown((declared.name if declared else "") or host or portal)


def new_epoch(row: PortalRow, at: int) -> None:
    """The clock was set back to `at`: nothing was seen later than that, and no wait may last until an hour that is years away."""
    row.first, row.last = min(row.first, at), min(row.last, at)
    for visits in row.visits.values():
        visits.first, visits.last, visits.ok = (min(time, at) for time in (visits.first, visits.last, visits.ok))
    for watched in row.looks.values():
        watched.times = sorted({min(time, at // SECOND) for time in watched.times})
    for incident in row.incidents.values():
        incident.first, incident.last = _rebased(incident.first, at), _rebased(incident.last, at)
        for seen in incident.seen.values():
            seen.first, seen.last = _rebased(seen.first, at), _rebased(seen.last, at)
    base = row.baseline
    base.since, base.accepted = min(base.since, at), min(base.accepted, at)


def _rebased(stamp: Stamp, at: int) -> Stamp:
    return stamp._replace(at=min(stamp.at, at))


def _row(view: SiteView, fact: PortalFact) -> PortalRow | None:
    row = view.portals.get(fact.portal)
    if row is None and len(view.portals) >= MAX_PORTALS:
        view.overflowed += 1
    elif row is None:
        declared = view.policy.portals.get(fact.portal)
        url = declared.url if declared else getattr(fact, "url", "")
        row = view.portals[fact.portal] = PortalRow(id=fact.portal, url=url[:MAX_URL], first=fact.at, last=fact.at)
    return row


def _page(row: PortalRow, portal: Portal, policy: Policy, fact: PageLooked | LookFailed, stamp: Stamp) -> bool:
    found = suspicions(portal, policy, fact)
    look = looks.summary(portal, policy, fact, found)
    key = key_of(look)
    known = row.looks.get(key)
    if known is not None and known.look.stamp == stamp:
        return False
    news = _visit(row, fact, stamp) or known is None or _differs(known.look.value, look)
    _count(row, look)
    _noted(row, fact, look, found, stamp)
    _keep(row, key, _paired(row, look, stamp), stamp)
    for host in look.foreign:
        keep_shown(row.shown, host, look.persona, fact.at)
    if isinstance(fact, PageLooked) and not any(suspicion.serious for suspicion in found):
        news |= baseline.learn(row, portal, policy, fact, stamp)
    return news


def _differs(before: Look, look: Look) -> bool:
    return (before.outcome, before.reason, before.end, before.found) != (look.outcome, look.reason, look.end, look.found)


def _noted(row: PortalRow, fact: PageLooked | LookFailed, look: Look, found: Sequence[Suspicion], stamp: Stamp) -> None:
    chain = looks.chain_of(fact, look.outcome)
    # The address of the portal's own server: portals that share it share whoever got in.
    address = fact.hops[0].address if fact.hops else ""
    digest = fact.hops[-1].digest if fact.hops and look.left else ""
    for suspicion in found:
        sight = incidents.sight_of(suspicion, look, fact.url, address, digest if suspicion.gambling else "")
        incidents.note(row, suspicion, look, stamp, chain, sight)
    row.chains[fact.persona], _ = put(row.chains.get(fact.persona), chain, stamp)
    while len(row.chains) > MAX_CHAINS:
        del row.chains[min(row.chains, key=lambda persona: (row.chains[persona].stamp, persona))]


def _paired(row: PortalRow, look: Look, stamp: Stamp) -> Look:
    """The look beside those of its round: the one that stands apart is noted, whichever of the two came last."""
    mine = look
    for odd in list(pairs.compared(look, row, stamp.at)):
        if odd.look is look:
            incidents.note(row, odd.suspicion, look, stamp)
            mine = _marked(mine, odd.suspicion)
            continue
        held = next(watched.look for watched in row.looks.values() if watched.look.value is odd.look or _same(watched.look.value, odd.look))
        incidents.note(row, odd.suspicion, held.value, held.stamp)
        held.value = _marked(held.value, odd.suspicion)
    return mine


def _same(one: Look, other: Look) -> bool:
    return (one.persona, one.vantage, one.mark, one.part, one.round) == (other.persona, other.vantage, other.mark, other.part, other.round)


def _marked(look: Look, suspicion: Suspicion) -> Look:
    if not suspicion.serious or suspicion.short in look.found:
        return look
    return msgspec.structs.replace(look, outcome="dirty", found=(suspicion.short, *look.found)[:3])


def _visit(row: PortalRow, fact: PageLooked | LookFailed, stamp: Stamp) -> bool:
    """Notes who came; True when it is somebody new, or somebody who had not seen the portal for so long that this was told."""
    visits = row.visits.get(fact.persona)
    if visits is None:
        if len(row.visits) >= MAX_PERSONAS:
            return False
        visits = row.visits[fact.persona] = Visits(fact.at, fact.at)
    news = fact.at - visits.ok >= _LONG_AGO
    visits.first, visits.last = min(visits.first, fact.at), max(visits.last, fact.at)
    if isinstance(fact, LookFailed):
        visits.failed, _ = put(visits.failed, Failed(fact.reason, fact.detail[:80]), stamp)
    else:
        visits.ok = max(visits.ok, fact.at)
    return news


def _count(row: PortalRow, look: Look) -> None:
    row.counts["looks"] = row.counts.get("looks", 0) + 1
    if look.outcome != "clean":
        row.counts[look.outcome] = row.counts.get(look.outcome, 0) + 1
    if look.reason in FAILURES:
        failed = f"failed {look.reason}"
        row.counts[failed] = row.counts.get(failed, 0) + 1


def _keep(row: PortalRow, key: str, look: Look, stamp: Stamp) -> None:
    watched = row.looks.get(key)
    if watched is None:
        watched = row.looks[key] = Watched(Held(look, stamp))
    else:
        watched.look.put(look, stamp)
    if not look.reason:
        watched.times = kept_times(watched.times, stamp.at // SECOND)
    # Where no look has more than its share, all together cannot have too many.
    heavy = letters_of(look) > MAX_LETTERS // MAX_LOOKS
    letters = sum(letters_of(each.look.value) for each in row.looks.values()) if heavy else 0
    while len(row.looks) > MAX_LOOKS or letters > MAX_LETTERS:
        least = min(row.looks, key=lambda name: (_worth(row, row.looks[name]), row.looks[name].look.stamp, name))
        letters -= letters_of(row.looks.pop(least).look.value)


def _worth(row: PortalRow, watched: Watched) -> int:
    """What stays longest: the places of incidents, then pages that are looked at in every round."""
    look = watched.look.value
    place = place_of(look)
    if any(place in incident.places for incident in row.incidents.values() if not incident.over):
        return 2
    return int(look.part in ("home", "declared"))


def _script(row: PortalRow, portal: Portal, policy: Policy, fact: ScriptSeen, stamp: Stamp) -> bool:
    found = tuple(injections.of_script(portal, policy, fact))
    _thing(row, fact.url, fact.vantage, found, stamp, fact.digest)
    if not any(suspicion.serious for suspicion in found):
        baseline.learn_script(row, fact)
    return True


def _file(row: PortalRow, portal: Portal, policy: Policy, fact: SiteFileSeen, stamp: Stamp) -> bool:
    found = tuple(injections.of_file(portal, policy, fact))
    if more := baseline.jumped(row.baseline, fact):
        found = (*found, _jump(fact, more))
    _thing(row, fact.url, fact.vantage, found, stamp)
    told = SiteFile(
        fact.kind,
        fact.status,
        fact.entries,
        fact.files,
        tuple(short_host(host) for host in fact.hosts[:MAX_HOSTS]),
        tuple(line[:MAX_URL] for line in fact.added[:3]),
        fact.removed,
        tuple(suspicion.short for suspicion in found[:2]),
    )
    url = fact.url[:MAX_URL]
    row.files[url], _ = put(row.files.get(url), told, stamp)
    while len(row.files) > MAX_FILES:
        del row.files[min(row.files, key=lambda name: (row.files[name].stamp, name))]
    if not found:
        baseline.learn_file(row, fact, stamp)
    return True


def _jump(fact: SiteFileSeen, more: int) -> Suspicion:
    return Suspicion(
        detector=INJECTION,
        kind="sitemap_jump",
        key="sitemap_jump",
        severity=Severity.MEDIUM,
        confirmed=Severity.MEDIUM,
        how="sitemap",
        value=f"+{more} ({fact.entries})",
        evidence=(Evidence("sitemap", f"{fact.url[:200]} +{more} = {fact.entries}", fact.at),),
    )


def _forget_jumps(row: PortalRow) -> None:
    incident = row.incidents.get(INJECTION)
    if incident is not None:
        incident.seen = {key: seen for key, seen in incident.seen.items() if seen.kind != "sitemap_jump"}


def _thing(row: PortalRow, url: str, vantage: str, found: tuple[Suspicion, ...], stamp: Stamp, digest: str = "") -> None:
    """A script or file: no persona sees it, and it is kept among the looks only once something was wrong with it."""
    serious = any(suspicion.serious for suspicion in found)
    look = Look(
        persona="",
        part="sample",
        url=url[:MAX_URL],
        mark=mark_of(url),
        round="",
        vantage=vantage,
        outcome="dirty" if serious else "clean",
        found=tuple(suspicion.short for suspicion in found[:3]),
    )
    for suspicion in found:
        incidents.note(row, suspicion, look, stamp, None, incidents.sight_of(suspicion, look, url, digest=digest))
    key = key_of(look)
    if found or key in row.looks:
        _keep(row, key, look, stamp)


def _name(row: PortalRow, _portal: Portal, _policy: Policy, fact: DnsSeen, stamp: Stamp) -> bool:
    host = short_host(fact.host)
    told = Name(fact.used, fact.state, tuple(sorted({network(address)[:20] for address in fact.addresses}))[:4], short_host(fact.alias))
    row.names[host], _ = put(row.names.get(host), told, stamp)
    while len(row.names) > MAX_NAMES:
        del row.names[min(row.names, key=lambda name: (row.names[name].value.state == "dangling", row.names[name].stamp, name))]
    baseline.learn_names(row, fact)
    return True


def _heard(row: PortalRow, _portal: Portal, _policy: Policy, fact: PortalsHeard, stamp: Stamp) -> bool:
    """How a round went is no verdict's matter; how often there is one is: for how long a portal may go unseen hangs on it."""
    before = row.beat.value.period if row.beat else 0
    row.beat, _ = put(row.beat, Beat(fact.due, fact.made, fact.overdue, fact.next_at, max(0, fact.period)), stamp)
    return row.beat.value.period != before


# Each says whether a verdict may differ afterwards.
_FOLDS: Final[dict[type[Any], Callable[[PortalRow, Portal, Policy, Any, Stamp], bool]]] = {
    PageLooked: _page,
    LookFailed: _page,
    ScriptSeen: _script,
    SiteFileSeen: _file,
    DnsSeen: _name,
    PortalsHeard: _heard,
}
