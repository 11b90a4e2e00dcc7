"""One look in short, as a row keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from model.portals.redirects import left
from model.portals.rows import MAX_HOSTS, MAX_NAME, MAX_STEP_URL, MAX_STEPS, MAX_URL, Chain, Look, Outcome, Step, mark_of, short_host
from model.webfacts import Hop, LookFailed, PageLooked

if TYPE_CHECKING:
    from model.portals.declared import Portal
    from model.portals.policy import Policy
    from model.portals.raised import Suspicion

_MOST_FOUND = 3


def summary(portal: Portal, policy: Policy, fact: PageLooked | LookFailed, found: Sequence[Suspicion]) -> Look:
    """The look without what only evidence needs."""
    end = fact.hops[-1] if fact.hops else None
    out = left(portal, policy, fact)
    worst = sorted(found, key=lambda suspicion: -suspicion.severity.rank)[:_MOST_FOUND]
    look = Look(
        persona=fact.persona,
        part=fact.part,
        url=fact.url[:MAX_URL],
        mark=mark_of(fact.url),
        round=fact.round[:64],
        vantage=fact.vantage,
        attempt=fact.attempt,
        outcome=outcome_of(fact, found),
        reason=reason_of(fact),
        end=short_host(end.host) if end else "",
        left=out is not None and out.lawful.kind == "none",
        status=end.status if end else 0,
        found=tuple(suspicion.short for suspicion in worst),
        capture=fact.capture[:64],
    )
    return look if isinstance(fact, LookFailed) else _filled(look, portal, policy, fact)


def _filled(look: Look, portal: Portal, policy: Policy, fact: PageLooked) -> Look:
    hosts = sorted({*fact.links, *fact.scripts, *fact.frames, *fact.forms})
    return msgspec.structs.replace(
        look,
        text=fact.text,
        words=fact.words,
        language=fact.language[:8],
        foreign=tuple(short_host(host) for host in hosts if policy.strange(portal, host, fact.at))[:MAX_HOSTS],
        rendered=fact.rendered,
    )


def outcome_of(fact: PageLooked | LookFailed, found: Sequence[Suspicion]) -> Outcome:
    """Dirty with a suspicion that matters; else unknown where it was not seen to its end; else clean."""
    if any(suspicion.serious for suspicion in found):
        return "dirty"
    return "unknown" if reason_of(fact) else "clean"


def reason_of(fact: PageLooked | LookFailed) -> str:
    """Why the look does not count as clean: a failure, or scripts that could not be read. Empty when it does."""
    if isinstance(fact, LookFailed):
        return fact.reason
    return "unfolded" if fact.unfolded else ""


def chain_of(fact: PageLooked | LookFailed, outcome: Outcome) -> Chain:
    """The hops as people will see them; of a long chain the first and the last three."""
    kept = fact.hops if len(fact.hops) <= MAX_STEPS else (fact.hops[0], *fact.hops[1 - MAX_STEPS :])
    return Chain(
        persona=fact.persona,
        url=fact.url[:MAX_URL],
        steps=tuple(_step(hop) for hop in kept),
        cut=len(fact.hops) - len(kept),
        outcome=outcome,
        capture=fact.capture[:64],
    )


def _step(hop: Hop) -> Step:
    return Step(hop.how, hop.url[:MAX_STEP_URL], short_host(hop.host), hop.status, hop.folded[:MAX_NAME], hop.trouble[:MAX_NAME], hop.address[:46])
