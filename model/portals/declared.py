"""What people say of portals: which to watch, who their owner is, where they may lawfully send visitors, and until when."""

from __future__ import annotations

from typing import Literal

import msgspec

PortalLevel = Literal["province", "commune", "other"]


class Destination(msgspec.Struct, frozen=True, kw_only=True):
    """A host that visitors may be sent to. `portal` empty: for all portals. `subdomains`: names below it too.

    `since` and `until` in ns, 0 for no bound; `owner` who answers for the entry, `why` in a sentence for people (Vietnamese).
    """

    host: str
    portal: str = ""
    subdomains: bool = False
    since: int = 0
    until: int = 0
    owner: str = ""
    why: str = ""


class Portal(msgspec.Struct, frozen=True, kw_only=True):
    """One portal to watch.

    `id` is a short stable code, `url` its home address, `aliases` further hosts that are the portal's own, `pages` declared addresses or paths.
    `period` between rounds in ns (0: by level), `budget` the most requests a day (0: by level). `crawlers`: the owner agreed in writing to looks
    as a search engine's crawler. `allow`: address prefixes inside the organisation that the guard lets through for this portal. `vendor`: who
    built it (for campaigns).
    """

    id: str
    url: str
    name: str = ""
    level: PortalLevel = "commune"
    province: str = ""
    owner: str = ""
    vendor: str = ""
    aliases: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    period: int = 0
    budget: int = 0
    crawlers: bool = False
    allow: tuple[str, ...] = ()
    since: int = 0
