"""VG-WEB-02 on one page, script or sitemap of the portal's own: what is on it that its owner may not have put there.

Only signs that stand on the portal's own hosts count. Which of them is worth what is decided here; what a text sells was decided by
`collector.decode.web.words`, so that news and law are excused there and a hidden link nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from model.portals.hosts import is_address, under
from model.portals.raised import INJECTION, Suspicion
from model.portals.rows import MAX_HOSTS, MAX_VALUE
from model.verdict import Evidence, Severity
from model.webfacts import LookFailed, PageLooked, ScriptSeen, Sign, SiteFileSeen

if TYPE_CHECKING:
    from model.portals.declared import Portal
    from model.portals.policy import Policy

# So many strange hosts in one hidden box are no forgotten menu.
_HIDDEN_HOSTS: Final = 2
_FOREIGN_HOSTS: Final = 2
# How the reader of pages, and the browser, say that a frame is out of sight for good.
_NEVER_SEEN: Final = frozenset({"one pixel", "off screen", "tiny", "offscreen"})

_HIDDEN: Final = frozenset({"hidden_links", "hidden_text"})
_PIECES: Final = re.compile(r"[;,] ")

# Severity of one look, and once confirmed; None for nothing.
Weight = tuple[Severity, Severity] | None
SHOWN: Final = (Severity.MEDIUM, Severity.CRITICAL)
MEDIUM: Final = (Severity.MEDIUM, Severity.MEDIUM)
LOW: Final = (Severity.LOW, Severity.LOW)


class Page(NamedTuple):
    """What a sign stands among: all signs of the portal's own, the hosts the page loads from or sends to, and who counts as strange.

    `told`: hosts of ways out that VG-WEB-01 tells of.
    """

    signs: tuple[Sign, ...]
    loads: frozenset[str]
    strange: Callable[[str], bool]
    told: frozenset[str] = frozenset()

    def strangers(self, sign: Sign) -> tuple[str, ...]:
        """The hosts of a sign that nobody vouches for."""
        return tuple(host for host in sign.hosts if self.strange(host))

    def has(self, *kinds: str) -> bool:
        """Whether there is a sign of one of these kinds."""
        return any(sign.kind in kinds for sign in self.signs)

    def hides(self, sign: Sign) -> bool:
        """Whether the block that sells is one that nobody sees: it is told as hidden, not as shown."""
        pieces = _PIECES.split(sign.value)
        hidden = (other for other in self.signs if other.kind in _HIDDEN and other.gambling and other.where == sign.where)
        return any(all(piece in other.value for piece in pieces) for other in hidden)

    def named(self, hosts: Sequence[str]) -> bool:
        """Whether one of the hosts is shaped like a bookmaker's or held by a feed."""
        names = [name for sign in self.signs if sign.kind in ("brand_host", "feed") for name in (sign.value, *sign.hosts) if name]
        return any(under(host, name) for host in hosts for name in names)


def of_page(portal: Portal, policy: Policy, look: PageLooked | LookFailed, told: frozenset[str] = frozenset()) -> Iterator[Suspicion]:
    """What a page shows, hides or loads. `told`: hosts of ways out that VG-WEB-01 tells of; their names are not told twice."""
    if isinstance(look, LookFailed):
        return
    own = tuple(sign for sign in look.signs if _is_own(portal, policy, sign, look.at))
    if own:
        yield from _judged(Page(own, _loads(portal, policy, look), _stranger(portal, policy, look.at), told), look.at)


def _loads(portal: Portal, policy: Policy, look: PageLooked) -> frozenset[str]:
    """The hosts the portal's page loads from or sends to. What a stranger's page loads, where the look ended, is not the portal's doing."""
    if look.hops and policy.lawful(portal, look.hops[-1].host, look.at).kind != "own":
        return frozenset()
    return frozenset((*look.scripts, *look.frames, *look.forms))


def of_script(portal: Portal, policy: Policy, fact: ScriptSeen) -> Iterator[Suspicion]:
    """What a first-party script holds beside itself."""
    page = Page(fact.signs, frozenset(), _stranger(portal, policy, fact.at))
    strangers = tuple(host for host in fact.appended if page.strange(host))
    if strangers:
        sign = Sign(kind="inserted_script", value=" ".join(strangers), where=fact.library or "script", hosts=strangers)
        yield _suspicion("appended", sign, strangers, MEDIUM, fact.at)
    yield from _judged(page, fact.at)


def of_file(portal: Portal, policy: Policy, fact: SiteFileSeen) -> Iterator[Suspicion]:
    """What robots.txt or a sitemap lists."""
    page = Page(fact.signs, frozenset(), _stranger(portal, policy, fact.at))
    yield from (found for found in _judged(page, fact.at) if found.kind != "foreign_tag")
    named = dict.fromkeys((*fact.hosts, *(host for sign in fact.signs if sign.kind == "foreign_tag" for host in sign.hosts)))
    strangers = tuple(host for host in named if page.strange(host))[:MAX_HOSTS]
    if strangers:
        sign = Sign(kind="sitemap_flood", value=" ".join(strangers), where=fact.kind, hosts=strangers)
        # A sitemap may name its own host alone; one other is an old name of the portal's, several are whose pages it was made to list.
        yield _suspicion("foreign_entries", sign, strangers, MEDIUM if len(strangers) >= _FOREIGN_HOSTS else LOW, fact.at)


def _is_own(portal: Portal, policy: Policy, sign: Sign, at: int) -> bool:
    return not sign.page or policy.lawful(portal, sign.page, at).kind == "own"


def _stranger(portal: Portal, policy: Policy, at: int) -> Callable[[str], bool]:
    known: dict[str, bool] = {}

    def strange(host: str) -> bool:
        if host not in known:
            known[host] = bool(host) and policy.strange(portal, host, at)
        return known[host]

    return strange


def _judged(page: Page, at: int) -> Iterator[Suspicion]:
    """One suspicion a kind: the gravest sign of it."""
    worst: dict[str, Suspicion] = {}
    for sign in page.signs:
        weight = _RULES[sign.kind](page, sign)
        if weight is not None:
            found = _suspicion(sign.kind, sign, page.strangers(sign), weight, at)
            worst[sign.kind] = _graver(found, worst.get(sign.kind, found))
    yield from worst.values()


def _graver(one: Suspicion, other: Suspicion) -> Suspicion:
    """Of two of a kind the one that weighs more, selling first; where both weigh the same, with the hosts of both, its own last."""
    lesser, graver = sorted((one, other), key=lambda each: (each.severity.rank, each.confirmed.rank, each.gambling))
    if (lesser.severity, lesser.confirmed) != (graver.severity, graver.confirmed):
        return graver
    hosts = dict.fromkeys(host for host in (*lesser.hosts, *graver.hosts) if host not in graver.hosts)
    return msgspec.structs.replace(graver, hosts=(*hosts, *graver.hosts)[-MAX_HOSTS:])


def _suspicion(kind: str, sign: Sign, hosts: tuple[str, ...], weight: tuple[Severity, Severity], at: int) -> Suspicion:
    severity, confirmed = weight
    value = "".join(c if c.isprintable() else " " for c in sign.value)
    return Suspicion(
        detector=INJECTION,
        kind=kind,
        key=kind,
        severity=severity,
        confirmed=confirmed,
        gambling=sign.gambling,
        how=sign.where[:60],
        hosts=hosts[:MAX_HOSTS],
        value=value[:MAX_VALUE],
        evidence=(Evidence("script" if "script" in kind or kind == "obfuscated" else "page", f"{kind} {sign.where[:80]}: {value[:200]}", at),),
    )


def _shown(page: Page, sign: Sign) -> Weight:
    if page.hides(sign):
        return None
    return SHOWN if sign.gambling else MEDIUM


def _medium(_page: Page, _sign: Sign) -> Weight:
    return MEDIUM


def _never(_page: Page, _sign: Sign) -> Weight:
    return None


def _hidden_links(page: Page, sign: Sign) -> Weight:
    strangers = page.strangers(sign)
    # A box that hides words which sell needs no host of its own to be wrong; one that hides links needs strangers.
    return MEDIUM if sign.gambling or len(strangers) >= _HIDDEN_HOSTS else None


def _hidden_frame(page: Page, sign: Sign) -> Weight:
    strangers = page.strangers(sign)
    if sign.gambling:
        return MEDIUM
    if not strangers:
        return None
    # Checks of a log-in and players wait behind what scripts switch; what is one pixel wide, or beside the page, never comes to be seen.
    unseen = sign.value.partition(":")[0] in _NEVER_SEEN
    return MEDIUM if unseen or _evil(page, strangers) else LOW


def _inserted(page: Page, sign: Sign) -> Weight:
    strangers = page.strangers(sign)
    if sign.gambling and sign.hosts:
        return MEDIUM
    if not strangers:
        return None
    return MEDIUM if _evil(page, strangers) else LOW


def _evil(page: Page, strangers: Sequence[str]) -> bool:
    """What speaks against a strange host that a page shows or loads unseen: a bare address, a bookmaker's name, a script that hides what it does."""
    return page.has("obfuscated", "exploit") or page.named(strangers) or any(is_address(host) for host in strangers)


def _obfuscated(page: Page, sign: Sign) -> Weight:
    return MEDIUM if page.strangers(sign) or page.has("exploit") else LOW


def _goods(_page: Page, sign: Sign) -> Weight:
    # Goods of the commune's own are no offence; a bookmaker's stars are.
    return MEDIUM if sign.gambling else None


def _foreign_tag(page: Page, sign: Sign) -> Weight:
    strangers = page.strangers(sign)
    if sign.gambling or (strangers and any(other.gambling and other.kind != "topic" for other in page.signs)):
        return MEDIUM
    return LOW if strangers else None


def _other_script(page: Page, sign: Sign) -> Weight:
    # A twin town's page is written in its letters too; a shop's has goods, a doorway its shape.
    return MEDIUM if sign.gambling or page.has("product", "doorway", "promotion", "promoted_title") else LOW


def _named_host(page: Page, sign: Sign) -> Weight:
    named = [host for host in (sign.value, *sign.hosts) if host]
    if any(under(loaded, host) for loaded in page.loads for host in named):
        return MEDIUM
    if any(under(host, name) for host in page.told for name in named):
        return None
    return LOW if page.strangers(sign) else None


def _strangers(page: Page, sign: Sign) -> Weight:
    return MEDIUM if page.strangers(sign) or sign.gambling else None


_RULES: Final[dict[str, Callable[[Page, Sign], Weight]]] = {
    "promotion": _shown,
    "promoted_title": _shown,
    "promoted_links": _shown,
    "topic": _never,
    "hidden_links": _hidden_links,
    "hidden_text": _medium,
    "hidden_frame": _hidden_frame,
    "foreign_tag": _foreign_tag,
    "product": _goods,
    "other_script": _other_script,
    "doorway": _medium,
    "sitemap_flood": _medium,
    "inserted_script": _inserted,
    "obfuscated": _obfuscated,
    "brand_host": _named_host,
    "service_worker": _strangers,
    "click_hijack": _strangers,
    "exploit": _medium,
    "feed": _named_host,
}
