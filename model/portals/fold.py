"""How one fact about a portal changes what is believed of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from model.webfacts import DnsSeen, LookFailed, PageLooked, PortalFact, PortalsHeard, ScriptSeen, SiteFileSeen

if TYPE_CHECKING:
    from model.site import SiteView
    from model.verdict import Subject

KINDS: Final[tuple[type[Any], ...]] = (PageLooked, LookFailed, ScriptSeen, SiteFileSeen, DnsSeen, PortalsHeard)


def fold(view: SiteView, fact: PortalFact) -> tuple[Subject, ...]:
    """Takes one fact in; the subjects whose verdicts may differ afterwards."""
    del view, fact
    return ()
