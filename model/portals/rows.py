"""The row of one portal: what is kept of it. Mutable, owned by the view, one journal row each.

Bounded: 5 kB for an ordinary portal, 100 kB where a hostile one fills every field it has a hand in. Every field is a set, a first, a last or a value
held with its stamp, so that looks of one round fold to the same row in any order of arrival (architecture rule 9). What relates two looks of a round
to each other needs them no later than the next round.
"""

from __future__ import annotations

import hashlib
from typing import Final, Literal

import msgspec

from model.rows import Held, Stamp
from model.text import Text
from model.webfacts import Part

MAX_LOOKS: Final = 40
# Letters of all looks together: forty of a hostile portal's would be more.
MAX_LETTERS: Final = 12_000
MAX_CHAINS: Final = 14
MAX_STEPS: Final = 4
MAX_PERSONAS: Final = 16
MAX_SEEN: Final = 16
MAX_PLACES: Final = 6
MAX_TIMES: Final = 12
MAX_HOSTS: Final = 6
MAX_LEARNT: Final = 24
MAX_FILES: Final = 3
MAX_SHOWN: Final = 24
MAX_NAMES: Final = 16
MAX_URL: Final = 120
MAX_STEP_URL: Final = 100
# Of a dirty page the whole address is kept, since it must be looked at again: portals' addresses are long.
MAX_DIRTY_URL: Final = 400
MAX_HOST: Final = 64
MAX_VALUE: Final = 100
MAX_NAME: Final = 40
MAX_SIGHT_HOSTS: Final = 3

# First and last words of places.
FILE: Final = "file"
RENDERED: Final = "rendered"

Outcome = Literal["clean", "dirty", "unknown"]
WebDetector = Literal["VG-WEB-01", "VG-WEB-02", "VG-WEB-03"]


class Found(msgspec.Struct, frozen=True, omit_defaults=True):
    """One suspicion of a look in short: by which rule, what kind, severity (rank 1 to 4, `model.verdict.Severity`), which foreign host, why."""

    detector: WebDetector
    kind: str
    rank: int
    host: str = ""
    value: str = ""


class Look(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The last look of one persona at one place.

    `mark`: the whole address in short. `reason`: why it is unknown (a `Failure`, or `unfolded`). `end`: the final host; `left`: that host is neither the
    portal's own nor lawful.
    `foreign`: strange hosts the page links to or loads from, bounded. `text` as in `PageLooked`.
    """

    persona: str
    part: Part
    url: str
    mark: str
    round: str
    vantage: str = ""
    attempt: int = 0
    outcome: Outcome = "clean"
    reason: str = ""
    end: str = ""
    left: bool = False
    status: int = 0
    text: int = 0
    words: int = 0
    language: str = ""
    foreign: tuple[str, ...] = ()
    found: tuple[Found, ...] = ()
    rendered: bool = False
    capture: str = ""


class Watched(msgspec.Struct, omit_defaults=True):
    """One persona at one place: its last look, and when the latest looks saw the page to its end (seconds since the epoch, sorted, the newest 12)."""

    look: Held[Look]
    times: list[int] = []


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """One hop of a kept chain, for people: how, where, what answered."""

    how: str
    url: str
    host: str
    status: int = 0
    folded: str = ""
    trouble: str = ""
    address: str = ""


class Chain(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The hops of one look: at most four, the middle of a longer one left out (`cut` says how many)."""

    persona: str
    url: str
    steps: tuple[Step, ...] = ()
    cut: int = 0
    outcome: Outcome = "clean"
    capture: str = ""


class Failed(msgspec.Struct, frozen=True, omit_defaults=True):
    """The last look that saw nothing: why, in a machine word and a line for people."""

    reason: str
    detail: str = ""


class Visits(msgspec.Struct, omit_defaults=True):
    """How one persona fares: first look of any outcome, last look that saw something (0: none), last failure, last look of any outcome (ns)."""

    first: int
    last: int
    ok: int = 0
    failed: Held[Failed] | None = None


class Seen(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One thing that one persona (empty: a file or script, seen by no persona) saw again and again.

    `rank`: the severity of a single look, `confirmed`: what it becomes when it was seen twice far enough apart; `times`: the newest 12 sightings in
    seconds; `rare`: few of the looks saw it, as of the last sighting; `told`: what the latest of them showed.
    """

    persona: str
    kind: str
    rank: int
    confirmed: int
    first: Stamp
    last: Stamp
    times: list[int]
    told: Held[Sight]
    rare: bool = False


class Sight(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one sighting showed: place and address, how the visitor was moved, to which host, words or hosts seen, its evidence."""

    place: str
    url: str
    how: str = ""
    host: str = ""
    end: str = ""
    hosts: tuple[str, ...] = ()
    value: str = ""
    address: str = ""
    digest: str = ""
    vantage: str = ""
    capture: str = ""


class Incident(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What one rule holds against the portal, from the first dirty look until all personas saw it clean often and long enough.

    `seen` by persona and key, bounded; `personas`: all who ever saw it (sorted); `places`: where, with the last dirty second; `chain`: the latest dirty
    one; `over`: everybody saw it clean for long enough; `times`: how often it began; `before`: first look of the earlier times (ns, the newest 8).
    """

    detector: WebDetector
    first: Stamp
    last: Stamp
    seen: dict[str, Seen] = {}
    personas: list[str] = []
    places: dict[str, int] = {}
    chain: Held[Chain] | None = None
    over: bool = False
    times: int = 1
    before: list[int] = []


class Name(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a name resolved to, last (`model.webfacts.DnsSeen`)."""

    used: str
    state: str
    addresses: tuple[str, ...] = ()
    alias: str = ""


class SiteFile(msgspec.Struct, frozen=True, omit_defaults=True):
    """robots.txt or a sitemap as last seen."""

    kind: str
    status: int
    entries: int = 0
    files: int = 1
    hosts: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: int = 0
    found: tuple[Found, ...] = ()


class Beat(msgspec.Struct, frozen=True, omit_defaults=True):
    """The sensor's last heartbeat for this portal (`model.webfacts.PortalsHeard`)."""

    due: int
    made: int
    overdue: int
    next_at: int
    period: int = 0


class Baseline(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What was learnt of the portal: each value with when it was first seen (ns) on a page without suspicion, whether still learning or later.

    `since`: the first look; what came within the days of learning, or before `accepted` (a person's `accept-change`), is the portal's own way.
    `pages`: entries of the sitemap, the last count that did not jump.
    """

    since: int = 0
    accepted: int = 0
    scripts: dict[str, int] = {}
    frames: dict[str, int] = {}
    forms: dict[str, int] = {}
    links: dict[str, int] = {}
    libraries: dict[str, int] = {}
    generators: dict[str, int] = {}
    issuers: dict[str, int] = {}
    networks: dict[str, int] = {}
    missing: dict[str, int] = {}
    title: Held[str] | None = None
    pages: Held[int] | None = None


class Shown(msgspec.Struct, omit_defaults=True):
    """A strange host on the portal's pages: since when (ns), and which personas were ever shown it (sorted)."""

    first: int
    personas: list[str]


class PortalRow(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One portal.

    Dictionaries are keyed: `looks` by persona, vantage and place; `chains` and `visits` by persona; `incidents` by detector; `names` by host; `files` by
    address; `shown` by strange host. `first` and `last` fact in ns. `counts`: `looks` ever,
    of them `dirty` and `unknown`, and by reason (`failed dns`: a `Failure`).
    """

    id: str
    url: str
    first: int
    last: int
    looks: dict[str, Watched] = {}
    chains: dict[str, Held[Chain]] = {}
    visits: dict[str, Visits] = {}
    incidents: dict[str, Incident] = {}
    shown: dict[str, Shown] = {}
    baseline: Baseline = msgspec.field(default_factory=Baseline)
    names: dict[str, Held[Name]] = {}
    files: dict[str, Held[SiteFile]] = {}
    beat: Held[Beat] | None = None
    counts: dict[str, int] = {}


class FeedRow(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One list of gambling names as the sensor spoke of it last (`model.webfacts.FeedHeard`), with the fact that said so."""

    name: str
    told: Stamp
    entries: int = 0
    age: int = -1
    refused: int = 0
    refusal: Text | None = None
    weight: int = 1


def mark_of(url: str) -> str:
    """A whole address in sixteen letters: two long ones that begin alike are not the same."""
    return hashlib.blake2s(url.encode("utf-8", "replace"), digest_size=8).hexdigest()


def place_of(look: Look) -> str:
    """The place of a look: parts whose addresses change from round to round are one place, other pages each their own.

    What only the browser sees is not seen clean by reading: what it ran is a place of its own. So is a file or script, which no persona looks at.
    """
    if not look.persona:
        return f"{FILE} {look.mark}"
    place = look.part if look.part in ("home", "missing", "query") else f"{look.part} {look.mark}"
    return f"{place} {RENDERED}" if look.rendered else place


def short_host(host: str) -> str:
    """The host as rows keep it: of a very long name the end, which says whose it is."""
    return host[-MAX_HOST:]


def letters_of(look: Look) -> int:
    """What the portal itself had written into a look, in letters."""
    return len(look.url) + sum(map(len, look.foreign)) + sum(len(found.host) + len(found.value) + 40 for found in look.found)


def key_of(look: Look) -> str:
    """The key of `PortalRow.looks`."""
    return f"{look.persona}|{look.vantage}|{place_of(look)}"


def kept_times(times: list[int], at: int) -> list[int]:
    """The newest times with one more, sorted, each once."""
    return times if at in times else sorted([*times, at])[-MAX_TIMES:]


def keep_first(table: dict[str, int], key: str, at: int, most: int = MAX_LEARNT) -> bool:
    """Notes when `key` was first seen; of too many the earliest stay. True when it is new."""
    known = table.get(key)
    if known is not None:
        table[key] = min(known, at)
        return False
    if len(table) >= most:
        latest = max(table, key=lambda name: (table[name], name))
        if (table[latest], latest) <= (at, key):
            return False
        del table[latest]
    table[key] = at
    return True


def keep_shown(table: dict[str, Shown], host: str, persona: str, at: int) -> None:
    """Notes that a persona was shown a host; of too many hosts the earliest stay."""
    known = table.get(host)
    if known is not None:
        known.first = min(known.first, at)
        if persona not in known.personas and len(known.personas) < MAX_PERSONAS:
            known.personas = sorted([*known.personas, persona])
        return
    table[host] = Shown(at, [persona])
    if len(table) > MAX_SHOWN:
        del table[max(table, key=lambda name: (table[name].first, name))]
