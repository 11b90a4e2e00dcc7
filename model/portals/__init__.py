"""Portals as seen by all kinds of visitor: what is lawful, what was learnt, what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from model.portals.campaigns import Campaigns
from model.portals.feeds import hear
from model.portals.fold import KINDS, accept_change, fold, name_of, new_epoch, policy_of, reindex
from model.portals.policy import Policy
from model.portals.rows import FeedRow, PortalRow
from model.webfacts import FeedHeard

if TYPE_CHECKING:
    from model.site import SiteView
    from model.verdict import Subject

# Every kind of fact about portals, with what takes it in.
FOLDS: Final[dict[type[Any], Callable[[SiteView, Any], tuple[Subject, ...]]]] = {**dict.fromkeys(KINDS, fold), FeedHeard: hear}

__all__ = ["FOLDS", "Campaigns", "FeedRow", "Policy", "PortalRow", "accept_change", "fold", "name_of", "new_epoch", "policy_of", "reindex"]
