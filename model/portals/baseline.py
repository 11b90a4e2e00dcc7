"""What is a portal's own way: learnt for some days from looks without suspicion, changed afterwards only by a person.

Each value is kept with when it was first seen. What came while learning, or before a person accepted the portal as it is, is its own; what came later
is a difference that stays until somebody accepts it. New pages, texts and links are no difference: that is what portals are for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from model.portals.hosts import network
from model.portals.rows import MAX_NAME, Baseline, PortalRow, keep_first, short_host
from model.rows import Stamp, put
from model.times import DAY

if TYPE_CHECKING:
    from model.portals.declared import Portal
    from model.portals.policy import Policy
    from model.webfacts import DnsSeen, PageLooked, ScriptSeen, SiteFileSeen

LEARN_DAYS: Final = 7
# A sitemap that jumps: so many more in a day, or so many times the last count with at least some more in figures.
_JUMP_A_DAY: Final = 500
_JUMP_TIMES: Final = 3
_JUMP_LEAST: Final = 100
# What may differ from the portal's own way, until a person accepts it.
CHANGES: Final = (
    "new_script_host",
    "new_frame_host",
    "new_form_host",
    "changed_library",
    "new_generator",
    "new_issuer",
    "moved_address",
    "changed_missing",
)


class Difference(NamedTuple):
    """Something of the portal that came after learning: of what kind (`CHANGES`), what, first seen when (ns)."""

    kind: str
    value: str
    first: int


def learn(row: PortalRow, portal: Portal, policy: Policy, fact: PageLooked, stamp: Stamp) -> bool:
    """Takes in a look at a page of the portal's own that raised no suspicion; True when something on it was never seen before."""
    base = row.baseline
    since(base, fact.at)
    end = fact.hops[-1] if fact.hops else None
    if end is None or policy.lawful(portal, end.host, fact.at).kind != "own":
        return False
    if fact.part == "missing":
        return keep_first(base.missing, str(end.status), fact.at)
    news = False
    for table, hosts in ((base.scripts, fact.scripts), (base.frames, fact.frames), (base.forms, fact.forms), (base.links, fact.links)):
        for host in hosts:
            if policy.strange(portal, host, fact.at):
                news |= keep_first(table, short_host(host), fact.at)
    if fact.generator:
        news |= keep_first(base.generators, _generator(fact.generator), fact.at)
    if end.issuer:
        news |= keep_first(base.issuers, _organisation(end.issuer), fact.at)
    if fact.part == "home" and fact.title:
        base.title, _ = put(base.title, fact.title[:80], stamp)
    return news


def learn_script(row: PortalRow, fact: ScriptSeen) -> None:
    """Takes in a first-party script that raised no suspicion."""
    since(row.baseline, fact.at)
    keep_first(row.baseline.libraries, f"{_path(fact.url)}#{fact.digest[:12]}", fact.at)


def learn_names(row: PortalRow, fact: DnsSeen) -> None:
    """Takes in where the portal's own name leads."""
    since(row.baseline, fact.at)
    if fact.used == "portal" and fact.state == "resolves":
        for address in fact.addresses[:4]:
            keep_first(row.baseline.networks, network(address), fact.at)


def learn_file(row: PortalRow, fact: SiteFileSeen, stamp: Stamp) -> None:
    """Takes in a sitemap's count, unless it jumped: growth is followed, a flood is not."""
    since(row.baseline, fact.at)
    if fact.kind == "sitemap" and fact.status == 200 and not jumped(row.baseline, fact):
        row.baseline.pages, _ = put(row.baseline.pages, fact.entries, stamp)


def jumped(base: Baseline, fact: SiteFileSeen) -> int:
    """By how much a sitemap grew at once, if that is more than portals do; 0 while learning, and for any ordinary growth."""
    if base.pages is None or fact.kind != "sitemap" or fact.at <= base.since + LEARN_DAYS * DAY:
        return 0
    more = fact.entries - base.pages.value
    days = max(1, -(-(fact.at - base.pages.stamp.at) // DAY))
    many = more >= _JUMP_A_DAY * days
    times = more >= _JUMP_LEAST and fact.entries >= _JUMP_TIMES * base.pages.value
    return more if many or times else 0


def since(base: Baseline, at: int) -> None:
    """The portal was looked at then."""
    base.since = min(base.since, at) if base.since else at


def accept(base: Baseline, at: int) -> None:
    """A person says that the portal is as its owner wants it, as of now: everything seen so far is its own way."""
    base.accepted = max(base.accepted, at)


def learnt_hosts(row: PortalRow, host: str) -> bool:
    """Whether a host was learnt while learning, and nothing that was held against the portal since names it."""
    base = row.baseline
    if _held_against(row, host) or row.last <= base.since + LEARN_DAYS * DAY:
        return False
    return any(_own(base, table[host], LEARN_DAYS) for table in (base.links, base.scripts, base.frames, base.forms) if host in table)


def was_own(row: PortalRow, host: str, before: int) -> bool:
    """Whether the portal loaded from, showed or sent to a host as its own way already `before` (ns)."""
    base = row.baseline
    return any(host in table and table[host] < before and _own(base, table[host], LEARN_DAYS) for table in (base.scripts, base.frames, base.forms))


def _held_against(row: PortalRow, host: str) -> bool:
    return any(host in seen.told.value.hosts for incident in row.incidents.values() for seen in incident.seen.values())


def differences(row: PortalRow, days: int = LEARN_DAYS) -> list[Difference]:
    """All that came after `days` of learning and that nobody accepted, in order of kind and value."""
    base = row.baseline
    found = [
        Difference(kind, value, first)
        for kind, table in _compared(base)
        for value, first in table.items()
        if not _own(base, first, days) and _had_before(base, table, value, days)
    ]
    return sorted(found)


def _compared(base: Baseline) -> Iterator[tuple[str, dict[str, int]]]:
    tables = (base.scripts, base.frames, base.forms, base.libraries, base.generators, base.issuers, base.networks, base.missing)
    return zip(CHANGES, tables, strict=True)


def _had_before(base: Baseline, table: dict[str, int], value: str, days: int) -> bool:
    """New script hosts are new by themselves; a library or an issuer is changed only where there was another before."""
    if table is base.scripts or table is base.frames or table is base.forms:
        return True
    same: Callable[[str], bool] = (lambda other: other.partition("#")[0] == value.partition("#")[0]) if table is base.libraries else (lambda _other: True)
    return any(_own(base, first, days) and same(other) for other, first in table.items() if other != value)


def _own(base: Baseline, first: int, days: int) -> bool:
    return first <= base.since + days * DAY or first <= base.accepted


def _path(url: str) -> str:
    return re.split(r"[?#]", url.partition("://")[2], maxsplit=1)[0][-60:]


def _generator(name: str) -> str:
    """Without its version: an update is no new system."""
    return re.split(r"[\d;(,]", name, maxsplit=1)[0].strip().lower()[:MAX_NAME]


def _organisation(issuer: str) -> str:
    """Whose certificate it is: the intermediates of one authority turn all the time."""
    found = re.search(r"(?:^|[,/]\s*)O\s*=\s*([^,/]+)", issuer)
    return (found[1] if found else issuer).strip()[:MAX_NAME]
