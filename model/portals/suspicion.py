"""What one look raises by itself: suspicions of where it ended and of what it was shown. What stands apart beside others' looks: `model.portals.pairs`.

Used by the fold, and by the sensor to decide on a confirming look and on rendering. Nothing here is confirmed: see `model.portals.incidents`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.portals import injections, redirects
from model.portals.raised import CLOAKING, INJECTION, REDIRECT, Suspicion

if TYPE_CHECKING:
    from model.portals.declared import Portal
    from model.portals.policy import Policy
    from model.webfacts import LookFailed, PageLooked

__all__ = ["CLOAKING", "INJECTION", "REDIRECT", "Suspicion", "suspicions"]


def suspicions(portal: Portal, policy: Policy, look: PageLooked | LookFailed) -> tuple[Suspicion, ...]:
    """What the look raises, where it ended first. A host that the first rule tells of is not told again by the second."""
    ways = tuple(redirects.judge(portal, policy, look))
    told = frozenset(host for way in ways for host in way.hosts)
    return (*ways, *injections.of_page(portal, policy, look, told))
