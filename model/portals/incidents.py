"""What stays true of a portal after a dirty look: an incident for each rule, confirmed by a second sighting, ended only by clean looks of everybody.

An incident begins with the first dirty look. It is confirmed when one persona saw the same twice, far enough apart to have been another visit. It is
over when every persona that looks at the dirty places saw them clean so often, and so long after the last dirty look, as the delays say; a dirty
look starts the wait again. What comes after the end is a new time of the same incident.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from model.portals.baseline import was_own
from model.portals.raised import CLOAKED, CLOAKING, DIFFERS, Suspicion
from model.portals.rows import (
    FILE,
    MAX_DIRTY_URL,
    MAX_PERSONAS,
    MAX_PLACES,
    MAX_SEEN,
    MAX_SIGHT_HOSTS,
    RENDERED,
    Chain,
    Incident,
    Look,
    PortalRow,
    Seen,
    Sight,
    WebDetector,
    kept_times,
    place_of,
    short_host,
)
from model.rows import Held, Stamp, put
from model.times import DAY, HOUR, MINUTE, SECOND
from model.verdict import Severity

if TYPE_CHECKING:
    from model.portals.declared import Portal
    from model.portals.policy import Policy

# How far apart two sightings must be: another connection for what is seen directly, another pair of visits for a difference between personas.
CONFIRM_AFTER: Final = 60 * SECOND
REPEAT_AFTER: Final = 10 * MINUTE
# After the last dirty look: when everybody must have seen it clean (findings.md).
RECHECKS: Final = (HOUR, 6 * HOUR, DAY, 7 * DAY)
# A persona that has not looked for so long is no longer one of this portal's.
RETIRED_AFTER: Final = 7 * DAY
# Who is shown something else is shown it at least at one look in so many.
_OFTEN: Final = 3
_THRICE: Final = 3
# Files and scripts are looked at once a day while a page names them (seconds).
_FORGOTTEN: Final = 3 * DAY // SECOND
_MEDIUM: Final = Severity.MEDIUM.rank
_CRITICAL: Final = Severity.CRITICAL.rank


class Standing(NamedTuple):
    """An incident as it stands: its severity, whether it is confirmed, and what of its sightings today's policy still holds against the portal."""

    incident: Incident
    severity: Severity
    confirmed: bool
    seen: tuple[Seen, ...]

    @property
    def personas(self) -> tuple[str, ...]:
        """Who saw it. Only where there were more sightings than are kept, those who ever did."""
        ever = self.incident.personas if len(self.incident.seen) >= MAX_SEEN else ()
        return tuple(sorted({*ever, *(seen.persona for seen in self.seen)} - {""}))


def note(row: PortalRow, suspicion: Suspicion, look: Look, stamp: Stamp, chain: Chain | None = None, sight: Sight | None = None) -> None:
    """Takes one suspicion of one look into the portal's incident of that rule. What is low alone belongs to no incident."""
    if not (suspicion.serious or suspicion.detector == CLOAKING):
        return
    incident = _current(row, suspicion.detector, stamp)
    shown = sight or sight_of(suspicion, look)
    place = place_of(look)
    second = stamp.at // SECOND
    incident.first, incident.last = min(incident.first, stamp), max(incident.last, stamp)
    incident.places[place] = max(incident.places.get(place, 0), second)
    _newest(incident.places, MAX_PLACES)
    if look.persona not in incident.personas:
        incident.personas = sorted([*incident.personas, look.persona])[:MAX_PERSONAS]
    _see(incident, f"{look.persona}|{suspicion.key}", suspicion, look.persona, shown, stamp)
    seen = incident.seen.get(f"{look.persona}|{suspicion.key}")
    if seen is not None:
        seen.rare = _is_rare(row, seen, look.persona, place)
    if chain is not None:
        incident.chain, _ = put(incident.chain, chain, stamp)


def sight_of(suspicion: Suspicion, look: Look, url: str = "", address: str = "", digest: str = "") -> Sight:
    """What a suspicion showed, with where it was seen."""
    return Sight(
        place=place_of(look),
        url=(url or look.url)[:MAX_DIRTY_URL],
        how=suspicion.how,
        host=short_host(suspicion.host),
        end=look.end,
        hosts=tuple(short_host(host) for host in suspicion.hosts[-MAX_SIGHT_HOSTS:]),
        value=suspicion.value,
        address=address[:46],
        digest=digest[:16],
        vantage=look.vantage,
        capture=look.capture,
    )


def _current(row: PortalRow, detector: WebDetector, stamp: Stamp) -> Incident:
    known = row.incidents.get(detector)
    if known is None:
        known = row.incidents[detector] = Incident(detector=detector, first=stamp, last=stamp)
    elif known.over and stamp.at < known.last.at + RECHECKS[-1]:
        # A dirty look that comes late belongs before the end: there was none yet.
        known.over = False
    elif known.over:
        opened = _worst(known.seen.values()) >= _MEDIUM
        before = [*known.before, known.first.at][-8:] if opened else known.before
        known = row.incidents[detector] = Incident(detector=detector, first=stamp, last=stamp, times=known.times + opened, before=before)
    return known


def _see(incident: Incident, key: str, suspicion: Suspicion, persona: str, shown: Sight, stamp: Stamp) -> None:
    second = stamp.at // SECOND
    seen = incident.seen.get(key)
    if seen is None:
        incident.seen[key] = Seen(
            persona=persona,
            kind=suspicion.kind,
            rank=suspicion.severity.rank,
            confirmed=suspicion.confirmed.rank,
            first=stamp,
            last=stamp,
            times=[second],
            told=Held(shown, stamp),
        )
        _bounded(incident.seen)
        return
    seen.first, seen.last, seen.times = min(seen.first, stamp), max(seen.last, stamp), kept_times(seen.times, second)
    seen.rank, seen.confirmed = max(seen.rank, suspicion.severity.rank), max(seen.confirmed, suspicion.confirmed.rank)
    # One look may stand apart from several others: what it showed beside the one it has most on is kept, whichever came first.
    if stamp != seen.told.stamp or (len(shown.hosts), shown.hosts) > (len(seen.told.value.hosts), seen.told.value.hosts):
        seen.told.put(shown, stamp)


def _newest(places: dict[str, int], most: int) -> None:
    while len(places) > most:
        del places[min(places, key=lambda place: (places[place], place))]


def _is_rare(row: PortalRow, seen: Seen, persona: str, place: str) -> bool:
    """Whether of the latest looks since the first sighting only a small share saw it, as of the last sighting."""
    looked = {*(time for time in _by_persona(row, place).get(persona, ()) if time >= seen.first.at // SECOND), *seen.times[-1:]}
    return _OFTEN * len(looked.intersection(seen.times)) < len(looked)


def _bounded(seen: dict[str, Seen]) -> None:
    while len(seen) > MAX_SEEN:
        # The gravest stay, and of those the earliest: who comes late must not push out what a second sighting would confirm.
        del seen[max(seen, key=lambda key: (-seen[key].confirmed, seen[key].first, key))]


def standing(row: PortalRow, detector: WebDetector, portal: Portal, policy: Policy, now: int) -> Standing | None:
    """The rule's incident, if it holds now: not over, not excused by today's policy, and at least medium."""
    incident = row.incidents.get(detector)
    if incident is None or incident.over:
        return None
    seen = tuple(each for each in incident.seen.values() if not (_excused(each, portal, policy, now) or _by_chance(row, each) or _shown_before(row, each)))
    rank, confirmed = _weighed(seen)
    return Standing(incident, tuple(Severity)[rank - 1], confirmed, seen) if rank >= _MEDIUM else None


def _excused(seen: Seen, portal: Portal, policy: Policy, now: int) -> bool:
    """Where it led, or what it loaded, was declared lawful meanwhile."""
    sight = seen.told.value
    if sight.host:
        return policy.lawful(portal, sight.host, now).allowed
    return bool(sight.hosts) and seen.confirmed < _CRITICAL and all(policy.lawful(portal, host, now).allowed for host in sight.hosts)


def _shown_before(row: PortalRow, seen: Seen) -> bool:
    """Whether a frame that is hidden now is of a host that the portal had learnt to load before."""
    hosts = seen.told.value.hosts
    return seen.kind == "hidden_frame" and bool(hosts) and all(was_own(row, host, seen.first.at) for host in hosts)


def is_repeated(seen: Seen) -> bool:
    """Whether it was seen again, as far apart and as often as its kind needs."""
    return seen.last.at - seen.first.at >= gap_of(seen) and (seen.kind != DIFFERS or len(seen.times) >= _THRICE)


def gap_of(seen: Seen) -> int:
    """How far apart (ns) two sightings of this kind must be."""
    return REPEAT_AFTER if seen.kind in (CLOAKED, DIFFERS) else CONFIRM_AFTER


def _by_chance(row: PortalRow, seen: Seen) -> bool:
    """Whether a difference between personas is one of times: most are shown it now and then, or who sees it seldom sees it.

    Nodes of one site differ, banners turn, designs are tried out. Where one visit in five is sent to gambling, the other two rules see it.
    """
    if seen.kind not in (CLOAKED, DIFFERS):
        return False
    if seen.rare:
        return True
    if seen.told.value.host:
        return False
    everybody = {persona for persona, visits in row.visits.items() if visits.ok}
    return all(host in row.shown and 2 * len(everybody & set(row.shown[host].personas)) > len(everybody) for host in seen.told.value.hosts)


def _worst(seen: Iterable[Seen]) -> int:
    return _weighed(tuple(seen))[0]


def _weighed(seen: tuple[Seen, ...]) -> tuple[int, bool]:
    """The severity's rank, and whether what gives it was confirmed."""
    confirmed = max((rank for rank in _confirmed(seen)), default=0)
    single = max((each.rank for each in seen), default=0)
    return max(confirmed, single), confirmed >= single and confirmed > 0


def _confirmed(seen: tuple[Seen, ...]) -> Iterator[int]:
    """The ranks that second sightings give."""
    for each in seen:
        if is_repeated(each):
            yield each.confirmed


def settle(row: PortalRow) -> bool:
    """Ends the incidents that every persona of their dirty places has seen clean often and late enough; True when one ended."""
    over = [incident for incident in row.incidents.values() if not incident.over and not pending(row, incident)]
    for incident in over:
        incident.over = True
    return bool(over)


def pending(row: PortalRow, incident: Incident) -> list[int]:
    """The delays (of RECHECKS) that are not yet kept by a clean look of everybody."""
    looks = list(_looks_at(row, incident))
    last = incident.last.at // SECOND
    return [delay for delay in RECHECKS if not looks or any(not _kept(times, last, delay) for times in looks)]


def _kept(times: list[int], last: int, delay: int) -> bool:
    """As many looks as delays up to this one, the last of them at or after it: one look after a silent week is no four."""
    later = [time for time in times if time > last]
    return len(later) > RECHECKS.index(delay) and later[-1] >= last + delay // SECOND


def _looks_at(row: PortalRow, incident: Incident) -> Iterator[list[int]]:
    """For every dirty place and everybody who must see it clean: when they saw it to its end, in seconds."""
    for place, last in judged_places(incident).items():
        if place.startswith(FILE):
            yield _looks_at_file(row, place, last)
            continue
        yield from (times for persona, times in _by_persona(row, place).items() if _is_active(row, persona))


def judged_places(incident: Incident) -> dict[str, int]:
    """Where it must be seen clean. What reading shows is seen clean by reading: the browser is asked only for what it alone saw."""
    read = {place for place in incident.places if not place.endswith(RENDERED)}
    return {place: last for place, last in incident.places.items() if place in read or place.removesuffix(f" {RENDERED}") not in read}


def _looks_at_file(row: PortalRow, place: str, last: int) -> list[int]:
    """When a script or file was looked at; one that no page names any more is looked at with the home page that does not name it."""
    times = _by_persona(row, place).get("", [])
    if (times and times[-1] > last) or row.last // SECOND - last < _FORGOTTEN:
        return times
    return sorted({time for looks in _by_persona(row, "home").values() for time in looks})


def _by_persona(row: PortalRow, place: str) -> dict[str, list[int]]:
    times: dict[str, list[int]] = {}
    for watched in row.looks.values():
        look = watched.look.value
        if place_of(look) == place:
            times[look.persona] = sorted({*times.get(look.persona, ()), *watched.times})
    return times


def _is_active(row: PortalRow, persona: str) -> bool:
    visits = row.visits.get(persona)
    return visits is not None and row.last - visits.last < RETIRED_AFTER


def counted(row: PortalRow, seen: Iterable[Seen]) -> tuple[int, int]:
    """In how many of the latest looks (at the same places, since the first sighting, by who saw it) it was seen: n of m."""
    looked = 0
    done: set[tuple[str, str]] = set()
    # One look may raise several things; it is one look.
    sightings: set[tuple[str, str, int]] = set()
    for each in seen:
        place = each.told.value.place
        sightings |= {(each.persona, place, time) for time in each.times}
        if (each.persona, place) not in done:
            done.add((each.persona, place))
            looked += sum(time >= each.first.at // SECOND for time in _by_persona(row, place).get(each.persona, ()))
    return len(sightings), max(looked, len(sightings))
