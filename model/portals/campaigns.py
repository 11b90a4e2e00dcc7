"""Incidents that are one campaign: the same target, script, kit, vendor or address, over all portals of one watcher.

An index over incidents, told of each change (`put`); it answers whose verdicts must be told anew. It knows rows, not a view, so that the province
folds its boxes' portals with the same code. The cost of a change grows with the campaign it touches, never with the number of portals.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from model.portals.hosts import bare, stem
from model.portals.incidents import Standing, standing
from model.portals.raised import CLOAKING, INJECTION, REDIRECT
from model.portals.rows import WebDetector
from model.portals.wellknown import is_well_known
from model.times import DAY

if TYPE_CHECKING:
    from model.portals.declared import Portal
    from model.portals.policy import Policy
    from model.portals.rows import PortalRow

# One whose last dirty look is so much older than the campaign's latest no longer speaks for it: nobody would be woken for the others.
STALE_AFTER: Final = 30 * DAY
MOST_NAMED: Final = 20
MOST_KEYS: Final = 48
_DETECTORS: Final = (REDIRECT, INJECTION, CLOAKING)


class Member(NamedTuple):
    """One incident of one portal."""

    portal: str
    detector: WebDetector


class Entry(NamedTuple):
    """What of an incident decides on its campaign: its keys, how bad, first dirty look (ns), day of the last."""

    keys: frozenset[str]
    rank: int
    first: int
    day: int


class Campaign(NamedTuple):
    """The campaign of one incident: who speaks for it, how many portals it has, some of the others (sorted ids), and what they have in common."""

    lead: Member
    portals: int
    others: tuple[str, ...]
    common: tuple[str, ...]


class Group:
    """Incidents that hang together, directly or through one another."""

    def __init__(self, members: set[Member]) -> None:
        self.members = members
        self.portals = Counter(member.portal for member in members)
        self.lead: Member | None = None
        self.latest = 0

    def add(self, members: Iterable[Member]) -> None:
        """Takes in more."""
        new = set(members) - self.members
        self.members |= new
        self.portals.update(member.portal for member in new)


class Campaigns:
    """All standing incidents by what they share."""

    def __init__(self) -> None:
        self._entries: dict[Member, Entry] = {}
        self._by_key: dict[str, set[Member]] = {}
        self._groups: dict[Member, Group] = {}

    def put(self, row: PortalRow, portal: Portal, policy: Policy, now: int) -> set[str]:
        """Takes in how a portal's incidents stand now; the portals whose verdicts that may change."""
        touched: set[str] = set()
        for detector in _DETECTORS:
            member = Member(row.id, detector)
            found = standing(row, detector, portal, policy, now) if detector in row.incidents else None
            touched |= self._set(member, _entry(row, portal, found) if found else None)
        return touched

    def drop(self, portal: str) -> set[str]:
        """Forgets a portal; the others whose verdicts that may change."""
        return set().union(*(self._set(Member(portal, detector), None) for detector in _DETECTORS))

    def of(self, portal: str, detector: WebDetector) -> Campaign | None:
        """The campaign of an incident; None when it stands alone (one portal and one rule)."""
        member = Member(portal, detector)
        group = self._groups.get(member)
        if group is None or group.lead is None or len(group.members) < 2:
            return None
        # Only who speaks for it names the others.
        named = heapq.nsmallest(MOST_NAMED, (other for other in group.portals if other != portal)) if group.lead == member else ()
        return Campaign(group.lead, len(group.portals), tuple(named), tuple(self._common(member)))

    def _common(self, member: Member) -> list[str]:
        """What the incident shares with other portals, what most share first."""
        keys = [key for key in self._entries[member].keys if not key.startswith("portal:") and len(self._by_key[key]) > 1]
        return sorted(keys, key=lambda key: (-len(self._by_key[key]), key))[:3]

    def _set(self, member: Member, entry: Entry | None) -> set[str]:
        before = self._entries.get(member)
        if entry is None:
            return self._take(member) if before is not None else set()
        if before is None:
            return self._put(member, entry, entry.keys)
        # While an incident stands, what it once shared it shares: names that turn must not tear a campaign apart and join it again all day.
        keys = before.keys | entry.keys
        entry = entry._replace(keys=keys if len(keys) <= MOST_KEYS else before.keys)
        return set() if before == entry else self._put(member, entry, entry.keys - before.keys)

    def _put(self, member: Member, entry: Entry, news: frozenset[str]) -> set[str]:
        self._entries[member] = entry
        group = self._groups.setdefault(member, Group({member}))
        near = {id(group): group}
        for key in news:
            known = self._by_key.setdefault(key, set())
            # Whoever shares a key is in one group already: one of them says which.
            if (other := next(iter(known), None)) is not None:
                near[id(self._groups[other])] = self._groups[other]
            known.add(member)
        return self._joined(sorted(near.values(), key=lambda each: len(each.members)), member)

    def _joined(self, groups: list[Group], member: Member) -> set[str]:
        """The largest takes the others in, so that a campaign of thousands is not copied for each new member."""
        whole = groups.pop()
        moved = {member}.union(*(group.members for group in groups))
        whole.add(moved)
        self._groups.update(dict.fromkeys(moved, whole))
        return self._led(whole, moved)

    def _take(self, member: Member) -> set[str]:
        """Takes one out; what it held together may fall apart."""
        entry = self._entries.pop(member)
        rest = self._groups.pop(member).members - {member}
        for key in entry.keys:
            self._by_key[key].discard(member)
            if not self._by_key[key]:
                del self._by_key[key]
        for part in self._parts(rest):
            group = Group(part)
            self._groups.update(dict.fromkeys(part, group))
            self._led(group, part)
        return {member.portal, *(other.portal for other in rest)}

    def _parts(self, members: set[Member]) -> Iterator[set[Member]]:
        left = set(members)
        while left:
            part: set[Member] = set()
            reached = {min(left)}
            keys: set[str] = set()
            while reached:
                part |= reached
                news = {key for one in reached for key in self._entries[one].keys} - keys
                keys |= news
                reached = {other for key in news for other in self._by_key[key]} - part
            left -= part
            yield part

    def _led(self, group: Group, changed: set[Member]) -> set[str]:
        """Chooses who speaks for the group; the portals to be told anew: all of them when that changed, else the changed ones and the lead's."""
        before = group.lead
        group.latest = max(group.latest, *(self._entries[member].day for member in changed))
        candidates = changed if before is None else {before, *changed}
        if before in changed or (before is not None and self._is_stale(before, group)):
            candidates = group.members
        lead = group.lead = min(candidates, key=lambda member: self._order(member, group))
        told = group.members if lead != before else {*changed, lead}
        return {member.portal for member in told}

    def _is_stale(self, member: Member, group: Group) -> bool:
        return group.latest - self._entries[member].day > STALE_AFTER // DAY

    def _order(self, member: Member, group: Group) -> tuple[bool, int, int, Member]:
        entry = self._entries[member]
        return self._is_stale(member, group), -entry.rank, entry.first, member


def _entry(row: PortalRow, portal: Portal, found: Standing) -> Entry:
    incident = found.incident
    return Entry(frozenset(_keys(row, portal, found)), found.severity.rank, incident.first.at, incident.last.at // DAY)


def _keys(row: PortalRow, portal: Portal, found: Standing) -> Iterator[str]:
    yield f"portal:{row.id}"
    if portal.vendor:
        yield f"vendor:{portal.vendor.strip().lower()}"
    for seen in found.seen:
        sight = seen.told.value
        yield from (f"host:{stem(host)}" for host in dict.fromkeys((sight.host, *sight.hosts)) if host and not is_well_known(host))
        if sight.digest:
            yield f"kit:{sight.digest[:16]}"
        if sight.address:
            yield f"address:{bare(sight.address)}"
