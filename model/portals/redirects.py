"""VG-WEB-01 on one look: where the visitor ends, and what is proven of that place.

The final host decides; what lies between is evidence. A hop is never excused by what the page says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from model.portals.hosts import bare, is_address, under
from model.portals.raised import REDIRECT, Suspicion
from model.portals.rows import MAX_VALUE
from model.verdict import Evidence, Severity
from model.webfacts import Hop, LookFailed, Sign

if TYPE_CHECKING:
    from model.portals.declared import Portal
    from model.portals.policy import Lawful, Policy
    from model.webfacts import PageLooked

# Steps of folding that only somebody with something to hide writes; joining two strings is not among them.
_HIDING: Final = re.compile(
    r"atob|base64|charcode|codepoint|unescape|decodeuri|escape|hex|eval|function|revers|split|rot|xor|pack|jsfuck|aaencode|shift|array|layer", re.IGNORECASE
)
_MOVED_BY_SCRIPT: Final = frozenset({"script", "form", "popup", "frame", "rendered"})
# So many strange hosts in a row are a traffic seller's, not a move of house.
_LONG_CHAIN: Final = 3
_MOST_EVIDENCE: Final = 6
_SELLING: Final = frozenset({"promotion", "promoted_title", "promoted_links", "hidden_text", "doorway", "sitemap_flood"})


class Exit(NamedTuple):
    """A look that left the portal: the hops from the first that did, where it ended, what that host is."""

    hops: tuple[Hop, ...]
    end: Hop
    lawful: Lawful


def judge(portal: Portal, policy: Policy, look: PageLooked | LookFailed) -> Iterator[Suspicion]:
    """At most one suspicion: the gravest that the way out gives."""
    out = left(portal, policy, look)
    if out is not None:
        kind, severity, confirmed = _weighed(look, out, portal, policy)
        yield _suspicion(look, out, kind, severity, confirmed)
    elif not isinstance(look, LookFailed):
        yield from _offered(portal, policy, look)


def left(portal: Portal, policy: Policy, look: PageLooked | LookFailed) -> Exit | None:
    """How the look left the portal for a place that is not lawful; None when it did not."""
    if not look.hops:
        return None
    end = look.hops[-1]
    found = policy.lawful(portal, end.host, look.at)
    if found.allowed or not end.host:
        return None
    first = next(n for n, hop in enumerate(look.hops) if not policy.lawful(portal, hop.host, look.at).allowed)
    return Exit(look.hops[first:], end, found)


def sells(look: PageLooked | LookFailed, host: str) -> Sign | None:
    """What proves that `host` sells gambling: signs of its own page, a feed that holds it, a name shaped like a bookmaker's."""
    return next((sign for sign in look.signs if _proves(sign, host)), None)


def _proves(sign: Sign, host: str) -> bool:
    if sign.kind in ("brand_host", "feed"):
        return any(name and under(bare(host), bare(name)) for name in (sign.value, *sign.hosts))
    return sign.gambling and sign.kind in _SELLING and bare(sign.page) == bare(host)


def _weighed(look: PageLooked | LookFailed, out: Exit, portal: Portal, policy: Policy) -> tuple[str, Severity, Severity]:
    """Kind of suspicion, severity by itself, severity once confirmed."""
    if proof_of(look, out) is not None:
        return "gambling", Severity.MEDIUM, Severity.CRITICAL
    if kind := _odd(look, out, portal, policy):
        return kind, Severity.MEDIUM, Severity.MEDIUM
    if out.lawful.expired:
        return "expired", Severity.LOW, Severity.LOW
    return ("government" if out.lawful.kind == "government" else "moved"), Severity.LOW, Severity.LOW


def proof_of(look: PageLooked | LookFailed, out: Exit) -> Sign | None:
    """What proves that the visitor was led to gambling: at the end first, else on the way there."""
    hosts = dict.fromkeys(hop.host for hop in reversed(out.hops))
    return next((sign for host in hosts if (sign := sells(look, host)) is not None), None)


def _odd(look: PageLooked | LookFailed, out: Exit, portal: Portal, policy: Policy) -> str:
    """What no honest move of a portal has: a bare address, a dead end, only from paths that cannot exist, a hidden script, a long chain."""
    if out.lawful.kind == "government":
        return ""
    if any(_sells_other(sign, out.end.host) for sign in look.signs):
        return "other_trade"
    if is_address(out.end.host):
        return "address"
    if out.end.trouble and not out.end.status:
        return "dead_end"
    if isinstance(look, LookFailed):
        return "unseen_end"
    if look.part in ("missing", "query"):
        return "missing_path"
    if _hidden(look, out):
        return "hidden_script"
    strange = {hop.host for hop in out.hops if policy.strange(portal, hop.host, look.at)}
    return "long_chain" if len(strange) >= _LONG_CHAIN else ""


def _sells_other(sign: Sign, host: str) -> bool:
    """Medicine, forged goods, cheats: not gambling, and nothing a portal moves to."""
    return sign.kind in ("promotion", "promoted_title", "promoted_links", "doorway") and bare(sign.page) == bare(host)


def _hidden(look: PageLooked, out: Exit) -> bool:
    if any(hop.how in _MOVED_BY_SCRIPT and _HIDING.search(hop.folded) for hop in out.hops):
        return True
    by_script = any(hop.how in _MOVED_BY_SCRIPT for hop in out.hops)
    return by_script and any(sign.kind == "obfuscated" for sign in look.signs)


def _suspicion(look: PageLooked | LookFailed, out: Exit, kind: str, severity: Severity, confirmed: Severity) -> Suspicion:
    proof = proof_of(look, out)
    return Suspicion(
        detector=REDIRECT,
        kind=kind,
        # Not by its host: whoever sells visitors sends each to another name, and led to gambling twice is led to gambling.
        key=kind,
        severity=severity,
        confirmed=confirmed,
        gambling=kind == "gambling",
        how=out.hops[0].how,
        host=out.end.host,
        hosts=tuple(dict.fromkeys(hop.host for hop in out.hops)),
        value=(proof.value if proof else out.lawful.expired)[:MAX_VALUE],
        evidence=_evidence(out.hops, look.at),
    )


def _offered(portal: Portal, policy: Policy, look: PageLooked) -> Iterator[Suspicion]:
    """Ways on that were not followed (a form that posts itself, a window on the first click) to a place that sells gambling."""
    for hop in look.offered:
        if policy.lawful(portal, hop.host, look.at).kind == "none" and (proof := sells(look, hop.host)) is not None:
            yield Suspicion(
                detector=REDIRECT,
                kind="offered",
                key="offered",
                severity=Severity.MEDIUM,
                confirmed=Severity.MEDIUM,
                gambling=True,
                how=hop.how,
                host=hop.host,
                hosts=(hop.host,),
                value=proof.value[:MAX_VALUE],
                evidence=_evidence((hop,), look.at),
            )
            return


def _evidence(hops: Sequence[Hop], at: int) -> tuple[Evidence, ...]:
    return tuple(Evidence("hop", line_of(hop.how, hop.url, hop.status, hop.folded), at) for hop in hops[-_MOST_EVIDENCE:])


def line_of(how: str, url: str, status: int, folded: str = "") -> str:
    """One hop as evidence: raw, one line."""
    shown = url if url.isprintable() else "".join(c if c.isprintable() else " " for c in url)
    return f"{how} {status or '-'} {shown[:300]}{f' ({folded[:60]})' if folded else ''}"
