"""What one look raises: suspicions of the three rules, by content, by form, and by what other personas saw in the same round.

Used by the fold, and by the sensor to decide on a confirming look and on rendering. Nothing here is confirmed: see `model.portals.incidents`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.portals import injections, pairs, redirects
from model.portals.raised import CLOAKING, INJECTION, REDIRECT, Suspicion

if TYPE_CHECKING:
    from model.portals.declared import Portal
    from model.portals.policy import Policy
    from model.portals.rows import PortalRow
    from model.webfacts import LookFailed, PageLooked

__all__ = ["CLOAKING", "INJECTION", "REDIRECT", "Suspicion", "suspicions"]


def suspicions(portal: Portal, policy: Policy, look: PageLooked | LookFailed, row: PortalRow | None = None) -> tuple[Suspicion, ...]:
    """What the look raises by itself; with the portal's `row`, also what it raises beside the other personas' looks of its round."""
    ways = tuple(redirects.judge(portal, policy, look))
    told = frozenset(host for way in ways for host in way.hosts)
    found = (*ways, *injections.of_page(portal, policy, look, told))
    return found if row is None else (*found, *pairs.beside(portal, policy, look, row, found))
